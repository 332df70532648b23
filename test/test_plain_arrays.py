# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

from dataclasses import replace

import numpy as np
import pytest

from tas_ros.choices.presets import PRESETS, get_preset
from tas_ros.errors import InvalidCommandError, InvalidImageError, UnknownBackendError
from tas_ros.language.query import ObjectPhrase
from tas_ros.plain_arrays import filter_masks, score_weights, select_mask
from tas_ros.published.quadrant_choice import Quadrant, QuadrantQuery

ANYWHERE = QuadrantQuery("mug", "mug", ObjectPhrase("mug", "mug"), quadrants=())


def boxes(*places):
    masks = np.zeros((len(places), 120, 200), np.uint8)
    for mask, (row, column) in zip(masks, places, strict=True):
        mask[row : row + 50, column : column + 50] = 1
    return masks


CORNERS = boxes((0, 0), (60, 0), (0, 120), (60, 120))
CAPTIONS = np.full(4, 60.0)


@pytest.mark.parametrize("preset", ["paper", "released", get_preset("paper_without_wordnet")])
def test_from_masks_to_the_choice(preset):
    masks = np.concatenate([CORNERS, boxes((5, 0))])
    kept = filter_masks(masks, preset)
    assert kept.tolist() == [0, 1, 2, 3]
    chosen = select_mask(masks[kept], [29, 27, 28, 26], CAPTIONS, None, "mug on the right", preset)
    assert chosen == 2


def test_presets_read_a_sentence_in_their_own_way():
    logits = ([29, 27, 28, 26], CAPTIONS, [[20], [20], [20], [20]])
    assert select_mask(CORNERS, *logits, "the right mug", "paper") == 2
    assert select_mask(CORNERS, *logits, "the right mug", "released") == 0  # the article switches the rectifier off


def test_a_query_of_ones_own_needs_no_parser():
    assert select_mask(CORNERS, [29, 27, 28, 26], CAPTIONS, None, ANYWHERE) == 0
    down = replace(ANYWHERE, quadrants=(Quadrant.DOWN_LEFT, Quadrant.DOWN_RIGHT))
    assert select_mask(CORNERS, [29, 27, 28, 26], CAPTIONS, None, down) == 1


def test_without_the_rectifier_the_weights_decide():
    preset = replace(get_preset("released"), rectifier=None)
    assert select_mask(CORNERS, [29, 27, 28, 26], CAPTIONS, None, "mug on the right", preset) == 0


def test_what_the_released_code_fails_at_has_a_result():
    assert filter_masks(boxes((0, 0))[:, :20], "released").tolist() == [0]  # 1000 pixels
    assert filter_masks(np.zeros((0, 5, 5), bool)).tolist() == []
    assert filter_masks(np.zeros((0, 5, 5), bool), "default").tolist() == []
    np.testing.assert_allclose(score_weights([25], [60]), [1])
    np.testing.assert_allclose(score_weights([25, 25], [60, 60], np.zeros((2, 0))), [0.5, 0.5])
    assert score_weights([], []).shape == (0,)


def test_the_default_preset_filters_but_has_no_plain_score():
    assert sorted(filter_masks(CORNERS, "default").tolist()) == [0, 1, 2, 3]
    for call in (
        lambda: score_weights([1], [1], None, "default"),
        lambda: select_mask(CORNERS, CAPTIONS, CAPTIONS, None, ANYWHERE, "default"),
    ):
        with pytest.raises(UnknownBackendError, match="paper, released"):
            call()
    with pytest.raises(UnknownBackendError, match="known"):
        filter_masks(CORNERS, "secret")


@pytest.mark.parametrize(
    "call",
    [
        lambda: filter_masks(np.zeros((5, 5))),
        lambda: score_weights([1, 2], [1]),
        lambda: score_weights([1, 2], [1, 2], [[1, 2]]),
        lambda: score_weights([1, np.nan], [1, 2]),
        lambda: select_mask(CORNERS, [1, 2], [1, 2], None, ANYWHERE),
        lambda: select_mask(CORNERS[:0], [], [], None, ANYWHERE),
        lambda: select_mask(CORNERS * 0, CAPTIONS, CAPTIONS, None, ANYWHERE),
    ],
)
def test_arrays_that_do_not_fit_are_refused(call):
    with pytest.raises(InvalidImageError):
        call()


def test_an_empty_sentence_is_refused():
    with pytest.raises(InvalidCommandError):
        select_mask(CORNERS, CAPTIONS, CAPTIONS, None, " ")


def test_published_presets_are_data_as_the_specification_has_them():
    paper, released = PRESETS["paper"], PRESETS["released"]
    assert (paper.vision.filter.min_area, paper.vision.filter.max_overlap) == (2000, 0.4)
    assert (paper.score.visual_weight, paper.score.positive_weight, paper.score.negative_weight) == (1.0, 0.1, 0.7)
    assert (paper.score.near_synonyms.path_similarity, paper.score.near_synonyms.synset_pairs) == (0.9, 3)
    assert (paper.vision.caption.beams, paper.vision.caption.max_new_tokens) == (5, 30)
    assert [view.outside for view in paper.vision.views] == ["black"]
    assert (paper.parser, released.parser) == ("", "released")
    assert released.score == paper.score and released.rectifier == paper.rectifier
    assert released.vision.views[0].box_without_last and not paper.vision.views[0].box_without_last
