# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Scores on plain arrays, where the right answer is computed by hand."""

import numpy as np
import pytest

from tas_ros.matching.calibration import ContrastVocabulary, KindCalibration
from tas_ros.matching.colour import match_colours
from tas_ros.matching.kinds_of_things import read_kinds
from tas_ros.matching.scores import ScoreRule, keep_negatives, score_kind, strengthened


def unit(rows):
    rows = np.asarray(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


AXES = unit(np.eye(4))
CONTRAST = ContrastVocabulary(AXES)


def score(regions, text, captions=None, negatives=AXES[:0]):
    return score_kind(
        CONTRAST.extend(text[None])[0],
        CONTRAST.calibrate(regions),
        None if captions is None else CONTRAST.calibrate(captions[None]),
        CONTRAST.extend(negatives),
        ScoreRule(),
    )


def test_the_region_that_shows_the_text_scores_highest():
    scores = score(unit([[[3, 1, 1, 1], [1, 3, 1, 1], [1, 1, 3, 1]]]), AXES[1])
    assert scores.total.argmax() == 1
    # cosines of region 1 with the four words are (1, 3, 1, 1)/sqrt(12): 3 stands sqrt(3) deviations out.
    assert scores.visual_text[1] == pytest.approx(np.sqrt(3), rel=1e-4)
    assert not scores.negative.any() and not scores.positive.any()


def test_views_are_averaged():
    first, second = unit([[3, 1, 1, 1]]), unit([[1, 1, 2, 1]])
    both = score(np.stack([first, second]), AXES[0]).visual_text
    each = [score(view[None], AXES[0]).visual_text for view in (first, second)]
    np.testing.assert_allclose(both, np.mean(each, axis=0), rtol=1e-4)


def test_a_negative_phrase_pulls_down_the_region_that_shows_it():
    regions = unit([[[3, 2.8, 1, 1], [3, 1, 1, 1]]])
    with_negative = score(regions, AXES[0], negatives=AXES[1:2])
    assert with_negative.negative[0] > with_negative.negative[1]
    assert with_negative.total.argmax() == 1


def test_a_caption_lifts_its_region():
    regions = unit([[[1, 1, 1, 1.2], [1, 1, 1, 1.2]]])
    captions = unit([[1, 0.2, 0, 0], [0, 0.2, 1, 0]])
    assert score(regions, AXES[2], captions).total.argmax() == 1


NAMES = read_kinds(["cup > mug", "can ~ cylinder"])


def test_near_synonyms_are_no_negatives():
    heads, nearness = ["cup", "table", "mug"], np.array([[5.0, 1.0], [1.0, 2.0], [1.0, 1.0]], np.float32)
    nothing = read_kinds([])
    assert keep_negatives(heads, nearness, ["mug"], ScoreRule(), nothing).tolist() == [1]
    assert keep_negatives([], nearness[:0], ["mug"], ScoreRule(), nothing).size == 0
    assert keep_negatives(heads, nearness, ["mug"], ScoreRule(negative_weight=0), nothing).size == 0


def test_what_the_table_of_names_relates_is_no_negative():
    mined, far = ["red cup", "cylinder", "laptop", "blue can"], np.zeros((4, 1), np.float32)
    assert keep_negatives(mined, far, ["can"], ScoreRule(), NAMES).tolist() == [0, 2]
    assert keep_negatives(mined, far, ["white mug"], ScoreRule(), NAMES).tolist() == [1, 2, 3]


def test_a_general_word_is_judged_by_the_kind_that_fits():
    regions = unit([[[1, 3, 1, 1], [1, 1, 3, 1], [1.2, 1, 1, 1.1]]])
    scores = [score(regions, AXES[i]).visual_text for i in range(3)]
    both = score_kind(
        CONTRAST.extend(AXES[:3]), CONTRAST.calibrate(regions), None, CONTRAST.extend(AXES[:0]), ScoreRule()
    )
    np.testing.assert_allclose(both.visual_text, np.max(scores, axis=0), rtol=1e-5)


def test_probability_grows_with_the_score_and_is_half_at_the_midpoint():
    probability = KindCalibration(slope=2.0, midpoint=1.0).probability(np.float32([-50, 0, 1, 2, 50]))
    assert (np.diff(probability) > 0).all()
    assert probability[2] == pytest.approx(0.5)


def test_colours():
    shares = np.float32([[0.8, 0.1, 0.1], [0.0, 0.9, 0.1], [0.45, 0.5, 0.05]])
    terms = ("red", "blue", "white")
    assert match_colours(shares, terms, ("red",)).argmax() == 0
    assert match_colours(shares, terms, ("red", "blue")).argmax() == 2
    assert match_colours(shares, terms, ("chartreuse",)) is None
    assert (match_colours(shares, terms, ("red",)) > 0).all()


def test_evidence_multiplies_odds_and_never_weakens():
    doubtful = np.float32([0.2, 0.2, 0.2, 0.0, 1.0])
    raised = strengthened(doubtful, np.float32([3.0, 1.0, 0.1, 3.0, 3.0]))
    np.testing.assert_allclose(raised, [0.75 / 1.75, 0.2, 0.2, 0.0, 1.0], rtol=1e-5)
