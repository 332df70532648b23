# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Camera frames out of a bag: each image with the depth and the calibration of its stamp."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from rosbags.highlevel import AnyReader

from tas_ros.errors import DatasetError
from tas_ros.replay.bag import COMPRESSED, CameraTopics
from tas_ros.ros.compressed_images import compressed_to_metres, compressed_to_rgb
from tas_ros.ros.image_conversions import depth_to_metres, image_to_rgb, intrinsics_from
from tas_ros.vision.frame import Frame

PATIENCE = 500_000_000
"""Nanoseconds of recording after which an image is handed out without the depth that belongs to it."""
SYNC_TOLERANCE = 20_000_000
"""Largest difference of header stamps between an image and its depth, nanoseconds."""


@dataclass(frozen=True, eq=False)
class BagFrame:
    """One image of a recording, with what belongs to it."""

    index: int
    """Number of the image within its topic, from 0."""
    stamp: int
    """Header stamp, nanoseconds."""
    frame_id: str
    frame: Frame


@dataclass(frozen=True)
class _Pending:
    index: int
    time: int
    stamp: int
    message: Any
    kind: str


def read_frames(reader: AnyReader, topics: CameraTopics, count: int | None = None) -> Iterator[BagFrame]:
    """Frames in the order of their images; with `count` only that many, spread evenly over the recording.

    Raises InvalidImageError for an image that cannot be decoded, DatasetError when the topic is empty.
    """
    total = sum(connection.msgcount or 0 for connection in reader.connections if connection.topic == topics.image)
    if not total:
        raise DatasetError(f"topic {topics.image} holds no message; name another with --image-topic")
    spread = np.linspace(0, total - 1, total if count is None else min(count, total))
    wanted = set(spread.round().astype(int))
    pending: deque[_Pending] = deque()
    depths: deque[tuple[int, Any, str]] = deque(maxlen=64)
    info: Any = None
    index = -1
    names = {topics.image, topics.depth, topics.camera_info} - {""}
    connections = [connection for connection in reader.connections if connection.topic in names]
    for connection, time, raw in reader.messages(connections):
        if connection.topic == topics.image:
            index += 1
            if index not in wanted:
                continue
        message: Any = reader.deserialize(raw, connection.msgtype)
        if connection.topic == topics.image:
            pending.append(_Pending(index, time, _stamp(message), message, connection.msgtype))
        elif connection.topic == topics.depth:
            depths.append((_stamp(message), message, connection.msgtype))
        else:
            info = message
        # The calibration is constant, but a recording may begin with an image.
        while pending and _is_ready(pending[0], depths, time, topics, info):
            yield _assemble(pending.popleft(), depths, info, topics)
    for image in pending:
        yield _assemble(image, depths, info, topics)


def _is_ready(image: _Pending, depths: deque[tuple[int, Any, str]], time: int, topics: CameraTopics, info: Any) -> bool:
    if time - image.time > PATIENCE:
        return True
    has_depth = not topics.depth or any(abs(stamp - image.stamp) <= SYNC_TOLERANCE for stamp, _, _ in depths)
    return has_depth and (info is not None or not topics.camera_info)


def _assemble(image: _Pending, depths: deque[tuple[int, Any, str]], info: Any, topics: CameraTopics) -> BagFrame:
    decode = compressed_to_rgb if image.kind == COMPRESSED else image_to_rgb
    rgb = decode(image.message, topics.image)
    height, width = rgb.shape[:2]
    nearest = min(depths, key=lambda entry: abs(entry[0] - image.stamp), default=None)
    metres = None
    if nearest is not None and abs(nearest[0] - image.stamp) <= SYNC_TOLERANCE:
        decode_depth = compressed_to_metres if nearest[2] == COMPRESSED else depth_to_metres
        metres = decode_depth(nearest[1], topics.depth)
    intrinsics = intrinsics_from(info, width, height, topics.camera_info) if info is not None else None
    frame = Frame(rgb, metres, intrinsics)
    return BagFrame(image.index, image.stamp, str(image.message.header.frame_id), frame)


def _stamp(message: Any) -> int:
    stamp = message.header.stamp
    return int(stamp.sec) * 1_000_000_000 + int(stamp.nanosec)
