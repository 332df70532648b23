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

from tas_ros.vision import overlap_filtering
from tas_ros.vision.filtering import FilterRule, filter_proposals
from tas_ros.vision.overlap_filtering import OverlapFilterRule, keep_larger_of_overlapping
from tas_ros.vision.proposals import Proposals

RULE = OverlapFilterRule()


def strip(*spans, height=40):
    """Masks `height` rows high that cover columns [start, stop)."""
    masks = np.zeros((len(spans), height, 400), bool)
    for mask, (start, stop) in zip(masks, spans, strict=True):
        mask[:, start:stop] = True
    return masks


def kept(*spans, rule=RULE):
    return keep_larger_of_overlapping(strip(*spans), rule).tolist()


def test_masks_below_the_floor_go_and_masks_on_it_stay():
    assert kept((0, 49), (100, 150), (200, 300)) == [1, 2]  # 1960, 2000 and 4000 pixels


def test_the_larger_of_two_stays_and_of_equals_the_first():
    assert kept((0, 60), (10, 100)) == [1]
    assert kept((0, 60), (10, 70)) == [0]
    assert kept((10, 70), (10, 70), (10, 70)) == [0]


def test_an_overlap_of_exactly_the_limit_is_none():
    assert kept((0, 50), (30, 80)) == [0, 1]  # 20 of 50 columns
    assert kept((0, 50), (29, 80)) == [1]


def test_a_dropped_mask_still_drops_others():
    # The third overlaps the second alone, and the second falls to the first.
    assert kept((0, 100), (50, 145), (100, 160)) == [0]


def test_a_mask_below_the_floor_drops_nothing():
    assert kept((0, 45), (0, 50)) == [1]
    assert kept((0, 20), (300, 360)) == [1]


def test_with_no_mask_above_the_floor_the_floor_is_relaxed():
    assert kept((0, 10), (2, 12), (30, 35)) == [0, 2]


def test_no_masks_and_empty_masks():
    assert kept() == []
    assert keep_larger_of_overlapping(np.zeros((2, 5, 5), bool), RULE).tolist() == []
    assert kept((0, 0), (0, 5)) == [1]


spans = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 100)), max_size=12)


@settings(max_examples=60, deadline=None)
@given(spans, st.integers(0, 3000))
def test_what_is_kept_does_not_overlap_and_what_is_dropped_has_a_reason(drawn, min_area):
    rule = OverlapFilterRule(min_area=min_area)
    masks = strip(*((start, start + width) for start, width in drawn))
    areas = masks.sum(axis=(1, 2))
    keep = keep_larger_of_overlapping(masks, rule)
    assert keep.tolist() == sorted(set(keep.tolist()))
    assert len(keep) or not len(masks)
    floor = min_area if (areas >= min_area).any() else 1

    def overlap(i, j):
        return (masks[i] & masks[j]).sum() / min(areas[i], areas[j])

    for i in keep:
        assert areas[i] >= floor
        assert all(overlap(i, j) <= rule.max_overlap for j in keep if j != i)
    for i in set(range(len(masks))) - set(keep.tolist()):
        larger = [j for j in range(len(masks)) if j != i and areas[j] >= max(areas[i], floor)]
        assert areas[i] < floor or any(overlap(i, j) > rule.max_overlap for j in larger)


def test_counting_in_parts_counts_the_same(monkeypatch):
    masks = np.random.default_rng(0).random((9, 50, 70)) < 0.3
    whole = keep_larger_of_overlapping(masks, OverlapFilterRule(100, 0.3))
    monkeypatch.setattr(overlap_filtering, "_COUNTED_AT_ONCE", 700)
    np.testing.assert_array_equal(keep_larger_of_overlapping(masks, OverlapFilterRule(100, 0.3)), whole)


@pytest.mark.parametrize("rule", [RULE, FilterRule()])
def test_a_scene_filters_by_either_rule(rule):
    proposals = Proposals(strip((0, 60), (0, 61), (200, 260)), np.array([0.9, 0.8, 0.7], np.float32))
    filtered = filter_proposals(proposals, rule)
    assert len(filtered) == 2
    assert len(filter_proposals(proposals.select(np.zeros(0, np.int64)), rule)) == 0
