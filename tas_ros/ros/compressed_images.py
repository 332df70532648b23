# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""sensor_msgs/CompressedImage to numpy: JPEG, PNG and image_transport's compressedDepth."""

from __future__ import annotations

import struct
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import InvalidImageError
from tas_ros.ros.image_conversions import MAX_PIXELS, clean_depth, eight_bits, stored_to_metres
from tas_ros.ros.rvl import decode_rvl

_DEPTH_HEADER = struct.Struct("<iff")
"""compressed_depth_image_transport's ConfigHeader: format, depthQuantA, depthQuantB."""
_RVL_SIZE = struct.Struct("<II")
"""Columns and rows, in front of its RVL stream."""
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of the segments that name a JPEG's size."""


def compressed_to_rgb(msg: Any, topic: str = "image") -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB of a JPEG, PNG or any other format OpenCV reads, in the sensor's own orientation.

    A picture of 16 bit values is scaled as `eight_bits` says. Raises InvalidImageError.
    """
    # An EXIF rotation would make the mask's size differ from the size of the camera's other topics.
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH | cv2.IMREAD_IGNORE_ORIENTATION
    bgr = _decode(msg, bytes(msg.data), flags, topic)
    if bgr.dtype == np.uint16:
        bgr = eight_bits(bgr)
    elif bgr.dtype != np.uint8:
        raise InvalidImageError(f"{topic}: format {msg.format[:40]!r} holds {bgr.dtype}, publish 8 or 16 bit colour")
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def compressed_to_metres(msg: Any, topic: str = "depth", notes: list[str] | None = None) -> NDArray[np.float32]:
    """(H, W) float32 metres, NaN where unknown, of any form that image_transport gives 16UC1 and 32FC1 depth.

    compressedDepth is a header of 12 bytes and then PNG, or columns, rows and RVL; a 16 bit PNG without that header is
    what the `compressed` transport makes of 16UC1. 16 bit values are millimetres; where `format` begins with 32FC1 they
    are quantised inverse depth: depth = A / (value - B), 0 for none.

    notes: gets a sentence for what was left out. Raises InvalidImageError.
    """
    encoding = msg.format.partition(";")[0].strip()
    _, transport, codec = msg.format.partition("compressedDepth")
    codec, data = codec.strip(), bytes(msg.data)
    quant_a = quant_b = 0.0
    # Its first versions wrote the bare encoding as format; and some write the new one over a plain PNG.
    if not data.startswith(_PNG) and (transport or data[_DEPTH_HEADER.size :].startswith(_PNG)):
        if len(data) <= _DEPTH_HEADER.size:
            raise InvalidImageError(f"{topic}: compressedDepth data has {len(data)} bytes, less than its header")
        _, quant_a, quant_b = _DEPTH_HEADER.unpack_from(data)
        data = data[_DEPTH_HEADER.size :]
    if codec == "rvl":
        raw: NDArray[Any] = _decode_rvl(data, topic)
    elif codec in ("", "png"):
        raw = _decode(msg, data, cv2.IMREAD_UNCHANGED, topic)
    else:
        raise InvalidImageError(
            f"{topic}: format {msg.format[:40]!r} is not supported; publish compressedDepth png or rvl"
        )
    if raw.ndim != 2 or raw.dtype != np.uint16:
        raise InvalidImageError(
            f"{topic}: format {msg.format[:40]!r} holds {raw.dtype} {raw.shape}, depth must be 16 bit, one channel; "
            f"JPEG cannot carry depth, publish compressedDepth or raw"
        )
    if encoding != "32FC1":
        return stored_to_metres(raw, topic, notes)
    if not np.isfinite([quant_a, quant_b]).all() or quant_a <= 0:
        raise InvalidImageError(
            f"{topic}: format {msg.format[:40]!r} is quantised inverse depth, but its header says depth = {quant_a} / "
            f"(value - {quant_b}); publish compressedDepth"
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        metres = np.float32(quant_a) / (raw.astype(np.float32) - np.float32(quant_b))
    metres[raw == 0] = np.nan
    return stored_to_metres(clean_depth(metres), topic, notes)


def _decode_rvl(data: bytes, topic: str) -> NDArray[np.uint16]:
    """(H, W) uint16. The size comes from the sender, so it is checked before any memory depends on it."""
    if len(data) < _RVL_SIZE.size:
        raise InvalidImageError(f"{topic}: RVL data has {len(data)} bytes, less than its size takes")
    columns, rows = _RVL_SIZE.unpack_from(data)
    if not columns or not rows:
        raise InvalidImageError(f"{topic}: RVL data is {columns}x{rows}, it has no pixels; check the camera driver")
    _check_size(topic, columns, rows)
    return decode_rvl(data[_RVL_SIZE.size :], columns * rows, topic).reshape(rows, columns)


def _decode(msg: Any, data: bytes, flags: int, topic: str) -> NDArray[Any]:
    if not data:
        raise InvalidImageError(f"{topic}: the compressed image holds no data; check the camera driver")
    _check_size(topic, *_declared_size(data))  # before the decoder: a few kilobytes can claim gigabytes
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise InvalidImageError(f"{topic}: {msg.format[:40]!r} data of {len(data)} bytes: {error.err}") from error
    if image is None:
        raise InvalidImageError(
            f"{topic}: {len(data)} bytes of format {msg.format[:40]!r} are no JPEG, PNG or other readable picture; "
            f"check that the topic is a compressed one and that the message is whole"
        )
    _check_size(topic, image.shape[1], image.shape[0])
    return np.asarray(image)


def _check_size(topic: str, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise InvalidImageError(
            f"{topic}: {width}x{height} is above the limit of {MAX_PIXELS} pixels; scale or crop it before this node"
        )


def _declared_size(data: bytes) -> tuple[int, int]:
    """Width and height that the header of a PNG or JPEG names; 0, 0 where there is none."""
    if data.startswith(_PNG):
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    at = 2 if data.startswith(b"\xff\xd8") else len(data)
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _JPEG_FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        # Any number of FF bytes may stand before a marker.
        at += 1 if marker == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0, 0
