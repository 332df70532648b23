# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Transforms between frames: tf2_ros where ROS has it, else /tf and /tf_static, heard and chained here.

On the ROS wheels there is no tf2; there the topics are heard with our own bindings of tf2_msgs. What tf2 refuses is
refused, and a lookup costs what its own chain costs, however many other frames there are.
"""

from __future__ import annotations

import math
import threading
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rclpy.time import Time
from scipy.spatial.transform import Rotation

PoseArray = NDArray[np.float64]
Guard = Callable[[Callable[..., None]], Callable[..., None]]

HISTORY = 10.0
"""Seconds of a moving frame's transforms that are kept, as tf2 does."""
MAX_KEPT = 2000
"""Transforms of one moving frame, at most: ten seconds at 200 Hz."""
MAX_FRAMES = 20_000
"""Frames that are kept: anyone may publish on /tf, and a name costs its sender nothing."""
MAX_KEPT_IN_ALL = 1_000_000
"""Transforms of all moving frames together, some .3 GB; from there on a frame gets a new one for its oldest."""
MAX_NAME = 256
"""Characters of a frame's name."""
MAX_REFUSALS_TOLD = 10
"""Refused transforms of one message that are warned of."""
RESTARTED = 1.0
"""Seconds by which a frame's stamps go back when a recording starts again; by less, a transform is merely late."""
MAX_GAP = 10.0
"""Seconds from an image to the nearest moment a transform is known of; beyond it is not used."""
NOTED_GAP = 0.5
"""Seconds likewise, above which the answer says so."""
TF2_CACHE = 10.0
"""Seconds of each moving frame that tf2's buffer keeps, by default."""
QUATERNION_TOLERANCE = 10e-3
"""Largest difference of a quaternion's squared length from 1; tf2's QUATERNION_NORMALIZATION_TOLERANCE. Jazzy's tf2
normalises what it hears before it looks; a rotation that is none is its sender's fault all the same."""
MAX_ECHOED_NAME = 80
"""Characters of a frame's name that a warning repeats."""
TF = QoSProfile(depth=100, reliability=ReliabilityPolicy.RELIABLE)
TF_STATIC = QoSProfile(depth=100, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL)


@dataclass(frozen=True, eq=False)
class Located:
    """What is known of where one frame stands in another."""

    pose: PoseArray | None = None
    """(4, 4) transform of the source's points to the target, metres; None where it is not known."""
    gap: float = math.inf
    """Seconds from the moment asked for to the nearest one known: 0 where it is covered, inf without a transform."""
    note: str = ""
    """What a person should know of it, in plain language; empty when the transform is of the moment asked for."""


class Transforms(Protocol):
    """Knows where frames are."""

    def lookup(self, target: str, source: str, stamp: Any) -> Located:
        """Where frame `source` is in frame `target` at a builtin_interfaces/Time, names without a leading slash.

        The nearest known transform where that moment is not covered, none beyond MAX_GAP; the newest for stamp 0.
        """
        ...

    def forget(self) -> None:
        """Drop what moves, for the clock was turned back; static transforms hold at all times."""
        ...

    def recording_restarted(self, behind: float) -> None:
        """The camera's stamps went back by so many seconds, and no clock tells of it."""
        ...

    def destroy(self) -> None:
        """Stop listening."""
        ...


def listen(node: Any, guard: Guard, warn: Callable[[str], None]) -> Transforms:
    """Start listening with the best means there are.

    guard: wraps a callback so that it cannot raise. warn: hears of transforms that are refused, the same text often.
    """
    try:
        import tf2_ros
    except ImportError:
        try:
            return TopicTransforms(node, guard, warn)
        except ImportError as error:
            reason = f"transforms cannot be heard, neither tf2_ros nor tf2_msgs can be imported ({error})"
            warn(f"{reason}; without camera_pose directions are the image's")
            return NoTransforms(reason)
    return Tf2Transforms(tf2_ros, node)


class NoTransforms:
    """Knows no frame, and why."""

    def __init__(self, reason: str) -> None:
        self._unknown = Located(note=reason)

    def lookup(self, target: str, source: str, stamp: Any) -> Located:
        """See Transforms."""
        return self._unknown

    def forget(self) -> None:
        """See Transforms."""

    def recording_restarted(self, behind: float) -> None:
        """See Transforms."""

    def destroy(self) -> None:
        """See Transforms."""


class Tf2Transforms:
    """tf2's own buffer."""

    def __init__(self, tf2_ros: Any, node: Any) -> None:
        self._errors = tf2_ros.TransformException
        # Without the node the buffer watches no clock: in some releases its own jump callback lacks `self`, and raises.
        self._buffer = tf2_ros.Buffer()
        self._listener = tf2_ros.TransformListener(self._buffer, node, spin_thread=False)

    def lookup(self, target: str, source: str, stamp: Any) -> Located:
        """See Transforms."""
        asked = max(0, _nanoseconds(stamp))  # rclpy's Time refuses a negative stamp, and tf2 knows none
        try:
            found = self._buffer.lookup_transform(target, source, Time(nanoseconds=asked))
        except self._errors:
            try:
                found = self._buffer.lookup_transform(target, source, Time())
            except self._errors:
                return Located()
            gap = abs(_nanoseconds(found.header.stamp) - asked) * 1e-9
        else:
            gap = 0.0
        unstamped = not asked and _nanoseconds(found.header.stamp) > 0
        return _located(pose_of(found.transform), gap, unstamped, target, source)

    def forget(self) -> None:
        """See Transforms; tf2 keeps its static transforms."""
        self._buffer.clear()

    def recording_restarted(self, behind: float) -> None:
        """tf2 refuses what is older than all that it keeps: until then it would refuse the whole new pass."""
        if behind > TF2_CACHE:
            self.forget()

    def destroy(self) -> None:
        """See Transforms."""
        self._listener.unregister()


class _Sample(NamedTuple):
    """One edge at one moment: of two poses (x, y, z, qx, qy, qz, qw) the share of the way from the first."""

    before: tuple[float, ...]
    after: tuple[float, ...]
    share: float = 0.0
    gap: float = 0.0
    """Seconds to the nearest moment known."""
    moving: bool = True


@dataclass
class _Edge:
    """A frame in its parent: one pose when static, else poses by ascending stamps (nanoseconds)."""

    parent: str
    static: bool
    stamps: list[int] = field(default_factory=list)
    poses: list[tuple[float, ...]] = field(default_factory=list)
    fixed: _Sample | None = None
    """The newest, when static."""

    def add(self, stamp: int, pose: tuple[float, ...], most: int) -> None:
        """Remember one, and `most` of those that move."""
        if self.static:
            self.fixed = _Sample(pose, pose, moving=False)
            return
        if self.stamps and stamp < self.stamps[-1] - RESTARTED * 1e9:
            self.stamps.clear()
            self.poses.clear()
        place = bisect_left(self.stamps, stamp)
        if place < len(self.stamps) and self.stamps[place] == stamp:
            return
        self.stamps.insert(place, stamp)
        self.poses.insert(place, pose)
        old = max(bisect_left(self.stamps, self.stamps[-1] - int(HISTORY * 1e9)), len(self.stamps) - most)
        if old > 0:
            del self.stamps[:old], self.poses[:old]

    def at(self, stamp: int) -> _Sample:
        """At a moment in nanoseconds; the newest for 0."""
        if self.fixed is not None:
            return self.fixed
        if not stamp or stamp >= self.stamps[-1]:
            gap = (stamp - self.stamps[-1]) * 1e-9 if stamp else 0.0
            return _Sample(self.poses[-1], self.poses[-1], gap=gap)
        after = bisect_left(self.stamps, stamp)
        if after == 0:
            return _Sample(self.poses[0], self.poses[0], gap=(self.stamps[0] - stamp) * 1e-9)
        first, second = self.stamps[after - 1], self.stamps[after]
        return _Sample(self.poses[after - 1], self.poses[after], (stamp - first) / (second - first))


class TopicTransforms:
    """/tf and /tf_static, heard by the node itself. `add` is called by the executor, `lookup` by the worker.

    Raises ImportError where there is no tf2_msgs.
    """

    def __init__(self, node: Any, guard: Guard, warn: Callable[[str], None]) -> None:
        from tf2_msgs.msg import TFMessage

        self._node = node
        self._warn = warn
        self._lock = threading.Lock()
        self._edges: dict[str, _Edge] = {}
        """By the child's name."""
        self._kept = 0
        """Transforms of moving frames."""
        self._subscriptions = [
            node.create_subscription(TFMessage, "/tf", guard(lambda message: self.add(message, static=False)), TF),
            node.create_subscription(
                TFMessage, "/tf_static", guard(lambda message: self.add(message, static=True)), TF_STATIC
            ),
        ]

    def add(self, message: Any, static: bool) -> None:
        """Remember a TFMessage, but for what tf2 would refuse, which is warned of."""
        refused = []
        with self._lock:
            for each in message.transforms:
                parent, child = each.header.frame_id.removeprefix("/"), each.child_frame_id.removeprefix("/")
                pose = _numbers(each.transform)
                if fault := _fault(parent, child, pose):
                    # No numbers, so that a fault that comes a hundred times a second stays one text.
                    said = child[:MAX_ECHOED_NAME], parent[:MAX_ECHOED_NAME]
                    refused.append(f"transform of frame {said[0]!r} in {said[1]!r} is refused: {fault}")
                    continue
                edge = self._edges.get(child)
                if edge is None and len(self._edges) >= MAX_FRAMES:
                    refused.append(f"transforms of further frames are refused: {MAX_FRAMES} frames are known already")
                    continue
                if edge is None or edge.parent != parent or edge.static != static:
                    self._kept -= len(edge.stamps) if edge is not None else 0
                    edge = self._edges[child] = _Edge(parent, static)
                before = len(edge.stamps)
                edge.add(
                    _nanoseconds(each.header.stamp), pose, MAX_KEPT if self._kept < MAX_KEPT_IN_ALL else max(1, before)
                )
                self._kept += len(edge.stamps) - before
        for text in list(dict.fromkeys(refused))[:MAX_REFUSALS_TOLD]:
            self._warn(text)

    def lookup(self, target: str, source: str, stamp: Any) -> Located:
        """See Transforms."""
        asked = max(0, _nanoseconds(stamp))
        with self._lock:
            down, up, fault = self._chains(target, source)
            samples = [[self._edges[child].at(asked) for child in chain] for chain in (up, down)]
        if fault is not None:
            return Located(note=fault)
        every = samples[0] + samples[1]
        gap = max((sample.gap for sample in every), default=0.0)
        unstamped = not asked and any(sample.moving for sample in every)
        pose = np.linalg.inv(_compose(samples[1])) @ _compose(samples[0])
        return _located(pose, gap, unstamped, target, source)

    def forget(self) -> None:
        """See Transforms."""
        with self._lock:
            self._edges = {child: edge for child, edge in self._edges.items() if edge.static}
            self._kept = 0

    def recording_restarted(self, behind: float) -> None:
        """Each frame's own stamps tell that here."""

    def destroy(self) -> None:
        """See Transforms."""
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)
        self._subscriptions.clear()

    def _chains(self, target: str, source: str) -> tuple[list[str], list[str], str | None]:
        """Children on the way from `target` and from `source` up to their first common ancestor, nearest first.

        Where there is none both are empty, and the third is the reason, empty when they are merely not connected.
        """
        above_source, loop = self._ancestors(source)
        height = {frame: i for i, frame in enumerate(above_source)}
        above_target, other_loop = self._ancestors(target)
        for i, frame in enumerate(above_target):
            if frame in height:
                return above_target[:i], above_source[: height[frame]], None
        looped = loop or other_loop
        return [], [], f"the transform tree has a loop at frame {looped[:MAX_ECHOED_NAME]!r}" if looped else ""

    def _ancestors(self, frame: str) -> tuple[list[str], str]:
        """`frame`, its parent and so on, and the frame at which a loop closes, empty without one."""
        seen = {frame: None}  # keeps its order
        while (edge := self._edges.get(frame)) is not None:
            frame = edge.parent
            if frame in seen:
                return list(seen), frame
            seen[frame] = None
        return list(seen), ""


def pose_of(transform: Any) -> PoseArray:
    """(4, 4) of a geometry_msgs/Transform, its quaternion normalised."""
    pose = _numbers(transform)
    return _compose([_Sample(pose, pose)])


def _located(pose: PoseArray, gap: float, unstamped: bool, target: str, source: str) -> Located:
    """A transform that was found, unless it is of quite another moment than asked for."""
    which = f"the transform from {source[:MAX_ECHOED_NAME]!r} to {target[:MAX_ECHOED_NAME]!r}"
    if not np.isfinite(pose).all():  # tf2 lets an infinite position pass
        return Located(note=f"{which} has a number that is not finite; it is not used")
    if gap > MAX_GAP:
        return Located(note=f"{which} is known {gap:.1f} s away from the image's stamp at the nearest; it is not used")
    if gap > NOTED_GAP:
        return Located(pose, gap, f"{which} is not known at the image's stamp; the one used is {gap:.1f} s away")
    return Located(pose, gap, f"the image carries no stamp; {which} is the newest known" if unstamped else "")


def _fault(parent: str, child: str, pose: Sequence[float]) -> str:
    """Why tf2 refuses a transform, empty when it does not.

    An infinite position or an endless name, which tf2 lets pass, serves nobody.
    """
    if not (child and parent):
        return f"{'header.frame_id' if child else 'child_frame_id'} is empty"
    if max(len(child), len(parent)) > MAX_NAME:
        return f"a name has more than {MAX_NAME} characters"
    if parent == child:
        return "a frame cannot be its own parent"
    if not all(map(math.isfinite, pose)):
        return "a number in it is not finite"
    if abs(sum(each * each for each in pose[3:]) - 1.0) >= QUATERNION_TOLERANCE:
        return "the quaternion's length is not 1"
    return ""


def _compose(samples: Sequence[_Sample]) -> PoseArray:
    """(4, 4) product of edges on the way up: of points in the first one's child to the last one's parent."""
    if not samples:
        return np.eye(4)
    before = np.array([each.before for each in samples])
    after = np.array([each.after for each in samples])
    share = np.array([each.share for each in samples])[:, None]
    turn = Rotation.from_quat(before[:, 3:])
    if share.any():
        turn = turn * Rotation.from_rotvec(share * (turn.inv() * Rotation.from_quat(after[:, 3:])).as_rotvec())
    edges = np.tile(np.eye(4), (len(samples), 1, 1))
    edges[:, :3, :3] = turn.as_matrix()
    edges[:, :3, 3] = before[:, :3] + share * (after - before)[:, :3]
    # Neighbours are multiplied all at once, then the products: thousands of edges take a dozen calls of numpy.
    product = edges[::-1]
    while len(product) > 1:
        if len(product) % 2:
            product = np.concatenate([product, np.eye(4)[None]])
        product = product[::2] @ product[1::2]
    return np.asarray(product[0], np.float64)


def _numbers(transform: Any) -> tuple[float, ...]:
    """x, y, z, qx, qy, qz, qw of a geometry_msgs/Transform."""
    place, turn = transform.translation, transform.rotation
    return place.x, place.y, place.z, turn.x, turn.y, turn.z, turn.w


def _nanoseconds(stamp: Any) -> int:
    return int(stamp.sec) * 1_000_000_000 + int(stamp.nanosec)
