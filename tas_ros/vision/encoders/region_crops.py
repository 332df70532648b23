# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Square crops that show one region each, cut from the image without sampling noise."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tas_ros.vision.proposals import Proposals

GREY = 127
_EDGE_SIGMA = 2.0
"""Pixels of the crop over which a region fades out: a hard edge is an edge the classifier sees."""


def isolated_crops(rgb: NDArray[np.uint8], proposals: Proposals, size: int, margin: float) -> NDArray[np.uint8]:
    """(N, size, size, 3) uint8 crops centred on each region, its background blurred and half greyed.

    rgb: (H, W, 3) uint8. margin: side of the crop over the long side of the region's box.
    """
    sharp, faded = _pyramid(rgb), _pyramid(fade(rgb))
    crops = np.empty((len(proposals), size, size, 3), np.uint8)
    for i, (mask, box) in enumerate(zip(proposals.masks, proposals.boxes, strict=True)):
        x0, y0, x1, y1 = (float(edge) for edge in box)
        side = max(x1 - x0, y1 - y0) * margin
        centre = ((x0 + x1) / 2, (y0 + y1) / 2)
        level = min(len(sharp) - 1, int(np.log2(max(side / size, 1.0))))
        inside = _cut(mask.astype(np.float32), centre, side, size)
        weight = cv2.GaussianBlur(inside, (0, 0), _EDGE_SIGMA)[:, :, None]
        front, back = (_cut(pyramid[level], centre, side, size, level) for pyramid in (sharp, faded))
        crops[i] = front * weight + back * (1 - weight)
    return crops


def fade(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The image blurred over a fortieth of its long side and mixed half and half with grey."""
    sigma = max(rgb.shape[:2]) / 40
    # Blurring a quarter-size copy looks the same and takes a tenth of the time.
    small = cv2.resize(rgb, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA) if min(rgb.shape[:2]) >= 32 else rgb
    small = cv2.GaussianBlur(small, (0, 0), max(sigma * small.shape[1] / rgb.shape[1], 0.5))
    blurred = cv2.resize(small, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.addWeighted(blurred, 0.5, np.full_like(rgb, GREY), 0.5, 0), np.uint8)


def _pyramid(rgb: NDArray[np.uint8], levels: int = 5) -> list[NDArray[np.uint8]]:
    """The image halved again and again, so that no crop is shrunk by more than two at once."""
    pyramid = [rgb]
    while len(pyramid) < levels and min(pyramid[-1].shape[:2]) >= 2:
        height, width = pyramid[-1].shape[:2]
        pyramid.append(np.asarray(cv2.resize(pyramid[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA)))
    return pyramid


def _cut(
    plane: NDArray[np.uint8] | NDArray[np.float32],
    centre: tuple[float, float],
    side: float,
    size: int,
    level: int = 0,
) -> NDArray[np.float32]:
    """(size, size[, C]) float32 square of `side` image pixels around `centre`; beyond the image grey, 0 for a mask."""
    shrink = size / side
    scale = shrink * 2.0**level
    # Pixel centres lie at half pixels, at every level.
    affine = np.array([[scale, 0.0, 0.0], [0.0, scale, 0.0]])
    affine[:, 2] = size / 2 - np.array(centre) * shrink + scale / 2 - 0.5
    border = (GREY, GREY, GREY) if plane.ndim == 3 else (0,)
    return np.asarray(
        cv2.warpAffine(plane, affine, (size, size), flags=cv2.INTER_LINEAR, borderValue=border), np.float32
    )
