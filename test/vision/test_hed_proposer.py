# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Proposals from colour: HED with its real weights."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from tas_ros.vision.frame import Frame


@pytest.fixture(scope="module")
def coffee() -> np.ndarray:
    """400x600 CC0 photo of a cup on a saucer with a spoon."""
    return data.coffee()


def test_masks_are_sound(hed, coffee) -> None:
    proposals = hed.propose(Frame(coffee))
    assert 10 <= len(proposals) <= 64
    assert proposals.masks.shape[1:] == coffee.shape[:2]
    assert proposals.quality.dtype == np.float32
    assert (proposals.quality > 0).all() and (proposals.quality <= 1).all()
    shares = proposals.areas / coffee[..., 0].size
    large = proposals.quality[(shares > 0.05) & (shares < 0.4)]
    assert proposals.quality[shares < 0.003].max() < np.median(large), "specks are trusted less than things"


def test_the_same_image_gives_the_same_masks(hed, coffee) -> None:
    first, second = hed.propose(Frame(coffee)), hed.propose(Frame(coffee))
    assert np.array_equal(first.masks, second.masks)
    assert np.array_equal(first.quality, second.quality)


def test_a_mirrored_image_gives_mirrored_masks(hed, coffee, best_iou) -> None:
    plain, mirrored = hed.propose(Frame(coffee)), hed.propose(Frame(np.ascontiguousarray(coffee[:, ::-1])))
    overlaps = [best_iou(mirrored.masks[:, :, ::-1], mask) for mask in plain.masks[:15]]
    assert np.median(overlaps) > 0.8


def test_a_disc_is_found_with_its_outline(hed, best_iou) -> None:
    rows, columns = np.indices((480, 640))
    disc = (rows - 240) ** 2 + (columns - 300) ** 2 < 80**2
    rgb = np.full((480, 640, 3), 200, np.uint8)
    rgb[disc] = (180, 40, 30)
    assert best_iou(hed.propose(Frame(rgb)).masks, disc) > 0.9


@pytest.mark.parametrize("shape", [(8, 8), (1, 1), (3, 200), (64, 48)])
def test_tiny_and_grey_images_are_answered(hed, shape) -> None:
    grey = np.full((*shape, 3), 128, np.uint8)
    noisy = np.random.default_rng(0).integers(0, 255, (*shape, 3), dtype=np.uint8)
    for rgb in (grey, noisy):
        assert hed.propose(Frame(rgb)).masks.shape[1:] == shape
