# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The reliability curve against counts made by hand."""

import numpy as np
import pytest

from simulation.tabletop.reliability import reliability


def test_bins_and_error_by_hand():
    curve = reliability([0.1, 0.3, 0.6, 0.8, 1.0, 0.9], [False, True, True, True, True, False], bins=2)
    low, high = curve.bins
    assert (low.low, low.high, low.count, high.count) == (0.0, 0.5, 2, 4)
    assert low.score == pytest.approx(0.2) and low.right == 0.5
    assert high.score == pytest.approx(0.825) and high.right == 0.75
    assert curve.calibration_error == pytest.approx((2 * 0.3 + 4 * 0.075) / 6)


def test_scores_that_mean_what_they_say_have_next_to_no_error():
    random = np.random.default_rng(0)
    scores = random.random(20000)
    honest = reliability(list(scores), list(random.random(20000) < scores))
    boasting = reliability(list(scores**0.25), list(random.random(20000) < scores))
    assert honest.calibration_error < 0.02
    assert boasting.calibration_error > 0.2


def test_empty_bins_and_no_answers_have_no_means():
    assert reliability([0.95], [True]).bins[0].right is None
    assert reliability([], []).calibration_error is None


def test_one_verdict_for_every_score():
    with pytest.raises(ValueError, match="2 scores for 1"):
        reliability([0.1, 0.2], [True])
