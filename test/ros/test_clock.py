# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The node in a process of its own, under simulated time: without /clock, with one that is turned back, loops."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")
from rclpy.qos import QoSProfile, ReliabilityPolicy
from rosgraph_msgs.msg import Clock

from tas_ros.msg import Referral

from .conftest import Peer, TasProcess, wait_until
from .test_transforms import moment

pytestmark = pytest.mark.ros


class World:
    """A node that takes its time from /clock, and its simulator."""

    def __init__(self, log: Path, tabletop: Any) -> None:
        self.node = TasProcess(log, use_sim_time=True, frame_timeout=1.0, threads=2)
        self.node.wait_for_log("ready: waiting for images")
        self.peer = Peer(image_qos=QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT))
        self._clock = self.peer.node.create_publisher(Clock, "/clock", 10)
        self._tabletop = tabletop

    def set_clock(self, seconds: float) -> None:
        wait_until(self._clock.get_subscription_count, "the node to listen to /clock")
        for _ in range(10):  # best effort, and what the node makes of it is not visible from here
            self._clock.publish(Clock(clock=moment(seconds)))
            time.sleep(0.05)

    def show(self, stamp: float) -> Any:
        """Publish an image until the node must have it; its header."""
        image = self._tabletop.image()
        image.header.stamp = moment(stamp)
        image.width, image.height, image.step = 320, 240, 960  # below 512 KiB best effort loses nothing
        image.data = type(image.data)("B", self._tabletop.rgb[::2, ::2].tobytes())
        for _ in range(3):
            self.peer.image.publish(image)
            time.sleep(0.1)
        return image.header

    def close(self) -> None:
        self.peer.close()
        assert self.node.stop() == 0 and "Traceback" not in self.node.log, self.node.log


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, tabletop: Any) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("clock") / "node.log", tabletop)
    yield made
    made.close()


def test_without_clock_a_best_effort_camera_is_heard(world: World) -> None:
    world.node.wait_for_log("listening best effort")
    world.peer.wait_for_node()
    header = world.show(50.0)
    referral = world.peer.ask("the red box")
    assert referral.status == Referral.FOUND and referral.header == header


def test_a_clock_that_is_turned_back_leaves_nothing_remembered(world: World) -> None:
    world.node.wait_for_log("listening best effort")
    world.peer.wait_for_node()
    world.set_clock(1000.0)
    header = world.show(1000.0)
    referral = world.peer.ask("the red box")
    assert referral.status == Referral.FOUND and referral.header == header

    world.set_clock(5.0)
    referral = world.peer.ask("the red box")
    assert referral.status == Referral.NOT_ANSWERED and "no image has been received" in referral.reason
    header = world.show(5.0)
    referral = world.peer.ask("the other box")
    assert referral.header == header and not referral.scene_reused
    assert any("there is none" in note for note in referral.notes), list(referral.notes)

    world.show(1001.0)  # a straggler of the time before
    referral = world.peer.ask("the red box")
    assert referral.header == header and referral.status == Referral.FOUND


def test_without_any_transform_library_the_node_answers_and_says_why(
    start_node: Any, make_peer: Any, tabletop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tf2_ros", "tf2_msgs", "pytransform3d"):
        (tmp_path / f"{name}.py").write_text(f"raise ImportError('{name} is hidden by a test')\n")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    node = start_node(frame_timeout=5.0, threads=2, namespace="/bare")
    node.wait_for_log("ready: waiting for images")
    peer = make_peer("/bare")
    peer.wait_for_node()
    image = tabletop.image()
    peer.image.publish(image)
    referral = peer.ask("the left red box")
    assert referral.status == Referral.FOUND and referral.header == image.header, referral.reason
    assert any("neither tf2_ros nor tf2_msgs" in note for note in referral.notes)
    assert "neither tf2_ros nor tf2_msgs" in node.log and "Traceback" not in node.log


def test_images_that_start_again_without_clock_leave_nothing_remembered(
    start_node: Any, make_peer: Any, tabletop: Any
) -> None:
    """A bag that loops, played without /clock: the previous answer is of another pass."""
    node = start_node(frame_timeout=5.0, scene_reuse_age=600.0, threads=2, namespace="/loop")
    node.wait_for_log("ready: waiting for images")
    peer = make_peer("/loop")
    peer.wait_for_node()
    image, depth, _ = tabletop.frame()
    peer.depth.publish(depth)
    peer.image.publish(image)
    first = peer.ask("the red box")
    assert first.status == Referral.FOUND and first.header == image.header
    again, depth, _ = tabletop.frame()
    again.header.stamp = depth.header.stamp = moment(3.0)
    peer.depth.publish(depth)
    peer.image.publish(again)
    node.wait_for_log("stamps of the camera go back")
    second = peer.ask("the other box")
    assert second.header == again.header and not second.scene_reused, "scene_reuse_age does not outlast the pass"
    assert any("there is none" in note for note in second.notes), list(second.notes)
