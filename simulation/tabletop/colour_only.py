# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the colour picture alone tells of the same directions, to know which sentences need depth.

With the camera's pose but no depth, a direction is known where it points in the picture: the table's right and away
are read from the masks' centroids by the affine view of the table's middle. Sizes are those in the picture.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulation.tabletop.axes import Axes, Direction, Measure, axes_of, upright_view
from simulation.tabletop.observation import Observation

LENIENCE = 0.35
"""Share of the margins that a picture must show."""


def colour_only_axes(observation: Observation, perspective: str) -> Axes:
    """The perspective as far as centroids and areas of the masks show it."""
    axes = axes_of(observation, perspective)
    size = Direction((Measure(np.log(np.sqrt([thing.pixels for thing in observation.things])), np.log(1.25)),))
    heights = Direction((Measure(np.log(_vertical_extents(observation)), np.log(1.3)),))
    axes = replace(axes, size=size.relaxed(LENIENCE), height=heights.relaxed(LENIENCE))
    if perspective == "image" or not observation.things:
        return axes
    horizontal, viewer = _horizontal_axes(observation, perspective)
    points = observation.centres_in_camera()
    middle = points.mean(axis=0)
    focal = observation.intrinsics.fx
    # d(pixel) / d(metres along each horizontal axis) at the middle of the things.
    jacobian = focal * (horizontal[:2] - np.outer(middle[:2] / middle[2], horizontal[2])) / middle[2]
    centroids = np.array([thing.centroid for thing in observation.things])
    centre = focal * middle[:2] / middle[2] + [observation.intrinsics.cx, observation.intrinsics.cy]
    right, ahead = np.linalg.solve(jacobian, (centroids - centre).T)
    ahead = ahead + float(middle @ horizontal[:, 1]) - viewer[1]
    right = right + float(middle @ horizontal[:, 0]) - viewer[0]
    distance = np.hypot(right, ahead)
    column, row = axes.from_centre
    return replace(
        axes,
        sideways=Direction((Measure(right, 0.05),)).relaxed(LENIENCE),
        away=Direction((Measure(ahead, 0.06),)).relaxed(LENIENCE),
        downwards=None if row is None else Direction((Measure(row, 0.06),)).relaxed(LENIENCE),
        distance=Direction((Measure(distance, 0.05),)).relaxed(LENIENCE),
        right=right,
        ahead=ahead,
        step=axes.step * LENIENCE,
        from_centre=(right if row is None else column, row),
    )


def _horizontal_axes(observation: Observation, perspective: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(3, 2) right and ahead in the optical frame, and where the viewer stands along them."""
    if perspective == "camera":
        right, away, _ = upright_view(observation)
        return np.stack([right, away], axis=1), np.zeros(2)
    pose = observation.robot_from_camera if perspective == "robot" else observation.speaker_from_camera
    axes = np.stack([-pose[1, :3], pose[0, :3]], axis=1)
    origin = -pose[:3, :3].T @ pose[:3, 3]
    return axes, np.asarray(origin @ axes)


def _vertical_extents(observation: Observation) -> NDArray[np.float64]:
    """(N,) pixels from top to bottom of each mask's box in the picture turned upright (by right angles)."""
    _, _, up = upright_view(observation)
    across = abs(up[0]) > abs(up[1])
    boxes = np.array([thing.box for thing in observation.things], np.float64).reshape(-1, 4)
    return np.asarray(boxes[:, 2] - boxes[:, 0] if across else boxes[:, 3] - boxes[:, 1])
