# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""RVL depth against an encoder written from the paper, damaged streams, and every form of compressedDepth."""

from __future__ import annotations

import array
import struct

import cv2
import numpy as np
import pytest

pytest.importorskip("sensor_msgs")
from sensor_msgs.msg import CompressedImage

from tas_ros.errors import InvalidImageError
from tas_ros.ros.compressed_images import compressed_to_metres
from tas_ros.ros.image_conversions import MAX_PIXELS
from tas_ros.ros.rvl import decode_rvl


def encode_rvl(values: np.ndarray) -> bytes:
    """One nibble at a time, as slow and as plain as can be."""
    nibbles: list[int] = []

    def put(number: int) -> None:
        while True:
            number, low = number >> 3, number & 7
            nibbles.append(low | (8 if number else 0))
            if not number:
                return

    values = values.ravel().tolist()
    at, last = 0, 0
    while at < len(values):
        start = next((i for i in range(at, len(values)) if values[i]), len(values))
        end = next((i for i in range(start, len(values)) if not values[i]), len(values))
        put(start - at)
        put(end - start)
        for value in values[start:end]:
            delta = value - last
            put(2 * delta if delta >= 0 else -2 * delta - 1)
            last = value
        at = end
    nibbles += [0] * (-len(nibbles) % 8)
    words = [int("".join(f"{nibble:x}" for nibble in nibbles[i : i + 8]), 16) for i in range(0, len(nibbles), 8)]
    return struct.pack(f"<{len(words)}I", *words)


def rvl_message(
    raw: np.ndarray, encoding: str = "16UC1", quantisation: tuple = (0.0, 0.0), header: object = None
) -> CompressedImage:
    data = struct.pack("<iff", 0, *quantisation) + struct.pack("<II", raw.shape[1], raw.shape[0]) + encode_rvl(raw)
    msg = CompressedImage(format=f"{encoding}; compressedDepth rvl", data=array.array("B", data))
    msg.header = header or msg.header
    return msg


PICTURES = {
    "nothing": np.zeros((5, 7), np.uint16),
    "everything": np.full((5, 7), 1234, np.uint16),
    "extremes": np.array([[0, 65535, 1, 0], [65535, 65535, 0, 1]], np.uint16),
    "one": np.array([[7]], np.uint16),
    "checkers": (np.indices((9, 9)).sum(0) % 2 * 900).astype(np.uint16),
}


@pytest.mark.parametrize("name", PICTURES)
def test_special_pictures_come_back(name: str) -> None:
    raw = PICTURES[name]
    np.testing.assert_array_equal(decode_rvl(encode_rvl(raw), raw.size).reshape(raw.shape), raw)


@pytest.mark.parametrize("seed", range(20))
def test_random_pictures_come_back(seed: int) -> None:
    draw = np.random.default_rng(seed)
    raw = draw.integers(0, 65536, (draw.integers(1, 40), draw.integers(1, 40))).astype(np.uint16)
    raw = np.where(draw.random(raw.shape) < draw.random(), 0, raw >> draw.integers(0, 16)).astype(np.uint16)
    np.testing.assert_array_equal(decode_rvl(encode_rvl(raw), raw.size).reshape(raw.shape), raw)


def test_millimetres_and_inverse_depth() -> None:
    millimetres = (np.arange(60, dtype=np.uint16) * 40).reshape(6, 10)
    metres = compressed_to_metres(rvl_message(millimetres))
    assert metres.shape == (6, 10) and metres.dtype == np.float32 and np.isnan(metres[0, 0])
    np.testing.assert_allclose(metres.ravel()[1:], millimetres.ravel()[1:] / 1000, rtol=1e-6)

    depth, quant_a, quant_b = np.linspace(0.4, 3.0, 60).reshape(6, 10), 10100.0, -1009.0
    raw = (quant_a / depth + quant_b).astype(np.uint16)
    raw[0, 0] = 0
    metres = compressed_to_metres(rvl_message(raw, "32FC1", (quant_a, quant_b)))
    assert np.isnan(metres[0, 0])
    np.testing.assert_allclose(metres.ravel()[1:], depth.ravel()[1:], rtol=2e-3)


def test_a_stream_cut_anywhere_is_a_typed_error() -> None:
    raw = np.random.default_rng(1).integers(0, 3000, (12, 12)).astype(np.uint16)
    whole = encode_rvl(raw)
    for length in range(len(whole)):
        with pytest.raises(InvalidImageError, match="cut short"):
            decode_rvl(whole[:length], raw.size)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_streams_are_decoded_or_typed_errors(seed: int) -> None:
    draw = np.random.default_rng(seed)
    data = bytearray(encode_rvl(draw.integers(0, 500, (12, 12)).astype(np.uint16)))
    for _ in range(4):
        data[draw.integers(len(data))] = draw.integers(256)
    try:
        assert decode_rvl(bytes(data), 144).shape == (144,)
    except InvalidImageError as error:
        assert str(error).startswith("depth: RVL data")  # noqa: PT017


def test_sizes_in_the_header_are_not_trusted() -> None:
    def sized(columns: int, rows: int) -> CompressedImage:
        data = bytes(12) + struct.pack("<II", columns, rows) + encode_rvl(np.ones((2, 2), np.uint16))
        return CompressedImage(format="16UC1; compressedDepth rvl", data=array.array("B", data))

    for columns, rows, says in (
        (2**32 - 1, 2**32 - 1, f"above the limit of {MAX_PIXELS}"),
        (MAX_PIXELS + 1, 1, "above the limit"),
        (0, 4, "no pixels"),
        (3, 2, "cut short"),
        (1, 1, "more than the 1 pixels"),
    ):
        with pytest.raises(InvalidImageError, match=says):
            compressed_to_metres(sized(columns, rows))
    with pytest.raises(InvalidImageError, match="less than its"):
        compressed_to_metres(CompressedImage(format="16UC1; compressedDepth rvl", data=array.array("B", bytes(14))))


def test_other_forms() -> None:
    millimetres = (np.arange(60, dtype=np.uint16) * 40).reshape(6, 10)
    png, header = cv2.imencode(".png", millimetres)[1].tobytes(), struct.pack("<iff", 0, 0.0, 0.0)
    for name, data in (
        ("16UC1; compressedDepth png", header + png),
        ("16UC1; compressedDepth", header + png),
        ("mono16; compressedDepth png", header + png),
        ("16UC1", header + png),
        ("16UC1; compressedDepth png", png),
        ("16UC1; png compressed ", png),
        ("png", png),
    ):
        metres = compressed_to_metres(CompressedImage(format=name, data=array.array("B", data)))
        np.testing.assert_allclose(metres.ravel()[1:], millimetres.ravel()[1:] / 1000, rtol=1e-6, err_msg=name)
    for name, data, says in (
        ("16UC1; compressedDepth zstd", header + png, "'16UC1; compressedDepth zstd' is not supported"),
        ("32FC1; png compressed", png, "quantised inverse depth"),
        ("32FC1; compressedDepth png", header + png, "quantised inverse depth"),
    ):
        with pytest.raises(InvalidImageError, match=says):
            compressed_to_metres(CompressedImage(format=name, data=array.array("B", data)))
