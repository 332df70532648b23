# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The pictures of single regions that TAS shows its models."""

import cv2
import numpy as np
import pytest

from tas_ros.vision.proposals import Proposals
from tas_ros.vision.region_views import BLUR_KERNEL, RegionView, cut_regions


@pytest.fixture(scope="module")
def rgb():
    return np.random.default_rng(0).integers(1, 255, (60, 80, 3), dtype=np.uint8)


def proposals(*slices) -> Proposals:
    masks = np.zeros((len(slices), 60, 80), np.bool_)
    for mask, where in zip(masks, slices, strict=True):
        mask[where] = True
    return Proposals(masks, np.ones(len(slices), np.float32))


def test_black_outside_is_black_and_inside_is_untouched(rgb) -> None:
    ring = proposals(np.s_[10:30, 20:40])
    ring.masks[0, 15:25, 25:35] = False
    (picture,) = cut_regions(rgb, ring, RegionView("black"))
    assert picture.shape == (20, 20, 3) and picture.dtype == np.uint8
    assert not picture[5:15, 5:15].any()
    assert np.array_equal(picture[:5], rgb[10:15, 20:40])


def test_blurred_outside_is_the_blurred_image(rgb) -> None:
    ring = proposals(np.s_[10:30, 20:40])
    ring.masks[0, 15:25, 25:35] = False
    (picture,) = cut_regions(rgb, ring, RegionView("blurred"))
    assert np.array_equal(picture[5:15, 5:15], cv2.GaussianBlur(rgb, BLUR_KERNEL, 0)[15:25, 25:35])
    assert np.array_equal(picture[:5], rgb[10:15, 20:40])


@pytest.mark.parametrize(
    ("where", "shape", "first"),
    [
        (np.s_[0:10, 0:30], (30, 30), (10, 0)),  # wide: 10 rows of black above and below
        (np.s_[0:30, 0:10], (30, 30), (0, 10)),
        (np.s_[0:10, 0:31], (30, 31), (10, 0)),  # an odd difference leaves a pixel
        (np.s_[0:1, 0:1], (1, 1), (0, 0)),
    ],
)
def test_pictures_are_padded_to_squares_with_the_region_in_the_middle(rgb, where, shape, first) -> None:
    (picture,) = cut_regions(rgb, proposals(where), RegionView("black"))
    assert picture.shape[:2] == shape
    seen = picture.any(axis=2)
    assert (int(seen.any(axis=1).argmax()), int(seen.any(axis=0).argmax())) == first
    assert np.count_nonzero(seen) == np.count_nonzero(proposals(where).masks)


def test_a_box_without_its_last_row_and_column(rgb) -> None:
    view = RegionView("black", box_without_last=True)
    first, smallest = cut_regions(rgb, proposals(np.s_[10:30, 20:40], np.s_[5:6, 5:6]), view)
    assert first.shape == (19, 19, 3) and np.array_equal(first, rgb[10:29, 20:39])
    assert smallest.shape == (1, 1, 3)


def test_no_regions_give_no_pictures(rgb) -> None:
    assert cut_regions(rgb, proposals(), RegionView("blurred")) == []
