# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Metrics of referring segmentation as the RefCOCO papers define them (docs/method.md section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PRECISION_THRESHOLDS: tuple[float, ...] = (0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Overlap:
    """Pixels a predicted mask shares with the true one; floats, because a random choice has an expected overlap."""

    intersection: float
    union: float

    @property
    def iou(self) -> float:
        """Intersection over union; 1 when both masks are empty (nothing was asked for and nothing was marked)."""
        return self.intersection / self.union if self.union else 1.0


def overlap(predicted: NDArray[np.bool_] | None, truth: NDArray[np.bool_]) -> Overlap:
    """Overlap of two (H, W) bool masks. No prediction counts I = 0, U = |truth|."""
    if predicted is None:
        return Overlap(0, int(np.count_nonzero(truth)))
    return Overlap(int(np.count_nonzero(predicted & truth)), int(np.count_nonzero(predicted | truth)))


@dataclass(frozen=True, eq=False)
class ProposalOverlaps:
    """What every one of N proposals would have scored for one sentence.

    intersections, unions: (N,) int64 pixels.
    truth_area: pixels of the true mask, which is the union when there are no proposals.
    """

    intersections: NDArray[np.int64]
    unions: NDArray[np.int64]
    truth_area: int

    @classmethod
    def of(cls, masks: Iterable[NDArray[np.bool_]], truth: NDArray[np.bool_]) -> ProposalOverlaps:
        """Of N masks (H, W) bool, one after the other, with the (H, W) bool truth."""
        each = [overlap(mask, truth) for mask in masks]
        intersections = np.array([one.intersection for one in each], np.int64)
        return cls(intersections, np.array([one.union for one in each], np.int64), int(np.count_nonzero(truth)))

    @property
    def ious(self) -> NDArray[np.float64]:
        """(N,) IoU of each proposal; a proposal is never empty, so no union is 0."""
        return self.intersections / self.unions

    @property
    def best(self) -> int | None:
        """Index of the best proposal, None when there are none."""
        return int(np.argmax(self.ious)) if len(self.unions) else None

    def chosen(self, index: int | None) -> Overlap:
        """Overlap of that proposal, or of no prediction."""
        if index is None:
            return Overlap(0, self.truth_area)
        return Overlap(int(self.intersections[index]), int(self.unions[index]))


@dataclass(frozen=True)
class SegmentationMetrics:
    """Averages over `count` sentences, each in [0, 1]."""

    count: int
    oiou: float
    """Sum of intersections over sum of unions; large objects weigh more."""
    miou: float
    """Mean IoU over sentences."""
    precision: dict[float, float]
    """Share of sentences whose IoU is strictly above each threshold."""

    def to_dict(self) -> dict[str, float]:
        """Flat and ready for JSON: count, oiou, miou, pr@0.5 ..."""
        return {"count": self.count, "oiou": self.oiou, "miou": self.miou} | {
            f"pr@{threshold}": share for threshold, share in self.precision.items()
        }


def summarise(overlaps: Sequence[Overlap]) -> SegmentationMetrics:
    """Metrics of one prediction a sentence; all zero for no sentences, never NaN."""
    ious = np.array([each.iou for each in overlaps], np.float64)
    return SegmentationMetrics(
        count=len(overlaps),
        oiou=_ratio(sum(each.intersection for each in overlaps), sum(each.union for each in overlaps)),
        miou=_mean(ious),
        precision={threshold: _mean(ious > threshold) for threshold in PRECISION_THRESHOLDS},
    )


def summarise_random(offers: Sequence[ProposalOverlaps]) -> SegmentationMetrics:
    """What choosing a proposal uniformly at random is expected to score, exactly (no sampling).

    oIoU is the ratio of expected sums. A sentence without proposals counts as one without a prediction.
    """
    expected = [
        Overlap(float(offer.intersections.mean()), float(offer.unions.mean()))
        if len(offer.unions)
        else offer.chosen(None)
        for offer in offers
    ]
    return SegmentationMetrics(
        count=len(offers),
        oiou=_ratio(sum(each.intersection for each in expected), sum(each.union for each in expected)),
        miou=_mean(np.array([_mean(offer.ious) for offer in offers])),
        precision={
            threshold: _mean(np.array([_mean(offer.ious > threshold) for offer in offers]))
            for threshold in PRECISION_THRESHOLDS
        },
    )


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def _mean(values: NDArray[np.float64] | NDArray[np.bool_]) -> float:
    return float(values.mean()) if values.size else 0.0
