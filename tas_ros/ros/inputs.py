# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Inputs: the camera's topics, filled into a FrameStore. A malformed image is turned away here, with its reason."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

try:
    from rclpy.event_handler import SubscriptionEventCallbacks
except ImportError:  # before Iron
    from rclpy.qos_event import SubscriptionEventCallbacks
from rcl_interfaces.msg import ParameterDescriptor
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.exceptions import InvalidParameterTypeException, ParameterAlreadyDeclaredException
from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSPolicyKind, QoSProfile, ReliabilityPolicy
from rclpy.qos_overriding_options import QoSOverridingOptions
from sensor_msgs.msg import CameraInfo, Image

from tas_ros.errors import InvalidImageError
from tas_ros.ros.frame_store import FrameStore
from tas_ros.ros.image_conversions import check_depth, check_image
from tas_ros.ros.input_topics import InputTopic, InputTopics

Guard = Callable[[Callable[..., None]], Callable[..., None]]

# Reliability is read apart: rclpy declares an override with the first profile's value and keeps it, which would undo
# the change-over to best effort.
OVERRIDABLE = (QoSPolicyKind.HISTORY, QoSPolicyKind.DEPTH, QoSPolicyKind.DURABILITY)
AS_SET = "auto"
"""Value of a reliability override that was not given."""
LATCHED_INFO = QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL)
"""What a publisher sent before this node was there is only given to such a subscription."""
LOOK_AROUND = 1.0
"""Seconds between looks at the graph for a compressed topic without suffix, or for a latched calibration."""


def newest_few(reliability: ReliabilityPolicy) -> QoSProfile:
    """Depth 3: a large message of which a part is sent again is not pushed out by the next one before it is whole, and
    image and depth lose the same frames less often. Few, as what waits is looked at oldest first: at depth 5 frames
    were ten times as old.
    """
    return QoSProfile(depth=3, history=HistoryPolicy.KEEP_LAST, reliability=reliability)


class Inputs:
    """Subscriptions to image, depth and camera_info, alive from construction to `destroy`.

    refused: called with a malformed image and its InvalidImageError.
    guard: wraps a callback so that it cannot raise (rclpy's executor dies of an exception in a callback).
    """

    def __init__(
        self,
        node: Any,
        store: FrameStore,
        topics: InputTopics,
        settings: Any,
        refused: Callable[[Any, InvalidImageError], None],
        guard: Guard,
    ) -> None:
        self._node = node
        self._store = store
        self._refused = refused
        self._pictures = [
            PictureSubscription(node, topics.image, self._on_image, settings.image_reliability, guard),
            PictureSubscription(node, topics.depth, self._on_depth, settings.image_reliability, guard),
        ]
        self._info = InfoSubscription(node, store.add_camera_info, guard)

    def destroy(self) -> None:
        """Stop listening."""
        for picture in self._pictures:
            picture.destroy()
        self._info.destroy()

    def _on_image(self, msg: Any) -> None:
        error = None
        if isinstance(msg, Image):
            try:
                check_image(msg)
            except InvalidImageError as caught:
                error = caught
        self._store.add_image(msg, error)
        if error is not None:
            self._refused(msg, error)

    def _on_depth(self, msg: Any) -> None:
        if isinstance(msg, Image):
            try:
                check_depth(msg)
            except InvalidImageError as error:
                self._node.get_logger().warning(f"depth is left out: {error}", throttle_duration_sec=5.0)
                self._store.refuse_depth(error)
                return
        self._store.add_depth(msg)


class InfoSubscription:
    """camera_info, also where a driver latched it before this node was there.

    A best-effort subscription hears both kinds of publisher, and small messages are not lost. But a volatile one does
    not hear what was sent before it was there, and a transient-local one hears no volatile publisher, which warns of it
    in the log of its own process. So the second is made only where a publisher offers it.
    """

    def __init__(self, node: Any, callback: Callable[[Any], None], guard: Guard) -> None:
        self._node = node
        self._callback = callback
        self._guard = guard
        self._name = node.resolve_topic_name("camera_info")
        chosen = reliability_override(node, self._name)
        reliability = ReliabilityPolicy["BEST_EFFORT" if chosen == AS_SET else chosen.upper()]
        self._subscriptions = [subscribe(node, CameraInfo, "camera_info", guard(self._heard), reliability)]
        self._timer = steady_timer(node, LOOK_AROUND, guard(self._look_for_latched))
        self._look_for_latched()

    def destroy(self) -> None:
        """Stop listening."""
        self._stop_looking()
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)
        self._subscriptions.clear()

    def _heard(self, msg: Any) -> None:
        self._stop_looking()
        self._callback(msg)

    def _look_for_latched(self) -> None:
        offered = {info.qos_profile.durability for info in self._node.get_publishers_info_by_topic(self._name)}
        if DurabilityPolicy.TRANSIENT_LOCAL not in offered:
            return
        self._stop_looking()
        # Volatile publishers beside the latched one do not match; that is meant, and rclpy would warn of each.
        silent = SubscriptionEventCallbacks(incompatible_qos=lambda event: None)
        self._subscriptions.append(
            self._node.create_subscription(
                CameraInfo,
                "camera_info",
                self._guard(self._callback),
                copy.copy(LATCHED_INFO),
                event_callbacks=silent,
            )
        )

    def _stop_looking(self) -> None:
        if self._timer is not None:
            self._node.destroy_timer(self._timer)
            self._timer = None


class PictureSubscription:
    """One topic of pictures, heard as its publisher speaks: reliability and name follow it where that is left open.

    reliability: `auto`, `reliable` or `best_effort`; the parameter qos_overrides.TOPIC.subscription.reliability wins.
    """

    def __init__(
        self, node: Any, topic: InputTopic, callback: Callable[[Any], None], reliability: str, guard: Guard
    ) -> None:
        self._node = node
        self._topic = topic
        self._guard = guard
        self._callback = guard(callback)
        self._wanted = reliability
        self._best_effort = False
        """A best-effort publisher was met."""
        self._subscription: Any = None
        self._timers: dict[str, Any] = {}
        self._auto = False
        topic.follow_publishers()
        self._subscribe()
        if topic.transport == "compressed" and topic.name != topic.base:
            self._begin_timer("look around", LOOK_AROUND, self._follow_publishers)

    def destroy(self) -> None:
        """Stop listening."""
        for name in list(self._timers):
            self._end_timer(name)
        self._unsubscribe()

    def _subscribe(self) -> None:
        reliability, self._auto = self._reliability()
        self._subscription = subscribe(
            self._node,
            self._topic.message_type,
            self._topic.asked,
            self._heard,
            reliability,
            SubscriptionEventCallbacks(incompatible_qos=self._guard(self._on_incompatible)),
        )

    def _unsubscribe(self) -> None:
        if self._subscription is not None:
            self._node.destroy_subscription(self._subscription)
            self._subscription = None

    def _heard(self, msg: Any) -> None:
        self._end_timer("look around")  # the name is right
        self._callback(msg)

    def _reliability(self) -> tuple[ReliabilityPolicy, bool]:
        """What to ask for, and whether it may change to best effort."""
        chosen = reliability_override(self._node, self._topic.name)
        if chosen == AS_SET:
            chosen = self._wanted
        if chosen == "auto":
            return (ReliabilityPolicy.BEST_EFFORT if self._best_effort else ReliabilityPolicy.RELIABLE), True
        return ReliabilityPolicy[chosen.upper()], False

    def _on_incompatible(self, event: Any) -> None:
        """A camera that publishes best effort cannot be heard reliably: listen to it as it speaks."""
        if event.last_policy_kind == QoSPolicyKind.RELIABILITY and self._auto and not self._best_effort:
            self._best_effort = True
            # A subscription must not be destroyed inside its own event callback.
            self._begin_timer("change over", 0.01, self._become_best_effort)
        elif "change over" not in self._timers:
            self._node.get_logger().warning(
                f"a publisher is not heard: {self._topic.why_nothing_came()}", throttle_duration_sec=5.0
            )

    def _become_best_effort(self) -> None:
        self._end_timer("change over")
        self._unsubscribe()
        self._node.get_logger().info(
            f"{self._topic.name} is published best effort; listening best effort. If large frames get lost, start the "
            "camera with config/fastdds_shm.xml (FASTRTPS_DEFAULT_PROFILES_FILE) or make it reliable"
        )
        self._subscribe()

    def _follow_publishers(self) -> None:
        if self._topic.follow_publishers():
            self._end_timer("look around")
            self._unsubscribe()
            self._node.get_logger().info(f"{self._topic.name} is compressed itself; listening to it")
            self._subscribe()

    def _begin_timer(self, name: str, period: float, callback: Callable[[], None]) -> None:
        self._timers[name] = steady_timer(self._node, period, self._guard(callback))

    def _end_timer(self, name: str) -> None:
        if (timer := self._timers.pop(name, None)) is not None:
            self._node.destroy_timer(timer)


def steady_timer(node: Any, period: float, callback: Callable[[], None]) -> Any:
    """A timer on a clock that nobody sets: on the node's own, use_sim_time would let it wait for /clock."""
    return node.create_timer(period, callback, clock=Clock(clock_type=ClockType.STEADY_TIME))


def subscribe(
    node: Any,
    message_type: type,
    topic: str,
    callback: Callable[[Any], None],
    reliability: ReliabilityPolicy,
    events: Any = None,
) -> Any:
    """A subscription to the newest messages; qos_overrides.TOPIC.subscription wins, but for reliability."""
    profile = newest_few(reliability)
    try:
        return node.create_subscription(
            message_type,
            topic,
            callback,
            copy.copy(profile),
            event_callbacks=events,
            qos_overriding_options=QoSOverridingOptions(OVERRIDABLE),
        )
    except (RuntimeError, InvalidParameterTypeException) as error:  # how rclpy says that an override is none
        node.get_logger().error(f"the overrides of {node.resolve_topic_name(topic)} are ignored: {error}")
        return node.create_subscription(message_type, topic, callback, profile, event_callbacks=events)


def reliability_override(node: Any, topic: str) -> str:
    """`reliable` or `best_effort` where qos_overrides.TOPIC.subscription.reliability was given, else AS_SET."""
    name = f"qos_overrides.{topic}.subscription.reliability"
    descriptor = ParameterDescriptor(
        description=f"reliable or best_effort; {AS_SET}: as image_reliability says", read_only=True
    )
    try:
        value = node.declare_parameter(name, AS_SET, descriptor).value
    except ParameterAlreadyDeclaredException:
        value = node.get_parameter(name).value
    except InvalidParameterTypeException as error:
        node.get_logger().error(f"{error}; it is ignored")
        return AS_SET
    if value in (AS_SET, "reliable", "best_effort"):
        return str(value)
    node.get_logger().error(f"parameter {name} is {value!r}; it must be reliable or best_effort and is ignored")
    return AS_SET
