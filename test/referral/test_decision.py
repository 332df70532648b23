# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""How sure an answer is, by hand-made evidence."""

import numpy as np
import pytest

from tas_ros.referral.decision import DecisionRule, Evidence, certainty

APART = np.eye(3, dtype=np.float32)
ONES = np.ones(3, np.float32)


def evidence(likeness=(1.0, 1.0, 1.0), placed=(1.0, 1.0, 1.0), score=(0.8, 0.8, 0.8)):
    return Evidence(np.float32(likeness), ONES, np.float32(placed), np.float32(score))


@pytest.mark.parametrize(
    ("likeness", "expected"),
    [((1.0, 1e-6, 1e-6), 0.8), ((1.0, 0.5, 0.2), 0.8 / 1.5), ((1.0, 1.0, 0.2), 0.4)],
)
def test_another_thing_that_fits_makes_the_answer_doubtful(likeness, expected):
    assert certainty(evidence(likeness), [0], APART, DecisionRule()) == pytest.approx(expected, rel=1e-4)


def test_rivals_that_are_asked_about_are_no_doubt():
    assert certainty(evidence((1.0, 0.9, 0.25)), [0, 1], APART, DecisionRule()) == pytest.approx(0.64)


def test_a_part_is_no_other_thing():
    inside = APART.copy()
    inside[0, 1] = inside[1, 0] = 0.9
    assert certainty(evidence((1.0, 0.9, 0.25)), [0], inside, DecisionRule()) == pytest.approx(0.64)


def test_a_place_that_is_somewhat_off_is_off():
    assert certainty(evidence(placed=(1.0, 0.5, 0.1)), [0], APART, DecisionRule()) == pytest.approx(0.64)


def test_without_doubt_the_score_counts_alone():
    assert certainty(evidence(), [0], APART, DecisionRule(doubt=0.0)) == float(np.float32(0.8))
