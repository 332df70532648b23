# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Scenes without models: balls at known places, seen by a camera of any pose."""

from __future__ import annotations

import numpy as np

from tas_ros.vision.frame import CameraIntrinsics, Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.scene import Scene

WIDTH, HEIGHT, FOCAL = 640, 480, 450.0
CAMERA = CameraIntrinsics(FOCAL, FOCAL, (WIDTH - 1) / 2, (HEIGHT - 1) / 2)


def pose_looking_at(eye, target, roll=0.0):
    """(4, 4) base_from_camera of a camera at `eye` looking at `target`, rolled by `roll` degrees about its axis."""
    eye, target = np.asarray(eye, float), np.asarray(target, float)
    forward = (target - eye) / np.linalg.norm(target - eye)
    right = np.cross(forward, (0, 0, 1.0))
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    angle = np.radians(roll)
    pose = np.eye(4)
    pose[:3, 0] = np.cos(angle) * right + np.sin(angle) * down
    pose[:3, 1] = -np.sin(angle) * right + np.cos(angle) * down
    pose[:3, 2], pose[:3, 3] = forward, eye
    return pose


def staged_scene(places, base_from_camera, radius=0.03, depth=True, robot=True, speaker=None) -> Scene:
    """Balls of `radius` metres at `places` in the robot's base frame.

    base_from_camera: where the camera is; `robot` tells whether the frame knows it. speaker: base_from_speaker.
    """
    camera_from_base = np.linalg.inv(base_from_camera)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    depths, masks = np.full((HEIGHT, WIDTH), 3.0, np.float32), []
    for place in places:
        x, y, z = (camera_from_base @ [*place, 1.0])[:3]
        u, v = FOCAL * x / z + CAMERA.cx, FOCAL * y / z + CAMERA.cy
        mask = (columns - u) ** 2 + (rows - v) ** 2 <= (FOCAL * radius / z) ** 2
        assert z > 0 and mask.any(), f"ball at {place} is out of view"
        depths[mask] = z
        masks.append(mask)
    frame = Frame(
        np.zeros((HEIGHT, WIDTH, 3), np.uint8),
        depths if depth else None,
        CAMERA,
        base_from_camera if robot else None,
        None if speaker is None else np.linalg.inv(speaker) @ base_from_camera,
    )
    return Scene(frame, None, given_proposals=Proposals(np.stack(masks), np.ones(len(masks), np.float32)))
