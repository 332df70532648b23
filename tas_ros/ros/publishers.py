# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Publishers: the outputs of the contract, made only as far as someone listens."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy
from rclpy.qos_overriding_options import QoSOverridingOptions
from sensor_msgs.msg import CameraInfo, CompressedImage, Image
from vision_msgs.msg import Detection2D, Detection2DArray, LabelInfo

from tas_ros.errors import InvalidImageError
from tas_ros.ros import messages
from tas_ros.ros.segmenter import Answer

RELIABLE = QoSProfile(depth=10, history=HistoryPolicy.KEEP_LAST, reliability=ReliabilityPolicy.RELIABLE)
IMAGES = QoSProfile(depth=2, history=HistoryPolicy.KEEP_LAST, reliability=ReliabilityPolicy.RELIABLE)
LATCHED = QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL)


class Publishers:
    """All outputs of a lifecycle node; silent while it is inactive. Safe to use from the worker's thread."""

    def __init__(self, node: Any, image_transport: str, depth_transport: str, warn: Callable[[str], None]) -> None:
        self._node = node
        self._warn = warn
        self.image_transport, self.depth_transport = image_transport, depth_transport
        self._all: list[Any] = []
        image = CompressedImage if image_transport == "compressed" else Image
        depth = CompressedImage if depth_transport == "compressed" else Image
        self.detections = self._make(Detection2DArray, "detections", RELIABLE)
        self.detection = self._make(Detection2D, "detection", RELIABLE)
        self.mask = self._make(Image, "mask", IMAGES)
        self.mask_compressed = self._make(CompressedImage, "mask/compressed", IMAGES)
        self.overlay = self._make(Image, "overlay", IMAGES)
        self.matched_image = self._make(image, "matched/image", IMAGES)
        self.matched_depth = self._make(depth, "matched/depth", IMAGES)
        self.matched_camera_info = self._make(CameraInfo, "matched/camera_info", RELIABLE)
        self.matched_depth_masked = self._make(Image, "matched/depth_masked", IMAGES)
        self.label_info = self._make(LabelInfo, "label_info", LATCHED)

    def publish(self, answer: Answer, mask_encoding: str) -> None:
        """All there is to show of an answer that has frames; its referral is the node's own to send, after these.

        Everything carries the image's stamp: a synchroniser that asks for equal stamps would never fire on the stamps
        that depth and camera_info came with, which stand in the referral.
        """
        frames = answer.frames
        if frames is None:
            return
        header = frames.image.header
        mask = messages.mask_message(answer, mask_encoding)
        self.mask.publish(mask)
        found = messages.detection_messages(answer)
        self.detections.publish(found)
        for detection in found.detections:
            self.detection.publish(detection)
        self._when_heard(self.matched_image, lambda: frames.image)
        if frames.depth is not None:
            self._when_heard(self.matched_depth, lambda: messages.stamped(frames.depth, header))
            self._when_heard(self.matched_depth_masked, lambda: messages.masked_depth_message(answer))
        if frames.camera_info is not None:
            self.matched_camera_info.publish(messages.stamped(frames.camera_info, header))
        self._when_heard(self.overlay, lambda: messages.overlay_message(answer))
        self._when_heard(self.mask_compressed, lambda: messages.compressed_mask_message(mask))

    def destroy(self) -> None:
        """Take all topics down."""
        for publisher in self._all:
            self._node.destroy_lifecycle_publisher(publisher)
        self._all.clear()

    def _make(self, message_type: type, name: str, qos: QoSProfile) -> Any:
        publisher = self._node.create_lifecycle_publisher(  # rclpy writes overrides into the profile it is given
            message_type,
            f"~/{name}",
            copy.copy(qos),
            qos_overriding_options=QoSOverridingOptions.with_default_policies(),
        )
        self._all.append(publisher)
        return publisher

    def _when_heard(self, publisher: Any, make: Callable[[], Any]) -> None:
        """Build and send a large message only for those who asked for it."""
        if publisher.get_subscription_count():
            try:
                publisher.publish(make())
            except InvalidImageError as error:
                self._warn(f"{publisher.topic_name} left out: {error}")
