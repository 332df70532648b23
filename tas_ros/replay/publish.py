"""Plays a recording over DDS with its own timing, and gives commands to a running node meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import rclpy
from rclpy.duration import Duration
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rosbags.highlevel import AnyReader
from rosgraph_msgs.msg import Clock
from std_msgs.msg import String

from tas_ros.errors import DatasetError
from tas_ros.replay.bag import CameraTopics, find_camera_topics, open_bag
from tas_ros.ros.log_files import logging_arguments

CLOCK_PERIOD = 0.02
"""Seconds of wall time between two /clock messages."""
COMMAND_INTERVAL = 2.0
"""Seconds of wall time between two commands."""
DELIVERY_TIME = Duration(seconds=5)
"""Given at most to each topic's last messages to arrive."""
DISCOVERY_TIME = 1.0
"""Seconds given to subscribers to find the new publishers before the first message."""


def publish_bag(
    bag: Path,
    commands: Sequence[str] = (),
    rate: float = 1.0,
    clock: bool = False,
    topics: CameraTopics | None = None,
    say: Callable[[str], None] = print,
) -> int:
    """Publish all of the bag under its own topic names; returns the number of messages sent.

    The commands go to `command`, the first one half a second after the first camera image, and every answer of the node
    `tas` that comes is told to `say`. `clock` also publishes /clock for nodes with use_sim_time. A topic whose message
    type is not installed is left out, and said so.

    Raises DatasetError for an unreadable bag.
    """
    if rate <= 0:
        raise DatasetError(f"rate {rate} does not move forward; give one above 0")
    with open_bag(bag) as reader:
        given = topics or CameraTopics("")
        camera = find_camera_topics(reader, given.image or None, given.depth or None, given.camera_info or None)
        say(f"image {camera.image}, depth {camera.depth or 'none'}, camera_info {camera.camera_info or 'none'}")
        rclpy.init(args=logging_arguments())
        try:
            player = _Player(reader, say, clock)
            try:
                return player.play(camera.image, list(commands), rate)
            finally:
                player.close()
        finally:
            rclpy.shutdown()


class _Player:
    def __init__(self, reader: AnyReader, say: Callable[[str], None], clock: bool) -> None:
        self._reader = reader
        self._say = say
        self._node: Any = rclpy.create_node("tas_replay")
        self._commands = self._node.create_publisher(String, "command", 10)
        self._clock = self._node.create_publisher(Clock, "/clock", 10) if clock else None
        self._publishers: dict[str, Any] = {}
        for connection in reader.connections:
            message_class = _message_class(connection.msgtype)
            if message_class is None:
                say(f"{connection.topic} is left out: {connection.msgtype} is not installed")
            elif connection.topic != "/clock" and connection.topic not in self._publishers:
                self._publishers[connection.topic] = self._node.create_publisher(
                    message_class, connection.topic, _offered_qos(connection)
                )
        referral = _message_class("tas_ros/msg/Referral")
        if referral is not None:
            self._node.create_subscription(referral, "tas/referral", self._on_referral, 10)

    def close(self) -> None:
        self._node.destroy_node()

    def play(self, image_topic: str, commands: list[str], rate: float) -> int:
        """Send all messages; waits for answers for one interval after the last command."""
        self._wait_until(time.monotonic() + DISCOVERY_TIME, None)
        count = 0
        start, first, next_command = time.monotonic(), None, float("inf")
        connections = [each for each in self._reader.connections if each.topic in self._publishers]
        for connection, stamp, raw in self._reader.messages(connections):
            first = stamp if first is None else first
            due = start + (stamp - first) * 1e-9 / rate
            while commands and next_command < due:
                self._wait_until(next_command, stamp)
                self._give(commands.pop(0))
                next_command += COMMAND_INTERVAL
            self._wait_until(due, stamp)
            self._publishers[connection.topic].publish(bytes(raw))
            count += 1
            if connection.topic == image_topic and next_command == float("inf"):
                next_command = time.monotonic() + 0.5
        while commands:
            self._wait_until(next_command, None)
            self._give(commands.pop(0))
            next_command += COMMAND_INTERVAL
        if next_command < float("inf"):
            self._wait_until(next_command, None)
        for publisher in self._publishers.values():
            publisher.wait_for_all_acked(DELIVERY_TIME)  # what is still under way dies with its publisher
        return count

    def _give(self, command: str) -> None:
        self._say(f"command: {command}")
        self._commands.publish(String(data=command))

    def _wait_until(self, moment: float, stamp: int | None) -> None:
        """Hear answers and keep /clock going until a moment of time.monotonic()."""
        while True:
            if self._clock is not None and stamp is not None:
                message = Clock()
                message.clock.sec, message.clock.nanosec = divmod(stamp, 1_000_000_000)
                self._clock.publish(message)
            remaining = moment - time.monotonic()
            if remaining <= 0:
                return
            rclpy.spin_once(self._node, timeout_sec=min(CLOCK_PERIOD, remaining))

    def _on_referral(self, message: Any) -> None:
        best = message.candidates[0] if message.candidates else None
        answer = message.reason or (f"found, score {best.score:.2f}" if best else "no reason given")
        self._say(f"answer to {message.command!r}: {answer} ({1000 * message.latency:.0f} ms)")


def _offered_qos(connection: Any) -> QoSProfile:
    """Reliable, and latched where the recorded publisher was."""
    offered = connection.ext.offered_qos_profiles
    latched = any(profile.durability.name == "TRANSIENT_LOCAL" for profile in offered)
    durability = DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE
    return QoSProfile(depth=10, reliability=ReliabilityPolicy.RELIABLE, durability=durability)


def _message_class(name: str) -> Any:
    """The rclpy class of "package/msg/Name", None when it is not installed."""
    package, _, message = name.split("/")
    try:
        return getattr(import_module(f"{package}.msg"), message, None)
    except ImportError:
        return None
