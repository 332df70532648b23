# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Which topics are heard, and how, over DDS: latched calibration, QoS apart, compressed names, and what is said."""

from __future__ import annotations

import array
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import CameraInfo, CompressedImage, Image

from benchmarks.live.camera import image_of
from tas_ros.errors import InvalidImageError
from tas_ros.ros.frame_store import FrameStore, FreshnessRule, NoFrameError
from tas_ros.ros.input_topics import InputTopics
from tas_ros.ros.inputs import Inputs

from .conftest import wait_until
from .test_rvl import rvl_message

pytestmark = pytest.mark.ros

RELIABLE = QoSProfile(depth=1)
BEST_EFFORT = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
RULE = FreshnessRule()
PICTURE = np.full((6, 8, 3), 90, np.uint8)


class Side:
    """Inputs in one context and a camera's publishers in another, both spun by `until`."""

    def __init__(self, *arguments: str, image: str = "raw", depth: str = "raw", reliability: str = "auto") -> None:
        self.contexts = [rclpy.Context(), rclpy.Context()]
        rclpy.init(args=["--ros-args", *arguments] if arguments else None, context=self.contexts[0])
        rclpy.init(context=self.contexts[1])
        self.node = rclpy.create_node("tas", context=self.contexts[0])
        self.camera = rclpy.create_node("camera", context=self.contexts[1])
        self.executors = [SingleThreadedExecutor(context=context) for context in self.contexts]
        self.executors[0].add_node(self.node)
        self.executors[1].add_node(self.camera)
        self.settings = SimpleNamespace(image_transport=image, depth_transport=depth, image_reliability=reliability)
        self.inputs: Inputs | None = None
        self.refusals: list[InvalidImageError] = []

    def listen(self) -> FrameStore:
        """Begin to listen, as activation does."""
        topics = InputTopics(self.node, self.settings)
        self.store = FrameStore(lambda: 1000.0, topics.depth.announced, explain=topics.why_nothing_came)
        self.inputs = Inputs(
            self.node, self.store, topics, self.settings, lambda msg, error: self.refusals.append(error), lambda f: f
        )
        return self.store

    def publisher(self, kind: type, topic: str, qos: QoSProfile = RELIABLE) -> Any:
        return self.camera.create_publisher(kind, topic, qos)

    def until(self, condition: Callable[[], Any], what: str) -> Any:
        def spun() -> Any:
            for executor in self.executors:
                executor.spin_once(timeout_sec=0.01)
            return condition()

        return wait_until(spun, what, 30.0)

    def qos_of(self, topic: str) -> list[Any]:
        """Of this node's subscriptions, once the camera sees them."""
        found = self.until(
            lambda: [i for i in self.camera.get_subscriptions_info_by_topic(topic) if i.node_name == "tas"],
            f"a subscription to {topic}",
        )
        return [info.qos_profile for info in found]

    def why(self) -> str:
        with pytest.raises(NoFrameError) as caught:
            self.store.take(RULE, 1000.0, 0.0)
        return str(caught.value)

    def close(self) -> None:
        if self.inputs is not None:
            self.inputs.destroy()
        for executor, node, context in zip(self.executors, (self.node, self.camera), self.contexts, strict=True):
            executor.shutdown()
            node.destroy_node()
            context.try_shutdown()


@pytest.fixture
def make_side() -> Iterator[Callable[..., Side]]:
    made: list[Side] = []

    def make(*arguments: str, **options: str) -> Side:
        made.append(Side(*arguments, **options))
        return made[-1]

    yield make
    for side in made:
        side.close()


def raw_image() -> Image:
    return image_of(PICTURE, "rgb8", header())


def compressed_image() -> CompressedImage:
    data = cv2.imencode(".png", PICTURE)[1].tobytes()
    return CompressedImage(header=header(), format="rgb8; png compressed bgr8", data=array.array("B", data))


def header() -> Any:
    from std_msgs.msg import Header

    return Header(frame_id="camera")


def info(stamp: int = 0) -> CameraInfo:
    msg = CameraInfo(header=header(), width=8, height=6)
    msg.header.stamp.sec = stamp
    return msg


def received(side: Side) -> Any:
    """The frame there is, None when there is none yet."""
    try:
        return side.store.take(RULE, 1000.0, 0.0)
    except NoFrameError:
        return None


def test_calibration_sent_once_before_the_node_came_is_heard(make_side) -> None:
    side = make_side()
    side.publisher(CameraInfo, "camera_info", LATCHED).publish(info(7))
    side.listen()
    side.until(lambda: side.store._infos, "the latched camera_info")
    camera = side.publisher(Image, "image")
    side.until(camera.get_subscription_count, "the image's subscription")
    camera.publish(raw_image())
    assert side.until(lambda: received(side), "the image").camera_info == info(7)


@pytest.mark.parametrize("qos", [RELIABLE, BEST_EFFORT, LATCHED], ids=["volatile", "best effort", "latched"])
def test_calibration_of_either_durability_is_heard_once(make_side, qos) -> None:
    side = make_side()
    side.listen()
    publisher = side.publisher(CameraInfo, "camera_info", qos)
    wanted = 2 if qos is LATCHED else 1
    side.until(lambda: publisher.get_subscription_count() == wanted, "the subscriptions")
    for stamp in range(1, 4):
        publisher.publish(info(stamp))
        side.until(lambda stamp=stamp: side.store._infos and side.store._infos[-1].msg == info(stamp), f"info {stamp}")
    for _ in range(50):  # time for second copies
        side.until(lambda: True, "nothing")
    assert [arrival.msg.header.stamp.sec for arrival in side.store._infos] == [1, 2, 3]


def test_a_driver_that_latches_nothing_meets_no_subscription_that_asks_for_it(make_side) -> None:
    """DDS would warn in the driver's own log."""
    side = make_side()
    publisher = side.publisher(CameraInfo, "camera_info", RELIABLE)
    side.listen()
    side.until(publisher.get_subscription_count, "the subscription")
    publisher.publish(info(7))
    side.until(lambda: side.store._infos, "the camera_info")
    asked = {qos.durability for qos in side.qos_of("/camera_info")}
    assert asked == {DurabilityPolicy.VOLATILE}


@pytest.mark.parametrize("quiet", ["image", "depth"])
def test_one_best_effort_topic_leaves_the_other_reliable(make_side, quiet) -> None:
    side = make_side()
    side.listen()
    other = "depth" if quiet == "image" else "image"
    assert [qos.reliability for qos in side.qos_of(f"/{quiet}")] == [ReliabilityPolicy.RELIABLE]
    side.publisher(Image, other, RELIABLE)
    side.publisher(Image, quiet, BEST_EFFORT)
    side.until(
        lambda: [qos.reliability for qos in side.qos_of(f"/{quiet}")] == [ReliabilityPolicy.BEST_EFFORT],
        f"{quiet} to be listened to best effort",
    )
    assert [qos.reliability for qos in side.qos_of(f"/{other}")] == [ReliabilityPolicy.RELIABLE]


def test_overrides_of_one_topic_hold(make_side) -> None:
    side = make_side(
        "-r", "image:=/cam/image",
        "-p", "qos_overrides./cam/image.subscription.durability:=transient_local",
        "-p", "qos_overrides./depth.subscription.reliability:=best_effort",
        "-p", "qos_overrides./camera_info.subscription.reliability:=reliable",
    )  # fmt: skip
    early = side.publisher(Image, "/cam/image", LATCHED)
    early.publish(raw_image())
    side.listen()
    assert side.until(lambda: received(side), "the picture that was latched").image.width == 8
    assert [qos.durability for qos in side.qos_of("/cam/image")] == [DurabilityPolicy.TRANSIENT_LOCAL]
    assert [qos.reliability for qos in side.qos_of("/depth")] == [ReliabilityPolicy.BEST_EFFORT]
    assert {qos.reliability for qos in side.qos_of("/camera_info")} == {ReliabilityPolicy.RELIABLE}


def test_an_explicit_reliability_does_not_change_over(make_side) -> None:
    side = make_side("-p", "qos_overrides./image.subscription.reliability:=reliable")
    side.listen()
    side.publisher(Image, "image", BEST_EFFORT)
    side.publisher(Image, "depth", BEST_EFFORT)
    side.until(
        lambda: [qos.reliability for qos in side.qos_of("/depth")] == [ReliabilityPolicy.BEST_EFFORT], "the change-over"
    )
    assert [qos.reliability for qos in side.qos_of("/image")] == [ReliabilityPolicy.RELIABLE]
    assert "set image_reliability or qos_overrides./image.subscription.reliability to best_effort" in side.why()


@pytest.mark.parametrize(
    "override",
    ["image.subscription.reliability:=perhaps", "image.subscription.durability:=7", "image.subscription.depth:=x"],
)
def test_an_override_that_is_none_is_ignored(make_side, override) -> None:
    side = make_side("-p", f"qos_overrides./{override}")
    side.listen()
    camera = side.publisher(Image, "image")
    side.until(camera.get_subscription_count, "the image's subscription")
    camera.publish(raw_image())
    assert side.until(lambda: received(side), "the image")


@pytest.mark.parametrize("remapped", ["/cam/image_raw", "/cam/image_raw/compressed", "/cam/jpeg"])
@pytest.mark.parametrize("early", [False, True])
def test_compressed_by_base_name_and_by_full_name(make_side, remapped, early) -> None:
    published = remapped if remapped == "/cam/jpeg" else "/cam/image_raw/compressed"
    side = make_side("-r", f"image:={remapped}", image="compressed")
    publisher = side.publisher(CompressedImage, published) if early else None
    if early:
        side.until(lambda: side.node.count_publishers(published), "the node to see the camera")
    side.listen()
    publisher = publisher or side.publisher(CompressedImage, published)
    side.until(publisher.get_subscription_count, f"a subscription to {published}")
    publisher.publish(compressed_image())
    assert side.until(lambda: received(side), "the compressed image").image == compressed_image()


@pytest.mark.parametrize(
    ("remapped", "published"),
    [
        ("/cam/depth", "/cam/depth/compressedDepth"),
        ("/cam/depth/compressedDepth", "/cam/depth/compressedDepth"),
        ("/cam/depth/compressed", "/cam/depth/compressed"),
    ],
)
def test_compressed_depth_by_base_name_and_by_full_name(make_side, remapped, published) -> None:
    side = make_side("-r", f"depth:={remapped}", depth="compressed")
    side.listen()
    publisher = side.publisher(CompressedImage, published)
    side.until(publisher.get_subscription_count, f"a subscription to {published}")
    publisher.publish(compressed_image())
    side.until(lambda: side.store._depths, "the compressed depth")


def test_a_remapping_of_the_suffixed_name_counts_as_in_image_transport(make_side) -> None:
    side = make_side("-r", "image/compressed:=/somewhere/else", image="compressed")
    side.listen()
    assert side.qos_of("/somewhere/else")


def node_names(side: Side, topic: str) -> list[str]:
    return [each.node_name for each in side.node.get_publishers_info_by_topic(f"/{topic}")]


@pytest.mark.parametrize(
    ("options", "kind", "topic", "qos", "says"),
    [
        ({}, None, "", RELIABLE, "nothing is published on /image; check that the camera runs and that its topic is"),
        (
            {}, CompressedImage, "image", BEST_EFFORT,
            "topic /image has 1 publisher of sensor_msgs/msg/CompressedImage (best effort, volatile; /camera); "
            "set image_transport:=compressed",
        ),
        (
            {}, CompressedImage, "image/compressed", RELIABLE,
            "topic /image/compressed has 1 publisher of sensor_msgs/msg/CompressedImage (reliable, volatile; /camera); "
            "set image_transport:=compressed",
        ),
        ({"image": "compressed"}, Image, "image", RELIABLE, "topic /image has 1 publisher of sensor_msgs/msg/Image"),
        ({"image": "compressed"}, Image, "image", RELIABLE, "set image_transport:=raw"),
        ({}, CameraInfo, "image", RELIABLE, "it must be sensor_msgs/msg/Image"),
        ({}, Image, "image", RELIABLE, "but nothing has come from it"),
        ({"reliability": "reliable"}, Image, "image", BEST_EFFORT, "reliable is asked for and not offered"),
    ],
)  # fmt: skip
def test_no_image_says_what_is_published(make_side, options, kind, topic, qos, says) -> None:
    side = make_side(**options)
    side.listen()
    if kind is not None:
        side.publisher(kind, topic, qos)
        side.until(lambda: node_names(side, topic) == ["camera"], "the publisher and its name")
    reason = side.why()
    assert reason.startswith("no image has been received: ") and says in reason


def test_no_clock_is_said(make_side) -> None:
    side = make_side("-p", "use_sim_time:=true")
    side.listen()
    assert "use_sim_time is true, but no time has come on /clock" in side.why()


def test_depth_that_is_announced_but_silent_is_waited_for_once(make_side, monkeypatch) -> None:
    side = make_side()
    side.listen()
    camera, depth = side.publisher(Image, "image"), side.publisher(CompressedImage, "depth")
    side.until(lambda: camera.get_subscription_count() and side.node.count_publishers("/depth"), "the topics")
    camera.publish(raw_image())
    side.until(lambda: side.store._images, "the image")
    frames = side.store.take(RULE, 1000.0, 5.0)
    assert frames.depth is None and len(frames.notes) == 1
    assert "using colour alone: depth is announced, but none has come; topic /depth has 1 publisher" in frames.notes[0]
    assert "set depth_transport:=compressed" in frames.notes[0]
    monkeypatch.setattr(side.store._changed, "wait", lambda *_: pytest.fail("it waited again"))
    assert side.store.take(RULE, 1000.0, 600.0).notes == frames.notes
    side.camera.destroy_publisher(depth)


def test_depth_of_no_depth_encoding_is_said_and_not_waited_for(make_side) -> None:
    side = make_side()
    side.listen()
    camera, depth = side.publisher(Image, "image"), side.publisher(Image, "depth")
    side.until(lambda: camera.get_subscription_count() and depth.get_subscription_count(), "the topics")
    depth.publish(raw_image())
    side.until(lambda: side.store._depth_refused, "the refusal")
    camera.publish(raw_image())
    assert side.until(lambda: received(side), "the image")
    frames = side.store.take(RULE, 1000.0, 600.0)
    assert frames.notes == (
        "using colour alone: depth: encoding 'rgb8' is not a depth encoding; publish 16UC1 (millimetres) or 32FC1 "
        "(metres)",
    )


def test_depth_by_another_transport_is_said(make_side) -> None:
    side = make_side()
    side.listen()
    camera, _ = side.publisher(Image, "image"), side.publisher(CompressedImage, "depth/compressedDepth")
    side.until(
        lambda: camera.get_subscription_count() and node_names(side, "depth/compressedDepth") == ["camera"],
        "the topics",
    )
    camera.publish(raw_image())
    side.until(lambda: side.store._images, "the image")
    (note,) = side.store.take(RULE, 1000.0, 5.0).notes
    assert note.startswith(
        "using colour alone: depth is announced, but none has come; topic /depth/compressedDepth has 1"
    )
    assert note.endswith("set depth_transport:=compressed")


def test_a_compressed_camera_by_its_base_names_is_answered(start_node, make_peer, tabletop) -> None:
    """JPEG colour and RVL depth, as image_transport publishes them beside /cam/image_raw and /cam/depth."""
    node = start_node(
        "-r", "image:=/cam/image_raw", "-r", "depth:=/cam/depth",
        image_transport="compressed", depth_transport="compressed", threads=2, frame_timeout=30.0, max_frame_age=0.0,
    )  # fmt: skip
    node.wait_for_log("ready: waiting for images on /cam/image_raw/compressed")
    peer = make_peer()
    topics = ("/cam/image_raw/compressed", "/cam/depth/compressedDepth")
    image, depth = (peer.node.create_publisher(CompressedImage, topic, RELIABLE) for topic in topics)
    wait_until(lambda: image.get_subscription_count() and depth.get_subscription_count(), "the node's subscriptions")
    stamped, raw, _ = tabletop.frame()
    millimetres = (np.frombuffer(raw.data, np.float32).reshape(480, 640) * 1000).astype(np.uint16)
    jpeg = cv2.imencode(".jpg", tabletop.rgb[..., ::-1])[1].tobytes()
    depth.publish(rvl_message(millimetres, header=stamped.header))
    image.publish(
        CompressedImage(header=stamped.header, format="rgb8; jpeg compressed bgr8", data=array.array("B", jpeg))
    )
    referral = peer.ask("the red box")
    assert not referral.reason and not referral.notes and referral.header == stamped.header
    assert referral.candidates[0].depth == pytest.approx(np.median(tabletop.depth[200:290, 100:190]), abs=0.005)
