# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Metrics of results too many to hold: sums that grow by one sentence at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tas_ros.evaluation.metrics import PRECISION_THRESHOLDS, Overlap, SegmentationMetrics


@dataclass
class Tally:
    """Running sums of one prediction a sentence (docs/method.md section 3)."""

    count: int = 0
    intersection: float = 0.0
    union: float = 0.0
    iou: float = 0.0
    above: list[float] = field(default_factory=lambda: [0.0] * len(PRECISION_THRESHOLDS))

    def add(self, overlap: Overlap) -> None:
        """A prediction."""
        self.add_expected(overlap, overlap.iou, [float(overlap.iou > threshold) for threshold in PRECISION_THRESHOLDS])

    def add_expected(self, overlap: Overlap, iou: float, above: Sequence[float]) -> None:
        """A prediction that is a random choice: expected pixels, IoU and share above each threshold."""
        self.count += 1
        self.intersection += overlap.intersection
        self.union += overlap.union
        self.iou += iou
        self.above = [total + share for total, share in zip(self.above, above, strict=True)]

    def metrics(self) -> SegmentationMetrics:
        """So far; all zero for no sentences, never NaN."""
        n = self.count or 1
        return SegmentationMetrics(
            count=self.count,
            oiou=self.intersection / self.union if self.union else 0.0,
            miou=self.iou / n,
            precision=dict(zip(PRECISION_THRESHOLDS, (total / n for total in self.above), strict=True)),
        )
