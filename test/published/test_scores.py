# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tas_ros.published.scores import PublishedScoreRule, published_scores

RULE = PublishedScoreRule()
NONE = np.zeros((3, 0), np.float32)


def array(*values):
    return np.array(values, np.float32)


def test_a_sum_by_hand():
    # 20 + 6 - 14 = 12; 30 + 5 - 21 = 14; 25 + 7 - 14 = 18: unit 0, 1/3, 1.
    negatives = array([10, 30], [30, 30], [20, 20])
    scores = published_scores(array(20, 30, 25), array(60, 50, 70), negatives, RULE)
    powers = np.exp([0, 1 / 3, 1])
    np.testing.assert_allclose(scores.weights, powers / powers.sum(), rtol=1e-5)
    assert scores.negative.tolist() == [20, 30, 20]
    assert scores.weights.dtype == np.float32


def test_without_negatives_the_n_score_is_zero():
    scores = published_scores(array(20, 30, 25), array(50, 50, 50), NONE, RULE)
    assert scores.negative.tolist() == [0, 0, 0]
    assert np.argmax(scores.weights) == 1 and np.isfinite(scores.weights).all()


@pytest.mark.parametrize("count", [1, 4])
def test_equal_sums_weigh_alike(count):
    same = np.full(count, 25, np.float32)
    scores = published_scores(same, same, np.full((count, 2), 20, np.float32), RULE)
    np.testing.assert_allclose(scores.weights, 1 / count)


def test_captions_alone_decide_without_the_picture():
    rule = PublishedScoreRule(visual_weight=0, positive_weight=1, negative_weight=0)
    scores = published_scores(array(99, 1, 1), array(1, 2, 1), array([5], [5], [0]), rule)
    assert np.argmax(scores.weights) == 1


logits = arrays(np.float32, 6, elements=st.integers(-40, 100).map(np.float32))


@settings(max_examples=100, deadline=None)
@given(logits, logits, logits)
def test_weights_are_shares_ordered_by_the_sum(image, caption, negative):
    scores = published_scores(image, caption, negative[:, None], RULE)
    assert np.isclose(scores.weights.sum(), 1, rtol=1e-5) and (scores.weights > 0).all()
    assert scores.weights.max() <= scores.weights.min() * np.e * 1.0001
    exact = 10 * image.astype(int) + caption.astype(int) - 7 * negative.astype(int)
    order = np.argsort(exact)
    assert (np.diff(scores.weights[order])[np.diff(exact[order]) > 0] > 0).all()
