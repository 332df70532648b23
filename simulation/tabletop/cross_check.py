# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The truth once more, from other evidence: what the camera measured of the visible surfaces, and plain rules.

`truth` knows the scene; this knows the masks, the measured depth and the poses, and no margins: of the things that bear
the name it takes the extreme one, the one within 45 degrees. A sentence is only kept where both say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulation.tabletop.descriptions import Corner, Description, Extreme, Link, Middle, Ordinal, Selector, Side
from simulation.tabletop.observation import Observation

Values = NDArray[np.float64]


class CrossCheck:
    """Answers descriptions of one picture.

    depth: (H, W) metres, NaN where unknown. labels: (H, W) 1 + row of the thing, 0 elsewhere.
    """

    def __init__(self, observation: Observation, depth: NDArray[np.float32], labels: NDArray[np.uint8]) -> None:
        self._things = observation.things
        self._observation = observation
        camera = observation.intrinsics
        rows, columns = np.mgrid[: observation.height, : observation.width]
        points = np.stack(
            [(columns - camera.cx) / camera.fx * depth, (rows - camera.cy) / camera.fy * depth, depth], axis=-1
        )
        self._surfaces = [points[(labels == i + 1) & np.isfinite(depth)] for i in range(len(self._things))]
        self._points = np.array([np.median(each, axis=0) for each in self._surfaces]).reshape(-1, 3)
        self._pixels = np.array([np.argwhere(labels == i + 1).mean(axis=0)[::-1] for i in range(len(self._things))])

    def agrees(self, description: Description, perspective: str, status: str, targets: Sequence[int]) -> bool:
        """Whether the plain reading gives the same."""
        found = self.answer(description, perspective)
        if found is None:
            return False
        if status == "AMBIGUOUS":
            return len(found) > 1 and set(targets) <= set(found)
        return sorted(found) == sorted(targets)

    def answer(self, description: Description, perspective: str) -> list[int] | None:
        """All things that fit; None where an anchor is not found."""
        right, ahead, distance = self._seen_from(perspective or "camera")
        fitting = [
            i
            for i, thing in enumerate(self._things)
            if (not description.noun or description.noun in thing.names)
            and (not description.colour or description.colour == thing.colour)
            and (not description.not_colour or description.not_colour != thing.colour)
        ]
        for link in description.links:
            anchors = self._anchors(link, perspective)
            if anchors is None:
                return None
            fitting = [i for i in fitting if i not in anchors]
            fitting = [i for i in fitting if self._stands(link.kind, i, anchors, right, ahead) != link.negated]
        if description.extreme_link is not None:
            kind, anchor = description.extreme_link
            found = self.answer(anchor, perspective)
            if found is None or len(found) != 1:
                return None
            others = [i for i in fitting if i not in found]
            apart = [float(np.linalg.norm(self._points[i] - self._points[found[0]])) for i in others]
            return [others[int(np.argmin(apart) if kind == "closest" else np.argmax(apart))]]
        if description.selector is None:
            return fitting
        return self._select(description.selector, fitting, right, ahead, distance, perspective)

    def _seen_from(self, perspective: str) -> tuple[Values, Values, Values]:
        """Right, ahead (up, in the raw picture) and distance of every thing."""
        if perspective == "image":
            return self._pixels[:, 0], -self._pixels[:, 1], self._points[:, 2]
        if perspective == "camera":
            up = self._observation.robot_from_camera[:3, :3].T @ [0.0, 0.0, 1.0]
            right = np.cross([0.0, 0.0, 1.0], up)
            right /= np.linalg.norm(right)
            return self._points @ right, self._points @ np.cross(up, right), np.linalg.norm(self._points, axis=1)
        name = f"{perspective}_from_camera"
        pose: Values = getattr(self._observation, name)
        points = self._points @ pose[:3, :3].T + pose[:3, 3]
        return -points[:, 1], points[:, 0], np.linalg.norm(points[:, :2], axis=1)

    def _anchors(self, link: Link, perspective: str) -> list[int] | None:
        rows: list[int] = []
        for anchor in link.anchors:
            found = self.answer(replace(anchor, pair=False), perspective)
            if found is None or len(found) != (2 if anchor.pair else 1):
                return None
            rows += found
        return rows

    def _stands(self, kind: str, i: int, anchors: Sequence[int], right: Values, ahead: Values) -> bool:
        j = anchors[0]
        if kind == "between":
            towards, back = (self._points[each] - self._points[i] for each in anchors)
            cosine = towards @ back / (np.linalg.norm(towards) * np.linalg.norm(back))
            return bool(cosine < -0.5)
        if kind in ("on", "in", "over"):
            return self._lies_in(i, j)
        if kind in ("under", "with_on", "with_in"):
            return self._lies_in(j, i)
        if kind == "next":
            return self._clear_distance(i, j) < 0.11
        across, along = right[i] - right[j], ahead[i] - ahead[j]
        main, other = (across, along) if kind in ("left", "right") else (along, across)
        sign = -1.0 if kind in ("left", "front", "below") else 1.0
        return bool(sign * main > abs(other))

    def _lies_in(self, i: int, j: int) -> bool:
        """Whether the middle of i, seen from above, is where j is, and i reaches higher."""
        up = self._observation.robot_from_camera[:3, :3]
        upper, lower = (self._surfaces[each] @ up.T for each in (i, j))
        middle = np.median(upper[:, :2], axis=0)
        inside = (lower[:, :2].min(axis=0) < middle).all() and (lower[:, :2].max(axis=0) > middle).all()
        return bool(inside and np.percentile(upper[:, 2], 90) > np.median(lower[:, 2]))

    def _clear_distance(self, i: int, j: int) -> float:
        """Least metres between their visible surfaces."""
        few, many = (self._surfaces[each][:: max(1, len(self._surfaces[each]) // 150)] for each in (i, j))
        return float(np.percentile(np.linalg.norm(few[:, None] - many[None], axis=-1).min(axis=1), 2))

    def _select(  # noqa: PLR0911 (one return a selector)
        self,
        selector: Selector,
        group: Sequence[int],
        right: Values,
        ahead: Values,
        distance: Values,
        perspective: str,
    ) -> list[int] | None:
        if not group:
            return []
        if isinstance(selector, Ordinal):
            row = sorted(group, key=lambda i: float(right[i]), reverse=selector.side == "right")
            return [row[selector.index - 1]] if selector.index <= len(row) else []
        if isinstance(selector, Middle):
            if selector.of_view:
                centre = [self._observation.width / 2, self._observation.height / 2]
                return [min(group, key=lambda i: float(np.linalg.norm(self._pixels[i] - centre)))]
            return [sorted(group, key=lambda i: float(right[i]))[1]] if len(group) == 3 else None
        if isinstance(selector, Extreme):
            values = self._measured(selector.kind, right, ahead, distance)
            return [sorted(group, key=lambda i: -float(values[i]))[selector.rank]] if len(group) > selector.rank else []
        if isinstance(selector, Side) and len(selector.sides) == 1:
            return self._on_side(selector.sides[0], selector.of_pair, group, right, ahead, distance, perspective)
        return self._in_quadrant(selector, group, right, perspective)

    def _measured(self, kind: str, right: Values, ahead: Values, distance: Values) -> Values:
        things = self._things
        return {
            "left": -right,
            "right": right,
            "top": ahead,
            "bottom": -ahead,
            "front": -ahead,
            "back": ahead,
            "closest": -distance,
            "farthest": distance,
            "biggest": np.array([np.prod(thing.extent) for thing in things]),
            "smallest": -np.array([np.prod(thing.extent) for thing in things]),
            "tallest": np.array([thing.extent[2] for thing in things]),
            "shortest": -np.array([thing.extent[2] for thing in things]),
        }[kind]

    def _on_side(
        self,
        side: str,
        of_pair: bool,
        group: Sequence[int],
        right: Values,
        ahead: Values,
        distance: Values,
        perspective: str,
    ) -> list[int]:
        values = self._measured(side, right, ahead, distance)
        if of_pair or side in ("front", "back"):
            return [max(group, key=lambda i: float(values[i]))]
        if side in ("top", "bottom"):
            _, down = self._in_view(perspective)
            values = down if side == "bottom" else -down
        elif perspective == "image":
            values = values - (1 if side == "right" else -1) * self._observation.width / 2
        return [i for i in group if values[i] > 0]

    def _in_quadrant(self, selector: Side | Corner, group: Sequence[int], right: Values, perspective: str) -> list[int]:
        across, down = self._in_view(perspective)
        row, column = selector.sides
        return [i for i in group if (down[i] > 0) == (row == "bottom") and (across[i] > 0) == (column == "right")]

    def _in_view(self, perspective: str) -> tuple[Values, Values]:
        """Pixels right of and below the middle of the picture, which a person at the camera sees upright."""
        pixels = self._pixels - [self._observation.width / 2, self._observation.height / 2]
        if perspective == "image":
            return pixels[:, 0], pixels[:, 1]
        up = self._observation.robot_from_camera[2, :2]
        up = up / np.linalg.norm(up)
        return pixels @ [-up[1], up[0]], -(pixels @ up)
