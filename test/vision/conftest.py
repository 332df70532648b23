# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Shared by the vision tests: the models of profile `embedded`, loaded once, and a ray-cast RGB-D tabletop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tas_ros.vision.frame import CameraIntrinsics, Frame

RED, BLUE, GREEN, YELLOW, WHITE = (200, 30, 30), (30, 60, 200), (30, 160, 50), (230, 200, 30), (220, 220, 220)


@dataclass(frozen=True)
class Tabletop:
    """A frame and the true (H, W) number of the thing at each pixel; 0 and below are table, wall and floor."""

    frame: Frame
    truth: NDArray[np.int64]
    colours: tuple[tuple[int, int, int], ...]

    def mask(self, number: int) -> NDArray[np.bool_]:
        """Where thing `number` (from 1) is seen."""
        return self.truth == number


def ray_cast_tabletop(noise: float = 0.0, holes: float = 0.0, tilt: float = 45.0, seed: int = 0) -> Tabletop:
    """640x480, a metre from a table with a wall and a floor behind: cubes, a ball, a rod and two cubes that touch.

    noise: standard deviation of the depth, times depth squared. holes: share of the pixels without depth, beside those
    lost at outlines. Depth is in whole millimetres, as 16UC1 gives it.
    """
    random = np.random.default_rng(seed)
    height, width, focal = 480, 640, 554.0
    camera = CameraIntrinsics(focal, focal, width / 2, height / 2)
    angle = np.radians(tilt)
    forward, right = np.array([0, np.cos(angle), -np.sin(angle)]), np.array([1.0, 0, 0])
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    rays = ((columns - camera.cx) / focal)[..., None] * right + forward
    rays = rays + ((rows - camera.cy) / focal)[..., None] * np.cross(forward, right)
    eye = np.array([0, -0.1, 0.7])
    depth, truth = np.full((height, width), np.inf), np.zeros((height, width), np.int64)
    rgb = np.zeros((height, width, 3))

    def paint(distance: NDArray[np.float64], seen: NDArray[np.bool_], number: int, colour: tuple[int, ...]) -> None:
        nearer = seen & (distance > 0) & (distance < depth)
        depth[nearer], truth[nearer], rgb[nearer] = distance[nearer], number, colour

    def box(number: int, x: float, y: float, size: tuple[float, float, float], colour: tuple[int, ...]) -> None:
        low = np.array([x - size[0] / 2, y - size[1] / 2, 0])
        with np.errstate(divide="ignore", invalid="ignore"):
            one, other = (low - eye) / rays, (low + size - eye) / rays
        enter, leave = np.minimum(one, other).max(axis=-1), np.maximum(one, other).min(axis=-1)
        paint(enter, enter <= leave, number, colour)

    on_table = -eye[2] / rays[..., 2]
    spot = eye + on_table[..., None] * rays
    paint(on_table, (np.abs(spot[..., 0]) < 0.8) & (spot[..., 1] < 1.2) & (spot[..., 1] > -0.2), 0, (150, 120, 90))
    paint((2.0 - eye[1]) / rays[..., 1], rays[..., 1] > 0, -1, (200, 200, 205))
    paint((-0.75 - eye[2]) / rays[..., 2], rays[..., 2] < 0, -2, (90, 90, 95))
    boxes = [
        (-0.25, 0.45, (0.08, 0.08, 0.08), RED),
        (0.0, 0.55, (0.06, 0.06, 0.12), BLUE),
        (0.1, 0.75, (0.2, 0.02, 0.02), YELLOW),
        (-0.2, 0.75, (0.1, 0.1, 0.05), WHITE),
        (0.3, 0.62, (0.06, 0.06, 0.06), RED),
        (0.36, 0.62, (0.06, 0.06, 0.06), BLUE),
    ]
    for number, (x, y, size, colour) in enumerate(boxes, start=1):
        box(number, x, y, size, colour)
    to_ball, radius = eye - np.array([0.22, 0.45, 0.05]), 0.05
    a, b, c = (rays**2).sum(axis=-1), 2 * (rays * to_ball).sum(axis=-1), (to_ball**2).sum() - radius**2
    root = b * b - 4 * a * c
    paint((-b - np.sqrt(np.maximum(root, 0))) / (2 * a), root > 0, len(boxes) + 1, GREEN)

    measured = np.round((depth + random.normal(0, noise, depth.shape) * depth**2) * 1000) / 1000
    if holes:
        outline = cv2.morphologyEx(truth.astype(np.int16), cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8)) > 0
        measured[outline & (random.random(depth.shape) < 0.5)] = np.nan
        measured[random.random(depth.shape) < holes] = np.nan
    picture = np.clip(rgb + random.normal(0, 4, rgb.shape), 0, 255).astype(np.uint8)
    colours = (*(each[3] for each in boxes), GREEN)
    return Tabletop(Frame(picture, measured.astype(np.float32), camera), truth, colours)


def _best_iou(masks: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """The highest intersection over union of any of (N, H, W) masks with the true one."""
    if not len(masks):
        return 0.0
    shared = np.count_nonzero(masks & truth, axis=(1, 2))
    return float((shared / np.count_nonzero(masks | truth, axis=(1, 2))).max())


@pytest.fixture(scope="session")
def best_iou() -> Callable[[NDArray[np.bool_], NDArray[np.bool_]], float]:
    """Measures how well any of (N, H, W) masks fits the true one."""
    return _best_iou


@pytest.fixture(scope="session")
def make_tabletop() -> Callable[..., Tabletop]:
    """Renders an RGB-D tabletop with noise, holes and tilt as asked."""
    return ray_cast_tabletop


@pytest.fixture(scope="session")
def tabletop() -> Tabletop:
    """Clean depth."""
    return ray_cast_tabletop()


@pytest.fixture(scope="session")
def hed():
    """HED proposer with its real weights."""
    from tas_ros.vision.proposers.hed import HedProposer

    return HedProposer()


@pytest.fixture(scope="session")
def encoder():
    """ConSE with its real weights."""
    from tas_ros.vision.encoders.conse import ConseEncoder

    return ConseEncoder()
