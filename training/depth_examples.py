# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Examples for the depth network: ideal views cropped, mirrored and measured by random sensors, and what to predict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from simulation.depth_scenes.generate import FURNITURE, HEIGHT, WIDTH, DepthView, read_scene
from simulation.depth_scenes.sensors import driver, measure, random_materials, random_sensor
from tas_ros.vision.frame import CameraIntrinsics
from tas_ros.vision.proposers.depth_architecture import VOTE_UNIT
from tas_ros.vision.proposers.depth_features import depth_features

SMALLEST = 10
"""Pixels of the output; what shows less of itself is neither thing nor background."""
_POOL = 600
"""Views from which the next is drawn."""


@dataclass(frozen=True, eq=False)
class Target:
    """What the network should say of each pixel of its output, (h, w) float32 but `offset` of (2, h, w).

    Weights are 0 where nothing is asked.
    """

    thing: NDArray[np.float32]
    thing_weight: NDArray[np.float32]
    offset: NDArray[np.float32]
    size: NDArray[np.float32]
    vote_weight: NDArray[np.float32]
    outline: NDArray[np.float32]


def shuffled_views(paths: list[Path], random: np.random.Generator) -> Iterator[DepthView]:
    """Views of the scenes in random order, endlessly; scenes are read whole, so views are drawn from a pool."""
    pool: list[DepthView] = []
    while True:
        for index in random.permutation(len(paths)):
            pool += read_scene(paths[index])
            while len(pool) >= min(_POOL, 3 * len(paths)):
                chosen = int(random.integers(len(pool)))
                pool[chosen], pool[-1] = pool[-1], pool[chosen]
                yield pool.pop()


def measured(view: DepthView, random: np.random.Generator) -> NDArray[np.float32]:
    """(H, W) depth of the view as a random sensor and its driver hand it on."""
    materials = random_materials(view.labels, view.transparent, random)
    depth = measure(view.depth, view.behind, materials, view.camera.fx, random_sensor(random), random)
    return driver(depth, random)


def example(view: DepthView, random: np.random.Generator) -> tuple[NDArray[np.float32], Target]:
    """The network's input, and its target, of a view changed at random."""
    view = _scaled(_cropped(_mirrored(view, random), random), random)
    depth = _patched(measured(view, random), random)
    return depth_features(depth, view.camera), target_of(view.labels)


def target_of(labels: NDArray[np.uint8]) -> Target:
    """What the network should say of (H, W) labels; its output has half of their size."""
    small = labels[1::2, 1::2]
    shape = small.shape
    thing = (small > 0) & (small != FURNITURE)
    weight = (small != FURNITURE).astype(np.float32)
    offset = np.zeros((2, *shape), np.float32)
    size = np.zeros(shape, np.float32)
    votes = np.zeros(shape, np.float32)
    areas = np.bincount(small.ravel(), minlength=256)
    for number in np.flatnonzero(areas[1:FURNITURE]) + 1:
        mask = small == number
        if areas[number] < SMALLEST:
            weight[mask] = 0
            continue
        rows, columns = np.nonzero(mask)
        row, column = rows.mean(), columns.mean()
        offset[0, rows, columns] = (column - columns) / VOTE_UNIT
        offset[1, rows, columns] = (row - rows) / VOTE_UNIT
        size[rows, columns] = np.log(np.sqrt(((rows - row) ** 2 + (columns - column) ** 2).mean()) + 0.3)
        weight[rows, columns] = np.clip((500 / areas[number]) ** 0.5, 1, 5)
        votes[rows, columns] = areas[number] ** -0.5
    return Target(thing.astype(np.float32), weight, offset, size, votes, _outlines(small))


def _outlines(labels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """1 at the pixels of things that have a neighbour of another label."""
    plane = labels.astype(np.float32)
    kernel = np.ones((3, 3), np.uint8)
    differs = cv2.erode(plane, kernel) != cv2.dilate(plane, kernel)
    return (differs & (labels > 0)).astype(np.float32)


def _mirrored(view: DepthView, random: np.random.Generator) -> DepthView:
    turn, flip = random.random() < 0.08, random.random() < 0.5
    step = (-1 if turn else 1, -1 if turn != flip else 1)
    camera = view.camera
    cx = camera.cx if step[1] > 0 else WIDTH - 1 - camera.cx
    cy = camera.cy if step[0] > 0 else HEIGHT - 1 - camera.cy
    window = np.s_[:: step[0], :: step[1]]
    return DepthView(
        np.ascontiguousarray(view.depth[window]),
        np.ascontiguousarray(view.behind[window]),
        np.ascontiguousarray(view.labels[window]),
        view.transparent,
        CameraIntrinsics(camera.fx, camera.fy, cx, cy),
    )


def _cropped(view: DepthView, random: np.random.Generator) -> DepthView:
    """A window of .5 to 1 of the sides, enlarged: what is seen is larger and fewer."""
    share = float(random.uniform(0.5, 1.0)) if random.random() < 0.5 else 1.0
    if share == 1.0:
        return view
    x, y = random.uniform(0, (1 - share) * WIDTH), random.uniform(0, (1 - share) * HEIGHT)
    columns = (np.arange(WIDTH, dtype=np.float32) + 0.5) * share - 0.5 + x
    rows = (np.arange(HEIGHT, dtype=np.float32) + 0.5) * share - 0.5 + y
    across, down = np.meshgrid(columns, rows)
    planes = []
    for depth in (view.depth, view.behind):
        nearest = cv2.remap(depth, across, down, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
        between = cv2.remap(depth, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        planes.append(np.where(np.abs(between - nearest) < 0.006 * nearest, between, nearest).astype(np.float32))
    labels = cv2.remap(view.labels, across, down, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    old = view.camera
    focal = old.fx / share
    camera = CameraIntrinsics(focal, focal, (old.cx - x + 0.5) / share - 0.5, (old.cy - y + 0.5) / share - 0.5)
    return DepthView(planes[0], planes[1], np.asarray(labels, np.uint8), view.transparent, camera)


def _scaled(view: DepthView, random: np.random.Generator) -> DepthView:
    """The world larger or smaller."""
    factor = np.float32(np.exp(random.uniform(-0.35, 0.3)))
    return DepthView(view.depth * factor, view.behind * factor, view.labels, view.transparent, view.camera)


def _patched(depth: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Elliptical holes, now and then."""
    if random.random() < 0.6:
        return depth
    mask = np.zeros(depth.shape, np.uint8)
    for _ in range(int(random.integers(1, 12))):
        centre = (int(random.integers(WIDTH)), int(random.integers(HEIGHT)))
        axes = (int(random.integers(2, 18)), int(random.integers(2, 18)))
        cv2.ellipse(mask, centre, axes, float(random.uniform(0, 180)), 0, 360, 1, -1)
    return np.where(mask > 0, np.float32(np.nan), depth).astype(np.float32)
