# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.


"""A peer that talks to a node over DDS as any other robot software would."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any

from benchmarks.live.waiting import PATIENCE, NothingCameError, wait_until

SETTLING = 0.5
"""Seconds until the node's side of a match has come about, which is not visible from here: without it a service's
response gets lost."""
TOPICS = (
    "referral", "mask", "detections", "detection", "matched/image", "matched/depth", "matched/camera_info",
    "matched/depth_masked", "overlay", "mask/compressed",
)  # fmt: skip
"""What of the node's a peer hears by default."""


class Peer:
    """A node of this process with publishers and reliable subscribers on the contract's topics.

    image_qos: of image, depth and camera_info. hears: which of the node's TOPICS. compressed: whether image and depth
    are CompressedImage, on the topics that image_transport gives them.
    """

    def __init__(
        self, namespace: str = "", image_qos: Any = None, hears: tuple[str, ...] = TOPICS, compressed: bool = False
    ) -> None:
        import rclpy
        from rclpy.context import Context
        from rclpy.executors import SingleThreadedExecutor
        from rclpy.qos import QoSProfile, ReliabilityPolicy
        from sensor_msgs.msg import CameraInfo, CompressedImage, Image
        from std_msgs.msg import String
        from vision_msgs.msg import Detection2D, Detection2DArray

        from tas_ros.msg import Command, Referral
        from tas_ros.srv import Segment

        self.context = Context()
        rclpy.init(context=self.context)
        self.node = rclpy.create_node("peer", namespace=namespace or None, context=self.context)
        reliable = QoSProfile(depth=500, reliability=ReliabilityPolicy.RELIABLE)
        camera_qos = image_qos or QoSProfile(depth=2)
        picture, suffixes = (CompressedImage, ("/compressed", "/compressedDepth")) if compressed else (Image, ("", ""))
        self.image = self.node.create_publisher(picture, f"image{suffixes[0]}", camera_qos)
        self.depth = self.node.create_publisher(picture, f"depth{suffixes[1]}", camera_qos)
        self.camera_info = self.node.create_publisher(CameraInfo, "camera_info", camera_qos)
        self.command = self.node.create_publisher(String, "command", reliable)
        self.typed_command = self.node.create_publisher(Command, "tas/command", reliable)
        self.segment = self.node.create_client(Segment, "tas/segment")
        self._clients: dict[str, Any] = {}
        self._met: set[bytes] = set()
        self.received: dict[str, list[Any]] = {}
        kinds = {
            "referral": Referral, "detections": Detection2DArray, "detection": Detection2D,
            "matched/camera_info": CameraInfo, "mask/compressed": CompressedImage,
            "matched/image": picture, "matched/depth": picture,
        }  # fmt: skip
        for name in hears:
            self.received[name] = []
            self.node.create_subscription(kinds.get(name, Image), f"tas/{name}", self.received[name].append, reliable)
        self._executor = SingleThreadedExecutor(context=self.context)
        self._executor.add_node(self.node)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._spin)
        self._thread.start()

    def _spin(self) -> None:
        while not self._stop.is_set():
            self._executor.spin_once(timeout_sec=0.05)

    def wait_for_node(self) -> None:
        """Until every topic of the node is matched in both directions."""
        publishers = (self.image, self.depth, self.camera_info, self.command, self.typed_command)
        wait_until(lambda: all(p.get_subscription_count() for p in publishers), "the node's subscriptions")
        subscriptions = [s for s in self.node.subscriptions if "/tas/" in s.topic_name]
        wait_until(lambda: all(self.node.count_publishers(s.topic_name) for s in subscriptions), "the node's topics")
        wait_until(self.segment.service_is_ready, "the node's services")
        time.sleep(SETTLING)

    def meet(self, active: bool = True) -> None:
        """Until a node is there that this peer has not met, and answers.

        DDS keeps a node that was killed in the graph for some 20 s: counts of subscriptions and services tell nothing.
        active: whether it listens to the camera already.
        """
        from lifecycle_msgs.srv import GetState

        publishers = (self.typed_command, *((self.image, self.depth, self.camera_info) if active else ()))

        def new() -> list[set[bytes]]:
            heard = [self.node.get_subscriptions_info_by_topic(publisher.topic_name) for publisher in publishers]
            return [{bytes(info.endpoint_gid) for info in infos} - self._met for infos in heard]

        wait_until(lambda: all(new()), "a new node's subscriptions")
        self._met.update(*new())
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            future = self.call_async(GetState, "get_state", GetState.Request())
            with suppress(NothingCameError):
                wait_until(future.done, "the state", patience=SETTLING)
                break
        else:
            raise NothingCameError(f"the new node did not tell its state within {PATIENCE:.0f} s")
        time.sleep(SETTLING)

    def show(self, frame: tuple[Any, Any, Any]) -> Any:
        """Publish image, depth and camera_info of one stamp, the image last; its header."""
        image, depth, info = frame
        for publisher, message in ((self.camera_info, info), (self.depth, depth), (self.image, image)):
            publisher.publish(message)
        return image.header

    def ask(self, text: str) -> Any:
        """Publish a command; its referral."""
        from std_msgs.msg import String

        seen = len(self.received["referral"])
        expected = text.split("\0", 1)[0][:1000]  # a DDS string ends at its first NUL; a long command is echoed in part
        self.command.publish(String(data=text))
        return wait_until(
            lambda: next((r for r in self.received["referral"][seen:] if r.command == expected), None),
            f"the answer to {text[:60]!r}",
        )

    def of_frame(self, topic: str, header: Any) -> Any:
        """The message on an output topic that carries exactly that header; the last one if there are several."""
        return wait_until(
            lambda: next((m for m in reversed(self.received[topic]) if m.header == header), None),
            f"{topic} of {header}",
        )

    def request(self, **fields: Any) -> Any:
        """Call ~/segment; its response."""
        from tas_ros.srv import Segment

        future = self.segment.call_async(Segment.Request(**fields))
        wait_until(future.done, "the answer of ~/segment")
        return future.result()

    def call(self, kind: Any, name: str, request: Any) -> Any:
        """The response of the node's service `~/name`."""
        future = self.call_async(kind, name, request)
        wait_until(future.done, f"{name} to answer")
        return future.result()

    def call_async(self, kind: Any, name: str, request: Any) -> Any:
        """The future response of the node's service `~/name`."""
        if name not in self._clients:
            self._clients[name] = self.node.create_client(kind, f"tas/{name}")
        if not self._clients[name].service_is_ready():  # also after another node took the place of the last one
            assert self._clients[name].wait_for_service(PATIENCE)
            time.sleep(SETTLING)
        return self._clients[name].call_async(request)

    def close(self) -> None:
        """Leave the graph."""
        self._stop.set()
        self._thread.join()
        self._executor.shutdown()
        self.node.destroy_node()
        self.context.try_shutdown()
