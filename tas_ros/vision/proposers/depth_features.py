# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the depth network sees of a depth image: positions, heights over planes, normals and steps, about unit size."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tas_ros.vision.frame import CameraIntrinsics
from tas_ros.vision.nearest_known import from_nearest_known
from tas_ros.vision.proposers.planes import Plane, back_project, depth_noise, fit_planes

WORKING_PIXELS = 320 * 240
"""Pixels to which depth is reduced, whatever its aspect."""
_NOISE_FLOOR = 0.004
"""Metres of depth error that near points have."""


def working_depth(depth: NDArray[np.float32], camera: CameraIntrinsics) -> tuple[NDArray[np.float32], CameraIntrinsics]:
    """(h, w) depth of about WORKING_PIXELS, and the camera that would take it.

    A pixel is the mean of what is measured in its cell, but near a step, where that would hang between two things, the
    middle measurement. depth: (H, W) float32 metres, NaN where unknown; smaller pictures stay as they are.
    """
    height, width = depth.shape
    scale = min(1.0, (WORKING_PIXELS / (height * width)) ** 0.5)
    if scale == 1.0:
        return depth, camera
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    down, across = rows / height, columns / width
    nearest = depth[((np.arange(rows) + 0.5) / down).astype(np.int64), :][
        :, ((np.arange(columns) + 0.5) / across).astype(np.int64)
    ]
    known = np.isfinite(depth)
    size = (columns, rows)
    share = cv2.resize(known.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    total = cv2.resize(np.where(known, depth, np.float32(0)), size, interpolation=cv2.INTER_AREA)
    mean = total / np.maximum(share, np.float32(1e-6))
    mean = np.where(share > 0.25, mean, np.float32(np.nan))
    lone = ~np.isfinite(nearest)
    smooth = np.abs(mean - nearest) < depth_noise(nearest, _NOISE_FLOOR)
    reduced = np.where(smooth | lone, mean, nearest)
    small = CameraIntrinsics(
        camera.fx * across, camera.fy * down, (camera.cx + 0.5) * across - 0.5, (camera.cy + 0.5) * down - 0.5
    )
    return np.asarray(reduced, np.float32), small


def support_planes(depth: NDArray[np.float32], camera: CameraIntrinsics) -> list[Plane]:
    """The two largest planes of (H, W) depth, from some hundred of its points: enough for any that matters."""
    step = max(1, round((depth.size / 1200) ** 0.5))
    half = step // 2
    sampled = depth[half::step, half::step]
    small = CameraIntrinsics(camera.fx / step, camera.fy / step, (camera.cx - half) / step, (camera.cy - half) / step)
    known = np.isfinite(sampled)
    points = back_project(sampled, small)[known]
    return fit_planes(points, 1.5 * depth_noise(sampled[known], _NOISE_FLOOR), 0.08, 2, trials=64)


def depth_features(depth: NDArray[np.float32], camera: CameraIntrinsics) -> NDArray[np.float32]:
    """(12, H, W) float32 of (H, W) depth in metres, NaN where unknown; zero where nothing is known at all.

    Known or not; x, y, z about the median point; height over the largest plane fine and coarse, and over the second;
    three components of the normal; the step to the neighbours by what noise explains; size of a pixel. Holes take the
    values of the nearest known pixel.
    """
    known = np.isfinite(depth)
    features = np.zeros((12, *depth.shape), np.float32)
    if not known.any():
        return features
    whole = depth if known.all() else from_nearest_known(depth, known)[0]
    right = ((np.arange(depth.shape[1], dtype=np.float32) - np.float32(camera.cx)) / np.float32(camera.fx))[None]
    down = ((np.arange(depth.shape[0], dtype=np.float32) - np.float32(camera.cy)) / np.float32(camera.fy))[:, None]
    points = (whole * right, whole * down, whole)
    features[0] = known
    for channel, axis in enumerate(points, start=1):
        middle = np.median(axis[known][::7])
        np.clip((axis - middle) * np.float32(1 / 0.4), -3, 3, out=features[channel])
    planes = support_planes(depth, camera)
    for number, (plane, units) in enumerate(zip(planes, ((0.03, 0.25), (0.03,)), strict=False)):
        x, y, z = map(np.float32, plane.normal)
        height = whole * (right * x + down * y + z) - np.float32(plane.offset)
        for channel, unit in enumerate(units, start=4 + 2 * number):
            np.clip(height * np.float32(1 / unit), -2, 2, out=features[channel])
    features[7:10] = _normals(whole, right, down, camera)
    kernel = np.ones((3, 3), np.uint8)
    step = cv2.dilate(whole, kernel) - cv2.erode(whole, kernel)
    features[10] = np.log1p(step / depth_noise(whole, _NOISE_FLOOR)) - 1
    features[11] = np.log(np.maximum(whole, np.float32(0.05)) * np.float32(1 / camera.fx)) + 6
    return features


def _normals(
    depth: NDArray[np.float32], right: NDArray[np.float32], down: NDArray[np.float32], camera: CameraIntrinsics
) -> NDArray[np.float32]:
    """(3, H, W) unit normals towards the camera of surfaces smoothed over a few pixels.

    right, down: x / z of each column and y / z of each row.
    """
    smooth = cv2.GaussianBlur(depth, (0, 0), 1.5)
    x = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3, scale=camera.fx / 8)
    y = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3, scale=camera.fy / 8)
    z = -smooth - right * x - down * y
    length = np.sqrt(x * x + y * y + z * z)
    return np.stack([x / length, y / length, z / length])
