# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Every encoding, byte order and row padding against a picture of known colours."""

from __future__ import annotations

import array
import struct
import tracemalloc
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip("sensor_msgs")
from sensor_msgs.msg import CompressedImage, Image

from tas_ros.errors import InvalidImageError
from tas_ros.ros.compressed_images import compressed_to_metres, compressed_to_rgb
from tas_ros.ros.image_conversions import LAYOUTS, MAX_PIXELS, depth_to_metres, image_to_rgb

HEIGHT, WIDTH = 12, 16
PADDINGS = (0, 1, 5, 64)


def picture() -> np.ndarray:
    """Four flat quarters, red, green, blue and grey, so that demosaicing and chroma sharing keep each one's middle."""
    rgb = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    top, left = slice(0, HEIGHT // 2), slice(0, WIDTH // 2)
    bottom, right = slice(HEIGHT // 2, None), slice(WIDTH // 2, None)
    rgb[top, left], rgb[top, right], rgb[bottom, left], rgb[bottom, right] = (
        (220, 20, 30),
        (10, 200, 40),
        (30, 50, 210),
        (128, 128, 128),
    )
    return rgb


MIDDLES = [
    (HEIGHT // 4, WIDTH // 4),
    (HEIGHT // 4, 3 * WIDTH // 4),
    (3 * HEIGHT // 4, WIDTH // 4),
    (3 * HEIGHT // 4, 3 * WIDTH // 4),
]


def image(pixels: np.ndarray, encoding: str, padding: int = 0, big: bool = False) -> Image:
    """A message with `padding` bytes of 0xAB after every row."""
    pixels = pixels.astype(pixels.dtype.newbyteorder(">" if big else "<"))
    rows = np.ascontiguousarray(pixels).view(np.uint8).reshape(len(pixels), -1)
    rows = np.pad(rows, ((0, 0), (0, padding)), constant_values=0xAB)
    msg = Image(
        height=pixels.shape[0], width=pixels.shape[1], encoding=encoding, is_bigendian=int(big), step=rows.shape[1]
    )
    msg.data = array.array("B", rows.tobytes())
    return msg


def uyvy_of(rgb: np.ndarray) -> np.ndarray:
    """(H, W, 2) with U or V first and Y second, BT.601 limited range, written out by its formula."""
    r, g, b = (rgb[..., i].astype(float) for i in range(3))
    y = 16 + 0.257 * r + 0.504 * g + 0.098 * b
    u = 128 - 0.148 * r - 0.291 * g + 0.439 * b
    v = 128 + 0.439 * r - 0.368 * g - 0.071 * b
    chroma = np.where(np.arange(rgb.shape[1]) % 2 == 0, u, v)
    return np.stack([chroma, y], axis=-1).round().astype(np.uint8)


def mosaic_of(rgb: np.ndarray, pattern: str) -> np.ndarray:
    """(H, W) Bayer mosaic; `pattern` is the first row's two filters, then the second row's (REP of sensor_msgs)."""
    raw = np.zeros(rgb.shape[:2], rgb.dtype)
    for i, colour in enumerate(pattern):
        raw[i // 2 :: 2, i % 2 :: 2] = rgb[i // 2 :: 2, i % 2 :: 2, "rgb".index(colour)]
    return raw


def stored(encoding: str) -> tuple[np.ndarray, np.ndarray, int]:
    """The picture as that encoding stores it, the RGB expected back, and the tolerance."""
    rgb = picture()
    grey = np.repeat(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    alpha = np.full((HEIGHT, WIDTH, 1), 77, np.uint8)
    wide = rgb.astype(np.uint16) * 256 + 99  # the low byte must not matter
    if encoding.startswith("bayer_"):
        pattern, bits = encoding[6:10], encoding[10:]
        return mosaic_of(rgb if bits == "8" else wide, pattern), rgb, 2
    if encoding in ("yuv422", "uyvy"):
        return uyvy_of(rgb), rgb, 4
    if encoding in ("yuv422_yuy2", "yuyv"):
        return uyvy_of(rgb)[..., ::-1], rgb, 4
    if encoding in ("16UC1", "32FC1"):  # stretched: darkest to 0, lightest to 255
        level = grey[..., 0].astype(float)
        low, high = level.min(), level.max()
        expected = ((level - low) * 255 / (high - low)).astype(np.uint8)
        pixels = (level * 31).astype(np.uint16) if encoding == "16UC1" else (level / 7).astype(np.float32)
        return pixels, np.repeat(expected[..., None], 3, axis=2), 1
    return {
        "rgb8": (rgb, rgb, 0),
        "bgr8": (rgb[..., ::-1], rgb, 0),
        "8UC3": (rgb[..., ::-1], rgb, 0),
        "rgba8": (np.concatenate([rgb, alpha], 2), rgb, 0),
        "bgra8": (np.concatenate([rgb[..., ::-1], alpha], 2), rgb, 0),
        "8UC4": (np.concatenate([rgb[..., ::-1], alpha], 2), rgb, 0),
        "mono8": (grey[..., 0], grey, 0),
        "8UC1": (grey[..., 0], grey, 0),
        "rgb16": (wide, rgb, 0),
        "bgr16": (wide[..., ::-1], rgb, 0),
        "rgba16": (np.concatenate([wide, alpha.astype(np.uint16)], 2), rgb, 0),
        "bgra16": (np.concatenate([wide[..., ::-1], alpha.astype(np.uint16)], 2), rgb, 0),
        "mono16": (grey[..., 0].astype(np.uint16) * 256 + 200, grey, 0),
    }[encoding]


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("encoding", sorted(LAYOUTS))
def test_every_encoding_order_and_padding(encoding: str, big: bool, padding: int) -> None:
    pixels, expected, tolerance = stored(encoding)
    rgb = image_to_rgb(image(pixels, encoding, padding, big))
    assert rgb.shape == (HEIGHT, WIDTH, 3) and rgb.dtype == np.uint8 and rgb.flags.c_contiguous
    if tolerance == 0:
        np.testing.assert_array_equal(rgb, expected)
    for row, column in MIDDLES:
        np.testing.assert_allclose(rgb[row, column].astype(int), expected[row, column].astype(int), atol=tolerance)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("big", [False, True])
def test_depth_is_metres_and_the_unknown_is_nan(big: bool, padding: int) -> None:
    millimetres = np.arange(HEIGHT * WIDTH, dtype=np.uint16).reshape(HEIGHT, WIDTH) * 40
    metres = depth_to_metres(image(millimetres, "16UC1", padding, big))
    assert metres.dtype == np.float32 and np.isnan(metres[0, 0])
    np.testing.assert_allclose(metres.ravel()[1:], millimetres.ravel()[1:] / 1000, rtol=1e-6)

    floats = np.full((HEIGHT, WIDTH), 1.25, np.float32)
    floats[0, :5] = (0.0, -2.0, np.inf, -np.inf, np.nan)
    metres = depth_to_metres(image(floats, "32FC1", padding, big))
    assert metres.dtype == np.float32 and np.isnan(metres[0, :5]).all()
    np.testing.assert_array_equal(metres[1:], 1.25)


def test_depth_conversion_leaves_the_message_alone() -> None:
    msg = image(np.array([[0.0, np.inf, 1.0, 2.0]], np.float32), "32FC1")
    before = bytes(msg.data)
    depth_to_metres(msg)
    assert bytes(msg.data) == before


def test_unpadded_rgb8_is_not_copied() -> None:
    msg = image(picture(), "rgb8")
    assert np.shares_memory(image_to_rgb(msg), np.frombuffer(msg.data, np.uint8))


def _changed(**fields: object) -> Image:
    msg = image(picture(), "rgb8")
    for name, value in fields.items():
        setattr(msg, name, value)
    return msg


@pytest.mark.parametrize(
    ("msg", "says"),
    [
        (_changed(encoding="nv12"), "'nv12' is not supported"),
        (_changed(encoding=""), "'' is not supported"),
        (_changed(encoding="RGB8"), "'RGB8' is not supported"),
        (_changed(encoding="x" * 10_000), "is not supported"),
        (_changed(width=0), "no pixels"),
        (_changed(height=0), "no pixels"),
        (_changed(step=WIDTH * 3 - 1), "step 47 is less than the 48 bytes"),
        (_changed(step=0), "step 0"),
        (_changed(data=array.array("B")), "data has 0 bytes"),
        (_changed(data=array.array("B", bytes(HEIGHT * WIDTH * 3 - 1))), "asks for 576"),
        (_changed(height=HEIGHT + 1), "cut short"),
        (_changed(width=2**32 - 1, height=2**32 - 1, step=2**32 - 1), "above the limit"),
        (_changed(encoding="rgb16"), "step 48 is less than the 96"),
        (_changed(encoding="yuv422", width=15), "must be even"),
        (_changed(encoding="bayer_rggb8", width=16, height=2), "too small to demosaic"),
    ],
)
def test_malformed_images_are_typed_errors(msg: Image, says: str) -> None:
    with pytest.raises(InvalidImageError, match=says) as caught:
        image_to_rgb(msg, "front_camera")
    assert str(caught.value).startswith("front_camera: ") and len(str(caught.value)) < 500


def test_colour_is_no_depth() -> None:
    with pytest.raises(InvalidImageError, match="not a depth encoding"):
        depth_to_metres(image(picture(), "rgb8"))


@pytest.mark.parametrize(("extension", "tolerance"), [(".png", 0), (".jpg", 14)])
def test_compressed_pictures(extension: str, tolerance: int) -> None:
    data = cv2.imencode(extension, picture()[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 98])[1].tobytes()
    rgb = compressed_to_rgb(CompressedImage(format=extension[1:], data=array.array("B", data)))
    for row, column in MIDDLES:
        np.testing.assert_allclose(rgb[row, column].astype(int), picture()[row, column].astype(int), atol=tolerance)


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\xff\xd8\xff\xe0 cut short"])
def test_broken_compressed_pictures(data: bytes) -> None:
    with pytest.raises(InvalidImageError, match="image: "):
        compressed_to_rgb(CompressedImage(format="jpeg", data=array.array("B", data)))


def claims(extension: str, width: int, height: int) -> array.array[int]:
    """A small picture whose header names another size; behind it the decoder finds too little."""
    data = bytearray(cv2.imencode(extension, picture(), [cv2.IMWRITE_JPEG_QUALITY, 98])[1].tobytes())
    if extension == ".png":
        data[16:24] = struct.pack(">II", width, height)
    else:
        frame = data.index(b"\xff\xc0")
        data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
        data[frame:frame] = b"\xff\xff"  # filling is allowed before any marker
    return array.array("B", bytes(data))


@pytest.mark.parametrize(
    ("extension", "width", "height"),
    [(".png", 100_000, 100_000), (".png", MAX_PIXELS + 1, 1), (".jpg", 65_000, 65_000)],
)
def test_a_size_above_the_limit_is_refused_by_the_header(extension: str, width: int, height: int) -> None:
    """A decoder would first take the memory for it."""
    msg = CompressedImage(format=extension[1:], data=claims(extension, width, height))
    for read in (compressed_to_rgb, compressed_to_metres):
        with pytest.raises(
            InvalidImageError, match=f"{width}x{height} is above the limit of {MAX_PIXELS} pixels; scale"
        ):
            read(msg)


@pytest.mark.parametrize(
    ("encoding", "dtype", "read", "most"),
    [
        ("rgb8", np.uint8, image_to_rgb, 0.1),
        ("bgr8", np.uint8, image_to_rgb, 3.1),
        ("rgb16", np.uint16, image_to_rgb, 3.1),
        ("bgr16", np.uint16, image_to_rgb, 6.1),
        ("bayer_rggb16", np.uint16, image_to_rgb, 4.1),
        ("16UC1", np.uint16, image_to_rgb, 5.1),
        ("32FC1", np.float32, image_to_rgb, 7.1),
        ("16UC1", np.uint16, depth_to_metres, 7.1),
        ("32FC1", np.float32, depth_to_metres, 7.1),
    ],
)
def test_reading_takes_few_bytes_a_pixel(
    encoding: str, dtype: type, read: Callable[[Any], np.ndarray], most: float
) -> None:
    """Result included, beside the message; a 63 MP image would else take gigabytes."""
    height, width = 1000, 1024
    channels = LAYOUTS[encoding].channels
    pixels = np.random.default_rng(0).integers(200, 5000, (height, width, channels))
    pixels = (pixels / 1000 if dtype == np.float32 else pixels).astype(dtype)
    msg = image(pixels[..., 0] if channels == 1 else pixels, encoding)
    tracemalloc.start()
    try:
        read(msg)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak <= most * height * width


def test_compressed_depth() -> None:
    millimetres = (np.arange(HEIGHT * WIDTH, dtype=np.uint16) * 30).reshape(HEIGHT, WIDTH)
    header = struct.pack("<iff", 0, 0.0, 0.0)
    png = cv2.imencode(".png", millimetres)[1].tobytes()
    for name, data in (("16UC1; compressedDepth png", header + png), ("16UC1; png compressed", png)):
        metres = compressed_to_metres(CompressedImage(format=name, data=array.array("B", data)))
        assert np.isnan(metres[0, 0])
        np.testing.assert_allclose(metres.ravel()[1:], millimetres.ravel()[1:] / 1000, rtol=1e-6)

    # 32FC1 is written by image_transport as value = A / depth + B
    depth, quant_a, quant_b = np.linspace(0.4, 3.0, HEIGHT * WIDTH).reshape(HEIGHT, WIDTH), 10100.0, -1009.0
    png = cv2.imencode(".png", (quant_a / depth + quant_b).astype(np.uint16))[1].tobytes()
    msg = CompressedImage(format="32FC1; compressedDepth png")
    msg.data = array.array("B", struct.pack("<iff", 0, quant_a, quant_b) + png)
    np.testing.assert_allclose(compressed_to_metres(msg), depth, rtol=2e-3)


def test_jpeg_carries_no_depth() -> None:
    data = cv2.imencode(".jpg", picture())[1].tobytes()
    with pytest.raises(InvalidImageError, match="JPEG cannot carry depth"):
        compressed_to_metres(CompressedImage(format="jpeg", data=array.array("B", data)))


def test_what_16_bit_depth_means_nothing_is_left_out_and_said() -> None:
    millimetres = np.full((HEIGHT, WIDTH), 800, np.uint16)
    millimetres[:, : WIDTH // 2] = 65535
    notes: list[str] = []
    metres = depth_to_metres(image(millimetres, "16UC1"), notes=notes)
    assert np.isnan(metres[:, : WIDTH // 2]).all() and (metres[:, WIDTH // 2 :] == np.float32(0.8)).all()
    assert notes == ["depth: 50% of the pixels are 65535, which is read as no value"]
    assert np.isnan(depth_to_metres(image(np.full((HEIGHT, WIDTH), 65535, np.uint16), "mono16"))).all()


@pytest.mark.parametrize(
    ("pixels", "encoding", "says"),
    [
        (np.full((HEIGHT, WIDTH), 800, np.float32), "32FC1", "look like millimetres"),
        (np.where(np.eye(12, 16), np.nan, 650).astype(np.float32), "32FC1", "look like millimetres"),
        (np.full((HEIGHT, WIDTH), 2, np.uint16), "16UC1", "look like metres"),
        (np.where(np.eye(12, 16), 65535, 3).astype(np.uint16), "16UC1", "look like metres"),
    ],
)
def test_depth_of_another_unit_is_a_typed_error(pixels: np.ndarray, encoding: str, says: str) -> None:
    with pytest.raises(InvalidImageError, match=says):
        depth_to_metres(image(pixels, encoding))
    raw = cv2.imencode(".png", pixels)[1].tobytes() if encoding == "16UC1" else b""
    if raw:
        with pytest.raises(InvalidImageError, match=says):
            compressed_to_metres(CompressedImage(format="16UC1; png compressed", data=array.array("B", raw)))


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
@pytest.mark.parametrize("encoding", sorted(name for name in LAYOUTS if name.endswith("16")))
def test_bits_of_the_converter_are_told_by_the_largest_value(encoding: str, bits: int) -> None:
    pixels, expected, tolerance = stored(encoding)
    pixels[0, 0] = 65535  # something is bright, as in nearly every picture
    rgb = image_to_rgb(image(pixels >> (16 - bits), encoding))
    for row, column in MIDDLES:
        np.testing.assert_allclose(rgb[row, column].astype(int), expected[row, column].astype(int), atol=tolerance + 1)


def test_alpha_does_not_tell_the_bits() -> None:
    pixels = np.full((HEIGHT, WIDTH, 4), 1000, np.uint16)
    pixels[..., 3] = 65535
    assert (image_to_rgb(image(pixels, "rgba16")) == 250).all()


def test_a_black_16_bit_picture_stays_black() -> None:
    assert image_to_rgb(image(np.full((HEIGHT, WIDTH), 3, np.uint16), "mono16")).max() == 0


@pytest.mark.parametrize("bits", [10, 12, 16])
def test_bits_of_a_16_bit_png(bits: int) -> None:
    wide = (picture().astype(np.uint16) * 256 + 255) >> (16 - bits)
    wide[0, 0] = (1 << bits) - 1
    data = cv2.imencode(".png", wide[..., ::-1])[1].tobytes()
    rgb = compressed_to_rgb(CompressedImage(format="rgb16; png compressed bgr16", data=array.array("B", data)))
    for row, column in MIDDLES:
        np.testing.assert_allclose(rgb[row, column].astype(int), picture()[row, column].astype(int), atol=1)


def test_cv_bridge_agrees_with_our_own_reading() -> None:
    """Where a ROS install has cv_bridge, both ways of reading an unpadded 8 bit image give the same pixels."""
    bridge = pytest.importorskip("cv_bridge").CvBridge()
    for encoding in ("bgr8", "rgba8", "bgra8", "mono8", "bayer_rggb8", "bayer_bggr8", "bayer_gbrg8", "bayer_grbg8"):
        pixels, expected, tolerance = stored(encoding)
        theirs = bridge.imgmsg_to_cv2(image(pixels, encoding), "rgb8")
        for row, column in MIDDLES:
            np.testing.assert_allclose(
                theirs[row, column].astype(int), expected[row, column].astype(int), atol=tolerance
            )
