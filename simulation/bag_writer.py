# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Writes recorded frames as a ROS 2 bag (mcap, zstd chunks) that `ros2 bag play` and any mcap reader understand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rosbags.interfaces import Qos, QosDurability, QosHistory, QosLiveliness, QosReliability, QosTime
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer

from simulation.layout import Viewpoint, optical_in_link
from simulation.transforms import quaternion_from_matrix
from tas_ros.demo.messages import (
    CAMERA_INFO_TOPIC,
    DEPTH_TOPIC,
    IMAGE_TOPIC,
    INSTANCES_TOPIC,
    OBJECTS_TOPIC,
    TF_STATIC_TOPIC,
    TOPICS,
    MessageFactory,
)
from tas_ros.vision.frame import CameraIntrinsics

BASE_FRAME = "base_link"


@dataclass(frozen=True, eq=False)
class RecordedFrame:
    """All that one camera says at one moment, with the truth about it."""

    stamp: int
    """Nanoseconds; in the header of every message of this frame."""
    viewpoint: Viewpoint
    intrinsics: CameraIntrinsics
    rgb: NDArray[np.uint8]
    """(H, W, 3)."""
    depth: NDArray[np.uint16]
    """(H, W) millimetres, 0 unknown."""
    labels: NDArray[np.uint8]
    """(H, W) object id, 0 none."""
    description: str
    """JSON about the labels."""


def write_bag(folder: Path, frames: Iterable[RecordedFrame]) -> int:
    """Write `frames` into a new bag `folder`; returns their number. Each viewpoint's frames go to /tf_static once."""
    messages = MessageFactory()
    writer = Writer(folder, version=9, storage_plugin=StoragePlugin.MCAP)
    writer.set_compression(CompressionMode.STORAGE, CompressionFormat.ZSTD)
    viewpoints: dict[str, Viewpoint] = {}
    count = 0
    with writer:
        connections = {
            topic: writer.add_connection(
                topic, kind, typestore=messages.store, offered_qos_profiles=[_offered_qos(topic)]
            )
            for topic, kind in TOPICS.items()
        }
        for frame in frames:
            outgoing = _messages_of_frame(messages, frame)
            if frame.viewpoint.name not in viewpoints:
                viewpoints[frame.viewpoint.name] = frame.viewpoint
                # A latched topic keeps its newest message only, so each one repeats all frames known so far.
                outgoing = {TF_STATIC_TOPIC: _static_transforms(messages, viewpoints.values(), frame.stamp), **outgoing}
            for topic, message in outgoing.items():
                raw = messages.store.serialize_cdr(message, TOPICS[topic])
                writer.write(connections[topic], frame.stamp, raw)
            count += 1
    return count


def _offered_qos(topic: str) -> Qos:
    """Reliable everywhere; /tf_static latched."""
    latched = topic == TF_STATIC_TOPIC
    unlimited = QosTime(2147483647, 4294967295)
    return Qos(
        history=QosHistory.KEEP_LAST,
        depth=1 if latched else 10,
        reliability=QosReliability.RELIABLE,
        durability=QosDurability.TRANSIENT_LOCAL if latched else QosDurability.VOLATILE,
        deadline=unlimited,
        lifespan=unlimited,
        liveliness=QosLiveliness.AUTOMATIC,
        liveliness_lease_duration=unlimited,
        avoid_ros_namespace_conventions=False,
    )


def _messages_of_frame(messages: MessageFactory, frame: RecordedFrame) -> dict[str, Any]:
    """By topic, all with the frame's stamp; the image comes last of the camera's own."""
    header = messages.header(frame.stamp, frame.viewpoint.optical_frame)
    return {
        CAMERA_INFO_TOPIC: messages.camera_info(header, frame.intrinsics, frame.rgb.shape[1], frame.rgb.shape[0]),
        DEPTH_TOPIC: messages.image(header, frame.depth.view(np.uint8), "16UC1", frame.depth.shape),
        IMAGE_TOPIC: messages.image(header, frame.rgb, "rgb8", frame.rgb.shape),
        INSTANCES_TOPIC: messages.image(header, frame.labels, "mono8", frame.labels.shape),
        OBJECTS_TOPIC: messages.string(frame.description),
    }


def _static_transforms(messages: MessageFactory, viewpoints: Iterable[Viewpoint], stamp: int) -> Any:
    """base_link -> <camera>_link -> <camera>_color_optical_frame for each viewpoint."""
    return messages.transforms(
        [
            messages.transform(messages.header(stamp, parent), child, pose[:3, 3], quaternion_from_matrix(pose[:3, :3]))
            for viewpoint in viewpoints
            for parent, child, pose in (
                (BASE_FRAME, viewpoint.link_frame, viewpoint.link_pose()),
                (viewpoint.link_frame, viewpoint.optical_frame, optical_in_link()),
            )
        ]
    )
