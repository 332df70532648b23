# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Pictures in neutral light, and what colours are then called: the names of things outlive the colour of the light."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tas_ros.matching.colour import match_colours
from tas_ros.pipeline import Pipeline
from tas_ros.referral.referral import Status
from tas_ros.vision.colour_naming import BasicColourNamer
from tas_ros.vision.frame import CameraIntrinsics, Frame
from tas_ros.vision.neutral_light import in_neutral_light, light_colour
from tas_ros.vision.proposals import Proposals

NAMER = BasicColourNamer()
THINGS = {
    "black": (25, 25, 26), "blue": (30, 60, 190), "brown": (105, 65, 35), "green": (35, 140, 50),
    "grey": (120, 121, 119), "orange": (235, 125, 20), "pink": (235, 140, 170), "purple": (120, 40, 145),
    "red": (195, 25, 25), "white": (225, 225, 222), "yellow": (230, 205, 40),
}  # fmt: skip
GREY_TABLE, WOOD, GREEN_MAT, RED_BIN = (150, 148, 146), (176, 150, 120), (150, 230, 30), (200, 60, 40)
NAMED = 0.4
"""Least factor of a thing's own colour: below that it does not bear its name."""


def table_of(
    things: dict[str, tuple[int, int, int]], table: tuple[int, int, int]
) -> tuple[NDArray[np.uint8], Proposals]:
    """240x320: shaded balls in a row of four on a grained table, and their masks."""
    rows, columns = np.indices((240, 320))
    grain = 1 + 0.05 * np.random.default_rng(0).standard_normal((240, 320, 1))
    rgb, masks = np.asarray(table) * grain * (0.85 + 0.3 * columns / 320)[..., None], []
    for i, colour in enumerate(things.values()):
        x, y, radius = 40 + 80 * (i % 4), 40 + 80 * (i // 4), 26
        right, down = (columns - x) / radius, (rows - y) / radius
        masks.append(right**2 + down**2 <= 1)
        light = 0.8 + 0.2 * np.sqrt(np.maximum(1 - right**2 - down**2, 0)) - 0.15 * right - 0.15 * down
        rgb[masks[-1]] = (np.clip(light, 0.3, 1)[..., None] * colour)[masks[-1]]
    return np.clip(rgb, 0, 255).astype(np.uint8), Proposals(np.stack(masks), np.ones(len(masks), np.float32))


def lit(rgb: NDArray[np.uint8], red: float, blue: float, brightness: float = 1.0) -> NDArray[np.uint8]:
    """As a camera shows it under light whose red and blue are so many times what they were, in linear sRGB."""
    value = rgb / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    bounded = np.clip(linear * brightness * np.array([red, 1.0, blue]), 0, 1)
    encoded = np.where(bounded <= 0.0031308, 12.92 * bounded, 1.055 * bounded ** (1 / 2.4) - 0.055)
    return np.round(255 * encoded).astype(np.uint8)


def lost(rgb: NDArray[np.uint8], proposals: Proposals, names: list[str]) -> dict[str, float]:
    """The things that the colour word said of them no longer fits, and how well it does."""
    shares = NAMER.name_regions(rgb, proposals)
    factors = {name: match_colours(shares, NAMER.terms, [name])[i] for i, name in enumerate(names)}  # type: ignore[index]
    return {name: float(factor) for name, factor in factors.items() if factor < NAMED}


@settings(max_examples=60, deadline=None)
@given(st.floats(-0.25, 0.25), st.floats(-0.1, 0.1), st.floats(0.5, 1.0))
def test_names_outlive_the_colour_of_the_light(warmth: float, green: float, brightness: float) -> None:
    rgb, proposals = table_of(THINGS, GREY_TABLE)
    seen = lit(rgb, np.exp(warmth - green), np.exp(-warmth - green), brightness)
    assert not lost(in_neutral_light(seen), proposals, [*THINGS])


@settings(max_examples=40, deadline=None)
@given(st.floats(-0.1, 0.25), st.floats(0.8, 1.0))
def test_they_do_on_wood_which_looks_like_warm_light(warmth: float, brightness: float) -> None:
    rgb, proposals = table_of(THINGS, WOOD)
    seen = lit(rgb, np.exp(warmth), np.exp(-warmth), brightness)
    assert not lost(in_neutral_light(seen), proposals, [*THINGS])


@pytest.mark.parametrize(("red", "blue"), [(1.3, 0.75), (0.75, 1.3)], ids=["warm", "cool"])
def test_a_white_thing_needs_it(red: float, blue: float) -> None:
    rgb, proposals = table_of(THINGS, GREY_TABLE)
    seen = lit(rgb, red, blue)
    assert "white" in lost(seen, proposals, [*THINGS]), "else this shows nothing"
    assert "white" not in lost(in_neutral_light(seen), proposals, [*THINGS])


@pytest.mark.parametrize("table", [GREEN_MAT, RED_BIN], ids=["green mat", "red bin"])
def test_a_table_of_one_saturated_colour_is_not_taken_for_the_light(table: tuple[int, int, int]) -> None:
    rgb, proposals = table_of(THINGS, table)
    assert np.abs(np.log(light_colour(rgb))).max() < 0.15
    assert not lost(in_neutral_light(rgb), proposals, [*THINGS])


def test_without_edges_the_camera_is_believed() -> None:
    for colour in (*THINGS.values(), (0, 0, 0), (255, 255, 255)):
        np.testing.assert_allclose(light_colour(np.full((30, 40, 3), colour, np.uint8)), 1, atol=1e-6)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (2, 2), (1200, 7)])
def test_any_size(size: tuple[int, int]) -> None:
    rgb = np.random.default_rng(0).integers(0, 255, (*size, 3), dtype=np.uint8)
    kept = rgb.copy()
    assert in_neutral_light(rgb).shape == rgb.shape and in_neutral_light(rgb).dtype == np.uint8
    np.testing.assert_array_equal(rgb, kept)


def test_a_dark_picture_is_brightened_at_most_twofold() -> None:
    grey = np.full((40, 40, 3), 60, np.uint8)
    grey[::2] = 50
    brightened = in_neutral_light(grey)
    np.testing.assert_allclose(brightened, lit(grey, 1, 1, brightness=2), atol=1)
    bright = np.full((40, 40, 3), 230, np.uint8)
    np.testing.assert_array_equal(in_neutral_light(bright), bright)


def test_a_white_bowl_in_cool_light_is_found_and_captions_see_what_the_camera_gives() -> None:
    pipeline = Pipeline.load(profile="embedded")
    rgb, proposals = table_of({"red": THINGS["red"], "white": THINGS["white"], "blue": THINGS["blue"]}, GREY_TABLE)
    seen = lit(rgb, 0.75, 1.3)
    scene = pipeline.scene(Frame(seen, None, CameraIntrinsics(300.0, 300.0, 160.0, 120.0)), proposals)
    referral = pipeline.refer(scene, pipeline.parse("the white one"))
    assert referral.status is Status.FOUND and referral.candidates[0].index == 1
    np.testing.assert_array_equal(scene.colours, NAMER.name_regions(seen, proposals))
