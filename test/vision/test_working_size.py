# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Frames reduced to their working size, and what is found there told in the pixels that came."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tas_ros.vision.frame import CameraIntrinsics, Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.scene import Scene, VisionRules
from tas_ros.vision.working_size import WORKING_PIXELS, reduce, working_shape

POSE = np.eye(4)
CAMERA = CameraIntrinsics(900.0, 910.0, 321.5, 242.25)


def frame_of(height: int, width: int) -> Frame:
    rng = np.random.default_rng(0)
    depth = rng.uniform(0.5, 2.0, (height, width)).astype(np.float32)
    depth[rng.random((height, width)) < 0.2] = np.nan
    return Frame(rng.integers(0, 255, (height, width, 3)).astype(np.uint8), depth, CAMERA, POSE, POSE)


@pytest.mark.parametrize(("height", "width"), [(480, 640), (720, 1280), (1024, 1024), (1, 1 << 20)])
def test_up_to_the_limit_a_frame_is_analysed_as_it_is(height: int, width: int) -> None:
    frame = Frame(np.zeros((height, width, 3), np.uint8))
    given = Proposals(np.ones((1, height, width), bool), np.ones(1, np.float32))
    scene = Scene.of(frame, None, VisionRules(), given)  # type: ignore[arg-type]
    assert scene.frame is frame and scene.proposals is given and scene.picture is frame.rgb
    masks, boxes, areas = scene.in_picture([0])
    assert np.shares_memory(masks[0], given.masks) and boxes is given.boxes and areas is given.areas
    assert scene.centroids is given.centroids and scene.reduced(given.masks[0]) is not None


@pytest.mark.parametrize("pixels", [1, 7, 1 << 16, WORKING_PIXELS])
@pytest.mark.parametrize(
    ("height", "width"),
    [(1025, 1024), (721, 1280), (1080, 1920), (2160, 3840), (8192, 8192), (1, 1 << 26), (1 << 26, 1), (3, 22_369_621)],
)
def test_no_frame_is_analysed_at_more_pixels(height: int, width: int, pixels: int) -> None:
    rows, columns = working_shape(height, width, pixels)
    assert 1 <= rows <= height and 1 <= columns <= width and rows * columns <= pixels
    if min(rows, columns) > 100:
        assert rows * columns > 0.98 * min(pixels, height * width)
        assert math.isclose(rows / columns, height / width, rel_tol=0.01)


def test_a_point_keeps_its_ray() -> None:
    """The middle of a pixel of the reduced frame is seen in the same direction in the picture."""
    frame = frame_of(480, 640)
    small, _, full = reduce(frame, 50_000)
    assert full is not None and small.intrinsics is not None
    for x, y in ((0, 0), (100, 50), (small.width - 1, small.height - 1)):
        ((there_x, there_y),) = full.points(np.array([[x, y]], np.float32))
        camera = small.intrinsics
        assert (x - camera.cx) / camera.fx == pytest.approx((there_x - CAMERA.cx) / CAMERA.fx, abs=1e-5)
        assert (y - camera.cy) / camera.fy == pytest.approx((there_y - CAMERA.cy) / CAMERA.fy, abs=1e-5)
    assert small.robot_from_camera is POSE and small.speaker_from_camera is POSE
    bare, _, _ = reduce(Frame(frame.rgb), 50_000)
    assert bare.depth is None and bare.intrinsics is None


def test_depth_is_never_mixed() -> None:
    depth = np.where(np.arange(640) < 333, 0.5, 2.0).astype(np.float32)
    depth = np.repeat(depth[None], 480, axis=0)
    depth[:, :40] = np.nan
    small, _, _ = reduce(Frame(np.zeros((480, 640, 3), np.uint8), depth), 50_000)
    assert small.depth is not None and small.depth.shape == small.rgb.shape[:2] and small.depth.dtype == np.float32
    assert set(np.unique(small.depth[np.isfinite(small.depth)])) == {np.float32(0.5), np.float32(2.0)}
    near = np.count_nonzero(small.depth == 0.5, axis=1) / small.width
    np.testing.assert_allclose(near, 293 / 640, atol=1 / small.width)


def test_colour_is_a_mean_over_areas() -> None:
    rgb = np.zeros((400, 400, 3), np.uint8)
    rgb[:, ::2] = 200
    small, _, _ = reduce(Frame(rgb), 200 * 200)
    assert small.rgb.shape == (200, 200, 3) and (small.rgb == 100).all()


def test_boxes_areas_and_points_in_the_picture() -> None:
    _, _, full = reduce(Frame(np.zeros((300, 900, 3), np.uint8)), 100 * 300)
    assert full is not None and (full.height, full.width) == (100, 300)
    np.testing.assert_array_equal(
        full.boxes(np.array([[1, 2, 4, 5], [0, 0, 300, 100]])), [[3, 6, 12, 15], [0, 0, 900, 300]]
    )
    np.testing.assert_array_equal(full.areas(np.array([9, 1])), [81, 9])
    np.testing.assert_allclose(full.points(np.array([[0, 0], [299, 99]], np.float32)), [[1, 1], [898, 298]])
    _, _, odd = reduce(Frame(np.zeros((100, 131, 3), np.uint8)), 50 * 65)
    assert odd is not None
    every = np.array([[x, y, x + 1, y + 1] for y in range(odd.height) for x in range(odd.width)])
    there = odd.boxes(every)
    assert (there[:, :2] >= 0).all() and (there[:, 2:] <= (131, 100)).all()
    covered = np.zeros((100, 131), bool)
    for x0, y0, x1, y1 in there:
        covered[y0:y1, x0:x1] = True
    assert covered.all()


def test_a_mask_that_is_reduced_is_never_lost() -> None:
    _, _, full = reduce(frame_of(480, 640), 10_000)
    assert full is not None
    for cell in (np.s_[0:1, 0:1], np.s_[479:, 639:], np.s_[101:102, :], np.s_[:, 333:334], np.s_[100:200, 100:200]):
        mask = np.zeros((480, 640), bool)
        mask[cell] = True
        small = full.reduced(mask)
        assert small.shape == (full.height, full.width) and small.any()
        rows, columns = np.nonzero(mask)
        ((x, y),) = full.points(np.array([[small.nonzero()[1].mean(), small.nonzero()[0].mean()]], np.float32))
        assert abs(x - columns.mean()) <= 8 and abs(y - rows.mean()) <= 8
        assert full.reduced(np.zeros((480, 640), bool)).sum() == 0


def test_given_masks_are_reduced_with_the_frame_and_come_back_as_they_were() -> None:
    masks = np.zeros((3, 480, 640), bool)
    masks[0, 100:200, 50:150] = masks[1, 300, 400] = masks[2, :, 320] = True
    given = Proposals(masks, np.array([0.9, 0.8, 0.7], np.float32))
    scene = Scene.of(frame_of(480, 640), None, VisionRules(working_pixels=50_000), given)  # type: ignore[arg-type]
    working = scene.working_proposals
    assert working.masks.shape == (3, *scene.frame.rgb.shape[:2]) and working.masks[0].size <= 50_000
    assert working.quality is given.quality and scene.proposals is given
    back, boxes, areas = scene.in_picture([2, 0])
    np.testing.assert_array_equal(back, masks[[2, 0]])
    np.testing.assert_array_equal(boxes, given.boxes)
    np.testing.assert_array_equal(areas, given.areas)
    np.testing.assert_array_equal(scene.full_masks(), masks)
    assert scene.picture.shape == (480, 640, 3)
    np.testing.assert_allclose(scene.centroids, given.centroids, atol=4)


def test_what_is_made_for_the_picture_has_its_own_box_and_area() -> None:
    class Square:
        """Proposes a square and its right half, in the pixels it is shown."""

        def propose(self, frame: Frame) -> Proposals:
            masks = np.zeros((2, frame.height, frame.width), bool)
            masks[:, 20:80, 30:90] = True
            masks[1, :, :60] = False
            return Proposals(masks, np.ones(2, np.float32))

    class Models:
        proposer = Square()

    scene = Scene.of(frame_of(480, 640), Models(), VisionRules(working_pixels=50_000))  # type: ignore[arg-type]
    masks, boxes, areas = scene.in_picture([1])
    rows, columns = np.nonzero(masks[0])
    assert masks[0].shape == (480, 640) and len(masks) == 1
    assert np.array_equal(scene.proposals.masks[1], masks[0]) and len(scene.proposals) == 2
    assert boxes[1].tolist() == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    assert areas[1] == len(rows)
    step = 640 / scene.frame.width
    np.testing.assert_allclose(boxes[0], np.array([30, 20, 90, 80]) * step, atol=1)
    assert areas[0] == pytest.approx(60 * 60 * step**2, rel=0.02)
    np.testing.assert_array_equal(scene.reduced(masks[0]).shape, scene.frame.rgb.shape[:2])
    other_size = np.ones((7, 9), bool)
    assert scene.reduced(other_size) is other_size
