# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Masks of a large picture, of which many are kept at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from tas_ros.arrays import IndexArray, MaskArray


class CroppedMasks(Sequence[MaskArray]):
    """N masks (H, W) bool of one picture, kept as their boxes: each is made anew when it is asked for.

    boxes: (N, 4) int64, tight x0, y0, x1, y1 in pixels; x1 and y1 exclusive.
    areas: (N,) int64, pixels.
    """

    def __init__(self, masks: Iterable[MaskArray], height: int, width: int) -> None:
        """Of masks (height, width), none empty; they are taken one after the other."""
        self._shape = height, width
        boxes: list[tuple[int, int, int, int]] = []
        self._crops: list[MaskArray] = []
        for mask in masks:
            rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
            box = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
            boxes.append(box)
            self._crops.append(mask[box[1] : box[3], box[0] : box[2]].copy())
        self.boxes: IndexArray = np.array(boxes, np.int64).reshape(-1, 4)
        self.areas: IndexArray = np.array([np.count_nonzero(crop) for crop in self._crops], np.int64)

    def __len__(self) -> int:
        return len(self._crops)

    def __getitem__(self, index: int) -> MaskArray:  # type: ignore[override]  # no slices: nobody needs them
        crop, (x0, y0, x1, y1) = self._crops[index], self.boxes[index]
        mask = np.zeros(self._shape, np.bool_)
        mask[y0:y1, x0:x1] = crop
        return mask
