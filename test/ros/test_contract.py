# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The topics and the service of the contract, seen from another process with reliable QoS."""

from __future__ import annotations

import json
import re

import cv2
import numpy as np
import pytest

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")
from tas_ros.msg import Referral

from .conftest import ROOT

pytestmark = pytest.mark.ros

IMAGE_STAGES = {"proposals", "filter", "encode", "colours", "captions"}
RED = (100, 200, 190, 290)


def pixels_of(msg, dtype=np.uint8) -> np.ndarray:
    assert msg.step == msg.width * np.dtype(dtype).itemsize
    return np.frombuffer(msg.data, dtype).reshape(msg.height, msg.width)


def iou_with_red(mask: np.ndarray) -> float:
    truth = np.zeros(mask.shape, bool)
    truth[RED[1] : RED[3], RED[0] : RED[2]] = True
    return np.count_nonzero(truth & mask) / np.count_nonzero(truth | mask)


@pytest.fixture
def frame(peer, tabletop):
    """A new RGB-D frame that the node has received."""
    image, depth, info = tabletop.frame()
    peer.camera_info.publish(info)
    peer.depth.publish(depth)
    peer.image.publish(image)
    return image, depth, info


def ask_about(peer, frame, text: str):
    """The referral on that very frame: DDS keeps no order between topics, so the command may overtake the image."""
    for _ in range(20):
        referral = peer.ask(text)
        if referral.header == frame[0].header:
            return referral
    return pytest.fail(f"no answer on the newest frame, the last was {referral}")


def test_found_object_on_every_topic(peer, frame) -> None:
    image, depth, info = frame
    referral = ask_about(peer, frame, "grab the red box")
    header = image.header
    assert (referral.status, referral.reason, referral.target) == (Referral.FOUND, "", "red box")
    assert referral.header == header and (referral.height, referral.width) == (480, 640)
    assert json.loads(referral.query) and referral.command == "grab the red box" and referral.latency > 0

    mask_msg = peer.of_frame("mask", header)
    assert (mask_msg.encoding, mask_msg.height, mask_msg.width) == ("mono8", 480, 640)
    mask = pixels_of(mask_msg)
    assert set(np.unique(mask)) == {0, 255} and iou_with_red(mask == 255) > 0.8

    found = peer.of_frame("detections", header)
    assert len(found.detections) == 1
    detection = found.detections[0]
    assert detection == peer.of_frame("detection", header) and detection.header == header
    assert detection.id == str(referral.candidates[0].index) and referral.command_id
    assert 0 < detection.results[0].hypothesis.score <= 1 and detection.results[0].hypothesis.class_id == "red box"
    rows, columns = np.nonzero(mask)
    box, centre = detection.bbox, detection.bbox.center.position
    assert (centre.x - box.size_x / 2, centre.y - box.size_y / 2) == (columns.min(), rows.min())
    assert (centre.x + box.size_x / 2, centre.y + box.size_y / 2) == (columns.max() + 1, rows.max() + 1)

    best = referral.candidates[0]
    assert best.area == np.count_nonzero(mask) and best.roi.x_offset == columns.min() and best.roi.height == box.size_y
    assert best.depth == pytest.approx(depth_at(depth, mask), rel=1e-3)
    assert best.centroid.x == pytest.approx(columns.mean(), abs=0.01)
    assert len(best.term_names) == len(best.term_values) > 0

    assert peer.of_frame("matched/image", header) == image
    assert peer.of_frame("matched/depth", header) == depth
    assert peer.of_frame("matched/camera_info", header) == info
    masked = pixels_of(peer.of_frame("matched/depth_masked", header), np.float32)
    np.testing.assert_array_equal(np.isfinite(masked), mask == 255)
    np.testing.assert_array_equal(masked[mask == 255], pixels_of(depth, np.float32)[mask == 255])

    overlay = peer.of_frame("overlay", header)
    assert (overlay.encoding, overlay.height, overlay.width) == ("rgb8", 480, 640) and overlay.data != image.data
    drawn, seen = (np.frombuffer(each.data, np.uint8).reshape(480, 640, 3) for each in (overlay, image))
    np.testing.assert_array_equal(drawn[mask == 255], seen[mask == 255])
    png = peer.of_frame("mask/compressed", header)
    np.testing.assert_array_equal(cv2.imdecode(np.frombuffer(png.data, np.uint8), cv2.IMREAD_UNCHANGED), mask)


def depth_at(depth, mask: np.ndarray) -> float:
    return float(np.median(pixels_of(depth, np.float32)[mask == 255]))


def test_nothing_matches_gives_an_empty_mask_and_a_reason(peer, frame) -> None:
    referral = ask_about(peer, frame, "the purple teapot")
    assert referral.status == Referral.NOT_FOUND and "purple teapot" in referral.reason
    assert not pixels_of(peer.of_frame("mask", referral.header)).any()
    assert not peer.of_frame("detections", referral.header).detections
    assert not np.isfinite(pixels_of(peer.of_frame("matched/depth_masked", referral.header), np.float32)).any()


def test_a_further_command_reuses_the_scene(peer, frame) -> None:
    first = ask_about(peer, frame, "the green box")
    second = peer.ask("the blue box")
    assert second.header == first.header == frame[0].header and second.scene_reused
    assert second.status == Referral.FOUND
    stages = {timing.name for timing in second.timings}
    assert stages and not stages & IMAGE_STAGES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\n\t",
        "stop",
        "x" * 10_000,
        "\0",
        "\0red box",
        "\U0001f642",
        "\u202e\u2066 \ufeff",
        "!!! ???",
        "e\u0301" * 40,
    ],
)
def test_commands_that_name_nothing_get_a_reason(peer, frame, text: str) -> None:
    referral = peer.ask(text)
    assert referral.status != Referral.FOUND and referral.reason
    assert referral.command_id


def test_text_that_is_not_utf8_is_survived(peer, frame) -> None:
    """String data 0xFF 0xFE 0xC0, serialised by hand as no well-behaved client can."""
    seen = len(peer.received["referral"])
    peer.command.publish(b"\x00\x01\x00\x00" + (4).to_bytes(4, "little") + b"\xff\xfe\xc0\x00")
    assert ask_about(peer, frame, "the red box").status == Referral.FOUND
    garbled = [r for r in peer.received["referral"][seen:] if r.command != "the red box"]
    assert all(r.reason for r in garbled)


def test_service_on_the_newest_frame(peer, frame) -> None:
    ask_about(peer, frame, "the red box")
    response = peer.request(command="the red box")
    assert response.success and response.message and response.referral.status == Referral.FOUND
    assert response.referral.header == response.mask.header == frame[0].header
    assert iou_with_red(pixels_of(response.mask) == 255) > 0.8


def test_service_on_an_image_of_its_own(peer, frame, tabletop) -> None:
    image, depth, info = tabletop.frame()
    image.header.frame_id = depth.header.frame_id = info.header.frame_id = "a_file"
    response = peer.request(command="the red box", image=image, depth=depth, camera_info=info)
    assert response.success and response.referral.header == response.mask.header == image.header
    assert iou_with_red(pixels_of(response.mask) == 255) > 0.8
    assert ask_about(peer, frame, "the green box").header == frame[0].header  # the camera's frame is still the newest


def test_service_says_why_it_cannot(peer, frame, tabletop) -> None:
    short = tabletop.image()
    short.data = short.data[:-1]
    response = peer.request(command="the red box", image=short)
    assert not response.success and "cut short" in response.message and response.referral.reason == response.message
    response = peer.request(command="")
    assert not response.success and response.message and response.referral.status == Referral.NOT_A_REFERENCE
    assert response.mask.height == 0


def test_every_topic_and_service_is_described(peer, shared_node) -> None:
    page = (ROOT / "docs" / "ros.md").read_text("utf-8")
    described = {word for part in page.split("`")[1::2] for word in re.split(r"[\s,]+", part)}
    ask, node = peer.node, ("tas", "/")
    found = ask.get_publisher_names_and_types_by_node(*node) + ask.get_subscriber_names_and_types_by_node(*node)
    names = {name for name, _ in found + ask.get_service_names_and_types_by_node(*node)}
    assert {"/tas/mask", "/tas/referral", "/tas/command", "/command", "/image", "/tas/segment"} <= names
    own = {name.replace("/tas/", "~/", 1) if name.startswith("/tas/") else name.removeprefix("/") for name in names}
    of_every_node = {
        name for name in own if re.search(r"rosout|parameter|_type_description|clock|^~/(get|change)_", name)
    }
    lifecycle = {"~/transition_event"}
    assert own - of_every_node - lifecycle - described - {f"/{name}" for name in described} == set()
