# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Proposals: the masks a frame offers as possible answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tas_ros.arrays import FloatArray, IndexArray, MaskArray
from tas_ros.errors import InvalidImageError

COUNTED_PIXELS = 640 * 480
"""Pixels up to which overlaps are counted exactly: beyond, the products of all pairs would take gigabytes."""


@dataclass(frozen=True, eq=False)
class Proposals:
    """N mask proposals of one frame, none empty.

    masks: (N, H, W) bool.
    quality: (N,) float32 in (0, 1], the proposer's own confidence that a mask is one whole thing.

    Raises InvalidImageError when shapes do not fit or a mask is empty.
    """

    masks: MaskArray
    quality: FloatArray

    def __post_init__(self) -> None:
        if self.masks.ndim != 3 or self.masks.dtype != np.bool_:
            raise InvalidImageError(f"masks must be (N, H, W) bool, got {self.masks.shape} {self.masks.dtype}")
        if self.quality.shape != (len(self.masks),):
            raise InvalidImageError(f"quality must be ({len(self.masks)},), got {self.quality.shape}")
        if len(self.masks) and not self.areas.all():
            raise InvalidImageError(f"mask proposal {int(np.argmin(self.areas))} is empty; drop empty masks")

    def __len__(self) -> int:
        return len(self.masks)

    @cached_property
    def areas(self) -> IndexArray:
        """(N,) pixels."""
        return np.asarray(np.count_nonzero(self.masks, axis=(1, 2)), np.int64)

    @cached_property
    def boxes(self) -> IndexArray:
        """(N, 4) tight x0, y0, x1, y1 in pixels; x1 and y1 are exclusive."""
        columns: MaskArray = np.any(self.masks, axis=1)
        rows: MaskArray = np.any(self.masks, axis=2)
        _, height, width = self.masks.shape
        if not len(self.masks):
            return np.zeros((0, 4), np.int64)
        edges = [
            columns.argmax(axis=1),
            rows.argmax(axis=1),
            width - columns[:, ::-1].argmax(axis=1),
            height - rows[:, ::-1].argmax(axis=1),
        ]
        return np.stack(edges, axis=1).astype(np.int64)

    @cached_property
    def centroids(self) -> FloatArray:
        """(N, 2) mean x, y of the mask's pixels."""
        _, height, width = self.masks.shape
        column_counts = np.count_nonzero(self.masks, axis=1)
        row_counts = np.count_nonzero(self.masks, axis=2)
        return np.stack(
            [column_counts @ np.arange(width) / self.areas, row_counts @ np.arange(height) / self.areas], axis=1
        ).astype(np.float32)

    @cached_property
    def intersections(self) -> FloatArray:
        """(N, N) shared pixels; the diagonal holds the areas. In larger images every s-th row and column is counted."""
        _, height, width = self.masks.shape
        step = max(1, round((height * width / COUNTED_PIXELS) ** 0.5))
        sampled = self.masks[:, ::step, ::step]
        flat = sampled.reshape(len(sampled), sampled.shape[1] * sampled.shape[2]).astype(np.float32)
        return np.asarray(flat @ flat.T, np.float32)

    @cached_property
    def iou(self) -> FloatArray:
        """(N, N) intersection over union."""
        areas = np.diagonal(self.intersections)
        union = areas[:, None] + areas[None, :] - self.intersections
        return np.asarray(self.intersections / np.maximum(union, 1), np.float32)

    @cached_property
    def containment(self) -> FloatArray:
        """(N, N) shared pixels over the smaller of the two areas: 1 where one lies within the other."""
        areas = np.diagonal(self.intersections)
        return np.asarray(self.intersections / np.maximum(np.minimum(areas[:, None], areas[None, :]), 1), np.float32)

    def select(self, keep: IndexArray | MaskArray) -> Proposals:
        """The proposals at those indices (or where the boolean array holds), in that order."""
        selected = Proposals(self.masks[keep], self.quality[keep])
        if "intersections" in self.__dict__:  # the one costly product; no need to make it again
            selected.__dict__["intersections"] = self.intersections[keep][:, keep]
        return selected
