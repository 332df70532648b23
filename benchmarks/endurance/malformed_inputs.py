# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.


"""Malformed inputs of every kind the node takes, from a seeded generator."""

from __future__ import annotations

import array
import math
import random
import struct
import zlib
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from builtin_interfaces.msg import Time
from geometry_msgs.msg import TransformStamped
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sensor_msgs.msg import CameraInfo, CompressedImage, Image
from std_msgs.msg import Header
from tf2_msgs.msg import TFMessage

ODD_NUMBERS = (math.nan, math.inf, -math.inf, 0.0, -0.0, -1.0, 1e308, 5e-324, 1e-30, 1e30)
CAMERA_FRAME = "camera_colour_optical_frame"
BOMB_SIDE = 60_000
"""Pixels a side that a picture of a few hundred bytes claims."""
MANY_FRAMES, LONG_NAME = 2_000, 100_000


def wrong_step(msg: Image, draw: random.Random) -> None:
    """A row shorter than its pixels."""
    msg.step = draw.randrange(msg.width * 3)


def absurd_step(msg: Image, draw: random.Random) -> None:
    """A row of gigabytes."""
    msg.step = draw.randrange(2**31, 2**32)


def short_data(msg: Image, draw: random.Random) -> None:
    """Data that end early."""
    msg.data = msg.data[: draw.randrange(len(msg.data))]


def unknown_encoding(msg: Image, draw: random.Random) -> None:
    """A name that no encoding has."""
    letters = [*range(33, 127), 0xE9, 0x4E2D, 0x1F600]
    msg.encoding = "".join(map(chr, draw.choices(letters, k=draw.randrange(1, 30))))


def other_encoding(msg: Image, draw: random.Random) -> None:
    """One that takes more bytes a pixel than are there."""
    msg.encoding = draw.choice(["rgba8", "bgra8", "rgb16", "rgba16", "32FC1", "8UC4"])


def no_pixels(msg: Image, draw: random.Random) -> None:
    """One side is 0."""
    msg.width, msg.height = draw.choice([(0, draw.randrange(500)), (draw.randrange(500), 0)])


def absurd_size(msg: Image, draw: random.Random) -> None:
    """Millions of rows."""
    msg.width, msg.height = draw.randrange(2**20, 2**32), draw.randrange(2**20, 2**32)


def odd_yuv(msg: Image, draw: random.Random) -> None:
    """An odd width of an encoding that packs pixels in pairs."""
    msg.encoding, msg.width = draw.choice(["yuv422", "yuv422_yuy2", "uyvy", "yuyv"]), 1 + 2 * draw.randrange(15)


FAULTS: tuple[Callable[[Image, random.Random], None], ...] = (
    wrong_step, absurd_step, short_data, unknown_encoding, other_encoding, no_pixels, absurd_size, odd_yuv,
)  # fmt: skip


def malformed_image(draw: random.Random) -> Image:
    """A well-formed rgb8 image of random size with one fault."""
    msg = small_image(draw)
    draw.choice(FAULTS)(msg, draw)
    return msg


def small_image(draw: random.Random) -> Image:
    """A well-formed rgb8 image of random size and pixels."""
    width, height = draw.randrange(31, 64), draw.randrange(16, 48)
    msg = Image(width=width, height=height, encoding="rgb8", step=width * 3)
    msg.data = array.array("B", draw.randbytes(width * 3 * height))
    msg.is_bigendian = draw.randrange(2)
    msg.header.frame_id = draw.choice(["camera", "", "🙂", "x" * 300])
    return msg


def malformed_depth(draw: random.Random) -> Image:
    """Depth with a fault of an image, of no depth encoding, or whose values are no distances."""
    width, height = draw.randrange(31, 64), draw.randrange(16, 48)
    msg = Image(width=width, height=height, encoding="32FC1", step=width * 4)
    values = np.array(draw.choices(ODD_NUMBERS, k=width * height))
    with np.errstate(over="ignore"):
        msg.data = array.array("B", values.astype(np.float32).tobytes())
    if draw.randrange(3):
        draw.choice(FAULTS)(msg, draw)
    msg.header = Header(frame_id=draw.choice([CAMERA_FRAME, "", "other"]), stamp=odd_stamp(draw))
    return msg


def malformed_info(draw: random.Random) -> CameraInfo:
    """Sizes, matrices and regions that no camera has."""
    info = CameraInfo(width=640, height=480, distortion_model=draw.choice(["plumb_bob", "", "x" * 1000]))
    info.header = Header(frame_id=draw.choice([CAMERA_FRAME, "", "other"]), stamp=odd_stamp(draw))
    info.k = draw.choices(ODD_NUMBERS, k=9) if draw.randrange(3) else [0.0] * 9
    info.p = draw.choices(ODD_NUMBERS, k=12)
    info.d = draw.choices(ODD_NUMBERS, k=draw.choice([0, 1, 5, 1000]))
    if draw.randrange(2):
        info.width, info.height = draw.choice([0, 1, 640, 2**32 - 1]), draw.choice([0, 1, 480, 2**32 - 1])
    if draw.randrange(2):  # the fields are unsigned: what a driver computes below 0 arrives as almost 2**32
        info.roi.x_offset, info.roi.y_offset = draw.choice([0, 2**32 - 1]), draw.choice([0, 2**32 - 5])
        info.roi.width, info.roi.height = draw.choice([0, 640, 2**32 - 1]), draw.choice([0, 480, 2**32 - 1])
    info.binning_x, info.binning_y = draw.choice([0, 1, 2**32 - 1]), draw.choice([0, 7, 2**32 - 1])
    return info


def malformed_transforms(draw: random.Random) -> TFMessage:
    """Numbers that are none, rotations that are none, loops, frames in themselves, names without end, thousands."""
    kind = draw.randrange(20)
    names = ["base_link", CAMERA_FRAME, "camera", "map", "", "/", "🙂"]
    if kind == 0:
        return TFMessage(transforms=[_edge(f"f{draw.random()}", f"g{draw.random()}") for _ in range(MANY_FRAMES)])
    if kind == 1:
        return TFMessage(transforms=[_edge("x" * LONG_NAME, "y" * LONG_NAME)])
    if kind < 6:
        frame = draw.choice(names)
        return TFMessage(transforms=[_edge(frame, frame)])
    if kind < 12:
        one, other, third = draw.sample(names, 3)
        return TFMessage(transforms=[_edge(one, other), _edge(other, third), _edge(third, one)])
    edge = _edge(*draw.sample(names, 2))
    edge.header.stamp = odd_stamp(draw)
    for part in (edge.transform.translation, edge.transform.rotation):
        part.x, part.y, part.z = draw.choices(ODD_NUMBERS, k=3)
    return TFMessage(transforms=[edge] * draw.choice([0, 1, 1, 50]))


def malformed_picture(draw: random.Random) -> CompressedImage:
    """A compressed picture that is cut, altered, random, or claims to be of billions of pixels."""
    width, height = draw.randrange(31, 64), draw.randrange(16, 48)
    pixels = np.frombuffer(draw.randbytes(width * height * 3), np.uint8).reshape(height, width, 3)
    suffix = draw.choice([".jpg", ".png"])
    whole = cv2.imencode(suffix, pixels)[1].tobytes()
    kind = draw.randrange(6)
    if kind == 0:
        data = whole[: draw.randrange(len(whole))]
    elif kind == 1:
        place = draw.randrange(len(whole))
        data = whole[:place] + draw.randbytes(1) + whole[place + 1 :]
    elif kind == 2:
        data = draw.randbytes(draw.choice([0, 1, 10, 5000]))
    elif kind == 3:
        data = png_bomb(8, draw.choice([0, 2, 3, 6]))
    elif kind == 4:
        data = whole[:2] + draw.randbytes(len(whole) - 2)
    else:
        data = whole + draw.randbytes(100)
    formats = ["jpeg", "png", "", "rgb8; jpeg compressed bgr8", "x" * 1000, "🙂"]
    return CompressedImage(format=draw.choice(formats), data=array.array("B", data))


def malformed_compressed_depth(draw: random.Random) -> CompressedImage:
    """CompressedDepth without its header, with a false one, cut, or RVL that is none."""
    side = draw.randrange(8, 48)
    png = cv2.imencode(".png", np.frombuffer(draw.randbytes(side * side * 2), np.uint16).reshape(side, side))[
        1
    ].tobytes()
    header = struct.pack("<iff", draw.choice([0, 1, -1]), *draw.choices([0.0, math.nan, math.inf, -1.0, 1e30], k=2))
    size = struct.pack("<II", *draw.choices([0, 1, side, 2**16, 2**32 - 1], k=2))
    rvl = size + draw.randbytes(draw.randrange(400))
    cut = header + png[: draw.randrange(len(png))]
    encoding, codec, data = draw.choice([
        ("16UC1", "compressedDepth png", png), ("16UC1", "compressedDepth png", cut),
        ("32FC1", "compressedDepth png", header + png), ("32FC1", "compressedDepth rvl", header + rvl),
        ("16UC1", "compressedDepth rvl", header + rvl), ("16UC1", "compressedDepth rvl", header[: draw.randrange(12)]),
        ("16UC1", "compressedDepth jxl", header + png), ("16UC1", "compressedDepth png", header + png_bomb(16, 0)),
        ("rgb8", "jpeg compressed", png), ("", "", draw.randbytes(100)),
    ])  # fmt: skip
    return CompressedImage(format=f"{encoding}; {codec}", data=array.array("B", data))


def png_bomb(bits: int, colour: int) -> bytes:
    """A few hundred bytes that claim BOMB_SIDE x BOMB_SIDE pixels of that depth and colour type."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", BOMB_SIDE, BOMB_SIDE, bits, colour, 0, 0, 0)
    pixels = zlib.compress(bytes(100_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


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


def odd_command_fields(draw: random.Random) -> dict[str, Any]:
    """Fields of a typed command that no client should send; an id is left out where the generator gives none."""
    deadline = draw.choice(
        [Time(), Time(sec=-1), Time(sec=-(2**31)), Time(sec=2**31 - 1, nanosec=2**32 - 1), Time(sec=1)]
    )
    fields = {"perspective": draw.choice(["", "mine", "x" * 10_000, "🙂", "\0", "CAMERA"]), "deadline": deadline}
    if draw.randrange(3) == 0:
        fields["id"] = draw.choice(["", "x" * 10_000, "🙂", "\u202e", "'; DROP TABLE"]) + str(draw.random())
    return fields


def odd_stamp(draw: random.Random) -> Time:
    """A moment before all time, after it, or of nanoseconds that are none."""
    return draw.choice([Time(), Time(sec=-1), Time(sec=-(2**31)), Time(sec=2**31 - 1), Time(sec=5, nanosec=2**32 - 1)])


def texts_of_hypothesis(count: int) -> list[str]:
    """Texts that hypothesis tries first, the same ones every time."""
    texts: list[str] = []

    @settings(
        max_examples=count, derandomize=True, database=None, phases=[Phase.generate], deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.text(max_size=600))
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    return texts[:count]


def _edge(parent: str, child: str) -> TransformStamped:
    edge = TransformStamped(header=Header(frame_id=parent, stamp=Time(sec=1_234)), child_frame_id=child)
    edge.transform.rotation.w = 1.0
    return edge
