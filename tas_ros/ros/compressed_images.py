"""sensor_msgs/CompressedImage to numpy: JPEG, PNG and image_transport's compressedDepth."""

from __future__ import annotations

import struct
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import InvalidImageError
from tas_ros.ros.image_conversions import MAX_PIXELS, clean_depth

_DEPTH_HEADER = struct.Struct("<iff")
"""compressed_depth_image_transport's ConfigHeader: format, depthQuantA, depthQuantB."""


def compressed_to_rgb(msg: Any, topic: str = "image") -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB of a JPEG, PNG or any other format OpenCV reads, in the sensor's own orientation.

    Raises InvalidImageError.
    """
    # An EXIF rotation would make the mask's size differ from the size of the camera's other topics.
    bgr = _decode(msg, bytes(msg.data), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION, topic)
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def compressed_to_metres(msg: Any, topic: str = "depth") -> NDArray[np.float32]:
    """(H, W) float32 metres, NaN where unknown, of a compressedDepth message or a plain 16 bit PNG (millimetres).

    32FC1 is stored by image_transport as quantised inverse depth: depth = A / (value - B). Raises InvalidImageError.
    """
    data = bytes(msg.data)
    quant_a = quant_b = 0.0
    if "compressedDepth" in msg.format:
        if len(data) <= _DEPTH_HEADER.size:
            raise InvalidImageError(f"{topic}: compressedDepth data has {len(data)} bytes, less than its header")
        _, quant_a, quant_b = _DEPTH_HEADER.unpack_from(data)
        data = data[_DEPTH_HEADER.size :]
    raw = _decode(msg, data, cv2.IMREAD_UNCHANGED, topic)
    if raw.ndim != 2 or raw.dtype != np.uint16:
        raise InvalidImageError(
            f"{topic}: format {msg.format[:40]!r} holds {raw.dtype} {raw.shape}, depth must be 16 bit, one channel; "
            f"JPEG cannot carry depth, publish compressedDepth or raw"
        )
    if not msg.format.startswith("32FC1"):
        return clean_depth(raw * np.float32(0.001))
    with np.errstate(divide="ignore", invalid="ignore"):
        metres = np.float32(quant_a) / (raw.astype(np.float32) - np.float32(quant_b))
    metres[raw == 0] = np.nan
    return clean_depth(metres)


def _decode(msg: Any, data: bytes, flags: int, topic: str) -> NDArray[Any]:
    if not data:
        raise InvalidImageError(f"{topic}: the compressed image holds no data; check the camera driver")
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise InvalidImageError(f"{topic}: {msg.format[:40]!r} data of {len(data)} bytes: {error.err}") from error
    if image is None:
        raise InvalidImageError(
            f"{topic}: {len(data)} bytes of format {msg.format[:40]!r} are no JPEG, PNG or other readable picture; "
            f"check that the topic is a compressed one and that the message is whole"
        )
    if image.shape[0] * image.shape[1] > MAX_PIXELS:
        raise InvalidImageError(f"{topic}: {image.shape[1]}x{image.shape[0]} is above the limit of {MAX_PIXELS} pixels")
    return np.asarray(image)
