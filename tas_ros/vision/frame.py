# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Frame: one camera image with what belongs to it. The input of a Scene."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import InvalidImageError

ASSUMED_FIELD_OF_VIEW = math.radians(60)
"""Horizontal, where a frame carries no intrinsics."""


@dataclass(frozen=True)
class CameraIntrinsics:
    """Pinhole model in pixels (the K matrix of sensor_msgs/CameraInfo)."""

    fx: float
    fy: float
    cx: float
    cy: float


@dataclass(frozen=True, eq=False)
class Frame:
    """An RGB image with optional registered depth.

    rgb: (H, W, 3) uint8, RGB order, optical frame (x right, y down).
    depth: (H, W) float32 metres along the optical axis, NaN where unknown; same pixels as `rgb`.
    intrinsics: of the camera that took both; without them depth is used with a 60 degree field of view assumed.
    robot_from_camera, speaker_from_camera: (4, 4) float64 rigid transforms that take points of the camera's optical
    frame (x right, y down, z forward) to the robot's base and to the speaker's frame (REP-103: x forward, y left, z up;
    metres); None where not known. The robot's base stands upright, so it also tells where down is.

    Raises InvalidImageError when shapes or dtypes do not fit.
    """

    rgb: NDArray[np.uint8]
    depth: NDArray[np.float32] | None = None
    intrinsics: CameraIntrinsics | None = None
    robot_from_camera: NDArray[np.float64] | None = None
    speaker_from_camera: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        if self.rgb.ndim != 3 or self.rgb.shape[2] != 3 or self.rgb.dtype != np.uint8:
            raise InvalidImageError(
                f"rgb must be (H, W, 3) uint8, got {self.rgb.shape} {self.rgb.dtype}; convert it to RGB first"
            )
        if 0 in self.rgb.shape:
            raise InvalidImageError(f"rgb has no pixels ({self.rgb.shape[1]}x{self.rgb.shape[0]})")
        if self.depth is not None and (self.depth.shape != self.rgb.shape[:2] or self.depth.dtype != np.float32):
            raise InvalidImageError(
                f"depth must be float32 metres of the image's size {self.rgb.shape[:2]}, got {self.depth.shape} "
                f"{self.depth.dtype}; register the depth to the colour camera"
            )

        for name in ("robot_from_camera", "speaker_from_camera"):
            pose = getattr(self, name)
            if pose is not None and not _is_rigid(pose):
                raise InvalidImageError(
                    f"{name} must be a (4, 4) rotation and translation, got {np.asarray(pose).tolist()}; "
                    "normalise the quaternion it was made from"
                )

    @property
    def pinhole(self) -> CameraIntrinsics:
        """The camera's intrinsics, or those of a centred camera with a 60 degree field of view."""
        if self.intrinsics is not None:
            return self.intrinsics
        focal = self.width / 2 / math.tan(ASSUMED_FIELD_OF_VIEW / 2)
        return CameraIntrinsics(focal, focal, (self.width - 1) / 2, (self.height - 1) / 2)

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.rgb.shape[0])

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.rgb.shape[1])


def _is_rigid(pose: NDArray[np.float64]) -> bool:
    if pose.shape != (4, 4) or not np.isfinite(pose).all() or not np.allclose(pose[3], (0, 0, 0, 1)):
        return False
    rotation = pose[:3, :3]
    return bool(np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-4) and np.linalg.det(rotation) > 0)
