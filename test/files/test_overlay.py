# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The drawing shared by node, demo, replay, evaluation and command line."""

import tracemalloc

import cv2
import numpy as np
import pytest

from tas_ros.files.overlay import CONTENDER_COLOUR, FOUND_COLOUR, draw, resize_mask

COMMAND = ("grab the red mug", "understood: the mug that is red", "found, score 0.93")


def noise(height=240, width=320):
    return np.random.default_rng(0).integers(1, 256, (height, width, 3), np.uint8)


def blob(rows, columns, shape=(240, 320)):
    """An ellipse within those (first, last + 1) rows and columns."""
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    return ((y - sum(rows) / 2) / (np.ptp(rows) / 2)) ** 2 + ((x - sum(columns) / 2) / (np.ptp(columns) / 2)) ** 2 <= 1


def around(mask, pixels):
    """The mask and what is at most so far from it."""
    return cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5) <= pixels


def captioned(picture, plain):
    """Rows that a caption changed."""
    return np.flatnonzero((picture != plain).any(axis=(1, 2)))


@pytest.mark.parametrize("size", [(480, 640), (24, 32), (1, 1), (1080, 1920), (5, 900)])
@pytest.mark.parametrize("caption", [(), COMMAND, ("x" * 3000,), ("die rote Täße ☕\n\nbitte", "", "a b " * 900)])
def test_draws_at_any_size_without_touching_its_input(size, caption):
    rgb = np.full((*size, 3), 128, np.uint8)
    mask = np.zeros(size, bool)
    mask[: size[0] // 2 + 1, : size[1] // 2 + 1] = True
    picture = draw(rgb, [mask], caption)
    assert picture.shape == rgb.shape and picture.dtype == np.uint8
    assert (rgb == 128).all()


@pytest.mark.parametrize(
    "mask", [blob((100, 160), (120, 220)), blob((-30, 60), (-40, 90)), blob((119, 121), (10, 300))]
)
def test_the_thing_keeps_its_pixels_and_all_else_is_darker(mask):
    rgb = noise()
    picture = draw(rgb, [mask])
    np.testing.assert_array_equal(picture[mask], rgb[mask])
    surroundings = ~around(mask, 5)
    assert (picture[surroundings] < rgb[surroundings]).all()


@pytest.mark.parametrize("shade", [0, 255], ids=["black on black", "white on white"])
def test_the_outline_is_seen_around_bright_and_dark_things(shade):
    mask = blob((60, 180), (80, 240))
    picture = draw(np.full((240, 320, 3), shade, np.uint8), [mask]).astype(int)
    ring = around(mask, 4) & ~mask
    painted = (np.abs(picture - FOUND_COLOUR).max(axis=2) < 60) & ring
    outlines, _ = cv2.findContours(painted.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    assert len(outlines) == 2, "the line around the thing is not closed"
    nearest = picture[around(mask, 1) & ~mask]
    assert (nearest < 60).all(), "nothing dark parts the line from the thing"


def test_all_contenders_keep_their_pixels_and_have_the_colour_that_is_asked_for():
    rgb, masks = noise(), [blob((60, 120), (20, 100)), blob((60, 120), (200, 300))]
    picture = draw(rgb, masks, colour=CONTENDER_COLOUR)
    for mask in masks:
        np.testing.assert_array_equal(picture[mask], rgb[mask])
        ring = picture[around(mask, 4) & ~mask].astype(int)
        assert (np.abs(ring - CONTENDER_COLOUR).max(axis=1) < 60).mean() > 0.2


def test_without_a_thing_nothing_is_dimmed():
    rgb = noise()
    np.testing.assert_array_equal(draw(rgb, [np.zeros((240, 320), bool)]), rgb)
    np.testing.assert_array_equal(draw(rgb), rgb)
    rows = captioned(draw(rgb, caption=COMMAND), rgb)
    assert rows.min() > 140 and rows.max() == 239


def test_each_line_of_the_caption_takes_a_strip_and_the_longest_no_more_than_its_share():
    rgb = noise(480, 640)
    heights = [len(captioned(draw(rgb, caption=COMMAND[:n]), rgb)) for n in range(4)]
    assert heights[0] == 0 and np.ptp(np.diff(heights[1:])) == 0
    wrapped = len(captioned(draw(rgb, caption=("the mug " * 12,)), rgb))
    cut = len(captioned(draw(rgb, caption=("the mug " * 400,)), rgb))
    assert wrapped == cut == heights[2]
    assert len(captioned(draw(rgb, caption=("the mug " * 400,) * 20), rgb)) <= 0.4 * 480


@pytest.mark.parametrize("height", [480, 180, 100], ids="room for {} rows".format)
def test_what_is_long_leaves_room_for_the_answer(height):
    rgb = noise(height, 320)
    answers = [draw(rgb, caption=("the mug " * 400, "understood " * 400, answer)) for answer in ("found", "not found")]
    assert (answers[0] != answers[1]).any()


def test_the_caption_stands_where_it_hides_less_of_the_thing():
    rgb, low, high = noise(), blob((170, 239), (100, 200)), blob((1, 60), (100, 200))
    for mask in (low, high):
        np.testing.assert_array_equal(draw(rgb, [mask], COMMAND)[mask], rgb[mask])


def test_a_mask_of_another_size_covers_the_same_part():
    mask = resize_mask(blob((60, 180), (80, 240)), (160, 120))
    assert mask.shape == (120, 160) and mask.dtype == bool
    assert mask.mean() == pytest.approx(blob((60, 180), (80, 240)).mean(), rel=0.02)


def test_drawing_takes_few_bytes_a_pixel():
    """The copy of the picture included; a 63 MP picture would else take gigabytes."""
    rgb, mask = noise(1200, 1600), blob((200, 900), (300, 1100), (1200, 1600))
    tracemalloc.start()
    try:
        draw(rgb, [mask, ~mask], COMMAND)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak <= 16 * mask.size
