# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What of a frame was left out, or is doubtful, is said in the notes of the answer: through a node over DDS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")
from sensor_msgs.msg import RegionOfInterest

from benchmarks.live.camera import Tabletop, image_of
from benchmarks.live.peer import Peer

pytestmark = pytest.mark.ros

Change = Callable[[Any, Any, Any], tuple[Any, Any, Any]]


def ask(peer: Peer, frame: tuple[Any, Any, Any], text: str = "the red box") -> Any:
    """The referral on that very frame: DDS keeps no order between topics, so the command may overtake the image."""
    image, depth, info = frame
    for publisher, msg in ((peer.camera_info, info), (peer.depth, depth), (peer.image, image)):
        publisher.publish(msg)
    for _ in range(20):
        referral = peer.ask(text)
        if referral.header == image.header:
            return referral
    return pytest.fail(f"no answer on the newest frame, the last was {referral}")


def smaller(image: Any, depth: Any, info: Any) -> tuple[Any, Any, Any]:
    depth.height //= 2
    depth.data = depth.data[: depth.height * depth.step]
    return image, depth, info


def of_another_frame(image: Any, depth: Any, info: Any) -> tuple[Any, Any, Any]:
    depth = image_of(np.frombuffer(depth.data, np.float32).reshape(480, 640), "32FC1", Tabletop().header())
    depth.header.stamp, depth.header.frame_id = image.header.stamp, "camera_depth_optical_frame"
    return image, depth, info


def of_another_time(image: Any, depth: Any, info: Any) -> tuple[Any, Any, Any]:
    header = type(image.header)(frame_id=image.header.frame_id)
    header.stamp.sec, header.stamp.nanosec = image.header.stamp.sec, image.header.stamp.nanosec + 150_000_000
    depth.header = header
    return image, depth, info


def in_millimetres(image: Any, depth: Any, info: Any) -> tuple[Any, Any, Any]:
    metres = np.frombuffer(depth.data, np.float32).reshape(480, 640)
    return image, image_of(metres * np.float32(1000), "32FC1", image.header), info


def as_16_bit_metres(image: Any, depth: Any, info: Any) -> tuple[Any, Any, Any]:
    metres = np.frombuffer(depth.data, np.float32).reshape(480, 640)
    return image, image_of(np.ceil(metres).astype(np.uint16), "16UC1", image.header), info


def with_a_saturated_half(image: Any, depth: Any, info: Any) -> tuple[Any, Any, Any]:
    millimetres = (np.frombuffer(depth.data, np.float32).reshape(480, 640) * 1000).astype(np.uint16)
    millimetres[:120] = 65535
    return image, image_of(millimetres, "16UC1", image.header), info


def calibrated_for_less(image: Any, depth: Any, info: Any) -> tuple[Any, Any, Any]:
    info.roi = RegionOfInterest(x_offset=10, y_offset=20, width=300, height=200)
    info.width = 1280
    return image, depth, info


def calibrated_elsewhere(image: Any, depth: Any, info: Any) -> tuple[Any, Any, Any]:
    info.header = type(image.header)(frame_id="another_camera", stamp=image.header.stamp)
    return image, depth, info


CHANGES: list[tuple[Change, str]] = [
    (smaller, "using colour alone: depth is 640x240, the image is 640x480; register the depth"),
    (of_another_frame, "depth is of frame 'camera_depth_optical_frame', the image of 'camera_colour_optical_frame'"),
    (of_another_time, "the nearest is 0.150 s away"),
    (in_millimetres, "using colour alone: depth: half of the 32FC1 values are above"),
    (as_16_bit_metres, "using colour alone: depth: the largest 16 bit value is"),
    (with_a_saturated_half, "depth: 25% of the pixels are 65535, which is read as no value"),
    (calibrated_for_less, "using no calibration: camera_info: it is for 1280x480, roi 300x200 at (10, 20)"),
    (calibrated_elsewhere, "camera_info is of frame 'another_camera', the image of 'camera_colour_optical_frame'"),
]
IDS = [change.__name__ for change, _ in CHANGES]


@pytest.mark.parametrize(("change", "says"), CHANGES, ids=IDS)
def test_every_answer_on_the_frame_says_it(peer, tabletop, shared_node, change, says) -> None:
    referral = ask(peer, change(*tabletop.frame()))
    assert not referral.reason and len(referral.notes) == 1 and says in referral.notes[0]
    further = peer.ask("the blue box")
    assert further.scene_reused and further.notes == referral.notes
    assert referral.notes[0] in shared_node.log


def test_a_whole_frame_has_no_notes(peer, tabletop) -> None:
    assert not ask(peer, tabletop.frame()).notes


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (smaller, True), (of_another_frame, False), (in_millimetres, True), (as_16_bit_metres, True),
        (with_a_saturated_half, False), (calibrated_for_less, True), (calibrated_elsewhere, False),
    ],
)  # fmt: skip
def test_a_request_with_what_does_not_fit_is_refused_and_with_doubts_answered(peer, tabletop, change, refused) -> None:
    image, depth, info = change(*tabletop.frame())
    response = peer.request(command="the red box", image=image, depth=depth, camera_info=info)
    says = dict(CHANGES)[change].removeprefix("using colour alone: ").removeprefix("using no calibration: ")
    assert response.success is not refused
    assert says in (response.message if refused else response.referral.notes[0])
