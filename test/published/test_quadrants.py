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

from tas_ros.errors import InvalidImageError
from tas_ros.language.query import ObjectPhrase
from tas_ros.published.quadrant_choice import Quadrant, QuadrantQuery
from tas_ros.published.quadrants import (
    QuadrantRule,
    best_in_quadrants,
    mask_centres,
    quadrant_factors,
    quadrant_members,
)

UL, DL, UR, DR = Quadrant.UP_LEFT, Quadrant.DOWN_LEFT, Quadrant.UP_RIGHT, Quadrant.DOWN_RIGHT


def dots(*places, side=20):
    masks = np.zeros((len(places), side, side), bool)
    for mask, place in zip(masks, places, strict=True):
        mask[place] = True
    return masks


def asking(*quadrants):
    return QuadrantQuery("mug", "mug", ObjectPhrase("mug", "mug"), quadrants=quadrants)


def weights(*values):
    return np.array(values, np.float32)


def test_centres_are_means_without_their_fraction():
    masks = np.zeros((2, 20, 20), bool)
    masks[0, 3:5, 6:12] = True  # rows 3 and 4, columns 6 to 11: means 3.5 and 8.5
    masks[1, 19, 0] = True
    assert mask_centres(masks).tolist() == [[3, 8], [19, 0]]


def test_an_empty_mask_has_no_centre():
    with pytest.raises(InvalidImageError, match="mask 1 is empty"):
        mask_centres(np.stack([np.ones((4, 4), bool), np.zeros((4, 4), bool)]))


def test_a_centre_on_the_median_lies_down_and_right():
    members = quadrant_members(np.array([[2, 2], [5, 5], [9, 9]]))
    assert {quadrant: found.tolist() for quadrant, found in members.items()} == {UL: [0], DL: [], UR: [], DR: [1, 2]}
    alone = quadrant_members(np.array([[5, 5]]))
    assert alone[DR].tolist() == [0]


def test_the_median_is_that_of_the_masks_not_the_middle_of_the_view():
    members = quadrant_members(np.array([[1, 1], [2, 2], [3, 3], [4, 4]]))  # medians 2.5
    assert members[UL].tolist() == [0, 1] and members[DR].tolist() == [2, 3]


def four():
    return quadrant_members(np.array([[1, 1], [9, 1], [1, 9], [9, 9]]))


def test_the_best_inside_wins_though_better_ones_lie_outside():
    assert best_in_quadrants(weights(0.1, 0.2, 0.3, 0.4), four(), (UL,)) == 0
    assert best_in_quadrants(weights(0.1, 0.2, 0.3, 0.4), four(), (UL, DL)) == 1
    assert best_in_quadrants(weights(0.3, 0.2, 0.1, 0.4), four(), (UL, UR)) == 0


def test_of_two_equal_quadrants_the_second_and_in_one_quadrant_the_first():
    assert best_in_quadrants(weights(0.2, 0.2, 0.3, 0.3), four(), (UL, DL)) == 1
    members = quadrant_members(np.array([[1, 1], [2, 2], [9, 9], [8, 8]]))
    assert best_in_quadrants(weights(0.2, 0.2, 0.3, 0.3), members, (UL,)) == 0


def test_empty_quadrants_choose_nothing():
    members = quadrant_members(np.array([[1, 1], [9, 9]]))
    assert best_in_quadrants(weights(0.4, 0.6), members, (UR,)) is None
    assert best_in_quadrants(weights(0.4, 0.6), members, ()) is None
    assert best_in_quadrants(weights(0.4, 0.6), members, (UL, UR)) == 0


def test_no_direction_and_nothing_there_leave_every_mask_as_it_is():
    masks = dots((1, 1), (9, 9))
    assert quadrant_factors(asking(), masks, weights(0.4, 0.6), QuadrantRule()) == {}
    assert quadrant_factors(asking(UR), masks, weights(0.4, 0.6), QuadrantRule()) == {}


places = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), min_size=1, max_size=9)
choices = st.sampled_from([(UL,), (DL,), (UR,), (DR,), (UL, DL), (UR, DR), (UL, UR), (DL, DR)])


@settings(max_examples=150, deadline=None)
@given(places, choices, st.lists(st.integers(1, 4), min_size=9, max_size=9))
def test_factors_rank_the_choice_first_and_those_inside_before_those_outside(drawn, quadrants, levels):
    masks = dots(*drawn)
    powers = np.exp(np.array(levels[: len(drawn)], np.float32) / 4)  # a softmax of min-max spreads by e at most
    shares = powers / powers.sum()
    members = quadrant_members(mask_centres(masks))
    chosen = best_in_quadrants(shares, members, quadrants)
    factors = quadrant_factors(asking(*quadrants), masks, shares, QuadrantRule())
    if chosen is None:
        assert factors == {}
        return
    order = np.argsort(-(shares * factors["quadrant"]), kind="stable").tolist()
    inside = {int(i) for quadrant in quadrants for i in members[quadrant]}
    assert order[0] == chosen
    assert set(order[: len(inside)]) == inside
    assert ((factors["quadrant"] > 0) & (factors["quadrant"] <= 1)).all()
