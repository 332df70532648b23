# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A robot program's side of the demo: publishes a camera's messages and commands, hears the node's answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import rclpy
from lifecycle_msgs.srv import GetState
from rclpy.duration import Duration
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from std_msgs.msg import String

from tas_ros.demo.messages import TF_STATIC_TOPIC, TOPICS
from tas_ros.demo.recording import CAMERA_TOPICS, View
from tas_ros.msg import Referral

NODE = "tas"
SETTLING = 0.15
"""Seconds between a frame's arrival in the node's process and a command about it; a person is slower."""
ANSWER_TOPICS = {
    "referral": Referral,
    "mask": "sensor_msgs/msg/Image",
    "detections": "vision_msgs/msg/Detection2DArray",
    "matched_image": "sensor_msgs/msg/Image",
}


@dataclass(frozen=True)
class Answer:
    """All that the node said to one command."""

    referral: Any
    """tas_ros/msg/Referral."""
    mask: Any
    """sensor_msgs/Image; None when the node refused the command before it looked at an image."""
    detections: Any
    """vision_msgs/Detection2DArray, or None likewise."""
    matched_image: Any
    """sensor_msgs/Image, or None likewise."""
    round_trip: float
    """Seconds from the command's publication to the last of these."""


class DemoClient:
    """An rclpy node in this process. All waiting calls `alive`, which may raise, so that a dead node is noticed."""

    def __init__(self, alive: Callable[[], None]) -> None:
        self._alive = alive
        self._node: Any = rclpy.create_node("tas_demo")
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self._node)
        self._received: dict[str, list[Any]] = {name: [] for name in ANSWER_TOPICS}
        reliable = QoSProfile(depth=10, reliability=ReliabilityPolicy.RELIABLE)
        latched = QoSProfile(
            depth=1, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL
        )
        self._camera = {
            topic: self._node.create_publisher(
                message_class(TOPICS[topic]), topic, latched if topic == TF_STATIC_TOPIC else reliable
            )
            for topic in CAMERA_TOPICS
        }
        self._commands = self._node.create_publisher(String, "command", reliable)
        for name, kind in ANSWER_TOPICS.items():
            self._node.create_subscription(
                message_class(kind) if isinstance(kind, str) else kind,
                f"{NODE}/{name.replace('_', '/')}",
                self._received[name].append,
                reliable,
            )
        self._state = self._node.create_client(GetState, f"{NODE}/get_state")

    def close(self) -> None:
        """Leave the graph."""
        self._executor.shutdown()
        self._node.destroy_node()

    def node_state(self) -> str:
        """The node's life cycle state, "" while it does not say (it is starting, or loading models)."""
        if not self._state.service_is_ready():
            return ""
        future = self._state.call_async(GetState.Request())
        if not self._spin_until(future.done, 1.0):
            self._state.remove_pending_request(future)
            return ""
        return str(future.result().current_state.label)

    def is_connected(self) -> bool:
        """Whether the node listens to all that is published here (tf excepted: it is optional)."""
        needed = [self._commands, *(pub for topic, pub in self._camera.items() if topic != TF_STATIC_TOPIC)]
        return all(publisher.get_subscription_count() for publisher in needed)

    def show(self, view: View) -> None:
        """Publish the view's messages as they were recorded, and wait until the node's process has them."""
        for topic, raw in view.raw.items():
            self._camera[topic].publish(raw)
        for topic in view.raw:
            while not self._camera[topic].wait_for_all_acked(Duration(seconds=1)):
                self._alive()
        self._spin_until(lambda: False, SETTLING)

    def ask(self, text: str, timeout: float) -> Answer | None:
        """Publish a command and collect the answer; None when it did not come within `timeout` seconds."""
        for messages in self._received.values():
            messages.clear()
        start = time.monotonic()
        self._commands.publish(String(data=text))
        if not self._spin_until(lambda: self._referral_to(text) is not None, timeout):
            return None
        referral = self._referral_to(text)
        looked = referral.height > 0
        if looked and not self._spin_until(lambda: all(self._received.values()), 5.0):
            return None
        newest = {name: messages[-1] if looked else None for name, messages in self._received.items()}
        return Answer(referral, newest["mask"], newest["detections"], newest["matched_image"], time.monotonic() - start)

    def _referral_to(self, text: str) -> Any:
        return next((message for message in self._received["referral"] if message.command == text), None)

    def _spin_until(self, condition: Callable[[], bool], timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        while not condition():
            self._alive()
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return False
            self._executor.spin_once(timeout_sec=min(0.1, remaining))
        return True


def message_class(name: str) -> Any:
    """The rclpy class of "package/msg/Name"."""
    package, _, message = name.split("/")
    return getattr(import_module(f"{package}.msg"), message)
