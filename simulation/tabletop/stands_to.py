# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""How things stand to others: beside, before, on, between. Yes, no, or a person could see it either way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulation.tabletop.axes import Axes, Direction
from simulation.tabletop.observation import Observation

YES, UNSURE, NO = 1, 0, -1
WITHIN = 0.75
"""Across over along: a thing within this cone (37 degrees either way) is clearly in that direction."""
OUTSIDE = 1.75
"""A thing outside this cone (60 degrees) is clearly not."""
REACH = 0.45
"""Metres beyond which one no longer says "left of it"."""
NEXT, NOT_NEXT = 0.06, 0.16
"""Metres of clear table between two things."""


class Placement:
    """Relations between the things of one picture in one perspective."""

    def __init__(self, observation: Observation, axes: Axes) -> None:
        self._axes = axes
        things = observation.things
        self._count = len(things)
        rows = {thing.id: row for row, thing in enumerate(things)}
        self._support = [rows.get(thing.support, -1) for thing in things]
        self._centres = np.array([thing.centre for thing in things]).reshape(-1, 3)
        reach = np.array([(thing.extent[0] + thing.extent[1]) / 4 for thing in things])
        flat = self._centres[:, None, :2] - self._centres[None, :, :2]
        self._between_centres = np.linalg.norm(flat, axis=-1)
        self.apart: NDArray[np.float64] = np.maximum(self._between_centres - reach[:, None] - reach[None, :], 0.0)
        """(N, N) metres of clear table between two things."""

    def stands(self, kind: str, anchors: Sequence[int]) -> NDArray[np.int8]:
        """(N,) whether each thing stands so to the anchors."""
        if kind == "between":
            truths = [self._between(i, *anchors) for i in range(self._count)]
        else:
            pairs = {
                "on": self._rests,
                "in": self._rests,
                "under": lambda i, j: self._rests(j, i),
                "over": self._rests,
                "with_on": lambda i, j: self._rests(j, i),
                "with_in": lambda i, j: self._rests(j, i),
                "next": self._next_to,
            }
            pair = pairs.get(kind, lambda i, j: self._towards(kind, i, j))
            truths = [NO if i == anchors[0] else pair(i, anchors[0]) for i in range(self._count)]
        return np.array(truths, np.int8)

    def any_stacked(self, group: Sequence[int]) -> bool:
        """Whether one of the group rests on another of it."""
        return any(self._support[i] in group for i in group)

    def _rests(self, i: int, j: int) -> int:
        if self._support[i] == j:
            return YES
        # What hangs over another's edge, or is stood against it, might pass for lying on it.
        return NO if self.apart[i, j] > 0.01 and self._support[i] < 0 else UNSURE if self._support[j] != i else NO

    def _next_to(self, i: int, j: int) -> int:
        if self._stacked(i, j):
            return UNSURE
        if self.apart[i, j] <= NEXT:
            return YES
        return NO if self.apart[i, j] >= NOT_NEXT else UNSURE

    def _stacked(self, i: int, j: int) -> bool:
        return j in (self._support[i],) or i in (self._support[j],)

    def _towards(self, kind: str, i: int, j: int) -> int:
        """left, right, front, behind; in the raw picture left, right, above, below."""
        axes = self._axes
        if self._stacked(i, j):
            return UNSURE
        across_first = kind in ("left", "right")
        main, other = (axes.right, axes.ahead) if across_first else (axes.ahead, axes.right)
        sign = -1.0 if kind in ("left", "front", "below") else 1.0
        along, across = sign * float(main[i] - main[j]), abs(float(other[i] - other[j]))
        direction = self._direction(kind)
        if direction is None:
            return UNSURE
        # In the picture y grows downwards, on the table away grows away.
        towards = sign if kind not in ("above", "below") else -sign
        clarity = towards * direction.clarity(j, i)
        if (along <= 0.1 * axes.step and clarity <= 0) or across > OUTSIDE * max(along, 0.0):
            return NO
        near = axes.perspective == "image" or self._between_centres[i, j] <= REACH
        clear = along >= axes.step and across <= WITHIN * along and clarity >= 1
        return YES if clear and near else UNSURE

    def _direction(self, kind: str) -> Direction | None:
        axes = self._axes
        if kind in ("left", "right"):
            return axes.sideways
        if axes.perspective == "image":
            return axes.downwards if kind in ("above", "below") else None
        return axes.away if kind in ("front", "behind") else None

    def _between(self, i: int, j: int, k: int) -> int:
        """On the table, whoever looks on: near the middle of the line from one to the other."""
        if i in (j, k):
            return NO
        start, end, point = (self._centres[each, :2] for each in (j, k, i))
        length = float(np.linalg.norm(end - start))
        if not 0.14 <= length <= 0.6 or self._stacked(j, k):
            return UNSURE
        axis = (end - start) / length
        along = float((point - start) @ axis) / length
        across = abs(float(axis[0] * (point - start)[1] - axis[1] * (point - start)[0]))
        if not 0.02 <= along <= 0.98 or across >= 0.55 * length:
            return NO
        return YES if 0.28 <= along <= 0.72 and across <= min(0.22 * length, 0.08) else UNSURE
