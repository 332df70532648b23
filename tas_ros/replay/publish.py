# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Plays a recording over DDS with its own timing, and gives commands to a running node meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import rclpy
from lifecycle_msgs.srv import GetState
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
"""Seconds in which those that are there find each other; only what is missing then is worth saying."""
LISTENER_WAIT = 30.0
"""Seconds for which the first message waits for listeners; a node that is just started loads its models meanwhile."""
NODE = "tas"
SETTLING = 0.5
"""Seconds from finding the listeners to the first message: they may find the publisher later than it finds them."""
LOOK_PERIOD = 0.1
"""Seconds between two looks for them."""
STATE_PERIOD = 0.5
"""Seconds given to the node to tell its state before it is asked again."""


def publish_bag(
    bag: Path,
    commands: Sequence[str] = (),
    rate: float = 1.0,
    clock: bool = False,
    topics: CameraTopics | None = None,
    say: Callable[[str], None] = print,
    wait: float = LISTENER_WAIT,
) -> int:
    """Publish all of the bag under its own topic names; returns the number of messages sent.

    Begins when the image and, where there are any, the commands are listened to and the node `tas`, where there is one,
    is active; after `wait` seconds it says what is missing and begins all the same. The commands go to `command`, the
    first one half a second after the first camera image, and every answer of the node `tas` that comes is told to
    `say`. `clock` also publishes /clock for nodes with use_sim_time. A topic whose message type is not installed is
    left out, and said so.

    Raises DatasetError for an unreadable bag, a rate or a wait that makes no sense.
    """
    if wait < 0:
        raise DatasetError(f"{wait} s is no time to wait for listeners; give 0 to begin at once")
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
                player.wait_for_listeners(camera.image, bool(commands), wait)
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
            self._node.create_subscription(referral, f"{NODE}/referral", self._on_referral, 10)
        # Made last: publishers are announced in their order, so a node that answers it knows all those above.
        self._state = self._node.create_client(GetState, f"{NODE}/get_state")

    def close(self) -> None:
        self._node.destroy_node()

    def wait_for_listeners(self, image_topic: str, with_commands: bool, limit: float) -> None:
        """Until nothing is missing, at most `limit` seconds; says what is waited for and what never came."""
        start, said = time.monotonic(), ""
        while (missing := self._missing(image_topic, with_commands)) and time.monotonic() < start + limit:
            if missing != said and time.monotonic() > start + DISCOVERY_TIME:
                self._say(f"waiting: {missing}")
                said = missing
            self._wait_until(min(start + limit, time.monotonic() + LOOK_PERIOD), None)
        if missing:
            self._say(f"begins all the same after {limit:g} s: {missing}")
        else:
            self._wait_until(time.monotonic() + SETTLING, None)

    def _missing(self, image_topic: str, with_commands: bool) -> str:
        needed = [self._publishers[image_topic]] if image_topic in self._publishers else []
        needed += [self._commands] if with_commands else []
        deaf = [publisher.topic_name for publisher in needed if not publisher.get_subscription_count()]
        if deaf:
            return f"nobody listens to {' and '.join(deaf)}"
        if not self._state.service_is_ready():
            return ""  # others listen, such as a recorder
        state = self._node_state()
        return "" if state == "active" else f"the node {NODE} is {state or 'silent'}"

    def _node_state(self) -> str:
        """Label of the node's life cycle state, "" where it does not answer in time."""
        future = self._state.call_async(GetState.Request())
        rclpy.spin_until_future_complete(self._node, future, timeout_sec=STATE_PERIOD)
        if not future.done():
            self._state.remove_pending_request(future)
            return ""
        return str(future.result().current_state.label)

    def play(self, image_topic: str, commands: list[str], rate: float) -> int:
        """Send all messages; waits for answers for one interval after the last command."""
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
