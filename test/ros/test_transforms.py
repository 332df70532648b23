"""Transforms heard over DDS, without tf2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from .conftest import wait_until

pytestmark = pytest.mark.ros


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
        self.transforms = TopicTransforms(self.hearer, lambda callback: callback)

    def say(self, publisher: Any, *edges: tuple[str, str, float, tuple[float, ...], tuple[float, ...]]) -> None:
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
        publisher.publish(message)

    def heard(self, target: str, source: str, stamp: float, expected: list[float]) -> None:
        def ask() -> bool:
            self.executor.spin_once(timeout_sec=0.05)
            found = self.transforms.lookup(target, source, moment(stamp))
            return found is not None and np.allclose(found[:3, 3], expected, atol=1e-6)

        return wait_until(
            ask, f"{source} at {expected} in {target}, last {self.transforms.lookup(target, source, moment(stamp))}", 20
        )

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
    b.heard("base", "camera", 99.0, [0.0, 3.0, 1.0])
    b.heard("camera", "base", 12.0, [-3.0, 0.0, -1.0])
    assert b.transforms.lookup("base", "unheard_of", moment(11.0)) is None
    assert b.transforms.lookup("nowhere", "camera", moment(11.0)) is None


def test_a_recording_that_starts_again_is_followed(broadcaster: Broadcaster) -> None:
    b = broadcaster
    b.say(b.moving, ("base", "camera", 100.0, (1.0, 0.0, 0.0), NO_TURN))
    b.heard("base", "camera", 100.0, [1.0, 0.0, 0.0])
    b.say(b.moving, ("base", "camera", 5.0, (2.0, 0.0, 0.0), NO_TURN))
    b.heard("base", "camera", 5.0, [2.0, 0.0, 0.0])
