# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Whose left and right: laws of the geometry in camera, image, robot and speaker frames."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tas_ros.language.query import Perspective
from tas_ros.spatial.geometry import DEPTH, SIDEWAYS, geometry_of
from tas_ros.spatial.reference_frames import reference_frame

from .staged_scene import pose_looking_at, staged_scene

# x forward, y left, z up of the robot's base; a table in front of it.
NEAR_LEFT, NEAR_RIGHT, FAR_LEFT, FAR_RIGHT = (0.5, 0.2, 0.0), (0.5, -0.2, 0.0), (0.8, 0.25, 0.0), (0.8, -0.25, 0.0)
PLACES = (NEAR_LEFT, NEAR_RIGHT, FAR_LEFT, FAR_RIGHT)
MIDDLE = (0.65, 0.0, 0.0)
BEHIND_ROBOT = (-0.2, 0.0, 0.6)
FACING_ROBOT = (1.5, 0.0, 0.6)


def seen(eye, perspective, roll=0.0, **stage):
    scene = staged_scene(PLACES, pose_looking_at(eye, MIDDLE, roll), **stage)
    return geometry_of(scene, reference_frame(scene.frame, perspective))


@pytest.mark.parametrize("depth", [True, False])
@settings(max_examples=25, deadline=None)
@given(roll=st.floats(-180, 180))
def test_a_rolled_camera_sees_the_same_left_and_near(depth, roll):
    level = seen(BEHIND_ROBOT, Perspective.CAMERA, depth=depth)
    rolled = seen(BEHIND_ROBOT, Perspective.CAMERA, roll, depth=depth)
    for name in ("right", "down", "nearness"):
        assert np.allclose(getattr(rolled, name), getattr(level, name), atol=0.02), name
    assert list(np.argsort(level.right)) == [2, 0, 1, 3] or list(np.argsort(level.right)) == [0, 2, 3, 1]


@pytest.mark.parametrize("roll", [0, 37, 90, 180, -120])
@pytest.mark.parametrize("depth", [True, False])
def test_robot_left_is_camera_right_of_a_camera_that_looks_back(depth, roll):
    camera = seen(FACING_ROBOT, Perspective.CAMERA, roll, depth=depth)
    robot = seen(FACING_ROBOT, Perspective.ROBOT, roll, depth=depth)
    assert camera.right[0] > camera.right[1] and camera.right[2] > camera.right[3]
    assert robot.right[0] < robot.right[1] and robot.right[2] < robot.right[3]
    assert (robot.nearness[:2].min() > robot.nearness[2:].max()) and (
        camera.nearness[:2].max() < camera.nearness[2:].min()
    )
    assert robot.down[:2].min() > robot.down[2:].max(), "down is towards the robot"


@pytest.mark.parametrize("depth", [True, False])
@settings(max_examples=15, deadline=None)
@given(azimuth=st.floats(0, 360), roll=st.floats(-180, 180))
def test_robot_frame_is_the_same_from_every_side(depth, azimuth, roll):
    eye = np.add(MIDDLE, (0.9 * np.cos(np.radians(azimuth)), 0.9 * np.sin(np.radians(azimuth)), 0.7))
    robot = seen(eye, Perspective.ROBOT, roll, depth=depth)
    assert robot.right[[0, 2]].max() < robot.right[[1, 3]].min()
    assert robot.nearness[:2].min() > robot.nearness[2:].max()


def test_turning_the_robot_round_swaps_its_left_and_right():
    turned = np.diag([-1.0, -1.0, 1.0, 1.0])
    scene = staged_scene(PLACES, pose_looking_at(BEHIND_ROBOT, MIDDLE))
    frame = scene.frame
    opposite = staged_scene(PLACES, pose_looking_at(BEHIND_ROBOT, MIDDLE), speaker=turned)
    facing = geometry_of(scene, reference_frame(frame, Perspective.ROBOT))
    away = geometry_of(opposite, reference_frame(opposite.frame, Perspective.SPEAKER))
    assert list(np.sign(np.diff(facing.right))) == list(-np.sign(np.diff(away.right)))


@pytest.mark.parametrize(
    ("perspective", "missing"),
    [(Perspective.ROBOT, "robot's base"), (Perspective.SPEAKER, "speaker"), (Perspective.CAMERA, "where down is")],
)
def test_a_missing_transform_falls_back_on_the_image_and_says_so(perspective, missing):
    scene = staged_scene(PLACES, pose_looking_at(BEHIND_ROBOT, MIDDLE, roll=90), robot=False)
    reference = reference_frame(scene.frame, perspective)
    assert reference.perspective is Perspective.IMAGE and missing in reference.note
    raw = geometry_of(scene, reference_frame(scene.frame, Perspective.IMAGE))
    assert np.array_equal(geometry_of(scene, reference).right, raw.right)


def test_image_perspective_is_raw_pixels_whatever_the_pose():
    scene = staged_scene(PLACES, pose_looking_at(BEHIND_ROBOT, MIDDLE, roll=90))
    geometry = geometry_of(scene, reference_frame(scene.frame, Perspective.IMAGE))
    assert np.allclose(geometry.right, scene.proposals.centroids[:, 0] / 640)
    assert np.allclose(geometry.down, scene.proposals.centroids[:, 1] / 640)


def test_height_is_along_gravity():
    scene = staged_scene([(0.6, 0, 0.0), (0.6, 0.2, 0.3)], pose_looking_at((-0.2, 0, 0.5), (0.6, 0.1, 0.15), roll=135))
    geometry = geometry_of(scene, reference_frame(scene.frame, Perspective.CAMERA))
    assert geometry.height is not None
    assert geometry.height[1] - geometry.height[0] == pytest.approx(0.3, abs=0.03)


def test_a_direction_along_the_optical_axis_is_not_guessed_without_depth():
    level_eye = (0.65, 2.0, 0.0)  # at table height, looking from the robot's left to its right
    places = [(0.45, 0.0, 0.0), (0.85, -0.3, 0.0)]
    scene = staged_scene(places, pose_looking_at(level_eye, (0.65, 0.0, 0.0)), depth=False)
    geometry = geometry_of(scene, reference_frame(scene.frame, Perspective.ROBOT))
    assert geometry.unseen == {SIDEWAYS}
    assert not geometry.right.any()
    assert geometry.nearness[0] > geometry.nearness[1]
    along = staged_scene(places, pose_looking_at((-1.2, 0.0, 0.0), (0.65, -0.1, 0.0)), depth=False)
    assert geometry_of(along, reference_frame(along.frame, Perspective.ROBOT)).unseen == {DEPTH}


def test_looking_straight_down_takes_the_top_of_the_picture_for_away():
    pose = pose_looking_at((0.65, 0.0, 1.2), (0.651, 0.0, 0.0))
    scene = staged_scene(PLACES, pose)
    reference = reference_frame(scene.frame, Perspective.CAMERA)
    assert "straight down" in reference.note
    geometry = geometry_of(scene, reference)
    assert geometry.right[[0, 2]].max() < geometry.right[[1, 3]].min()
