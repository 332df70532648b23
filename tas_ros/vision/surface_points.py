# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A fixed number of pixels of every mask, in the image and, with depth, in space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tas_ros.arrays import FloatArray, IndexArray
from tas_ros.vision.frame import CameraIntrinsics, Frame
from tas_ros.vision.proposals import Proposals

POINTS = 192
"""Enough for medians and percentiles, few enough that every direction of every frame costs next to nothing."""


@dataclass(frozen=True, eq=False)
class SurfacePoints:
    """K points of each of N masks.

    pixels: (N, K, 2) float32 x, y; evenly spread over the mask, among its pixels with depth where it has some.
    depth: (N, K) float32 metres along the optical axis, NaN throughout a mask without any depth.
    """

    pixels: FloatArray
    depth: FloatArray

    def rays(self, camera: CameraIntrinsics) -> FloatArray:
        """(N, K, 3) directions in the optical frame (x right, y down, z forward) with z = 1."""
        x = (self.pixels[..., 0] - camera.cx) / camera.fx
        y = (self.pixels[..., 1] - camera.cy) / camera.fy
        return np.stack([x, y, np.ones_like(x)], axis=-1).astype(np.float32)

    def positions(self, camera: CameraIntrinsics) -> FloatArray:
        """(N, K, 3) metres in the optical frame, NaN where no depth is known."""
        return np.asarray(self.rays(camera) * self.depth[..., None], np.float32)


def sample_surface(frame: Frame, proposals: Proposals) -> SurfacePoints:
    """POINTS pixels of every mask; small masks repeat theirs."""
    pixels = np.zeros((len(proposals), POINTS, 2), np.float32)
    depth = np.full((len(proposals), POINTS), np.nan, np.float32)
    for i, (mask, (x0, y0, x1, y1)) in enumerate(zip(proposals.masks, proposals.boxes, strict=True)):
        rows, columns = np.nonzero(mask[y0:y1, x0:x1])
        if frame.depth is not None:
            values = frame.depth[y0:y1, x0:x1][rows, columns]
            known = np.isfinite(values)
            if known.any():
                rows, columns, values = rows[known], columns[known], values[known]
                depth[i] = values[_spread(len(rows))]
        chosen = _spread(len(rows))
        pixels[i, :, 0], pixels[i, :, 1] = columns[chosen] + x0, rows[chosen] + y0
    return SurfacePoints(pixels, depth)


def _spread(count: int) -> IndexArray:
    return np.linspace(0, count - 1, POINTS).round().astype(np.int64)
