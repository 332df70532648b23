# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the depth network sees of a depth image."""

from __future__ import annotations

import numpy as np
import pytest

from tas_ros.vision.frame import CameraIntrinsics
from tas_ros.vision.proposers.depth_features import WORKING_PIXELS, depth_features, support_planes, working_depth

CAMERA = CameraIntrinsics(554.0, 554.0, 319.5, 239.5)


def test_a_reduced_picture_has_the_mean_of_a_surface_and_no_point_between_two() -> None:
    random = np.random.default_rng(0)
    depth = np.where(np.arange(640) < 322, np.float32(1.0), np.float32(1.5)) * np.ones((480, 1), np.float32)
    noisy = (depth + random.normal(0, 0.001, depth.shape)).astype(np.float32)
    small, camera = working_depth(noisy, CAMERA)
    assert small.shape == (240, 320) and small.size == WORKING_PIXELS
    assert camera == CameraIntrinsics(277.0, 277.0, 159.5, 119.5)
    assert float(small[:, :150].std()) < 0.0007
    assert not ((small > 1.02) & (small < 1.48)).any()


def test_holes_stay_holes_and_lone_points_stay() -> None:
    depth = np.full((480, 640), np.nan, np.float32)
    depth[:, :100] = 1.0
    small, _ = working_depth(depth, CAMERA)
    assert np.isfinite(small[:, :50]).all() and np.isnan(small[:, 51:]).all()


@pytest.mark.parametrize("shape", [(480, 640), (720, 1280), (1280, 720), (120, 160), (64, 64)])
def test_any_aspect_is_reduced_to_about_the_same_number_of_pixels(shape: tuple[int, int]) -> None:
    small, _ = working_depth(np.ones(shape, np.float32), CAMERA)
    assert small.size <= 1.01 * WORKING_PIXELS
    assert small.shape[0] / small.shape[1] == pytest.approx(shape[0] / shape[1], rel=0.01)


def test_heights_are_over_the_largest_plane(tabletop) -> None:
    small, camera = working_depth(tabletop.frame.depth, tabletop.frame.pinhole)
    features = depth_features(small, camera)
    truth = tabletop.truth[::2, ::2]
    assert np.isfinite(features).all()
    assert np.abs(np.median(features[4][truth == 0])) < 0.1
    assert np.median(features[4][truth == 2]) > 1  # above three centimetres
    assert len(support_planes(small, camera)) == 2


def test_normals_are_of_unit_length_and_face_the_camera() -> None:
    rows = np.linspace(1.0, 1.4, 240, dtype=np.float32)[:, None] * np.ones((1, 320), np.float32)
    normal = depth_features(rows, CameraIntrinsics(277.0, 277.0, 159.5, 119.5))[7:10]
    assert np.allclose(np.linalg.norm(normal, axis=0), 1, atol=1e-5)
    assert (normal[2] < 0).all()


def test_a_mirrored_view_has_mirrored_features(tabletop) -> None:
    small, camera = working_depth(tabletop.frame.depth, tabletop.frame.pinhole)
    other = CameraIntrinsics(camera.fx, camera.fy, small.shape[1] - 1 - camera.cx, camera.cy)
    features = depth_features(small, camera)
    mirrored = depth_features(np.ascontiguousarray(small[:, ::-1]), other)[:, :, ::-1]
    signs = np.ones(12)
    signs[[1, 7]] = -1
    # Planes are fitted to other points, and the nearest known pixel of a hole may be on its other side.
    assert np.median(np.abs(features - signs[:, None, None] * mirrored)) < 0.01
    assert np.mean(np.abs(features - signs[:, None, None] * mirrored) > 0.2) < 0.05


def test_nothing_known_gives_zeros() -> None:
    assert not depth_features(np.full((64, 64), np.nan, np.float32), CAMERA).any()
