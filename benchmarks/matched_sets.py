# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What an exact-time synchroniser downstream gets of each answer, and how late after the referral.

`python -m benchmarks.matched_sets --answers 200 --out benchmarks/matched_sets_vga.json`: a camera of 10 Hz, the node
and the consumer, which is this process, each in a process of its own; camera and consumer on Fast DDS' default
transports, as a stranger's are. The synchroniser keeps 12 messages a topic and fires when all five have one stamp, as
message_filters' does.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rclpy
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.impl.implementation_singleton import rclpy_implementation
from rclpy.qos import QoSProfile, ReliabilityPolicy
from rclpy.serialization import deserialize_message
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import String
from vision_msgs.msg import Detection2DArray

from tas_ros.commands.common import write_json
from tas_ros.demo.messages import CAMERA_INFO_TOPIC, DEPTH_TOPIC, IMAGE_TOPIC
from tas_ros.demo.node_process import NodeProcess
from tas_ros.demo.recording import load_views
from tas_ros.errors import TasError
from tas_ros.evaluation.machine import describe_machine
from tas_ros.msg import Referral
from tas_ros.ros.messages import image_message
from tas_ros.ros.transport import PROFILE_VARIABLES

CAPACITY = 12
MATCHED = {
    "mask": Image,
    "matched/image": Image,
    "matched/depth": Image,
    "matched/camera_info": CameraInfo,
    "detections": Detection2DArray,
}
PATIENCE = 60.0
LATEST = 5.0
"""Seconds after a referral at which a set is given up."""
COMMAND = "the red mug"
FRAME_PERIOD = 0.1
CAMERA = ((CameraInfo, CAMERA_INFO_TOPIC), (Image, DEPTH_TOPIC), (Image, IMAGE_TOPIC))
ROOT = Path(__file__).resolve().parents[1]


class ExactTime:
    """Calls `complete(stamp)` when every topic has brought a message of one stamp; forgets all but the newest few."""

    def __init__(self, topics: Sequence[str], complete: Callable[[tuple[int, int]], None]) -> None:
        self._queues: dict[str, OrderedDict[tuple[int, int], bool]] = {topic: OrderedDict() for topic in topics}
        self._complete = complete

    def add(self, topic: str, message: Any) -> None:
        """Note a message."""
        stamp = stamp_of(message)
        queue = self._queues[topic]
        queue[stamp] = True
        while len(queue) > CAPACITY:
            queue.popitem(last=False)
        if all(stamp in each for each in self._queues.values()):
            for each in self._queues.values():
                del each[stamp]
            self._complete(stamp)


class Camera:
    """Publishes a frame again and again, stamped anew, until the process is ended."""

    def __init__(self, frame: Sequence[Any]) -> None:
        self.node = rclpy.create_node("camera")
        self._frame = frame
        self._shown = 0
        reliable = QoSProfile(depth=10, reliability=ReliabilityPolicy.RELIABLE)
        self._publishers = [self.node.create_publisher(kind, topic, reliable) for kind, topic in CAMERA]
        # One message at a time, spread over the period, as drivers send them.
        self.node.create_timer(FRAME_PERIOD / len(CAMERA), self._show)

    def _show(self) -> None:
        """Calibration, depth and image of a frame in turn."""
        number, kind = divmod(self._shown, len(CAMERA))
        self._shown += 1
        message = self._frame[kind]
        message.header.stamp.sec, message.header.stamp.nanosec = 1000 + number // 10, number % 10 * 10**8
        self._publishers[kind].publish(message)


class Consumer:
    """Asks, and synchronises what comes of it."""

    def __init__(self) -> None:
        self.node = rclpy.create_node("matched_sets")
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self.node)
        self.completed: dict[tuple[int, int], float] = {}
        self.answers: list[tuple[Any, float]] = []
        reliable = QoSProfile(depth=10, reliability=ReliabilityPolicy.RELIABLE)
        self.command = self.node.create_publisher(String, "command", reliable)
        synchroniser = ExactTime(list(MATCHED), self._on_set)
        for topic, kind in MATCHED.items():
            self.node.create_subscription(kind, f"tas/{topic}", partial(synchroniser.add, topic), reliable)
        self.node.create_subscription(Referral, "tas/referral", self._on_referral, reliable)

    def wait(self, condition: Callable[[], Any], seconds: float) -> bool:
        """Spin until then; whether the condition held in time."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                return False
            self._executor.spin_once(timeout_sec=0.002)
        return True

    def _on_set(self, stamp: tuple[int, int]) -> None:
        self.completed[stamp] = time.monotonic()

    def _on_referral(self, message: Any) -> None:
        self.answers.append((message, time.monotonic()))


def main(argv: list[str] | None = None) -> int:
    """Measure and print; 1 when a set stayed incomplete."""
    args = _arguments(argv)
    if args.camera:
        rclpy.init(args=[])
        with contextlib.suppress(
            ExternalShutdownException, rclpy_implementation.RCLError
        ):  # how rclpy says that it was told to end
            rclpy.spin(Camera(_frame(args.width, args.height)).node)
        return 0
    for name in PROFILE_VARIABLES:
        os.environ.pop(name, None)  # a stranger's processes have none; the node sets its own
    os.environ["ROS_DOMAIN_ID"], os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = str(1 + os.getpid() % 100), "LOCALHOST"
    load = os.getloadavg()[0]
    size = [f"--width={args.width}", f"--height={args.height}"]
    camera = subprocess.Popen([sys.executable, "-m", "benchmarks.matched_sets", "--camera", *size], cwd=ROOT)
    try:
        with tempfile.TemporaryDirectory() as folder:
            consumer, late = _measure(args.answers, Path(folder) / "node.log")
    finally:
        camera.terminate()
        camera.wait()
    missing = sum(each is None for each in late)
    found = sorted(each for each in late if each is not None)
    referrals = [referral for referral, _ in consumer.answers]
    report = {
        "size": f"{args.width}x{args.height}",
        "answers": len(late),
        "found": sum(referral.status == Referral.FOUND for referral in referrals),
        "answers_on_frames_without_depth": sum(not referral.depth_stamp.sec for referral in referrals),
        "incomplete_sets": missing,
        "seconds_after_the_referral": {
            "median": statistics.median(found),
            "p95": found[int(0.95 * (len(found) - 1))],
            "worst": found[-1],
        },
        "load_before": load,
        "machine": describe_machine(),
    }
    print(json.dumps(report, indent=2))
    if args.out:
        write_json(args.out, report)
    return 1 if missing else 0


def _measure(answers: int, log: Path) -> tuple[Consumer, list[float | None]]:
    """Start the node, and ask it so often."""
    remappings = {"image": IMAGE_TOPIC, "depth": DEPTH_TOPIC, "camera_info": CAMERA_INFO_TOPIC}
    with NodeProcess(remappings, {"max_frame_age": "0.0"}, {}, log) as node:
        rclpy.init(args=[])
        try:
            consumer = Consumer()
            if not consumer.wait(lambda: _connected(consumer), PATIENCE):
                raise node.failure("the node did not come up")
            _ask(consumer, node)  # not counted: depth was met a frame later than the image
            consumer.answers.clear()
            return consumer, [_ask(consumer, node) for _ in range(answers)]
        finally:
            rclpy.shutdown()


def stamp_of(message: Any) -> tuple[int, int]:
    """Of its header."""
    return message.header.stamp.sec, message.header.stamp.nanosec


def _connected(consumer: Consumer) -> bool:
    topics = [f"/tas/{topic}" for topic in (*MATCHED, "referral")] + [topic for _, topic in CAMERA]
    return bool(consumer.command.get_subscription_count()) and all(map(consumer.node.count_publishers, topics))


def _ask(consumer: Consumer, node: NodeProcess) -> float | None:
    """Seconds from the referral to the last of its set, 0 when that came before; None when the set stays incomplete."""
    before = len(consumer.answers)
    consumer.command.publish(String(data=COMMAND))
    if not consumer.wait(lambda: len(consumer.answers) > before, PATIENCE):
        raise node.failure(f"answer {before + 1} did not come within {PATIENCE:.0f} s")
    referral, when = consumer.answers[-1]
    stamp = stamp_of(referral)
    if not consumer.wait(lambda: stamp in consumer.completed, LATEST):
        return None
    return max(0.0, consumer.completed.pop(stamp) - when)


def _frame(width: int, height: int) -> tuple[Any, Any, Any]:
    """camera_info, depth and image of the demo's first view, at that size."""
    view = next(view for view in load_views() if DEPTH_TOPIC in view.raw)
    info = deserialize_message(view.raw[CAMERA_INFO_TOPIC], CameraInfo)
    depth = deserialize_message(view.raw[DEPTH_TOPIC], Image)
    image = deserialize_message(view.raw[IMAGE_TOPIC], Image)
    if (width, height) == (image.width, image.height):
        return info, depth, image
    scale, size = width / image.width, (width, height)
    metres = np.frombuffer(depth.data, np.uint16).reshape(depth.height, depth.width)
    info.k = [value * factor for value, factor in zip(info.k, (scale, 1, scale, 1, scale, scale, 1, 1, 1), strict=True)]
    info.width, info.height = size
    depth = image_message(np.asarray(cv2.resize(metres, size, interpolation=cv2.INTER_NEAREST)), "16UC1", image.header)
    return info, depth, image_message(np.asarray(cv2.resize(view.rgb, size)), "rgb8", image.header)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--answers", type=int, default=200, help="how many (default: %(default)s)")
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--height", type=int, default=480)
    parser.add_argument("--camera", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help="write the result as json")
    args = parser.parse_args(argv)
    if args.answers < 1:
        raise TasError(f"--answers {args.answers} measures nothing; give at least 1")
    return args


if __name__ == "__main__":
    sys.exit(main())
