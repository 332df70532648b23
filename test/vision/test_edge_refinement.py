# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Full-size edges on drawn pictures whose true masks are known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tas_ros.vision.cropped_masks import CroppedMasks
from tas_ros.vision.edge_refinement import BAND, plain_full_size, refined_full_size

HEIGHT, WIDTH = 720, 960
SHAPES = ("ellipse", "star")


def drawn(shape: str, contrast: float, noise: float = 8.0) -> tuple[np.ndarray, np.ndarray]:
    """An anti-aliased, textured, noisy thing on a textured ground, (H, W, 3) uint8, and its true mask."""
    rng = np.random.default_rng(len(shape))
    large = np.zeros((3 * HEIGHT, 3 * WIDTH), np.uint8)
    if shape == "ellipse":
        cv2.ellipse(large, (3 * WIDTH // 2, 3 * HEIGHT // 2), (800, 430), 25, 0, 360, 1, -1)
    else:
        angles, radii = np.linspace(0, 2 * np.pi, 14, endpoint=False) + 0.2, np.tile([900, 520], 7)
        points = np.stack([1.5 * WIDTH + radii * np.cos(angles), 1.5 * HEIGHT + radii * np.sin(angles)], axis=1)
        cv2.fillPoly(large, [points.astype(np.int32)], 1)
    cover = cv2.resize(large.astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    texture = cv2.resize(rng.normal(0, 12, (2, 60, 80)).transpose(1, 2, 0), (WIDTH, HEIGHT))
    direction = np.array([0.8, -0.5, 0.33])
    ground, thing = 120 + texture[..., :1], 120 + texture[..., 1:] + contrast * direction
    mixed = ground * (1 - cover[..., None]) + thing * cover[..., None] + rng.normal(0, noise, (HEIGHT, WIDTH, 3))
    return np.clip(mixed, 0, 255).astype(np.uint8), cover >= 0.5


def reduced(picture: np.ndarray, mask: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray]:
    size = round(WIDTH / scale), round(HEIGHT / scale)
    share = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA), share >= 0.5


def iou(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.count_nonzero(first & second) / np.count_nonzero(first | second))


def near_edge(mask: np.ndarray, reach: int) -> np.ndarray:
    brush, pixels = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8), mask.view(np.uint8)
    return cv2.dilate(pixels, brush) != cv2.erode(pixels, brush)


@pytest.mark.parametrize("scale", [1.4, 3.0, 7.7])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_refined_edge_is_nearer_to_the_truth(shape: str, scale: float) -> None:
    picture, truth = drawn(shape, contrast=80)
    rgb, mask = reduced(picture, truth, scale)
    refined, plain = refined_full_size(mask, rgb, picture), plain_full_size(mask, HEIGHT, WIDTH)
    wrong = [np.count_nonzero(each ^ truth) for each in (refined, plain)]
    assert wrong[0] < 0.35 * wrong[1]
    assert iou(refined, truth) > 0.997


def test_edges_of_rendered_things_are_nearer_to_the_truth() -> None:
    pytest.importorskip("rosbags")
    from tas_ros.demo.recording import load_views

    overlaps = []
    for view in load_views()[:4]:
        assert view.rgb.shape == (480, 640, 3)
        rgb = cv2.resize(view.rgb, (320, 240), interpolation=cv2.INTER_AREA)
        for label in np.unique(view.labels[view.labels > 0]):
            truth = view.labels == label
            if np.count_nonzero(truth) > 1500:
                mask = np.ascontiguousarray(truth[1::2, 1::2])
                ways = refined_full_size(mask, rgb, view.rgb), plain_full_size(mask, 480, 640)
                overlaps.append([iou(way, truth) for way in ways])
    refined, plain = np.mean(overlaps, axis=0)
    assert len(overlaps) > 10 and refined > 0.985 and plain < 0.975


@pytest.mark.parametrize("shape", SHAPES)
def test_a_mask_that_is_a_pixel_too_large_is_mended(shape: str) -> None:
    picture, truth = drawn(shape, contrast=80)
    rgb, mask = reduced(picture, truth, 4)
    mask = cv2.dilate(mask.view(np.uint8), np.ones((3, 3), np.uint8)).view(bool)
    refined, plain = refined_full_size(mask, rgb, picture), plain_full_size(mask, HEIGHT, WIDTH)
    assert iou(refined, truth) > 0.98 and iou(plain, truth) < 0.96


@pytest.mark.parametrize("shape", SHAPES)
def test_where_colour_tells_nothing_the_enlarged_mask_stays(shape: str) -> None:
    picture, truth = drawn(shape, contrast=0)
    picture[:] = np.random.default_rng(1).normal(120, 8, picture.shape)
    rgb, mask = reduced(picture, truth, 4)
    refined, plain = refined_full_size(mask, rgb, picture), plain_full_size(mask, HEIGHT, WIDTH)
    assert iou(refined, truth) > iou(plain, truth) - 0.003


@pytest.mark.parametrize("scale", [1.4, 4.0])
def test_only_the_band_along_the_edge_is_decided_anew(scale: float) -> None:
    picture, truth = drawn("star", contrast=80)
    picture[::7, ::5] = 255 - picture[::7, ::5]  # specks of the other colour everywhere
    rgb, mask = reduced(picture, truth, scale)
    refined, plain = refined_full_size(mask, rgb, picture), plain_full_size(mask, HEIGHT, WIDTH)
    band = cv2.resize(
        near_edge(mask, BAND).view(np.uint8), (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST_EXACT
    ).view(bool)
    assert (refined != plain).any() and not ((refined != plain) & ~band).any()


def single(row: int, column: int) -> np.ndarray:
    mask = np.zeros((90, 120), bool)
    mask[row, column] = True
    return mask


MASKS = {
    "all": np.ones((90, 120), bool),
    "a corner pixel": single(0, 0),
    "a pixel": single(45, 60),
    "a column": np.arange(120)[None] == np.full((90, 1), 60),
    "the last row": np.arange(90)[:, None] == np.full((1, 120), 89),
    "a diagonal": np.eye(90, 120, dtype=bool),
    "all but a pixel": ~single(45, 60),
    "nothing": np.zeros((90, 120), bool),
}


@pytest.mark.parametrize("size", [(90, 121), (127, 169), (720, 960)])
@pytest.mark.parametrize("name", MASKS)
def test_no_mask_is_lost(name: str, size: tuple[int, int]) -> None:
    mask, (height, width) = MASKS[name], size
    picture = np.random.default_rng(0).integers(0, 255, (height, width, 3)).astype(np.uint8)
    picture[:, width // 3 : width // 2] = (200, 30, 30)
    rgb = cv2.resize(picture, (120, 90), interpolation=cv2.INTER_AREA)
    where = cv2.resize(mask.view(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST_EXACT).view(bool)
    for full in (plain_full_size(mask, height, width), refined_full_size(mask, rgb, picture)):
        assert full.shape == size and full.dtype == np.bool_
        if name in ("all", "nothing"):
            np.testing.assert_array_equal(full, where)
        else:
            assert (full & where).any() and np.count_nonzero(full) < 2.1 * np.count_nonzero(where)
    thin_kept = np.count_nonzero(full) / max(1, np.count_nonzero(plain_full_size(mask, height, width)))
    assert name == "nothing" or thin_kept > 0.9


def test_a_thing_is_found_across_a_very_long_picture() -> None:
    """OpenCV's warps end at 32767 pixels a side."""
    mask = np.zeros((1, 40_000), bool)
    mask[:, 39_000:39_500] = True
    picture = np.zeros((2, 80_000, 3), np.uint8)
    picture[:, 78_000:79_000] = 250
    refined = refined_full_size(mask, cv2.resize(picture, (40_000, 1), interpolation=cv2.INTER_AREA), picture)
    assert refined[:, 78_000:79_000].all() and np.count_nonzero(refined) == 2 * 1000


def test_masks_kept_by_their_boxes_come_back_whole() -> None:
    masks = [mask for name, mask in MASKS.items() if name != "nothing"]
    kept = CroppedMasks(iter(masks), 90, 120)
    np.testing.assert_array_equal(list(kept), masks)
    np.testing.assert_array_equal(kept.areas, [np.count_nonzero(mask) for mask in masks])
    assert kept.boxes[0].tolist() == [0, 0, 120, 90] and kept.boxes[2].tolist() == [60, 45, 61, 46]
    assert len(CroppedMasks([], 90, 120)) == 0 and CroppedMasks([], 90, 120).boxes.shape == (0, 4)
