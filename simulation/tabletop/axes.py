# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Where the things of a picture lie along the directions that words mean, with the margin that makes an order clear.

- camera: a person at the camera, head upright. Right and away are horizontal; the view is the picture turned upright.
- image: the raw picture. Right is +x, top is -y, whatever the camera's roll.
- robot, speaker: upright frames of x ahead, y left. Right is -y; away is x; near and far are counted from the origin.

A direction may have several measures (metres on the table, share of the view). An order is clear only when all of them
agree and each by its margin, so that it does not hang on which of them one means.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simulation.tabletop.observation import Observation

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Measure:
    """(N,) values and how far two must differ to be told apart by everybody."""

    values: Values
    margin: float


@dataclass(frozen=True, eq=False)
class Direction:
    """An order of the things."""

    measures: tuple[Measure, ...]

    def clarity(self, i: int, j: int) -> float:
        """Margins by which j comes after i: at least 1 clear, at most -1 clearly before, between them unclear."""
        steps = [float(each.values[j] - each.values[i]) / each.margin for each in self.measures]
        if all(step > 0 for step in steps):
            return min(steps)
        return max(steps) if all(step < 0 for step in steps) else 0.0

    def relaxed(self, factor: float) -> Direction:
        """The same with margins that much smaller."""
        return Direction(tuple(replace(each, margin=each.margin * factor) for each in self.measures))


@dataclass(frozen=True, eq=False)
class Axes:
    """One perspective on one picture."""

    perspective: str
    sideways: Direction
    """Grows to the right."""
    away: Direction | None
    """Grows away from the viewer."""
    downwards: Direction | None
    """Grows towards the bottom of the view."""
    distance: Direction | None
    """Grows with the distance from the viewer."""
    size: Direction
    height: Direction
    right: Values
    """(N,) for the angle of a relation, in `unit`."""
    ahead: Values
    """(N,) the other axis of that angle: away, or up in the picture for `image`."""
    step: float
    """Least clear offset of a relation in the same unit."""
    from_centre: tuple[Values, Values | None]
    """Right and down of the view's middle, shares of its width or, without a view, metres right of the origin."""


def axes_of(observation: Observation, perspective: str) -> Axes:
    """Of "camera", "image", "robot" or "speaker"."""
    if perspective == "image":
        return _image_axes(observation)
    if perspective == "camera":
        return _camera_axes(observation)
    pose = observation.robot_from_camera if perspective == "robot" else observation.speaker_from_camera
    return _frame_axes(observation, perspective, pose)


def upright_view(observation: Observation) -> tuple[Values, Values, Values]:
    """Unit vectors in the optical frame: right and away, both horizontal, and up."""
    up = observation.robot_from_camera[2, :3]
    forward = np.array([0.0, 0.0, 1.0])
    away = forward - (forward @ up) * up
    away = away / np.linalg.norm(away)
    return np.cross(away, up), away, np.asarray(up)


def _camera_axes(observation: Observation) -> Axes:
    points = observation.centres_in_camera()
    right, away, _ = upright_view(observation)
    down = np.cross([0.0, 0.0, 1.0], right)
    focal, width = observation.intrinsics.fx, observation.width
    column, row = (focal / width * (points @ axis) / points[:, 2] for axis in (right, down))
    lateral, ahead = points @ right, points @ away
    distance = np.linalg.norm(points, axis=1)
    return Axes(
        "camera",
        sideways=Direction((Measure(lateral, 0.045), Measure(column, 0.055))),
        away=Direction((Measure(ahead, 0.06), Measure(-row, 0.03))),
        downwards=Direction((Measure(row, 0.06), Measure(-ahead, 0.05))),
        distance=Direction((Measure(distance, 0.05), Measure(points[:, 2], 0.03), Measure(ahead, 0.03))),
        size=metric_size(observation),
        height=metric_height(observation),
        right=lateral,
        ahead=ahead,
        step=0.06,
        from_centre=(column, row),
    )


def _image_axes(observation: Observation) -> Axes:
    centroids = np.array([thing.centroid for thing in observation.things]).reshape(-1, 2)
    x, y = centroids.T / observation.width
    return Axes(
        "image",
        sideways=Direction((Measure(x, 0.06),)),
        away=None,
        downwards=Direction((Measure(y, 0.06),)),
        distance=None,
        size=metric_size(observation),
        height=metric_height(observation),
        right=x,
        ahead=-y,
        step=0.07,
        from_centre=(x - 0.5, y - 0.5 * observation.height / observation.width),
    )


def _frame_axes(observation: Observation, perspective: str, pose: NDArray[np.float64]) -> Axes:
    points = observation.centres_in_camera() @ pose[:3, :3].T + pose[:3, 3]
    x, y = points[:, 0], points[:, 1]
    return Axes(
        perspective,
        sideways=Direction((Measure(-y, 0.05),)),
        away=Direction((Measure(x, 0.06),)),
        downwards=None,
        distance=Direction((Measure(np.hypot(x, y), 0.05), Measure(x, 0.025))),
        size=metric_size(observation),
        height=metric_height(observation),
        right=-y,
        ahead=x,
        step=0.06,
        from_centre=(-y, None),
    )


def metric_size(observation: Observation) -> Direction:
    """By volume of the box and by silhouette: a quarter larger in either."""
    volume = np.array([np.prod(thing.dimensions) for thing in observation.things]) ** (1 / 3)
    away = observation.centres_in_camera()[:, 2]
    silhouette = np.sqrt([thing.pixels / thing.visible for thing in observation.things]) * away
    return Direction((Measure(np.log(volume), np.log(1.25)), Measure(np.log(silhouette), np.log(1.25))))


def metric_height(observation: Observation) -> Direction:
    """By the thing's own height."""
    return Direction((Measure(np.log([thing.dimensions[2] for thing in observation.things]), np.log(1.3)),))
