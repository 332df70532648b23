# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Transforms heard over DDS, without tf2: chains, moments, what is refused, what a lookup costs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from .conftest import ROOT, wait_until

pytestmark = pytest.mark.ros


Edge = tuple[str, str, float, tuple[float, ...], tuple[float, ...]]
"""Parent, child, stamp in seconds, position, quaternion x y z w."""


class Broadcaster:
    """A node that publishes transforms, and one that listens, spun together."""

    def __init__(self) -> None:
        import rclpy
        from rclpy.executors import SingleThreadedExecutor
        from tf2_msgs.msg import TFMessage

        from tas_ros.ros.transforms import TF, TF_STATIC, TopicTransforms

        self.context = rclpy.Context()
        rclpy.init(context=self.context)
        self.executor = SingleThreadedExecutor(context=self.context)
        self.speaker, self.hearer = (rclpy.create_node(name, context=self.context) for name in ("says", "hears"))
        for node in (self.speaker, self.hearer):
            self.executor.add_node(node)
        self.moving = self.speaker.create_publisher(TFMessage, "/tf", TF)
        self.fixed = self.speaker.create_publisher(TFMessage, "/tf_static", TF_STATIC)
        self.warnings: list[str] = []
        self.transforms = TopicTransforms(self.hearer, lambda callback: callback, self.warnings.append)

    def say(self, publisher: Any, *edges: Edge) -> None:
        publisher.publish(tf_message(*edges))

    def heard(self, target: str, source: str, stamp: float, expected: list[float]) -> None:
        def ask() -> bool:
            self.executor.spin_once(timeout_sec=0.05)
            found = self.transforms.lookup(target, source, moment(stamp)).pose
            return found is not None and np.allclose(found[:3, 3], expected, atol=1e-6)

        wait_until(
            ask, f"{source} at {expected} in {target}, last {self.transforms.lookup(target, source, moment(stamp))}", 20
        )

    def warned(self, text: str) -> None:
        def heard() -> bool:
            self.executor.spin_once(timeout_sec=0.05)
            return any(text in said for said in self.warnings)

        wait_until(heard, f"{text!r} among {self.warnings}", 20)

    def close(self) -> None:
        import rclpy

        self.transforms.destroy()
        self.executor.shutdown()
        for node in (self.speaker, self.hearer):
            node.destroy_node()
        rclpy.shutdown(context=self.context)


def moment(seconds: float) -> Any:
    from builtin_interfaces.msg import Time

    return Time(sec=int(seconds), nanosec=round((seconds % 1) * 1e9))


def tf_message(*edges: Edge) -> Any:
    from geometry_msgs.msg import TransformStamped
    from tf2_msgs.msg import TFMessage

    message = TFMessage()
    for parent, child, stamp, place, turn in edges:
        each = TransformStamped(child_frame_id=child)
        each.header.frame_id, each.header.stamp = parent, moment(stamp)
        each.transform.translation.x, each.transform.translation.y, each.transform.translation.z = place
        rotation = each.transform.rotation
        rotation.x, rotation.y, rotation.z, rotation.w = turn
        message.transforms.append(each)
    return message


@pytest.fixture
def broadcaster() -> Iterator[Broadcaster]:
    pytest.importorskip("rclpy")
    made = Broadcaster()
    yield made
    made.close()


NO_TURN, QUARTER_LEFT = (0.0, 0.0, 0.0, 1.0), (0.0, 0.0, np.sqrt(0.5), np.sqrt(0.5))


def test_static_and_moving_transforms_chain_and_interpolate(broadcaster: Broadcaster) -> None:
    b = broadcaster
    b.say(b.fixed, ("base", "mast", 0.0, (0.0, 0.0, 1.0), QUARTER_LEFT))
    b.say(b.moving, ("mast", "camera", 10.0, (1.0, 0.0, 0.0), NO_TURN))
    b.heard("base", "camera", 10.0, [0.0, 1.0, 1.0])
    b.say(b.moving, ("mast", "camera", 12.0, (3.0, 0.0, 0.0), NO_TURN))
    b.heard("base", "camera", 11.0, [0.0, 2.0, 1.0])
    b.heard("base", "camera", 20.0, [0.0, 3.0, 1.0])
    b.heard("camera", "base", 12.0, [-3.0, 0.0, -1.0])
    assert b.transforms.lookup("base", "unheard_of", moment(11.0)).pose is None
    assert b.transforms.lookup("nowhere", "camera", moment(11.0)).pose is None


def test_a_recording_that_starts_again_is_followed(broadcaster: Broadcaster) -> None:
    b = broadcaster
    b.say(b.moving, ("base", "camera", 100.0, (1.0, 0.0, 0.0), NO_TURN))
    b.heard("base", "camera", 100.0, [1.0, 0.0, 0.0])
    b.say(b.moving, ("base", "camera", 5.0, (2.0, 0.0, 0.0), NO_TURN))
    b.heard("base", "camera", 5.0, [2.0, 0.0, 0.0])


NAN, INFINITE = float("nan"), float("inf")
HERE = (1.0, 2.0, 3.0)
REFUSED = {
    "nan_position": (("base", "bad", 1.0, (NAN, 0.0, 0.0), NO_TURN), "not finite"),
    "infinite_position": (("base", "bad", 1.0, (0.0, INFINITE, 0.0), NO_TURN), "not finite"),
    "nan_quaternion": (("base", "bad", 1.0, HERE, (NAN, 0.0, 0.0, 1.0)), "not finite"),
    "zero_quaternion": (("base", "bad", 1.0, HERE, (0.0, 0.0, 0.0, 0.0)), "length is not 1"),
    "long_quaternion": (("base", "bad", 1.0, HERE, (0.0, 0.0, 0.0, 1.006)), "length is not 1"),
    "own_parent": (("bad", "/bad", 1.0, HERE, NO_TURN), "its own parent"),
    "no_parent": (("", "bad", 1.0, HERE, NO_TURN), "header.frame_id is empty"),
    "endless_name": (("base", "bad" * 100, 1.0, HERE, NO_TURN), "more than 256 characters"),
    "no_child": (("base", "", 1.0, HERE, NO_TURN), "child_frame_id is empty"),
}


@pytest.mark.parametrize("static", [True, False], ids=["static", "moving"])
@pytest.mark.parametrize("name", REFUSED)
def test_what_tf2_refuses_is_refused_and_stops_nothing_else(broadcaster: Broadcaster, name: str, static: bool) -> None:
    b, (bad, reason) = broadcaster, REFUSED[name]
    topic = b.fixed if static else b.moving
    b.say(topic, bad, ("base", "camera", 1.0, HERE, NO_TURN))
    b.heard("base", "camera", 1.0, list(HERE))
    b.warned(reason)
    if bad[1]:
        assert bad[1].strip("/")[:80] in b.warnings[0], "the warning names the frame"
    assert b.transforms.lookup("base", "bad", moment(1.0)).pose is None
    # One that was sound before keeps its last sound pose.
    b.say(topic, ("base", "bad", 1.0, HERE, NO_TURN))
    b.heard("base", "bad", 1.0, list(HERE))
    b.say(topic, bad, ("base", "camera", 2.0, (7.0, 0.0, 0.0), NO_TURN))
    b.heard("base", "camera", 2.0, [7.0, 0.0, 0.0])
    b.heard("base", "bad", 1.0, list(HERE))


def test_a_quaternion_within_tf2s_tolerance_is_normalised(broadcaster: Broadcaster) -> None:
    b = broadcaster
    b.say(b.fixed, ("base", "camera", 0.0, HERE, (0.0, 0.0, 0.0, 1.0049)))
    b.heard("base", "camera", 0.0, list(HERE))
    np.testing.assert_allclose(b.transforms.lookup("base", "camera", moment(0.0)).pose[:3, :3], np.eye(3), atol=1e-12)
    assert not b.warnings


def test_a_loop_ends_and_is_named_and_stops_nothing_else(broadcaster: Broadcaster) -> None:
    b = broadcaster
    b.say(
        b.fixed,
        ("two", "one", 0.0, HERE, NO_TURN), ("three", "two", 0.0, HERE, NO_TURN), ("one", "three", 0.0, HERE, NO_TURN),
        ("base", "camera", 0.0, HERE, NO_TURN),
    )  # fmt: skip
    b.heard("base", "camera", 0.0, list(HERE))
    for pair in (("base", "one"), ("one", "base")):
        found = b.transforms.lookup(*pair, moment(0.0))
        assert found.pose is None and "loop" in found.note


def test_a_transform_of_another_moment_is_said_and_soon_no_longer_used(broadcaster: Broadcaster) -> None:
    b = broadcaster
    b.say(b.fixed, ("base", "mast", 1.0, HERE, NO_TURN))
    b.say(b.moving, ("mast", "camera", 100.0, (0.0, 0.0, 0.0), NO_TURN))
    b.heard("base", "camera", 100.0, list(HERE))
    asked = {at: b.transforms.lookup("base", "camera", moment(at)) for at in (100.4, 103.0, 97.0, 111.0, 89.0)}
    assert asked[100.4].pose is not None and not asked[100.4].note and asked[100.4].gap == pytest.approx(0.4)
    for at in (103.0, 97.0):
        assert asked[at].pose is not None and "3.0 s away" in asked[at].note
    for at in (111.0, 89.0):
        assert asked[at].pose is None and "not used" in asked[at].note
    for at in (0.0, 5.0, 1e9):  # the mast itself holds at all times
        assert b.transforms.lookup("base", "mast", moment(at)).gap == 0
    unstamped = b.transforms.lookup("base", "camera", moment(0.0))
    assert unstamped.pose is not None and "no stamp" in unstamped.note


def test_a_late_transform_is_put_in_its_place(broadcaster: Broadcaster) -> None:
    b = broadcaster
    for stamp, x in ((10.0, 0.0), (10.4, 4.0), (10.2, 9.0)):
        b.say(b.moving, ("base", "camera", stamp, (x, 0.0, 0.0), NO_TURN))
        b.heard("base", "camera", stamp, [x, 0.0, 0.0])
    b.heard("base", "camera", 10.1, [4.5, 0.0, 0.0])


def test_what_moves_is_forgotten_what_is_fixed_stays(broadcaster: Broadcaster) -> None:
    b = broadcaster
    b.say(b.fixed, ("base", "mast", 50.0, HERE, NO_TURN))
    b.say(b.moving, ("mast", "camera", 50.0, HERE, NO_TURN))
    b.heard("base", "camera", 50.0, [2.0, 4.0, 6.0])
    b.transforms.forget()
    assert b.transforms.lookup("base", "camera", moment(50.0)).pose is None
    assert b.transforms.lookup("base", "mast", moment(50.0)).pose is not None


def test_memory_of_a_moving_frame_is_bounded(broadcaster: Broadcaster) -> None:
    from tas_ros.ros.transforms import HISTORY, MAX_KEPT

    t = broadcaster.transforms
    for period in (0.5, 0.001):
        for i in range(3 * MAX_KEPT):
            t.add(tf_message(("base", f"at_{period}", 100.0 + i * period, HERE, NO_TURN)), static=False)
    slow, fast = (t._edges[f"at_{period}"].stamps for period in (0.5, 0.001))
    assert len(fast) == MAX_KEPT and (slow[-1] - slow[0]) * 1e-9 == HISTORY


def test_memory_of_all_frames_is_bounded(broadcaster: Broadcaster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever invents names, or stamps for frames without number, costs the node no more than its limits."""
    from tas_ros.ros import transforms

    t = broadcaster.transforms
    t.add(tf_message(("base", "camera", 1.0, HERE, NO_TURN)), static=True)
    for start in range(0, transforms.MAX_FRAMES, 5000):
        t.add(tf_message(*(("base", f"f{start + i}", 1.0, HERE, NO_TURN) for i in range(5000))), static=False)
    t.add(tf_message(("base", "camera", 1.0, (9.0, 0.0, 0.0), NO_TURN)), static=True)
    assert len(t._edges) == transforms.MAX_FRAMES
    assert t.lookup("base", "camera", moment(1.0)).pose[0, 3] == 9.0, "what is known is kept up to date"
    assert broadcaster.warnings == ["transforms of further frames are refused: 20000 frames are known already"]

    monkeypatch.setattr(transforms, "MAX_KEPT_IN_ALL", transforms.MAX_FRAMES + 10)
    for stamp in range(2, 12):
        t.add(tf_message(*(("base", f"f{i}", float(stamp), HERE, NO_TURN) for i in range(100))), static=False)
    kept = sum(len(edge.stamps) for edge in t._edges.values())
    assert t._kept == kept == transforms.MAX_FRAMES + 10
    assert all(t._edges[f"f{i}"].stamps[-1] == 11 * 10**9 for i in range(100)), "the newest is always known"
    t.forget()
    assert t._kept == 0 and list(t._edges) == ["camera"]
    t.add(tf_message(("base", "camera", 1.0, HERE, NO_TURN), ("base", "camera", 2.0, HERE, NO_TURN)), static=False)
    assert t._kept == 2


def test_few_words_are_lost_about_one_message(broadcaster: Broadcaster) -> None:
    t = broadcaster.transforms
    t.add(tf_message(*(("base", f"bad_{i}", 1.0, (NAN, 0.0, 0.0), NO_TURN) for i in range(1000))), static=False)
    assert len(broadcaster.warnings) == 10


def test_a_lookup_reads_its_own_chain_alone(broadcaster: Broadcaster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of other frames, and a chain as long, cost one reading of each edge on the way."""
    from tas_ros.ros.transforms import _Edge

    t = broadcaster.transforms
    t.add(tf_message(*(("base", f"other_{i}", 0.0, HERE, NO_TURN) for i in range(5000))), static=True)
    t.add(
        tf_message(*((f"link_{i}", f"link_{i + 1}", 0.0, (0.0, 0.0, 0.1), NO_TURN) for i in range(5000))), static=True
    )
    t.add(tf_message(("base", "link_0", 0.0, HERE, NO_TURN)), static=True)
    read: list[int] = []
    at = _Edge.at
    monkeypatch.setattr(_Edge, "at", lambda edge, stamp: read.append(1) or at(edge, stamp))
    for target, source, edges in (
        ("base", "other_7", 1), ("other_3", "other_7", 2), ("link_20", "link_25", 5), ("other_3", "link_5000", 5002),
    ):  # fmt: skip
        read.clear()
        assert t.lookup(target, source, moment(1.0)).pose is not None
        assert len(read) == edges
    np.testing.assert_allclose(t.lookup("link_0", "link_5000", moment(1.0)).pose[:3, 3], [0.0, 0.0, 500.0])


@st.composite
def trees(draw: st.DrawFn) -> list[tuple[int, list[float], list[float]]]:
    """Frame i + 1 hangs below an earlier frame, at a position and a rotation vector."""
    size = draw(st.integers(1, 12))
    number = st.floats(-5, 5)
    three = st.lists(number, min_size=3, max_size=3)
    return [(draw(st.integers(0, i)), draw(three), draw(three)) for i in range(size)]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees(), st.data())
def test_chains_are_products_and_there_and_back_is_nowhere(broadcaster: Broadcaster, tree, data) -> None:
    t = broadcaster.transforms
    t._edges.clear()
    root_from = [np.eye(4)]
    edges: list[Edge] = []
    for child, (parent, place, turn) in enumerate(tree, start=1):
        rotation = Rotation.from_rotvec(turn)
        edge = np.eye(4)
        edge[:3, :3], edge[:3, 3] = rotation.as_matrix(), place
        root_from.append(root_from[parent] @ edge)
        edges.append((f"f{parent}", f"f{child}", 1.0, tuple(place), tuple(rotation.as_quat())))
    t.add(tf_message(*data.draw(st.permutations(edges))), static=data.draw(st.booleans()))
    one, other = (data.draw(st.integers(0, len(tree))) for _ in range(2))
    there = t.lookup(f"f{one}", f"f{other}", moment(1.0)).pose
    np.testing.assert_allclose(there, np.linalg.inv(root_from[one]) @ root_from[other], atol=1e-9)
    np.testing.assert_allclose(there @ t.lookup(f"f{other}", f"f{one}", moment(1.0)).pose, np.eye(4), atol=1e-9)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 1), st.lists(st.floats(-1.7, 1.7), min_size=3, max_size=3))
def test_between_two_moments_a_turn_is_even_and_by_the_shorter_way(broadcaster: Broadcaster, share, turn) -> None:
    """Angles below pi, given by either of the two quaternions that mean the same rotation."""
    t = broadcaster.transforms
    t._edges.clear()
    end = Rotation.from_rotvec(turn)
    for sign in (1.0, -1.0):
        t._edges.clear()
        t.add(
            tf_message(
                ("base", "camera", 10.0, (0.0, 0.0, 0.0), NO_TURN),
                ("base", "camera", 11.0, (1.0, 0.0, 0.0), tuple(sign * end.as_quat())),
            ),
            static=False,
        )
        found = t.lookup("base", "camera", moment(10.0 + share)).pose
        expected = Rotation.from_rotvec(share * np.array(turn)).as_matrix()
        np.testing.assert_allclose(found[:3, :3], expected, atol=1e-6)
        assert found[0, 3] == pytest.approx(share, abs=1e-6)


class LookupFailedError(Exception):
    """Stands for tf2_ros.TransformException."""


class Tf2StandIn:
    """tf2_ros as far as Tf2Transforms uses it: knows camera in base, at the moment 100 s."""

    TransformException = LookupFailedError

    def __init__(self) -> None:
        self.cleared = False
        self.position = HERE
        outer = self

        class Buffer:
            def lookup_transform(self, target: str, source: str, when: Any) -> Any:
                if (target, source) != ("base", "camera") or when.nanoseconds not in (0, 100 * 10**9):
                    raise LookupFailedError
                return tf_message(("base", "camera", 100.0, outer.position, NO_TURN)).transforms[0]

            def clear(self) -> None:
                outer.cleared = True

        self.Buffer = Buffer
        self.TransformListener = lambda buffer, node, spin_thread: SimpleNamespace(unregister=lambda: None)


def test_with_tf2_the_fallback_is_said_and_bounded_and_a_jump_clears() -> None:
    pytest.importorskip("tf2_msgs")
    from tas_ros.ros.transforms import Tf2Transforms

    tf2 = Tf2StandIn()
    transforms = Tf2Transforms(tf2, None)
    assert transforms.lookup("base", "camera", moment(100.0)).note == ""
    assert "3.0 s away" in transforms.lookup("base", "camera", moment(103.0)).note
    late = transforms.lookup("base", "camera", moment(111.0))
    assert late.pose is None and "not used" in late.note
    assert "no stamp" in transforms.lookup("base", "camera", moment(0.0)).note
    assert transforms.lookup("base", "camera", moment(-1.0)).pose is not None, "rclpy's Time refuses it"
    assert transforms.lookup("base", "unheard_of", moment(100.0)).pose is None
    transforms.recording_restarted(behind=9.0)
    assert not tf2.cleared, "the new pass is within what tf2 keeps"
    transforms.recording_restarted(behind=11.0)
    assert tf2.cleared
    tf2.cleared = False
    transforms.forget()
    assert tf2.cleared
    tf2.position = (float("inf"), 0.0, 0.0)
    infinite = transforms.lookup("base", "camera", moment(100.0))
    assert infinite.pose is None and "not finite" in infinite.note


def test_without_any_transform_library_nothing_is_known_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rclpy")
    from tas_ros.ros.transforms import listen

    for module in ("tf2_ros", "tf2_msgs", "tf2_msgs.msg"):
        monkeypatch.setitem(sys.modules, module, None)
    warnings: list[str] = []
    transforms = listen(None, lambda callback: callback, warnings.append)
    found = transforms.lookup("base", "camera", moment(1.0))
    assert found.pose is None and "neither tf2_ros nor tf2_msgs" in found.note and len(warnings) == 1
    transforms.forget()
    transforms.destroy()


def test_package_xml_names_the_package_that_holds_tf2s_python() -> None:
    """`import tf2_ros` is of tf2_ros_py since Galactic; the package tf2_ros holds C++ alone."""
    package = ElementTree.parse(Path(ROOT) / "package.xml").getroot()
    declared = {each.text for each in package.findall("exec_depend")}
    assert "tf2_ros_py" in declared and "tf2_ros" not in declared
