# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Colour terms of regions."""

from __future__ import annotations

import numpy as np
import pytest

from tas_ros.vision.colour_naming import BasicColourNamer, term_memberships
from tas_ros.vision.proposals import Proposals

FOCAL = {
    "black": (15, 15, 15), "blue": (30, 60, 200), "brown": (110, 65, 30), "green": (30, 140, 40),
    "grey": (128, 128, 128), "orange": (255, 140, 0), "pink": (255, 150, 180), "purple": (130, 30, 150),
    "red": (200, 20, 20), "white": (250, 250, 250), "yellow": (240, 220, 30),
}  # fmt: skip


@pytest.fixture(scope="module")
def namer() -> BasicColourNamer:
    """With defaults."""
    return BasicColourNamer()


def _named(namer: BasicColourNamer, rgb: np.ndarray, mask: np.ndarray) -> dict[str, float]:
    (row,) = namer.name_regions(rgb, Proposals(mask[None], np.ones(1, np.float32)))
    return dict(zip(namer.terms, row.tolist(), strict=True))


@pytest.mark.parametrize("term", FOCAL)
def test_focal_colours(namer: BasicColourNamer, term: str) -> None:
    rgb = np.full((20, 20, 3), FOCAL[term], np.uint8)
    shares = _named(namer, rgb, np.ones((20, 20), np.bool_))
    assert max(shares, key=shares.__getitem__) == term
    assert shares[term] > 0.6


def test_memberships_sum_to_one_everywhere() -> None:
    levels = np.linspace(0, 1, 9)
    colours = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 3)
    memberships = term_memberships(colours, BasicColourNamer.terms)
    assert (memberships >= 0).all()
    assert np.allclose(memberships.sum(axis=1), 1)


def test_a_shaded_red_ball_is_red(namer: BasicColourNamer) -> None:
    rows, columns = np.indices((101, 101)) - 50
    ball = rows**2 + columns**2 <= 45**2
    depth = np.sqrt(np.maximum(45**2 - rows**2 - columns**2, 0)) / 45
    light = np.clip(0.25 + 0.75 * (0.5 * depth - 0.6 * rows / 45 * 0.6 - 0.4 * columns / 45 * 0.6), 0.2, 1)
    rgb = (light[..., None] * (215, 25, 25)).astype(np.uint8)
    rgb[light > 0.93] = 255  # a highlight
    shares = _named(namer, rgb, ball)
    assert max(shares, key=shares.__getitem__) == "red"


def test_the_background_at_the_outline_does_not_count(namer: BasicColourNamer) -> None:
    rgb = np.full((60, 60, 3), FOCAL["green"], np.uint8)
    mask = np.zeros((60, 60), np.bool_)
    mask[10:50, 10:50] = True
    rgb[13:47, 13:47] = FOCAL["blue"]
    assert _named(namer, rgb, mask)["blue"] > 0.95


def test_shapes_and_single_pixels(namer: BasicColourNamer) -> None:
    rgb = np.random.default_rng(0).integers(0, 255, (40, 30, 3), dtype=np.uint8)
    masks = np.zeros((2, 40, 30), np.bool_)
    masks[0, 0, 0] = masks[1] = True
    shares = namer.name_regions(rgb, Proposals(masks, np.ones(2, np.float32)))
    assert shares.shape == (2, 11) and shares.dtype == np.float32
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert namer.name_regions(rgb, Proposals(masks[:0], np.ones(0, np.float32))).shape == (0, 11)
