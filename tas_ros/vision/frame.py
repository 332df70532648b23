"""Frame: one camera image with what belongs to it. The input of a Scene."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import InvalidImageError


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

    Raises InvalidImageError when shapes or dtypes do not fit.
    """

    rgb: NDArray[np.uint8]
    depth: NDArray[np.float32] | None = None
    intrinsics: CameraIntrinsics | None = None

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

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.rgb.shape[0])

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.rgb.shape[1])
