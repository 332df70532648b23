# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A recording played over real DDS to a subscriber in another process."""

import json
import os
import subprocess
import sys
import textwrap
import threading

import pytest

pytest.importorskip("rosbags")
pytest.importorskip("rclpy", reason="--publish needs ROS 2")

from tas_ros.demo.messages import DEPTH_TOPIC, IMAGE_TOPIC
from tas_ros.demo.recording import BAG, load_views
from tas_ros.errors import DatasetError
from tas_ros.replay.publish import publish_bag

pytestmark = pytest.mark.ros

LISTENER = """
    import hashlib, json, sys, time
    import rclpy
    from rosgraph_msgs.msg import Clock
    from sensor_msgs.msg import Image
    from std_msgs.msg import String

    heard = {"image": [], "depth": [], "command": [], "clock": []}
    rclpy.init()
    node = rclpy.create_node("listener")
    stamp = lambda msg: msg.header.stamp.sec * 10**9 + msg.header.stamp.nanosec
    note = lambda name: lambda msg: heard[name].append(
        (stamp(msg), msg.header.frame_id, hashlib.sha256(msg.data).hexdigest(), time.monotonic()))
    node.create_subscription(Image, sys.argv[1], note("image"), 50)
    node.create_subscription(Image, sys.argv[2], note("depth"), 50)
    node.create_subscription(String, "command", lambda msg: heard["command"].append(msg.data), 50)
    on_clock = lambda msg: heard["clock"].append(msg.clock.sec * 10**9 + msg.clock.nanosec)
    node.create_subscription(Clock, "/clock", on_clock, 500)
    print("listening", flush=True)
    end = time.monotonic() + 60
    complete = lambda: min(len(heard["image"]), len(heard["depth"])) >= int(sys.argv[3]) and len(heard["command"]) >= 2
    while time.monotonic() < end and not complete():
        rclpy.spin_once(node, timeout_sec=0.1)
    print(json.dumps(heard), flush=True)
    node.destroy_node()
    rclpy.shutdown()
"""


@pytest.fixture
def domain(monkeypatch):
    monkeypatch.setenv("ROS_DOMAIN_ID", str(1 + (os.getpid() + 51) % 100))
    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")


VIEWS = [view for view in load_views() if view.viewpoint != "photo"]


def start_listener():
    arguments = [IMAGE_TOPIC, DEPTH_TOPIC, str(len(VIEWS))]
    command = [sys.executable, "-c", textwrap.dedent(LISTENER), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def end(listener):
    listener.terminate()
    listener.wait(10)
    listener.stdout.close()


def test_every_frame_arrives_unchanged_with_its_timing_clock_and_commands(domain):
    import hashlib

    views = VIEWS
    listener = start_listener()
    try:
        assert listener.stdout.readline().strip() == "listening"
        said = []
        count = publish_bag(BAG, ["the red mug", "the duck"], rate=2.0, clock=True, say=said.append)
        heard = json.loads(listener.stdout.readline())
    finally:
        end(listener)
    assert count > 4 * len(views)
    assert [tuple(row[:3]) for row in heard["image"]] == [
        (view.stamp, view.frame_id, hashlib.sha256(view.rgb.tobytes()).hexdigest()) for view in views
    ]
    assert [row[0] for row in heard["depth"]] == [view.stamp for view in views]
    assert heard["command"] == ["the red mug", "the duck"]
    assert heard["clock"] == sorted(heard["clock"]) and views[3].stamp in heard["clock"]
    recorded = (views[-1].stamp - views[0].stamp) * 1e-9
    played = heard["image"][-1][3] - heard["image"][0][3]
    assert played > 0.8 * recorded / 2.0, "played faster than asked"
    assert "command: the red mug" in said


def test_a_listener_that_comes_later_misses_nothing(domain):
    listeners, said = [], []

    def say(text):
        said.append(text)
        if "nobody listens" in text and not listeners:
            listeners.append(start_listener())

    try:
        publish_bag(BAG, ["the red mug", "the duck"], rate=20.0, say=say)
        (listener,) = listeners
        assert listener.stdout.readline().strip() == "listening"
        heard = json.loads(listener.stdout.readline())
    finally:
        for listener in listeners:
            end(listener)
    assert heard["command"] == ["the red mug", "the duck"]
    assert [row[0] for row in heard["image"]] == [view.stamp for view in VIEWS]
    assert any(IMAGE_TOPIC in text and "/command" in text for text in said)
    assert not any("all the same" in text for text in said)


class LoadingNode:
    """A node `tas` that listens to everything and is only active when it was asked for its state a third time."""

    def __init__(self):
        import rclpy
        from lifecycle_msgs.srv import GetState
        from rclpy.executors import SingleThreadedExecutor
        from sensor_msgs.msg import Image
        from std_msgs.msg import String

        self.events = []
        self._context = rclpy.Context()
        rclpy.init(context=self._context)
        self._node = rclpy.create_node("tas", context=self._context)
        self._node.create_service(GetState, "tas/get_state", self._on_get_state)
        self._node.create_subscription(Image, IMAGE_TOPIC, lambda _: self.events.append("image"), 50)
        self._node.create_subscription(String, "command", lambda msg: self.events.append(msg.data), 50)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self._node)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._spin)
        self._thread.start()

    def _spin(self):
        while not self._stop.is_set():
            self._executor.spin_once(timeout_sec=0.05)

    def _on_get_state(self, _, response):
        response.current_state.label = "active" if self.events.count("inactive") == 2 else "inactive"
        self.events.append(response.current_state.label)
        return response

    def close(self):
        self._stop.set()
        self._thread.join()
        self._executor.shutdown()
        self._node.destroy_node()
        self._context.try_shutdown()


def test_nothing_is_sent_before_the_node_is_active(domain):
    node = LoadingNode()
    try:
        publish_bag(BAG, ["the red mug"], rate=20.0, say=lambda _: None)
    finally:
        node.close()
    assert node.events[:3] == ["inactive", "inactive", "active"]
    assert "the red mug" in node.events and node.events.count("image") == len(VIEWS)


def test_a_bag_nobody_listens_to_is_played_after_a_while_and_that_is_said(domain):
    said = []
    assert publish_bag(BAG, rate=20.0, say=said.append, wait=0.3) > 4 * len(VIEWS)
    assert f"begins all the same after 0.3 s: nobody listens to {IMAGE_TOPIC}" in said


def test_a_wait_before_now_is_refused(domain):
    with pytest.raises(DatasetError, match="-1"):
        publish_bag(BAG, wait=-1)


def test_a_rate_that_does_not_move_is_refused(domain):
    with pytest.raises(DatasetError, match="rate 0"):
        publish_bag(BAG, rate=0)
