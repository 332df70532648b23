# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""500 malformed images and commands from a seeded generator: the node lives on and gives a reason for each."""

from __future__ import annotations

import array
import random
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")
from sensor_msgs.msg import Image

from tas_ros.msg import Referral
from tas_ros.ros.image_conversions import LAYOUTS

pytestmark = pytest.mark.ros

IMAGES, COMMANDS, SEED = 300, 200, 20231018


def wrong_step(msg: Image, draw: random.Random) -> None:
    msg.step = draw.randrange(msg.width * 3)


def absurd_step(msg: Image, draw: random.Random) -> None:
    msg.step = draw.randrange(2**31, 2**32)


def short_data(msg: Image, draw: random.Random) -> None:
    msg.data = msg.data[: draw.randrange(len(msg.data))]


def unknown_encoding(msg: Image, draw: random.Random) -> None:
    letters = [*range(33, 127), 0xE9, 0x4E2D, 0x1F600]
    msg.encoding = "".join(map(chr, draw.choices(letters, k=draw.randrange(1, 30))))


def other_encoding(msg: Image, draw: random.Random) -> None:
    """One that takes more bytes a pixel than are there."""
    msg.encoding = draw.choice(["rgba8", "bgra8", "rgb16", "rgba16", "32FC1", "8UC4"])


def no_pixels(msg: Image, draw: random.Random) -> None:
    msg.width, msg.height = draw.choice([(0, draw.randrange(500)), (draw.randrange(500), 0)])


def absurd_size(msg: Image, draw: random.Random) -> None:
    msg.width, msg.height = draw.randrange(2**20, 2**32), draw.randrange(2**20, 2**32)


def odd_yuv(msg: Image, draw: random.Random) -> None:
    msg.encoding, msg.width = draw.choice(["yuv422", "yuv422_yuy2", "uyvy", "yuyv"]), 1 + 2 * draw.randrange(15)


FAULTS: tuple[Callable[[Image, random.Random], None], ...] = (
    wrong_step, absurd_step, short_data, unknown_encoding, other_encoding, no_pixels, absurd_size, odd_yuv,
)  # fmt: skip


def malformed_image(draw: random.Random) -> Image:
    """A well-formed rgb8 image of random size with one fault."""
    width, height = draw.randrange(31, 64), draw.randrange(16, 48)
    msg = Image(width=width, height=height, encoding="rgb8", step=width * 3)
    msg.data = array.array("B", draw.randbytes(width * 3 * height))
    msg.is_bigendian = draw.randrange(2)
    msg.header.frame_id = draw.choice(["camera", "", "🙂", "x" * 300])
    draw.choice(FAULTS)(msg, draw)
    return msg


def malformed_command(draw: random.Random) -> str:
    """Empty, blank, endless, markup, control characters, bidirectional marks, unpaired or unassigned code points."""
    letters = [*range(1, 32), 0x7F, 0x202E, 0x2066, 0xFEFF, 0xFFFE, 0xFFFF, 0x1F468, 0x200D, 0x0301, 0xE000, 0x10FFFF]
    return draw.choice([
        "", " " * draw.randrange(1, 50), "\t\n\r" * draw.randrange(1, 5), "a" * 10_000, "mug " * 2_500,
        "'; DROP TABLE", "%s%n",
        "".join(map(chr, draw.choices(letters, k=draw.randrange(1, 40)))),
        "".join(chr(draw.randrange(0x20, 0xD800)) for _ in range(draw.randrange(1, 200))),
        "{}[]()<>/\\" * draw.randrange(1, 60), "\u0000" + "x" * draw.randrange(9), "the " * draw.randrange(1, 100),
    ])  # fmt: skip


def test_500_malformed_inputs_each_get_a_reason(peer: Any, tabletop: Any, shared_node: Any) -> None:
    from .conftest import wait_until

    draw = random.Random(SEED)
    kinds = ["image"] * IMAGES + ["command"] * COMMANDS
    draw.shuffle(kinds)
    last_reason = ""
    for number, kind in enumerate(kinds):
        if kind == "image":
            msg = malformed_image(draw)
            msg.header.stamp.sec = 10_000 + number
            seen = len(peer.received["referral"])
            peer.image.publish(msg)

            def refusal(seen: int = seen, header: Any = msg.header) -> Any:
                return next((r for r in peer.received["referral"][seen:] if r.header == header), None)

            answer = wait_until(refusal, f"the refusal of image {number}: {msg.encoding!r} {msg.width}x{msg.height}")
            assert answer.reason != last_reason or not answer.reason  # no two faults in a row read the same
            last_reason = answer.reason
        else:
            answer = peer.ask(malformed_command(draw))
        assert answer.status in (Referral.NOT_ANSWERED, Referral.NOT_FOUND, Referral.NOT_A_REFERENCE), answer
        assert answer.reason, answer
        assert shared_node.alive, shared_node.log

    image, depth, info = tabletop.frame()
    for publisher, good in ((peer.camera_info, info), (peer.depth, depth), (peer.image, image)):
        publisher.publish(good)
    wait_until(lambda: peer.ask("the red box").status == Referral.FOUND, "the node to work as before")


def test_every_encoding_reaches_the_pipeline(peer: Any, tabletop: Any) -> None:
    """No supported encoding is refused: random bytes of the right length are answered on that very frame."""
    draw = random.Random(SEED)
    for encoding, layout in LAYOUTS.items():
        step = 64 * layout.channels * int(layout.dtype[1]) + 6
        msg = Image(header=tabletop.header(), width=64, height=48, encoding=encoding, step=step)
        msg.data = array.array("B", draw.randbytes(step * 48))
        response = peer.request(command="the red box", image=msg)
        assert response.success, f"{encoding}: {response.message}"
        assert response.mask.header == msg.header and (response.mask.width, response.mask.height) == (64, 48)
