# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""CameraInfo as its message defines it: region of interest, binning, and images that it cannot belong to."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sensor_msgs")
from hypothesis import given
from hypothesis import strategies as st
from sensor_msgs.msg import CameraInfo, RegionOfInterest

from tas_ros.errors import InvalidImageError
from tas_ros.ros.image_conversions import intrinsics_from

WIDTH, HEIGHT = 640, 480
FX, FY, CX, CY = 600.0, 610.0, 320.0, 240.0


def info(roi: tuple[int, int, int, int] = (0, 0, 0, 0), binning: tuple[int, int] = (0, 0), **fields: Any) -> CameraInfo:
    """A calibration at full resolution; roi is x_offset, y_offset, width, height."""
    x, y, width, height = roi
    msg = CameraInfo(**{"width": WIDTH, "height": HEIGHT, "k": [FX, 0.0, CX, 0.0, FY, CY, 0.0, 0.0, 1.0], **fields})
    msg.roi = RegionOfInterest(x_offset=x, y_offset=y, width=width, height=height)
    msg.binning_x, msg.binning_y = binning
    return msg


def points(depth: np.ndarray, intrinsics: Any) -> np.ndarray:
    """(H, W, 3) of a depth image."""
    rows, columns = np.indices(depth.shape)
    x, y = (columns - intrinsics.cx) / intrinsics.fx, (rows - intrinsics.cy) / intrinsics.fy
    return np.stack([x * depth, y * depth, depth], axis=-1)


def test_full_resolution() -> None:
    assert astuple(intrinsics_from(info(), WIDTH, HEIGHT)) == (FX, FY, CX, CY)
    assert astuple(intrinsics_from(info(binning=(1, 1)), WIDTH, HEIGHT)) == (FX, FY, CX, CY)
    assert astuple(intrinsics_from(info((0, 0, WIDTH, HEIGHT)), WIDTH, HEIGHT)) == (FX, FY, CX, CY)
    assert intrinsics_from(CameraInfo(width=WIDTH, height=HEIGHT), WIDTH, HEIGHT) is None


def test_roi_and_binning() -> None:
    assert astuple(intrinsics_from(info((100, 50, 200, 120)), 200, 120)) == (FX, FY, CX - 100, CY - 50)
    assert astuple(intrinsics_from(info(binning=(2, 4)), 320, 120)) == (FX / 2, FY / 4, CX / 2, CY / 4)
    both = intrinsics_from(info((100, 50, 200, 120), (2, 2)), 100, 60)
    assert astuple(both) == (FX / 2, FY / 2, (CX - 100) / 2, (CY - 50) / 2)
    assert astuple(intrinsics_from(info((101, 51, 201, 121), (2, 2)), 100, 60)) == (300, 305, 109.5, 94.5)


def test_zero_width_of_a_roi_is_the_rest_of_the_picture() -> None:
    assert astuple(intrinsics_from(info((100, 0, 0, 0)), 540, HEIGHT)) == (FX, FY, CX - 100, CY)


def test_an_image_that_does_not_follow_its_roi_or_binning() -> None:
    """A driver that fills both in but sends the whole picture, or the window unbinned."""
    assert astuple(intrinsics_from(info((100, 50, 200, 120), (2, 2)), WIDTH, HEIGHT)) == (FX, FY, CX, CY)
    assert astuple(intrinsics_from(info((100, 50, 200, 120), (2, 2)), 200, 120)) == (FX, FY, CX - 100, CY - 50)
    with pytest.raises(
        InvalidImageError, match=r"roi 320x240 at .160, 120., binning 2x2.*320x240.*fits it in two ways"
    ):
        intrinsics_from(info((160, 120, 320, 240), (2, 2)), 320, 240)


@pytest.mark.parametrize(
    ("msg", "size", "says"),
    [
        (info(), (640, 360), "it is for 640x480, the image is 640x360"),
        (info(), (320, 240), "it is for 640x480, the image is 320x240"),
        (info(), (1280, 960), "it is for 640x480, the image is 1280x960"),
        (info((100, 50, 200, 120)), (199, 120), r"640x480, roi 200x120 at \(100, 50\), the image is 199x120"),
        (info(binning=(2, 2)), (160, 120), "640x480, binning 2x2, the image is 160x120"),
        (info((600, 0, 200, 120)), (200, 120), "its roi lies outside its own size"),
        (info((700, 0, 0, 0)), (640, 480), "its roi lies outside its own size"),
        (info((2**32 - 1,) * 4, (2**32 - 1,) * 2), (640, 480), "its roi lies outside its own size"),
    ],
)
def test_an_image_of_another_size_is_refused_with_the_sizes(msg: CameraInfo, size: tuple[int, int], says: str) -> None:
    with pytest.raises(InvalidImageError, match=says):
        intrinsics_from(msg, *size)


def test_size_zero_says_nothing_of_the_full_resolution() -> None:
    assert astuple(intrinsics_from(info(width=0, height=0), 333, 222)) == (FX, FY, CX, CY)
    bare = info((100, 50, 200, 120), (2, 2), width=0, height=0)
    assert astuple(intrinsics_from(bare, 100, 60)) == (300, 305, (CX - 100) / 2, (CY - 50) / 2)


@given(st.integers(0, 600), st.integers(0, 440), st.integers(1, 640), st.integers(1, 480), st.integers(1, 5), st.data())
def test_cropped_and_subsampled_pictures_give_the_same_points(
    x: int, y: int, w: int, h: int, step: int, data: Any
) -> None:
    """Cut the image and set the roi, take every n-th pixel and set the binning: every pixel keeps its 3-D point."""
    w, h = min(w, WIDTH - x), min(h, HEIGHT - y)
    if w < step or h < step:
        step = 1
    depth = np.random.default_rng(data.draw(st.integers(0, 9))).uniform(0.3, 4.0, (HEIGHT, WIDTH))
    whole = points(depth, intrinsics_from(info(), WIDTH, HEIGHT))
    cut = np.s_[y : y + h // step * step : step, x : x + w // step * step : step]
    seen = depth[cut]
    here = intrinsics_from(info((x, y, w, h), (step, step)), seen.shape[1], seen.shape[0])
    np.testing.assert_allclose(points(seen, here), whole[cut], atol=1e-9)
