# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Clean outlines for masks: no holes, no ragged edges, no lost thin things."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def clean_mask(mask: NDArray[np.bool_], sigma: float = 1.0) -> NDArray[np.bool_]:
    """`mask` (H, W) with small holes filled and its outline smoothed; worked on in its box alone, for speed."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return mask
    margin = 4
    window = np.s_[
        max(0, rows[0] - margin) : rows[-1] + 1 + margin, max(0, columns[0] - margin) : columns[-1] + 1 + margin
    ]
    cleaned = np.zeros_like(mask)
    cleaned[window] = smooth_outline(fill_holes(mask[window]), sigma)
    return cleaned


def fill_holes(mask: NDArray[np.bool_], max_share: float = 0.1) -> NDArray[np.bool_]:
    """`mask` (H, W) without its holes up to `max_share` of its area; larger ones (a handle's) are real."""
    holes = np.pad(~mask, 1, constant_values=True).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(holes, connectivity=4)
    small = stats[:, cv2.CC_STAT_AREA] <= max_share * np.count_nonzero(mask)
    small[[0, labels[0, 0]]] = False  # label 0 is the mask itself, the corner's is the outside
    if count <= 2 or not small.any():
        return mask
    return np.asarray(mask | small[labels[1:-1, 1:-1]])


def smooth_outline(mask: NDArray[np.bool_], sigma: float = 1.0) -> NDArray[np.bool_]:
    """`mask` (H, W) with steps of a pixel or two rounded off; returned as it is where that would lose it."""
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    smooth = np.asarray(soft >= 0.5)
    # A thing a few pixels thin would be eaten.
    return smooth if np.count_nonzero(smooth) >= 0.9 * np.count_nonzero(mask) else mask


def to_size(mask: NDArray[np.bool_], width: int, height: int) -> NDArray[np.bool_]:
    """`mask` scaled to (height, width) with a smooth outline."""
    if mask.shape == (height, width):
        return mask
    soft = cv2.resize(mask.view(np.uint8) * np.uint8(255), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(soft >= 128)
