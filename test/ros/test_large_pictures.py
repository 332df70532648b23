# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A 4K camera over DDS: whatever size the picture is analysed at, every answer is in its own pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")
from sensor_msgs.msg import CameraInfo, Image

from benchmarks.live.camera import BOXES, FOCAL, image_of, render_tabletop
from tas_ros.msg import Referral
from tas_ros.vision.working_size import working_shape

pytestmark = [pytest.mark.ros, pytest.mark.slow]

WIDTH, HEIGHT, TIMES, CUT = 3840, 2160, 6, 60
"""The table six times as large, without the 60 first and last rows of the small one."""
RED = tuple(TIMES * value for value in (BOXES["red"][0], BOXES["red"][1] - CUT, BOXES["red"][2], BOXES["red"][3] - CUT))


WORKING_PIXELS = 1 << 19
WORKING = working_shape(HEIGHT, WIDTH, WORKING_PIXELS)


@pytest.fixture(scope="module")
def own_parameters() -> dict[str, Any]:
    return {"working_pixels": WORKING_PIXELS}


@pytest.fixture(scope="module")
def camera() -> tuple[np.ndarray, np.ndarray]:
    """(2160, 3840, 3) RGB and depth in millimetres."""
    rgb, depth = (each[CUT:-CUT].repeat(TIMES, 0).repeat(TIMES, 1) for each in render_tabletop())
    assert rgb.shape == (HEIGHT, WIDTH, 3)
    return rgb, (depth * 1000).astype(np.uint16)


@pytest.fixture
def messages(camera: Any, tabletop: Any) -> tuple[Any, Any, Any]:
    """Image, depth and camera_info of one stamp."""
    header = tabletop.header()
    info = CameraInfo(header=header, width=WIDTH, height=HEIGHT, distortion_model="plumb_bob", d=[0.0] * 5)
    focal, cx, cy = FOCAL * TIMES, 320.5 * TIMES - 0.5, (240.5 - CUT) * TIMES - 0.5
    info.k = [focal, 0.0, cx, 0.0, focal, cy, 0.0, 0.0, 1.0]
    return image_of(camera[0], "rgb8", header), image_of(camera[1], "16UC1", header), info


def red_found(mask: Any) -> np.ndarray:
    """The mask's pixels, which are the red box."""
    pixels = np.frombuffer(mask.data, np.uint8).reshape(mask.height, mask.width) == 255
    truth = np.zeros((HEIGHT, WIDTH), bool)
    truth[RED[1] : RED[3], RED[0] : RED[2]] = True
    assert np.count_nonzero(pixels & truth) > 0.95 * np.count_nonzero(pixels | truth)
    return pixels


def check_candidate(referral: Any, pixels: np.ndarray, metres: float) -> None:
    rows, columns = np.nonzero(pixels)
    best = referral.candidates[0]
    assert (referral.height, referral.width) == (HEIGHT, WIDTH)
    assert (best.roi.x_offset, best.roi.y_offset) == (columns.min(), rows.min()) and best.area == len(rows)
    assert (best.roi.width, best.roi.height) == (np.ptp(columns) + 1, np.ptp(rows) + 1)
    assert best.centroid.x == pytest.approx(columns.mean(), abs=4)
    assert best.depth == pytest.approx(metres, rel=0.02)
    # Boxes of the others are those of the working size, scaled to whole pixels around them.
    others = [each.roi for each in referral.candidates if not each.contender]
    assert others and {roi.x_offset for roi in others} <= {x * WIDTH // WORKING[1] for x in range(WORKING[1])}
    assert {roi.y_offset for roi in others} <= {y * HEIGHT // WORKING[0] for y in range(WORKING[0])}


def test_a_request_with_a_4k_picture(peer: Any, messages: Any, camera: Any) -> None:
    image, depth, info = messages
    answer = peer.request(command="the red box", image=image, depth=depth, camera_info=info)
    assert answer.success and answer.referral.status == Referral.FOUND and not answer.referral.notes
    assert answer.mask.header == image.header and answer.mask.encoding == "mono8"
    pixels = red_found(answer.mask)
    check_candidate(answer.referral, pixels, np.median(camera[1][pixels]) / 1000)


def test_a_4k_camera_on_the_topics(peer: Any, messages: Any, camera: Any) -> None:
    image, depth, info = messages
    peer.camera_info.publish(info)
    peer.depth.publish(depth)
    peer.image.publish(image)
    for _ in range(20):  # DDS keeps no order between topics, so the command may overtake the image
        referral = peer.ask("the red box")
        if referral.header == image.header and not referral.notes:
            break
    assert referral.header == image.header and referral.status == Referral.FOUND
    pixels = red_found(peer.of_frame("mask", image.header))
    check_candidate(referral, pixels, np.median(camera[1][pixels]) / 1000)
    matched = peer.of_frame("matched/image", image.header)
    assert (matched.width, matched.height) == (WIDTH, HEIGHT) and matched.data == image.data
    assert peer.of_frame("matched/camera_info", image.header) == info
    masked: Image = peer.of_frame("matched/depth_masked", image.header)
    kept = np.frombuffer(masked.data, np.uint16).reshape(HEIGHT, WIDTH)
    np.testing.assert_array_equal(kept, np.where(pixels, camera[1], 0))
    overlay = peer.of_frame("overlay", image.header)
    drawn = np.frombuffer(overlay.data, np.uint8).reshape(HEIGHT, WIDTH, 3)
    np.testing.assert_array_equal(drawn[pixels], camera[0][pixels])


def test_an_image_above_the_limit_is_refused_and_a_good_one_answered_after_it(peer: Any, tabletop: Any) -> None:
    huge = Image(header=tabletop.header(), width=8193, height=8192, encoding="mono8", step=8193)
    answer = peer.request(command="the red box", image=huge)
    assert not answer.success and answer.referral.status == Referral.NOT_ANSWERED
    assert "8193x8192 is above the limit of 67108864 pixels; scale or crop it" in answer.message
    peer.image.publish(huge)
    told = peer.of_frame("referral", huge.header)
    assert told.status == Referral.NOT_ANSWERED and "above the limit" in told.reason
    peer.image.publish(tabletop.image())
    assert peer.ask("the red box").status == Referral.FOUND
