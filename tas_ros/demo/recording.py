# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The demo's views, ready to be replayed: raw messages as recorded, and the truth about what they show."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

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
from tas_ros.errors import DatasetError
from tas_ros.replay.bag import open_bag
from tas_ros.ros.image_conversions import image_to_rgb
from tas_ros.vision.frame import CameraIntrinsics

DATA = Path(__file__).parent / "data"
BAG = DATA / "tabletop"
PHOTOS = DATA / "photos"
PHOTO_VIEWPOINT = "photo"
PHOTO_FRAME_ID = "photo_optical_frame"
CAMERA_TOPICS = (TF_STATIC_TOPIC, CAMERA_INFO_TOPIC, DEPTH_TOPIC, IMAGE_TOPIC)
"""What a robot's camera publishes, in the order of replay; the truth is kept from the node."""


@dataclass(frozen=True, eq=False)
class View:
    """One frame of the demo."""

    scene: str
    viewpoint: str
    stamp: int
    """Nanoseconds."""
    frame_id: str
    raw: Mapping[str, bytes]
    """CDR of each of CAMERA_TOPICS that this view has, in their order."""
    rgb: NDArray[np.uint8]
    """(H, W, 3)."""
    labels: NDArray[np.uint8]
    """(H, W) object id, 0 none."""
    names: Mapping[str, int]
    """Object name to id."""


def load_views(bag: Path = BAG, photos: Path = PHOTOS) -> list[View]:
    """The bag's frames and then the photos. Raises DatasetError when either is missing or not the demo's."""
    views = _bag_views(bag)
    return views + _photo_views(photos, first_stamp=views[-1].stamp + 1_000_000_000)


def _bag_views(bag: Path) -> list[View]:
    views: list[View] = []
    raw: dict[str, bytes] = {}
    decoded: dict[str, Any] = {}
    with open_bag(bag) as reader:
        if missing := set(TOPICS) - {connection.topic for connection in reader.connections}:
            raise DatasetError(f"bag {bag} is not the demo's: it lacks {', '.join(sorted(missing))}")
        for connection, _, data in reader.messages():
            topic = connection.topic
            raw[topic] = bytes(data)
            decoded[topic] = reader.deserialize(data, connection.msgtype)
            if topic == OBJECTS_TOPIC:  # closes a frame
                views.append(_bag_view(raw, decoded))
                raw = {}
    if not views:
        raise DatasetError(f"bag {bag} holds no frame; make it anew with `python -m simulation.generate_demo {bag}`")
    return views


def _bag_view(raw: dict[str, bytes], decoded: dict[str, Any]) -> View:
    description = json.loads(decoded[OBJECTS_TOPIC].data)
    labels = decoded[INSTANCES_TOPIC]
    return View(
        scene=description["layout"],
        viewpoint=description["viewpoint"],
        stamp=description["stamp"],
        frame_id=description["frame_id"],
        raw={topic: raw[topic] for topic in CAMERA_TOPICS if topic in raw},
        rgb=image_to_rgb(decoded[IMAGE_TOPIC], IMAGE_TOPIC),
        labels=np.array(labels.data, np.uint8).reshape(labels.height, labels.width),
        names={entry["name"]: entry["id"] for entry in description["objects"]},
    )


def _photo_views(folder: Path, first_stamp: int) -> list[View]:
    annotations = json.loads((folder / "annotations.json").read_text(encoding="utf-8"))
    messages = MessageFactory()
    views = []
    for i, (name, entry) in enumerate(annotations.items()):
        picture = cv2.imread(str(folder / entry["file"]))
        if picture is None:
            raise DatasetError(f"photo {folder / entry['file']} is missing or unreadable; reinstall tas_ros")
        rgb = np.ascontiguousarray(picture[..., ::-1], dtype=np.uint8)
        labels = np.zeros(rgb.shape[:2], np.uint8)
        for label, thing in enumerate(entry["objects"], start=1):
            cv2.fillPoly(labels, [np.array(thing["polygon"], np.int32)], label)
        stamp = first_stamp + i * 1_000_000_000
        header = messages.header(stamp, PHOTO_FRAME_ID)
        # An uncalibrated camera says so with zeros (sensor_msgs/CameraInfo); else the last one would stand.
        info = messages.camera_info(header, CameraIntrinsics(0.0, 0.0, 0.0, 0.0), rgb.shape[1], rgb.shape[0])
        image = messages.image(header, rgb, "rgb8", rgb.shape)
        views.append(
            View(
                scene=name,
                viewpoint=PHOTO_VIEWPOINT,
                stamp=stamp,
                frame_id=PHOTO_FRAME_ID,
                raw={
                    CAMERA_INFO_TOPIC: bytes(messages.store.serialize_cdr(info, TOPICS[CAMERA_INFO_TOPIC])),
                    IMAGE_TOPIC: bytes(messages.store.serialize_cdr(image, TOPICS[IMAGE_TOPIC])),
                },
                rgb=rgb,
                labels=labels,
                names={thing["name"]: label for label, thing in enumerate(entry["objects"], start=1)},
            )
        )
    return views
