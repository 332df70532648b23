# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The published mask filter: an absolute area floor, and the larger of two that overlap (TAS's released code)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tas_ros.arrays import IndexArray, MaskArray
from tas_ros.vision.proposals import Proposals

_COUNTED_AT_ONCE = 1 << 24
"""Mask pixels multiplied at once: bounds the memory, and float32 still counts exactly."""


@dataclass(frozen=True)
class OverlapFilterRule:
    """Presets `paper` and `released` (docs/method.md section 1)."""

    min_area: int = 2000
    """Pixels; smaller masks are dropped and drop nothing."""
    max_overlap: float = 0.4
    """Shared pixels over the smaller area above which the smaller of two masks is dropped, on a tie the later one. A
    mask that is dropped itself drops others all the same."""

    def keep(self, proposals: Proposals) -> IndexArray:
        """Indices of the proposals that stay."""
        return keep_larger_of_overlapping(proposals.masks, self)


def keep_larger_of_overlapping(masks: MaskArray, rule: OverlapFilterRule) -> IndexArray:
    """Indices, in order, of the masks of (N, H, W) bool that stay under `rule`.

    Where every mask is below the area floor (the released code crashes) the floor is relaxed: all masks that have a
    pixel count, and the rule for overlaps holds as ever, so that at least one of them stays.
    """
    areas = np.count_nonzero(masks, axis=(1, 2))
    counted = np.flatnonzero(areas >= rule.min_area)
    if not counted.size:
        counted = np.flatnonzero(areas > 0)
    if not counted.size:
        return np.zeros(0, np.int64)
    area = areas[counted]
    overlap = _shared_pixels(masks[counted]) / np.minimum(area[:, None], area[None, :])
    later = np.arange(len(area))[:, None] < np.arange(len(area))[None, :]
    beaten = (area[:, None] > area[None, :]) | ((area[:, None] == area[None, :]) & later)
    return np.asarray(counted[~((overlap > rule.max_overlap) & beaten).any(axis=0)], np.int64)


def _shared_pixels(masks: MaskArray) -> IndexArray:
    """(N, N) pixels that each two masks share, exactly, whatever the size of the image."""
    count, height, width = masks.shape
    rows = max(1, _COUNTED_AT_ONCE // (count * width))
    shared = np.zeros((count, count), np.int64)
    for start in range(0, height, rows):
        flat = masks[:, start : start + rows].reshape(count, -1).astype(np.float32)
        shared += (flat @ flat.T).astype(np.int64)
    return shared
