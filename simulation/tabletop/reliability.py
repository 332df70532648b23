# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""How far a score can be taken at its word: predicted against actual share of right answers, in bins.

A calibrated score of .8 is right four times out of five. Expected calibration error: Naeini, Cooper and Hauskrecht,
Obtaining Well Calibrated Probabilities Using Bayesian Binning (AAAI 2015); bins of equal width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True)
class ReliabilityBin:
    """Answers whose score lies in [low, high), the last bin's end included."""

    low: float
    high: float
    count: int
    score: float | None
    """Mean score; None of no answers, as is `right`."""
    right: float | None
    """Share that was right."""


@dataclass(frozen=True)
class Reliability:
    """The curve, and the mean distance between what is predicted and what holds."""

    bins: tuple[ReliabilityBin, ...]
    calibration_error: float | None
    """Expected calibration error, weighted by the bins' counts; None of no answers."""


def reliability(scores: Sequence[float], right: Sequence[bool], bins: int = BINS) -> Reliability:
    """Compare each answer's score in [0, 1] with whether it was right. Raises ValueError when their counts differ."""
    if len(scores) != len(right):
        raise ValueError(f"{len(scores)} scores for {len(right)} answers; give one of each an answer")
    predicted, actual = np.asarray(scores, float), np.asarray(right, float)
    places = np.minimum((predicted * bins).astype(int), bins - 1)
    curve = [_bin(k, bins, predicted[places == k], actual[places == k]) for k in range(bins)]
    error = sum(
        each.count * abs(each.score - each.right) for each in curve if each.score is not None and each.right is not None
    )
    return Reliability(tuple(curve), float(error) / len(predicted) if len(predicted) else None)


def _bin(place: int, bins: int, predicted: np.ndarray, actual: np.ndarray) -> ReliabilityBin:
    means = (float(predicted.mean()), float(actual.mean())) if len(predicted) else (None, None)
    return ReliabilityBin(place / bins, (place + 1) / bins, len(predicted), *means)
