# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The proposer that chooses between depth and colour."""

from __future__ import annotations

import numpy as np
import pytest

from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.proposers.rgbd import RgbdProposer, best_of


@pytest.fixture(scope="module")
def rgbd() -> RgbdProposer:
    """With real weights."""
    return RgbdProposer()


def test_depth_comes_first(rgbd: RgbdProposer, tabletop, best_iou) -> None:
    proposals = rgbd.propose(tabletop.frame)
    best = proposals.select(np.argsort(-proposals.quality)[:12])
    assert best_iou(best.masks, tabletop.mask(1)) > 0.9


@pytest.mark.parametrize("known", [0.0, 0.1])
def test_sparse_depth_falls_back_on_colour(rgbd: RgbdProposer, tabletop, best_iou, known: float) -> None:
    depth = tabletop.frame.depth
    assert depth is not None
    sparse = np.where(np.random.default_rng(0).random(depth.shape) < known, depth, np.float32(np.nan))
    from_sparse = rgbd.propose(Frame(tabletop.frame.rgb, sparse))
    from_colour = rgbd.propose(Frame(tabletop.frame.rgb))
    assert np.array_equal(from_sparse.masks, from_colour.masks)
    assert best_iou(from_colour.masks, tabletop.mask(1)) > 0.7


def test_things_are_trusted_and_tables_walls_and_floors_are_not(rgbd: RgbdProposer, tabletop) -> None:
    proposals = rgbd.propose(tabletop.frame)
    background = np.array([np.mean(tabletop.truth[mask] <= 0) > 0.5 for mask in proposals.masks])
    assert (np.diff(proposals.quality) <= 0).all() and len(proposals) <= 44
    assert proposals.quality[background].max(initial=0) < proposals.quality[~background].max()
    assert not background[:5].any()


def test_without_the_network_planes_come_first(tabletop, best_iou) -> None:
    proposals = RgbdProposer(use_network=False).propose(tabletop.frame)
    best = proposals.select(np.argsort(-proposals.quality)[:12])
    assert best_iou(best.masks, tabletop.mask(1)) > 0.9


def test_planes_may_be_asked_too(rgbd: RgbdProposer, tabletop, best_iou) -> None:
    both = RgbdProposer(use_planes=True).propose(tabletop.frame)
    things = range(1, len(tabletop.colours) + 1)
    more, fewer = (
        np.mean([best_iou(each.masks, tabletop.mask(number)) for number in things])
        for each in (both, rgbd.propose(tabletop.frame))
    )
    assert more > fewer - 0.02


def test_of_near_duplicates_the_better_stays_whoever_proposed_it() -> None:
    masks = np.zeros((3, 60, 80), np.bool_)
    masks[0, 10:30, 10:30] = masks[1, 10:30, 10:31] = masks[2, 40:50, 40:60] = True
    first = Proposals(masks[:1], np.array([0.4], np.float32))
    second = Proposals(masks[1:], np.array([0.7, 0.2], np.float32))
    best = best_of([first, second], max_count=10, duplicate_iou=0.8)
    assert np.array_equal(best.masks, masks[[1, 2]]) and best.quality.tolist() == pytest.approx([0.7, 0.2])
    assert len(best_of([first, second], max_count=1, duplicate_iou=0.8)) == 1


def test_a_frame_that_shows_the_network_nothing_is_colours(rgbd: RgbdProposer, tabletop) -> None:
    flat = Frame(tabletop.frame.rgb, np.full(tabletop.truth.shape, 1.0, np.float32))
    assert len(rgbd.propose(flat)) > 0
