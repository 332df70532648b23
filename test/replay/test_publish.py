"""A recording played over real DDS to a subscriber in another process."""

import json
import os
import subprocess
import sys
import textwrap

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


def test_every_frame_arrives_unchanged_with_its_timing_clock_and_commands(domain):
    import hashlib

    views = [view for view in load_views() if view.viewpoint != "photo"]
    listener = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(LISTENER), IMAGE_TOPIC, DEPTH_TOPIC, str(len(views))],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert listener.stdout.readline().strip() == "listening"
        said = []
        count = publish_bag(BAG, ["the red mug", "the duck"], rate=2.0, clock=True, say=said.append)
        heard = json.loads(listener.stdout.readline())
    finally:
        listener.terminate()
        listener.wait(10)
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


def test_a_rate_that_does_not_move_is_refused(domain):
    with pytest.raises(DatasetError, match="rate 0"):
        publish_bag(BAG, rate=0)
