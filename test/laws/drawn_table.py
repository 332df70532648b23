# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A table with coloured boxes and balls, drawn ray by ray from any camera pose, with the true mask of each thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tas_ros.vision.frame import CameraIntrinsics, Frame
from tas_ros.vision.proposals import Proposals

from ..spatial.staged_scene import pose_looking_at

COLOURS = {"red": (200, 25, 25), "blue": (25, 55, 200), "green": (25, 150, 45), "yellow": (235, 205, 25)}
TABLE, BEYOND = (165, 150, 130), (205, 205, 210)
LAMP = np.array([-0.4, 0.3, 0.87])
"""Direction of the light in the robot's base."""
MIDDLE = (0.65, 0.0, 0.02)
"""Of the table."""
BEHIND_ROBOT, FACING_ROBOT = (-0.25, 0.0, 0.75), (1.55, 0.0, 0.75)


@dataclass(frozen=True)
class Thing:
    """Stands on the table at x, y of the robot's base (metres; x forward, y left)."""

    shape: str
    """box or ball."""
    colour: str
    x: float
    y: float
    size: float = 0.08
    """Edge or diameter, metres."""


@dataclass(frozen=True)
class Drawn:
    """A frame that knows the camera's pose, and masks in the order of the things."""

    frame: Frame
    proposals: Proposals


def draw(things: Sequence[Thing], base_from_camera: NDArray[np.float64], width: int = 640, height: int = 480) -> Drawn:
    """The things as a camera of 53 degrees sees them; every pixel has depth. A hidden thing fails an assertion."""
    camera = CameraIntrinsics(float(width), float(width), (width - 1) / 2, (height - 1) / 2)
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    in_camera = np.stack([(columns - camera.cx) / width, (rows - camera.cy) / width, np.ones((height, width))], axis=-1)
    rays, eye = in_camera @ base_from_camera[:3, :3].T, base_from_camera[:3, 3]
    with np.errstate(divide="ignore"):
        to_table = -eye[2] / rays[..., 2]
    on_table = (to_table > 0) & (to_table < 3.0)
    depth = np.where(on_table, to_table, 3.0)
    rgb = np.where(on_table[..., None], np.array(TABLE, float), np.array(BEYOND, float))
    owner = np.full((height, width), -1)
    for number, thing in enumerate(things):
        part = _window(thing, base_from_camera, camera, (height, width))
        distance, normal = (_box if thing.shape == "box" else _ball)(thing, eye, rays[part])
        nearer = np.isfinite(distance) & (distance < depth[part])
        light = 0.65 + 0.35 * np.clip(normal[nearer] @ LAMP, 0.0, 1.0)
        depth[part][nearer], owner[part][nearer] = distance[nearer], number
        rgb[part][nearer] = np.array(COLOURS[thing.colour], float) * light[:, None]
    masks = np.stack([owner == number for number in range(len(things))])
    assert masks.any(axis=(1, 2)).all(), "a thing is out of view or hidden"
    grain = np.random.default_rng(0).normal(0, 3, rgb.shape)
    picture = np.clip(rgb + grain, 0, 255).astype(np.uint8)
    frame = Frame(picture, depth.astype(np.float32), camera, robot_from_camera=np.asarray(base_from_camera, np.float64))
    return Drawn(frame, Proposals(masks, np.ones(len(masks), np.float32)))


def _window(
    thing: Thing, base_from_camera: NDArray[np.float64], camera: CameraIntrinsics, size: tuple[int, int]
) -> tuple[slice, slice]:
    """Rows and columns outside which the thing cannot be seen."""
    x, y, z, _ = np.linalg.inv(base_from_camera) @ (thing.x, thing.y, thing.size / 2, 1.0)
    reach = 2.0 * thing.size * camera.fx / z
    middle = camera.fy * y / z + camera.cy, camera.fx * x / z + camera.cx
    rows, columns = (
        slice(max(int(at - reach), 0), min(int(at + reach) + 1, most)) for at, most in zip(middle, size, strict=True)
    )
    return rows, columns


def _box(
    thing: Thing, eye: NDArray[np.float64], rays: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low = np.array([thing.x - thing.size / 2, thing.y - thing.size / 2, 0.0])
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (low - eye) / rays, (low + thing.size - eye) / rays
    enter = np.minimum(one, other)
    distance = enter.max(axis=-1)
    missed = (distance > np.maximum(one, other).min(axis=-1)) | (distance <= 0)
    normal = np.where(enter == distance[..., None], -np.sign(rays), 0.0)
    return np.where(missed, np.inf, distance), normal


def _ball(
    thing: Thing, eye: NDArray[np.float64], rays: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    radius = thing.size / 2
    centre = np.array([thing.x, thing.y, radius])
    a, b = (rays**2).sum(axis=-1), 2 * (rays @ (eye - centre))
    root = b * b - 4 * a * (((eye - centre) ** 2).sum() - radius**2)
    distance = np.where(root > 0, (-b - np.sqrt(np.maximum(root, 0))) / (2 * a), np.inf)
    hit = eye + np.where(np.isfinite(distance), distance, 0.0)[..., None] * rays
    return np.where(distance > 0, distance, np.inf), (hit - centre) / radius


def looking(eye: Sequence[float], target: Sequence[float] = MIDDLE, roll: float = 0.0) -> NDArray[np.float64]:
    """(4, 4) pose in the robot's base of a camera at `eye` that looks at `target`, rolled by `roll` degrees."""
    return pose_looking_at(eye, target, roll)


def mirrored(drawn: Drawn) -> Drawn:
    """The world on the other side of the robot's middle plane, as a camera mirrored with it sees it."""
    frame = drawn.frame
    assert frame.depth is not None and frame.intrinsics is not None and frame.robot_from_camera is not None
    across, sideways = np.diag([1.0, -1.0, 1.0, 1.0]), np.diag([-1.0, 1.0, 1.0, 1.0])
    camera = frame.intrinsics
    return Drawn(
        Frame(
            np.ascontiguousarray(frame.rgb[:, ::-1]),
            np.ascontiguousarray(frame.depth[:, ::-1]),
            CameraIntrinsics(camera.fx, camera.fy, frame.width - 1 - camera.cx, camera.cy),
            across @ frame.robot_from_camera @ sideways,
        ),
        Proposals(np.ascontiguousarray(drawn.proposals.masks[:, :, ::-1]), drawn.proposals.quality),
    )
