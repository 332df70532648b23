# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The depth network with its real weights, on ray-cast tabletops that are nothing like what it was taught on."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tas_ros.errors import ModelError
from tas_ros.vision.frame import CameraIntrinsics, Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.proposers.depth_network import WEIGHTS, DepthNetworkProposer
from tas_ros.vision.weights import PackagedWeights, own_weights


@pytest.fixture(scope="module")
def proposer() -> DepthNetworkProposer:
    """In single precision, so that every CPU gives the same."""
    return DepthNetworkProposer(bfloat16=False)


@pytest.mark.parametrize("noise", [0.0, 0.0015])
def test_every_thing_on_the_table_has_a_mask(proposer, make_tabletop, best_iou, noise: float) -> None:
    scene = make_tabletop(noise=noise, holes=0.01)
    proposals = proposer.propose(scene.frame)
    ious = [best_iou(proposals.masks, scene.mask(number)) for number in range(1, len(scene.colours) + 1)]
    assert np.mean(np.array(ious) >= 0.5) >= 0.8, ious
    assert len(proposals) < 60


def test_the_best_masks_are_things_and_the_table_is_none(proposer, tabletop) -> None:
    proposals = proposer.propose(tabletop.frame)
    assert (np.diff(proposals.quality) <= 0).all()
    background = tabletop.truth <= 0
    assert all(np.mean(background[mask]) < 0.5 for mask in proposals.masks[:4])
    maps = proposer.look(tabletop.frame)
    masks = np.stack([tabletop.mask(1), tabletop.truth == 0, tabletop.truth == -1, tabletop.mask(1) | tabletop.mask(2)])
    quality = proposer.quality_of(Proposals(masks, np.ones(4, np.float32)), maps)
    assert quality[0] > 0.4 and quality[1:].max() < 0.5 * quality[0], quality


def test_a_mirrored_frame_has_mirrored_masks(proposer, tabletop, best_iou) -> None:
    frame = tabletop.frame
    camera = CameraIntrinsics(554.0, 554.0, frame.width - 1 - frame.pinhole.cx, frame.pinhole.cy)
    mirrored = Frame(np.ascontiguousarray(frame.rgb[:, ::-1]), np.ascontiguousarray(frame.depth[:, ::-1]), camera)
    there = proposer.propose(frame)
    back = proposer.propose(mirrored).masks[:, :, ::-1]
    sure = there.masks[there.quality > 0.6]
    assert len(sure) and np.mean([best_iou(back, mask) for mask in sure]) > 0.7


@pytest.mark.parametrize("shape", [(96, 128), (240, 320), (720, 1280), (300, 200)])
def test_any_size_is_taken(proposer, tabletop, shape: tuple[int, int]) -> None:
    import cv2

    size = (shape[1], shape[0])
    rgb = cv2.resize(tabletop.frame.rgb, size)
    depth = cv2.resize(tabletop.frame.depth, size, interpolation=cv2.INTER_NEAREST)
    proposals = proposer.propose(Frame(rgb, depth))
    assert proposals.masks.shape[1:] == shape and len(proposals)


def test_no_depth_or_none_known_or_a_tiny_picture_give_no_things(proposer) -> None:
    rgb = np.zeros((96, 128, 3), np.uint8)
    for frame in (
        Frame(rgb),
        Frame(rgb, np.full((96, 128), np.nan, np.float32)),
        Frame(rgb, np.full((96, 128), np.inf, np.float32)),
        Frame(rgb[:32, :32], np.ones((32, 32), np.float32)),
    ):
        assert proposer.look(frame) is None and len(proposer.propose(frame)) == 0
    assert len(proposer.propose(Frame(rgb, np.ones((96, 128), np.float32)))) == 0


def test_the_same_frame_gives_the_same_masks(proposer, tabletop) -> None:
    first, second = (proposer.propose(tabletop.frame) for _ in range(2))
    assert np.array_equal(first.masks, second.masks) and np.array_equal(first.quality, second.quality)


def test_bfloat16_finds_the_same_things(proposer, tabletop, best_iou) -> None:
    coarse = DepthNetworkProposer(bfloat16=True).propose(tabletop.frame)
    sure = proposer.propose(tabletop.frame)
    sure = sure.masks[sure.quality > 0.6]
    assert len(sure) and np.mean([best_iou(coarse.masks, mask) for mask in sure]) > 0.8


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    weights = own_weights(WEIGHTS)
    assert weights.verified().stat().st_size < 4_000_000
    copy = tmp_path / "depth_network.npz"
    shutil.copy(weights.verified(), copy)
    with copy.open("ab") as stream:
        stream.write(b"0")
    with pytest.raises(ModelError, match="altered"):
        DepthNetworkProposer(weights=PackagedWeights("tas_ros", str(copy), weights.sha256, "."))
