# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The node as its own process, and a peer that talks to it over DDS as any other robot software would."""

from __future__ import annotations

import array
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

# A domain of this test run's own, on this machine alone; set before any ROS library looks.
os.environ["ROS_DOMAIN_ID"] = str(1 + os.getpid() % 100)
os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "LOCALHOST"

ROOT = Path(__file__).resolve().parents[2]
# Tests send single frames. On the default 512 KiB segment a frame of 900 KiB loses fragments, which reliable writers
# send again only with the next frame or heartbeat (3 s later); a streaming camera never shows this.
os.environ["FASTRTPS_DEFAULT_PROFILES_FILE"] = os.environ["FASTDDS_DEFAULT_PROFILES_FILE"] = str(
    ROOT / "config" / "fastdds_shm.xml"
)
PATIENCE = 120.0
"""Seconds until a test gives up; no statement about speed."""
BOXES = {"red": (100, 200, 190, 290), "green": (280, 180, 370, 270), "blue": (450, 220, 540, 310)}
_COLOURS = {"red": (205, 25, 30), "green": (30, 160, 50), "blue": (30, 60, 200)}
FOCAL = 600.0


def wait_until(condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """The first true value of `condition`, polled; fails the test with `what` when it stays false."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.01)
    pytest.fail(f"waited {patience:.0f} s for {what}")


def render_tabletop() -> tuple[np.ndarray, np.ndarray]:
    """(480, 640, 3) uint8 RGB and float32 depth in metres: three upright boxes on a table seen at 45 degrees."""
    noise = np.random.default_rng(0)
    rgb = np.full((480, 640, 3), (150, 140, 125), np.float64)
    slope = (np.arange(480) - 240) / FOCAL
    depth = np.repeat((0.8 / (np.sqrt(0.5) * (slope + 1)))[:, None], 640, 1).astype(np.float32)
    for name, (x0, y0, x1, y1) in BOXES.items():
        rgb[y0:y1, x0:x1] = _COLOURS[name]
        depth[y0:y1, x0:x1] = depth[y1 - 1, x0] - 0.005
    return np.clip(rgb + noise.normal(0, 3, rgb.shape), 0, 255).astype(np.uint8), depth


class Tabletop:
    """Makes the messages of an RGB-D camera over the table; every call stamps a new frame."""

    def __init__(self) -> None:
        self.rgb, self.depth = render_tabletop()
        self._tick = 0

    def header(self) -> Any:
        from std_msgs.msg import Header

        self._tick += 1
        header = Header(frame_id="camera_colour_optical_frame")
        header.stamp.sec, header.stamp.nanosec = 1_234 + self._tick, 567_891_011
        return header

    def image(self, header: Any = None) -> Any:
        return image_of(self.rgb, "rgb8", header or self.header())

    def frame(self) -> tuple[Any, Any, Any]:
        """Image, depth and camera_info of one stamp."""
        from sensor_msgs.msg import CameraInfo

        header = self.header()
        info = CameraInfo(header=header, width=640, height=480, distortion_model="plumb_bob", d=[0.0] * 5)
        info.k = [FOCAL, 0.0, 320.0, 0.0, FOCAL, 240.0, 0.0, 0.0, 1.0]
        return self.image(header), image_of(self.depth, "32FC1", header), info


def image_of(pixels: np.ndarray, encoding: str, header: Any) -> Any:
    """A sensor_msgs/Image without row padding."""
    from sensor_msgs.msg import Image

    msg = Image(header=header, height=pixels.shape[0], width=pixels.shape[1], encoding=encoding)
    msg.step = pixels.nbytes // pixels.shape[0]
    msg.data = array.array("B", pixels.tobytes())
    return msg


class TasProcess:
    """`tas_node` in a process of its own."""

    def __init__(self, log: Path, *arguments: str, namespace: str = "", **parameters: Any) -> None:
        self.namespace = namespace
        command = [sys.executable, "-m", "tas_ros.ros.node", "--ros-args", *arguments]
        if namespace:
            command += ["-r", f"__ns:={namespace}"]
        for name, value in parameters.items():
            command += ["-p", f"{name}:={str(value).lower() if isinstance(value, bool) else value}"]
        self._log = log
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
        with log.open("wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment, cwd=ROOT)

    @property
    def log(self) -> str:
        """All that the process has printed."""
        return self._log.read_text(errors="replace")

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def wait_for_log(self, text: str) -> None:
        wait_until(lambda: text in self.log or not self.alive, f"{text!r} in the log:\n{self.log}")
        assert self.alive, f"the node died:\n{self.log}"

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it as a user would; the exit code."""
        if self.alive:
            self.process.send_signal(number)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            pytest.fail(f"the node did not end {PATIENCE:.0f} s after signal {number}:\n{self.log}")


class Peer:
    """A node of this process with publishers and reliable subscribers on the contract's topics."""

    def __init__(self, namespace: str = "", image_qos: Any = None) -> None:
        import rclpy
        from rclpy.executors import SingleThreadedExecutor
        from rclpy.qos import QoSProfile, ReliabilityPolicy
        from sensor_msgs.msg import CameraInfo, CompressedImage, Image
        from std_msgs.msg import String
        from vision_msgs.msg import Detection2D, Detection2DArray

        from tas_ros.msg import Command, Referral
        from tas_ros.srv import Segment

        self.context = rclpy.Context()
        rclpy.init(context=self.context)
        self.node = rclpy.create_node("peer", namespace=namespace or None, context=self.context)
        reliable = QoSProfile(depth=500, reliability=ReliabilityPolicy.RELIABLE)
        self.image = self.node.create_publisher(Image, "image", image_qos or QoSProfile(depth=2))
        self.depth = self.node.create_publisher(Image, "depth", image_qos or QoSProfile(depth=2))
        self.camera_info = self.node.create_publisher(CameraInfo, "camera_info", image_qos or QoSProfile(depth=2))
        self.command = self.node.create_publisher(String, "command", reliable)
        self.typed_command = self.node.create_publisher(Command, "tas/command", reliable)
        self.segment = self.node.create_client(Segment, "tas/segment")
        self._clients: dict[str, Any] = {}
        self.received: dict[str, list[Any]] = {}
        topics = {
            "referral": Referral, "mask": Image, "detections": Detection2DArray, "detection": Detection2D,
            "matched/image": Image, "matched/depth": Image, "matched/camera_info": CameraInfo,
            "matched/depth_masked": Image, "overlay": Image, "mask/compressed": CompressedImage,
        }  # fmt: skip
        for name, kind in topics.items():
            self.received[name] = []
            self.node.create_subscription(kind, f"tas/{name}", self.received[name].append, reliable)
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
        publishers = (self.image, self.depth, self.camera_info, self.command)
        wait_until(lambda: all(p.get_subscription_count() for p in publishers), "the node's subscriptions")
        subscriptions = [s for s in self.node.subscriptions if "/tas/" in s.topic_name]
        wait_until(lambda: all(self.node.count_publishers(s.topic_name) for s in subscriptions), "the node's topics")
        assert self.segment.wait_for_service(PATIENCE)
        time.sleep(0.5)  # the node's side of the match is not visible from here

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
        if name not in self._clients:
            self._clients[name] = self.node.create_client(kind, f"tas/{name}")
            assert self._clients[name].wait_for_service(PATIENCE)
            time.sleep(0.5)  # the node's side of the match is not visible from here; without it a response gets lost
        future = self._clients[name].call_async(request)
        wait_until(future.done, f"{name} to answer")
        return future.result()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._executor.shutdown()
        self.node.destroy_node()
        self.context.try_shutdown()


@pytest.fixture(scope="session")
def tabletop() -> Tabletop:
    return Tabletop()


@pytest.fixture
def start_node(tmp_path: Path) -> Iterator[Callable[..., TasProcess]]:
    """Starts nodes and ends them; a node that dies or ends badly fails its test."""
    started: list[TasProcess] = []

    def start(*arguments: str, **options: Any) -> TasProcess:
        started.append(TasProcess(tmp_path / f"node{len(started)}.log", *arguments, **options))
        return started[-1]

    yield start
    for node in started:
        assert node.stop() == 0, node.log


@pytest.fixture
def make_peer() -> Iterator[Callable[..., Peer]]:
    made: list[Peer] = []

    def make(*arguments: Any, **options: Any) -> Peer:
        made.append(Peer(*arguments, **options))
        return made[-1]

    yield make
    for peer in made:
        peer.close()


@pytest.fixture(scope="module")
def own_parameters() -> dict[str, Any]:
    """Parameters that a module's shared node has beside the usual ones; a module overrides this fixture."""
    return {}


@pytest.fixture(scope="module")
def shared_node(tmp_path_factory: pytest.TempPathFactory, own_parameters: dict[str, Any]) -> Iterator[TasProcess]:
    """One active node for all tests of a module, so that the models load once."""
    log = tmp_path_factory.mktemp("node") / "node.log"
    node = TasProcess(log, frame_timeout=1.0, max_frame_age=0.0, threads=2, **own_parameters)
    try:
        node.wait_for_log("ready: waiting for images")
        yield node
    finally:
        code = node.stop()
    assert code == 0 and "Traceback" not in node.log, node.log


@pytest.fixture(scope="module")
def peer(shared_node: TasProcess) -> Iterator[Peer]:
    """A peer that is matched with the shared node."""
    made = Peer(shared_node.namespace)
    try:
        made.wait_for_node()
        yield made
    finally:
        made.close()
