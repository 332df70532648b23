# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Proposals, their filter and their objectness on hand-made masks."""

import numpy as np
import pytest

from tas_ros.errors import InvalidImageError
from tas_ros.vision.filtering import FilterRule, filter_proposals
from tas_ros.vision.objectness import (
    ObjectnessRule,
    ThingRule,
    parthood,
    soundness,
    standing,
    thing_likeness,
    thing_probability,
    wholeness,
)
from tas_ros.vision.proposals import Proposals


def rectangles(*boxes, quality=None, shape=(60, 80)) -> Proposals:
    masks = np.zeros((len(boxes), *shape), bool)
    for mask, (x0, y0, x1, y1) in zip(masks, boxes, strict=True):
        mask[y0:y1, x0:x1] = True
    return Proposals(masks, np.float32(quality if quality is not None else np.ones(len(boxes))))


def test_geometry_of_masks():
    p = rectangles((10, 20, 30, 25), (0, 0, 80, 60))
    assert p.areas.tolist() == [100, 4800]
    assert p.boxes.tolist() == [[10, 20, 30, 25], [0, 0, 80, 60]]
    np.testing.assert_allclose(p.centroids, [[19.5, 22], [39.5, 29.5]])
    np.testing.assert_allclose(p.containment, [[1, 1], [1, 1]])
    np.testing.assert_allclose(p.iou, [[1, 100 / 4800], [100 / 4800, 1]], rtol=1e-6)


def test_overlaps_of_large_images_are_sampled():
    small = rectangles((0, 0, 400, 300), (200, 0, 600, 300), shape=(480, 640))
    large = rectangles((0, 0, 1200, 900), (600, 0, 1800, 900), shape=(1440, 1920))
    np.testing.assert_allclose(small.iou, large.iou, atol=0.01)
    assert large.intersections.max() <= 640 * 480


def test_selecting_keeps_the_products_already_made():
    p = rectangles((0, 0, 10, 10), (5, 5, 15, 15), (20, 20, 30, 30))
    expected = rectangles((20, 20, 30, 30), (5, 5, 15, 15)).intersections
    assert p.intersections.shape == (3, 3)
    np.testing.assert_array_equal(p.select(np.array([2, 1])).intersections, expected)


@pytest.mark.parametrize(
    ("masks", "quality"),
    [
        (np.zeros((1, 4, 4), bool), np.ones(1, np.float32)),
        (np.ones((1, 4, 4), np.uint8), np.ones(1, np.float32)),
        (np.ones((2, 4, 4), bool), np.ones(1, np.float32)),
    ],
)
def test_what_is_no_proposal_is_refused(masks, quality):
    with pytest.raises(InvalidImageError):
        Proposals(masks, quality)


def test_no_proposals():
    none = Proposals(np.zeros((0, 4, 4), bool), np.zeros(0, np.float32))
    assert none.boxes.shape == (0, 4) and none.containment.shape == (0, 0)
    assert len(filter_proposals(none, FilterRule())) == 0
    assert standing(none, ObjectnessRule()).shape == (0,)
    assert wholeness(parthood(none), none.quality, ObjectnessRule()).shape == (0,)


def test_filter_drops_specks_background_and_doubles_but_keeps_nested_masks():
    p = rectangles(
        (0, 0, 80, 60),  # all of the view
        (10, 10, 50, 50),
        (10, 10, 50, 49),  # its double, of lower quality
        (20, 20, 30, 30),  # its part
        (70, 50, 71, 51),  # a speck
        quality=[0.9, 0.8, 0.7, 0.6, 1.0],
    )
    assert filter_proposals(p, FilterRule()).boxes.tolist() == [[10, 10, 50, 50], [20, 20, 30, 30]]


def test_filter_is_relaxed_when_it_would_leave_nothing():
    assert len(filter_proposals(rectangles((0, 0, 80, 60)), FilterRule())) == 1


PART_AND_WHOLE = (10, 10, 50, 50), (20, 20, 30, 30), (60, 10, 70, 20)


def keeps(likeness, *quality):
    """What a whole, its part and a third mask keep for being no part."""
    proposals = rectangles(*PART_AND_WHOLE, quality=list(quality))
    return wholeness(parthood(proposals), np.array(likeness, np.float32), ObjectnessRule())


def test_a_part_stands_below_its_whole_unless_it_is_the_better_mask():
    whole, part, alone = keeps((0.8, 0.8, 0.8), 0.9, 0.9, 0.9)
    assert part < 0.8 and whole == alone == 1
    assert keeps((0.8, 0.8, 0.8), 0.1, 0.9, 0.9)[1] > 0.9


def test_a_duck_in_a_bowl_is_no_part_of_a_duck():
    """What it lies in looks like no duck, so nothing speaks against the duck; a handle still is a part of the mug."""
    assert keeps((0.01, 0.9, 0.01), 0.9, 0.9, 0.9)[1] > 0.95
    assert keeps((0.9, 0.9, 0.01), 0.9, 0.9, 0.9)[1] < 0.8
    assert keeps((1.0, 0.9, 0.01), 0.9, 0.9, 0.9)[1] == keeps((0.9, 0.9, 0.01), 0.9, 0.9, 0.9)[1]


def likeness(proposals, seen=None):
    return thing_likeness(thing_probability(proposals, ThingRule(), seen), ThingRule())


def test_background_looks_less_like_a_thing_than_what_stands_in_view():
    """Cut off by the border or ragged, of the same quality; the best of the frame counts 1."""
    masks = np.zeros((3, 60, 80), bool)
    masks[0, 20:40, 30:50] = True
    masks[1, :20] = True  # along the upper border
    masks[2, 10:50, 10:60] = True  # a frame around something
    masks[2, 12:48, 12:58] = masks[2, 10:12, 30:40] = False
    compact, cut_off, ragged = likeness(Proposals(masks, np.full(3, 0.5, np.float32)))
    assert compact == 1
    assert cut_off < 0.8
    assert ragged < 0.8
    assert likeness(Proposals(masks[:0], np.zeros(0, np.float32))).shape == (0,)


def test_what_an_encoder_sees_outweighs_a_neat_outline():
    masks = np.zeros((2, 60, 80), bool)
    masks[0, 20:40, 30:50] = True
    masks[1, 5:15, 5:15] = True
    proposals = Proposals(masks, np.full(2, 0.5, np.float32))
    by_look = likeness(proposals, np.array([-2.0, 2.0], np.float32))
    assert by_look[1] == 1
    assert by_look[0] < 0.6


def test_a_mask_that_may_be_no_whole_thing_costs_an_answer_score():
    probability, quality = np.float32([0.9, 0.9, 0.1, 0.01]), np.float32([0.8, 0.3, 0.8, 0.05])
    sound, poor, unlike, neither = soundness(probability, quality, ThingRule())
    assert sound == 1 > poor > unlike > neither > 0.1
    np.testing.assert_array_equal(soundness(probability, quality, ThingRule(doubt=0.0)), np.ones(4))
