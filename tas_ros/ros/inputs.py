"""Inputs: the camera's topics, filled into a FrameStore. A malformed image is turned away here, with its reason."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

try:
    from rclpy.event_handler import SubscriptionEventCallbacks
except ImportError:  # Humble
    from rclpy.qos_event import SubscriptionEventCallbacks
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.qos import HistoryPolicy, QoSPolicyKind, QoSProfile, ReliabilityPolicy
from rclpy.qos_overriding_options import QoSOverridingOptions
from sensor_msgs.msg import CameraInfo, CompressedImage, Image

from tas_ros.errors import InvalidImageError
from tas_ros.ros.frame_store import FrameStore
from tas_ros.ros.image_conversions import check_depth, check_image

# Reliability has a parameter of its own; an override, kept from the first subscription, would undo the change-over.
OVERRIDABLE = (QoSPolicyKind.HISTORY, QoSPolicyKind.DEPTH, QoSPolicyKind.DURABILITY)


def newest_only(reliability: ReliabilityPolicy) -> QoSProfile:
    """Depth 1: a frame that was not looked at is replaced by the next (at depth 5 frames are ten times as old)."""
    return QoSProfile(depth=1, history=HistoryPolicy.KEEP_LAST, reliability=reliability)


class Inputs:
    """Subscriptions to image, depth and camera_info, alive from construction to `destroy`.

    refused: called with a malformed image and its InvalidImageError.
    guard: wraps a callback so that it cannot raise (rclpy's executor dies of an exception in a callback).
    """

    def __init__(
        self,
        node: Any,
        store: FrameStore,
        settings: Any,
        refused: Callable[[Any, InvalidImageError], None],
        guard: Callable[[Callable[..., None]], Callable[..., None]],
    ) -> None:
        self._node = node
        self._store = store
        self._refused = refused
        self._guard = guard
        self._auto = settings.image_reliability == "auto"
        best_effort = settings.image_reliability == "best_effort"
        self._reliability = ReliabilityPolicy.BEST_EFFORT if best_effort else ReliabilityPolicy.RELIABLE
        self._image_type = CompressedImage if settings.image_transport == "compressed" else Image
        self._depth_type = CompressedImage if settings.depth_transport == "compressed" else Image
        self._subscriptions: list[Any] = []
        self._change_over: Any = None
        self._subscribe()

    def destroy(self) -> None:
        """Stop listening."""
        if self._change_over is not None:
            self._node.destroy_timer(self._change_over)
            self._change_over = None
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)
        self._subscriptions.clear()

    def _subscribe(self) -> None:
        self._add(self._image_type, "image", self._on_image, self._reliability)
        self._add(self._depth_type, "depth", self._on_depth, self._reliability)
        # Small messages are not lost, and a best-effort subscription hears both kinds of publisher.
        self._add(CameraInfo, "camera_info", self._store.add_camera_info, ReliabilityPolicy.BEST_EFFORT)

    def _add(
        self, message_type: type, topic: str, callback: Callable[[Any], None], reliability: ReliabilityPolicy
    ) -> None:
        watch = self._auto and reliability is ReliabilityPolicy.RELIABLE
        events = SubscriptionEventCallbacks(incompatible_qos=self._guard(self._on_incompatible)) if watch else None
        self._subscriptions.append(
            self._node.create_subscription(
                message_type,
                topic,
                self._guard(callback),
                copy.copy(newest_only(reliability)),
                event_callbacks=events,
                qos_overriding_options=QoSOverridingOptions(OVERRIDABLE),
            )
        )

    def _on_image(self, msg: Any) -> None:
        error = None
        if self._image_type is Image:
            try:
                check_image(msg)
            except InvalidImageError as caught:
                error = caught
        self._store.add_image(msg, error)
        if error is not None:
            self._refused(msg, error)

    def _on_depth(self, msg: Any) -> None:
        if self._depth_type is Image:
            try:
                check_depth(msg)
            except InvalidImageError as error:
                self._node.get_logger().warning(f"depth is left out: {error}", throttle_duration_sec=5.0)
                return
        self._store.add_depth(msg)

    def _on_incompatible(self, event: Any) -> None:
        """A camera that publishes best effort cannot be heard reliably: listen to it as it speaks."""
        if event.last_policy_kind != QoSPolicyKind.RELIABILITY or not self._auto or self._change_over is not None:
            return
        # A subscription must not be destroyed inside its own event callback. On the node's own clock the timer would
        # wait for /clock with use_sim_time, and the camera would stay unheard.
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._change_over = self._node.create_timer(0.01, self._guard(self._become_best_effort), clock=steady)

    def _become_best_effort(self) -> None:
        self.destroy()
        self._auto, self._reliability = False, ReliabilityPolicy.BEST_EFFORT
        self._node.get_logger().info(
            "the camera publishes best effort; listening best effort. If large frames get lost, start the camera with "
            "config/fastdds_shm.xml (FASTRTPS_DEFAULT_PROFILES_FILE) or make it reliable"
        )
        self._subscribe()
