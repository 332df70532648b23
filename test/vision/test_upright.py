# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a rolled camera sees, turned back for encoder and captioner."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.upright import roll_of, upright

HEIGHT, WIDTH = 60, 80
LEVEL = np.eye(4)
LEVEL[:3, :3] = np.array([[0, -0.6, 0.8], [-1, 0, 0], [0, -0.8, -0.6]])
"""Looks ahead and down; columns are the optical frame's right, down and forward in the robot's base."""


def rolled_pose(degrees: float) -> np.ndarray:
    turn = np.eye(4)
    turn[:3, :3] = Rotation.from_euler("z", degrees, degrees=True).as_matrix()
    return LEVEL @ turn


def things() -> tuple[np.ndarray, Proposals]:
    rgb = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
    masks = np.zeros((3, HEIGHT, WIDTH), bool)
    masks[0, 5:20, 30:50], masks[1, 40:55, 30:50], masks[2, 30, 3] = True, True, True
    return rgb, Proposals(masks, np.ones(3, np.float32))


@pytest.mark.parametrize("pose", [None, LEVEL, rolled_pose(5)], ids=["unknown", "level", "nearly level"])
def test_what_stands_upright_or_is_not_known_is_left_alone(pose) -> None:
    rgb, proposals = things()
    shown = upright(Frame(rgb, robot_from_camera=pose), proposals)
    assert shown[0] is rgb and shown[1] is proposals


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_quarter_turns_give_back_the_very_picture(quarters: int) -> None:
    """A camera rolled clockwise sees the world turned counter-clockwise."""
    rgb, proposals = things()
    frame = Frame(np.ascontiguousarray(np.rot90(rgb, quarters)), robot_from_camera=rolled_pose(90 * quarters))
    turned = Proposals(np.ascontiguousarray(np.rot90(proposals.masks, quarters, (1, 2))), proposals.quality)
    shown, masks = upright(frame, turned)
    np.testing.assert_array_equal(shown, rgb)
    np.testing.assert_array_equal(masks.masks, proposals.masks)


@settings(max_examples=40, deadline=None)
@given(roll=st.floats(-180, 180))
def test_nothing_is_lost_at_any_angle_and_up_is_up(roll: float) -> None:
    rgb, proposals = things()
    pose = rolled_pose(roll)
    frame = Frame(rgb, robot_from_camera=pose)
    shown, turned = upright(frame, proposals)
    assert turned.masks.shape == (3, *shown.shape[:2]) and turned.areas.min() >= 1
    np.testing.assert_allclose(turned.areas[:2], proposals.areas[:2], rtol=0.1)
    down = -pose[2, :2] / np.linalg.norm(pose[2, :2])
    lower = (proposals.centroids[1] - proposals.centroids[0]) @ down
    assert turned.centroids[1, 1] - turned.centroids[0, 1] == pytest.approx(lower, abs=6.5)  # 10 degrees are left


def test_straight_down_has_no_up() -> None:
    down = np.eye(4)
    down[:3, :3] = Rotation.from_euler("x", 180, degrees=True).as_matrix()
    assert roll_of(Frame(things()[0], robot_from_camera=down)) == 0.0


def test_an_empty_scene_is_turned_too() -> None:
    rgb, proposals = things()
    shown, turned = upright(Frame(rgb, robot_from_camera=rolled_pose(45)), proposals.select(np.zeros(3, bool)))
    assert len(turned) == 0 and turned.masks.shape[1:] == shown.shape[:2] != (HEIGHT, WIDTH)
