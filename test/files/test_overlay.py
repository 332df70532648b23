"""The drawing shared by node, demo and command line."""

import numpy as np
import pytest

from tas_ros.files.overlay import FOUND_COLOUR, draw


@pytest.mark.parametrize("size", [(480, 640), (24, 32), (1, 1), (1080, 1920), (5, 900)])
@pytest.mark.parametrize("label", ["", "grab the red mug\nfound, 0.93", "x" * 3000, "die rote Täße ☕"])
def test_draws_at_any_size_without_touching_its_input(size, label):
    rgb = np.full((*size, 3), 128, np.uint8)
    mask = np.zeros(size, bool)
    mask[: size[0] // 2 + 1, : size[1] // 2 + 1] = True
    picture = draw(rgb, mask, (0, 0, size[1] // 2 + 1, size[0] // 2 + 1), label)
    assert picture.shape == rgb.shape and picture.dtype == np.uint8
    assert (rgb == 128).all()
    assert (picture != 128).any()


def test_only_the_mask_and_its_outline_change():
    rgb = np.full((240, 320, 3), 100, np.uint8)
    mask = np.zeros((240, 320), bool)
    mask[100:140, 150:200] = True
    picture = draw(rgb, mask)
    changed = (picture != rgb).any(axis=2)
    assert changed[mask].all()
    assert not changed[:90].any() and not changed[:, :140].any()
    centre = picture[120, 175].astype(int)
    assert centre[1] > centre[0] and centre[1] > centre[2], "the tint is not that of the outline"


def test_box_is_drawn_inside_its_exclusive_corner():
    picture = draw(np.zeros((240, 320, 3), np.uint8), box=(10, 20, 50, 60))
    assert tuple(picture[20, 10]) == FOUND_COLOUR and tuple(picture[59, 49]) == FOUND_COLOUR
    assert not picture[62:, :].any() and not picture[:, 52:].any()


def test_nothing_to_draw_gives_the_image_back():
    rgb = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
    np.testing.assert_array_equal(draw(rgb, np.zeros((48, 64), bool)), rgb)
    np.testing.assert_array_equal(draw(rgb), rgb)
