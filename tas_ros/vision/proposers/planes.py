# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Points from depth, and the planes that support things."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tas_ros.vision.frame import CameraIntrinsics


@dataclass(frozen=True)
class Plane:
    """normal . point = offset, with the unit normal towards the camera (offset <= 0); optical frame, metres."""

    normal: tuple[float, float, float]
    offset: float

    def height(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """(...,) float32 metres of (..., 3) points above the plane, on the camera's side."""
        return np.asarray(points @ np.array(self.normal, np.float32) - np.float32(self.offset), np.float32)


def back_project(depth: NDArray[np.float32], camera: CameraIntrinsics) -> NDArray[np.float32]:
    """(H, W, 3) float32 points in the optical frame of (H, W) depth in metres; NaN stays NaN."""
    rows, columns = np.indices(depth.shape, np.float32)
    x = (columns - np.float32(camera.cx)) / np.float32(camera.fx) * depth
    y = (rows - np.float32(camera.cy)) / np.float32(camera.fy) * depth
    return np.stack([x, y, depth], axis=-1)


def depth_noise(depth: NDArray[np.float32], least: float) -> NDArray[np.float32]:
    """(H, W) float32 metres: how far depth may be off. Grows with its square, as for stereo and structured light."""
    return np.asarray(np.maximum(least, 0.0025 * depth * depth), np.float32)


def fit_planes(
    points: NDArray[np.float32],
    tolerance: NDArray[np.float32],
    min_share: float,
    max_planes: int,
    trials: int,
    seed: int = 0,
) -> list[Plane]:
    """Planes by RANSAC (Fischler and Bolles 1981), the one that holds most points first, each on what the last left.

    points: (K, 3) float32, all finite. tolerance: (K,) float32 metres within which a point lies on a plane.
    min_share: of all points, needed by a plane. The seed is fixed: the same depth gives the same planes.
    """
    random = np.random.default_rng(seed)
    planes: list[Plane] = []
    left, margin = points, tolerance
    while len(planes) < max_planes and len(left) >= max(3, min_share * len(points)):
        plane, inside = _best_plane(left, margin, trials, random)
        if plane is None or np.count_nonzero(inside) < min_share * len(points):
            break
        planes.append(plane)
        left, margin = left[~inside], margin[~inside]
    return planes


def _best_plane(
    points: NDArray[np.float32], tolerance: NDArray[np.float32], trials: int, random: np.random.Generator
) -> tuple[Plane | None, NDArray[np.bool_]]:
    corners = points[random.integers(0, len(points), (trials, 3))]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1)
    sound = lengths > 1e-9
    if not sound.any():
        return None, np.zeros(len(points), np.bool_)
    normals = normals[sound] / lengths[sound, None]
    offsets = (normals * corners[sound, 0]).sum(axis=1)
    distances = np.abs(points @ normals.T - offsets)
    best = int(np.count_nonzero(distances < tolerance[:, None], axis=0).argmax())
    normal, offset = normals[best].astype(np.float64), float(offsets[best])
    inside = distances[:, best] < tolerance
    for _ in range(3):
        if np.count_nonzero(inside) < 3:
            break
        chosen = points[inside].astype(np.float64)
        centre = chosen.mean(axis=0)
        normal = np.linalg.eigh(np.cov((chosen - centre).T))[1][:, 0]
        offset = float(normal @ centre)
        inside = np.abs(points @ normal.astype(np.float32) - np.float32(offset)) < tolerance
    if offset > 0:
        normal, offset = -normal, -offset
    return Plane((float(normal[0]), float(normal[1]), float(normal[2])), offset), inside
