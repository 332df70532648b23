"""Transforms between frames: tf2_ros where ROS has it, else /tf and /tf_static through a transform library.

On the ROS wheels there is no tf2; there the topics are heard with our own bindings of tf2_msgs, and pytransform3d does
the chaining and the interpolation.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rclpy.time import Time
from scipy.spatial.transform import Rotation

PoseArray = NDArray[np.float64]

HISTORY = 512
"""Transforms kept of each moving frame: ten seconds at 50 Hz."""
TF = QoSProfile(depth=100, reliability=ReliabilityPolicy.RELIABLE)
TF_STATIC = QoSProfile(depth=100, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL)


class Transforms(Protocol):
    """Knows where frames are."""

    def lookup(self, target: str, source: str, stamp: Any) -> PoseArray | None:
        """(4, 4) transform of points from frame `source` to frame `target` at a builtin_interfaces/Time; the nearest
        known one where that moment is not covered, None where the two are not connected.
        """
        ...

    def destroy(self) -> None:
        """Stop listening."""
        ...


def listen(node: Any, guard: Callable[[Callable[..., None]], Callable[..., None]]) -> Transforms:
    """Start listening with the best means there are."""
    try:
        import tf2_ros
    except ImportError:
        return TopicTransforms(node, guard)
    return Tf2Transforms(tf2_ros, node)


class Tf2Transforms:
    """tf2's own buffer."""

    def __init__(self, tf2_ros: Any, node: Any) -> None:
        self._errors = tf2_ros.TransformException
        self._buffer = tf2_ros.Buffer()
        self._listener = tf2_ros.TransformListener(self._buffer, node, spin_thread=False)

    def lookup(self, target: str, source: str, stamp: Any) -> PoseArray | None:
        """See Transforms."""
        for moment in (Time.from_msg(stamp), Time()):
            try:
                found = self._buffer.lookup_transform(target, source, moment)
            except self._errors:
                continue
            return pose_of(found.transform)
        return None

    def destroy(self) -> None:
        """See Transforms."""
        self._listener.unregister()


class TopicTransforms:
    """/tf and /tf_static, heard by the node itself. `add` is called by the executor, `lookup` by the worker."""

    def __init__(self, node: Any, guard: Callable[[Callable[..., None]], Callable[..., None]]) -> None:
        from tf2_msgs.msg import TFMessage

        self._node = node
        self._lock = threading.Lock()
        self._parents: dict[str, str] = {}
        self._known: dict[str, deque[tuple[float, list[float]]]] = {}
        self._subscriptions = [
            node.create_subscription(TFMessage, "/tf", guard(lambda message: self.add(message, HISTORY)), TF),
            node.create_subscription(TFMessage, "/tf_static", guard(lambda message: self.add(message, 1)), TF_STATIC),
        ]

    def add(self, message: Any, kept: int) -> None:
        """Remember a TFMessage, the last `kept` transforms of each child frame."""
        with self._lock:
            for each in message.transforms:
                child, parent = each.child_frame_id.lstrip("/"), each.header.frame_id.lstrip("/")
                history = self._known.get(child)
                if history is None or self._parents[child] != parent or history.maxlen != kept:
                    history = self._known[child] = deque(maxlen=kept)
                self._parents[child] = parent
                stamp = each.header.stamp.sec + 1e-9 * each.header.stamp.nanosec
                if history and stamp <= history[-1][0]:
                    if stamp < history[-1][0] - 1.0:
                        history.clear()  # the clock was turned back: a recording that starts again
                    elif kept > 1:
                        continue
                history.append((stamp, _position_quaternion(each.transform)))

    def lookup(self, target: str, source: str, stamp: Any) -> PoseArray | None:
        """See Transforms."""
        from pytransform3d.transform_manager import NumpyTimeseriesTransform, StaticTransform, TemporalTransformManager
        from pytransform3d.transformations import transform_from_pq

        graph = TemporalTransformManager()
        with self._lock:
            for child, history in self._known.items():
                if len(history) == 1:
                    edge: Any = StaticTransform(transform_from_pq(history[0][1]))
                else:
                    stamps, poses = zip(*history, strict=True)
                    edge = NumpyTimeseriesTransform(np.array(stamps), np.array(poses), time_clipping=True)
                graph.add_transform(child, self._parents[child], edge)
        try:
            found = graph.get_transform_at_time(source, target, stamp.sec + 1e-9 * stamp.nanosec)
        except KeyError:
            return None
        return np.asarray(found, np.float64).reshape(4, 4)

    def destroy(self) -> None:
        """See Transforms."""
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)
        self._subscriptions.clear()


def pose_of(transform: Any) -> PoseArray:
    """(4, 4) of a geometry_msgs/Transform, its quaternion normalised."""
    place, turn = transform.translation, transform.rotation
    pose = np.eye(4)
    pose[:3, :3] = Rotation.from_quat([turn.x, turn.y, turn.z, turn.w]).as_matrix()
    pose[:3, 3] = place.x, place.y, place.z
    return pose


def _position_quaternion(transform: Any) -> list[float]:
    """x, y, z, qw, qx, qy, qz, as pytransform3d orders them."""
    place, turn = transform.translation, transform.rotation
    return [place.x, place.y, place.z, turn.w, turn.x, turn.y, turn.z]
