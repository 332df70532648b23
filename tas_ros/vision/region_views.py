# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Pictures of single regions as TAS cuts them: the surroundings blacked out or blurred, box crop, square pad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from tas_ros.arrays import ImageArray
from tas_ros.vision.proposals import Proposals

BLUR_KERNEL = (75, 75)
"""Pixels; OpenCV derives the Gaussian's sigma from it (TAS)."""


@dataclass(frozen=True)
class RegionView:
    """One way to show a region."""

    outside: Literal["black", "blurred"]
    """What becomes of the pixels outside the mask."""
    box_without_last: bool = False
    """Whether the crop leaves out the box's last row and column, as the width that segment-anything reports does."""


def cut_regions(rgb: ImageArray, proposals: Proposals, view: RegionView) -> list[ImageArray]:
    """N pictures (S_i, S_i or S_i - 1, 3) uint8, black around the crop.

    rgb: (H, W, 3) uint8. Padding is centred with integer halves, so an odd difference of sides leaves one pixel.
    """
    surroundings = np.zeros_like(rgb) if view.outside == "black" else cv2.GaussianBlur(rgb, BLUR_KERNEL, 0)
    last = 1 if view.box_without_last else 0
    pictures = []
    for mask, (x0, y0, x1, y1) in zip(proposals.masks, proposals.boxes, strict=True):
        rows, columns = slice(y0, max(y1 - last, y0 + 1)), slice(x0, max(x1 - last, x0 + 1))
        crop = np.where(mask[rows, columns, None], rgb[rows, columns], surroundings[rows, columns])
        height, width = crop.shape[:2]
        beside, above = max(height - width, 0) // 2, max(width - height, 0) // 2
        pictures.append(np.pad(crop, ((above, above), (beside, beside), (0, 0))))
    return pictures
