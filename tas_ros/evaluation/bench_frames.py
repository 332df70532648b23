# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Frames for timing, each with content of its own so that nothing kept for one can serve another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import DatasetError, TasError
from tas_ros.vision.frame import CameraIntrinsics, Frame
from tas_ros.vision.proposals import Proposals

_BACKGROUND_DEPTH = 1.2
_OBJECT_DEPTHS = (0.7, 1.1)


def synthetic_frame(seed: int, height: int = 480, width: int = 640) -> Frame:
    """Shaded, textured ellipses in front of a slanted textured plane, in colour and depth; each seed another one."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    depth = (_BACKGROUND_DEPTH + 0.4 * (height - rows) / height).astype(np.float32)
    rgb = 140 + 30 * np.sin(columns / 23 + seed)[..., None] + rng.normal(0, 6, (height, width, 3))
    for _ in range(int(rng.integers(6, 12))):
        centre = rng.uniform((0.1, 0.1), (0.9, 0.9)) * (height, width)
        radii = rng.uniform(0.05, 0.15, 2) * height
        distance = ((rows - centre[0]) / radii[0]) ** 2 + ((columns - centre[1]) / radii[1]) ** 2
        inside = distance < 1
        shade = (1 - 0.5 * distance[inside])[:, None]
        rgb[inside] = rng.uniform(20, 255, 3) * shade + rng.normal(0, 6, (int(inside.sum()), 3))
        depth[inside] = rng.uniform(*_OBJECT_DEPTHS)
    colour: NDArray[np.uint8] = np.clip(rgb, 0, 255).astype(np.uint8)
    return Frame(colour, depth, CameraIntrinsics(width * 0.9, width * 0.9, width / 2, height / 2))


def without_depth(frame: Frame) -> Frame:
    """The same picture as an RGB camera gives it."""
    return Frame(frame.rgb)


def given_regions(frame: Frame, count: int, seed: int) -> Proposals:
    """`count` ellipses spread over the frame, from a hundredth to a fifth of its area in box size; they may overlap."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0 : frame.height, 0 : frame.width].astype(np.float32)
    masks = np.empty((count, frame.height, frame.width), np.bool_)
    for mask in masks:
        centre = rng.uniform((0.1, 0.1), (0.9, 0.9)) * (frame.height, frame.width)
        radii = np.maximum(rng.uniform(0.05, 0.22, 2) * (frame.height, frame.width), 1)
        mask[:] = ((rows - centre[0]) / radii[0]) ** 2 + ((columns - centre[1]) / radii[1]) ** 2 <= 1
    return Proposals(masks, np.full(count, 0.9, np.float32))


def recorded_frames(bag: Path, count: int) -> list[Frame]:
    """`count` frames with depth, spread over a recording; a short one is continued by its mirror images.

    Raises DatasetError when the bag has no frame with depth, or fewer than half of `count`.
    """
    try:
        from tas_ros.replay.bag import find_camera_topics, open_bag
        from tas_ros.replay.frames import read_frames
    except ModuleNotFoundError as error:
        raise TasError(
            f"reading {bag} needs the package {error.name}; pip install rosbags, or bench --synthetic"
        ) from error

    with open_bag(bag) as reader:
        found = [each.frame for each in read_frames(reader, find_camera_topics(reader), count)]
    frames = [frame for frame in found if frame.depth is not None]
    if not 2 * len(frames) >= count:
        raise DatasetError(
            f"bag {bag} has {len(frames)} frames with depth, {count} are wanted; use fewer --repeats or --synthetic"
        )
    return (frames + [_mirrored(frame) for frame in frames])[:count]


def _mirrored(frame: Frame) -> Frame:
    depth = None if frame.depth is None else np.ascontiguousarray(frame.depth[:, ::-1])
    return Frame(np.ascontiguousarray(frame.rgb[:, ::-1]), depth, frame.intrinsics)
