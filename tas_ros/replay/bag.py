# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Opens a ROS 2 bag (folder, .mcap or .db3 file) and finds out which of its topics are the camera's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rosbags.highlevel import AnyReader
from rosbags.typesys import Stores, get_typestore

from tas_ros.errors import DatasetError

IMAGE = "sensor_msgs/msg/Image"
COMPRESSED = "sensor_msgs/msg/CompressedImage"
CAMERA_INFO = "sensor_msgs/msg/CameraInfo"
DEPTH_ENCODINGS = frozenset({"16UC1", "mono16", "32FC1"})
_GREY_ENCODINGS = frozenset({"mono8", "8UC1"})


@dataclass(frozen=True)
class CameraTopics:
    """The topics of one camera; depth and camera_info may be absent (empty)."""

    image: str
    depth: str = ""
    camera_info: str = ""


@contextmanager
def open_bag(path: Path) -> Iterator[AnyReader]:
    """Open a bag for reading. Raises DatasetError that names what is wrong with it."""
    if not path.exists():
        raise DatasetError(f"bag {path} does not exist; give a rosbag2 folder, a .mcap or a .db3 file")
    try:
        # Bags of ROS releases before Iron hold no definitions; Humble's standard messages are then assumed.
        reader = AnyReader([path], default_typestore=get_typestore(Stores.ROS2_HUMBLE))
        reader.open()
    except Exception as error:  # the reader fails in many ways on a cut or foreign file
        raise DatasetError(
            f"bag {path} cannot be read ({error}); it must be a rosbag2 folder with metadata.yaml, a .mcap or a .db3 "
            f"file (`ros2 bag reindex` repairs one that was cut off)"
        ) from error
    try:
        yield reader
    finally:
        reader.close()


def find_camera_topics(
    reader: AnyReader, image: str | None = None, depth: str | None = None, camera_info: str | None = None
) -> CameraTopics:
    """The colour image topic, the depth and the calibration that go with it; names that are given are kept.

    An image topic counts as colour or depth by the encoding of its first message. Among several colour topics one with
    a camera_info beside it wins, then the one with most messages. Depth is the one whose name shares the longest start
    with the image's, aligned (registered) ones first. Raises DatasetError when there is no image or a given name is
    not in the bag.
    """
    kinds = {connection.topic: connection.msgtype for connection in reader.connections}
    for name in (image, depth, camera_info):
        if name and name not in kinds:
            raise DatasetError(f"topic {name} is not in the bag; it has: {', '.join(sorted(kinds)) or 'no topics'}")
    infos = [topic for topic, kind in kinds.items() if kind == CAMERA_INFO]
    encodings = {topic: _encoding(reader, topic) for topic, kind in kinds.items() if kind in (IMAGE, COMPRESSED)}
    image = image or _best_colour_topic(reader, encodings, infos)
    if depth is None:
        depths = [topic for topic, encoding in encodings.items() if encoding in DEPTH_ENCODINGS and topic != image]
        depth = max(depths, key=lambda topic: ("aligned" in topic, _shared_start(topic, image)), default="")
    if camera_info is None:
        camera_info = max(infos, key=lambda topic: _shared_start(topic, image), default="")
    return CameraTopics(image, depth, camera_info)


def _best_colour_topic(reader: AnyReader, encodings: dict[str, str], infos: list[str]) -> str:
    counts = {connection.topic: connection.msgcount for connection in reader.connections}
    colours = [topic for topic, encoding in encodings.items() if encoding and encoding not in DEPTH_ENCODINGS]
    if not colours:
        raise DatasetError(
            f"the bag holds no colour image; its topics are: {', '.join(sorted(counts)) or 'none'}; "
            f"name one with --image-topic"
        )
    namespaces = {_namespace(info) for info in infos}

    def preference(topic: str) -> tuple[bool, bool, bool, int, str]:
        colour = encodings[topic] not in _GREY_ENCODINGS
        return colour, _namespace(topic) in namespaces, encodings[topic] != COMPRESSED, counts[topic] or 0, topic

    return max(colours, key=preference)


def _encoding(reader: AnyReader, topic: str) -> str:
    """Encoding of the topic's first message; the type's name for a compressed colour image; "" for an empty topic."""
    connections = [connection for connection in reader.connections if connection.topic == topic]
    for connection, _, raw in reader.messages(connections):
        if connection.msgtype == IMAGE:
            message: Any = reader.deserialize(raw, connection.msgtype)
            return str(message.encoding)
        return "16UC1" if "compressedDepth" in topic else COMPRESSED
    return ""


def _namespace(topic: str) -> str:
    """All of the topic's name before its last part; a compressed topic's suffix does not count."""
    return topic.removesuffix("/compressed").removesuffix("/compressedDepth").rsplit("/", 1)[0]


def _shared_start(first: str, second: str) -> int:
    """How many leading parts two topic names share."""
    count = 0
    for one, other in zip(first.split("/"), second.split("/"), strict=False):
        if one != other:
            break
        count += 1
    return count
