"""sensor_msgs/Image to numpy: every encoding, row padding and byte order a camera driver sends, or a typed error.

cv_bridge is used where a ROS install has it and only where it is right. It reads padded rows sheared when `step` is not
a multiple of the pixel size, and its byte swap does not exist in NumPy 2, so 16 bit and padded images are always read
here; so is rgb8, which needs no conversion at all.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import InvalidImageError
from tas_ros.vision.frame import CameraIntrinsics

MAX_PIXELS = 64 * 1024 * 1024
"""Images above this are refused before memory is spent on them (the largest machine-vision sensors have 65 MP)."""


@dataclass(frozen=True)
class PixelLayout:
    """How one encoding stores a pixel, and how OpenCV turns it into RGB."""

    dtype: str
    channels: int
    to_rgb: int | None = None
    """cv2.COLOR_* code; None when the channels are RGB already or the value range is stretched."""
    stretched: bool = False
    """The encoding has no agreed value range (a thermal or depth camera): smallest to largest becomes 0 to 255."""


# OpenCV names a Bayer pattern by its second row's second and third pixel, ROS by its first two: ROS rggb is OpenCV BG.
_BAYER = {
    "rggb": cv2.COLOR_BayerBG2RGB,
    "bggr": cv2.COLOR_BayerRG2RGB,
    "gbrg": cv2.COLOR_BayerGR2RGB,
    "grbg": cv2.COLOR_BayerGB2RGB,
}

LAYOUTS: dict[str, PixelLayout] = {
    "rgb8": PixelLayout("u1", 3),
    "bgr8": PixelLayout("u1", 3, cv2.COLOR_BGR2RGB),
    "8UC3": PixelLayout("u1", 3, cv2.COLOR_BGR2RGB),  # assumption: OpenCV's own order, as cv_bridge publishes it
    "rgba8": PixelLayout("u1", 4, cv2.COLOR_RGBA2RGB),
    "bgra8": PixelLayout("u1", 4, cv2.COLOR_BGRA2RGB),
    "8UC4": PixelLayout("u1", 4, cv2.COLOR_BGRA2RGB),  # assumption: likewise (ZED and OpenCV publish BGRA)
    "mono8": PixelLayout("u1", 1, cv2.COLOR_GRAY2RGB),
    "8UC1": PixelLayout("u1", 1, cv2.COLOR_GRAY2RGB),
    "rgb16": PixelLayout("u2", 3),
    "bgr16": PixelLayout("u2", 3, cv2.COLOR_BGR2RGB),
    "rgba16": PixelLayout("u2", 4, cv2.COLOR_RGBA2RGB),
    "bgra16": PixelLayout("u2", 4, cv2.COLOR_BGRA2RGB),
    "mono16": PixelLayout("u2", 1, cv2.COLOR_GRAY2RGB),
    "16UC1": PixelLayout("u2", 1, cv2.COLOR_GRAY2RGB, stretched=True),
    "32FC1": PixelLayout("f4", 1, cv2.COLOR_GRAY2RGB, stretched=True),
    "yuv422": PixelLayout("u1", 2, cv2.COLOR_YUV2RGB_UYVY),
    "uyvy": PixelLayout("u1", 2, cv2.COLOR_YUV2RGB_UYVY),
    "yuv422_yuy2": PixelLayout("u1", 2, cv2.COLOR_YUV2RGB_YUY2),
    "yuyv": PixelLayout("u1", 2, cv2.COLOR_YUV2RGB_YUY2),
    **{f"bayer_{name}8": PixelLayout("u1", 1, code) for name, code in _BAYER.items()},
    **{f"bayer_{name}16": PixelLayout("u2", 1, code) for name, code in _BAYER.items()},
}

DEPTH_ENCODINGS = ("16UC1", "mono16", "32FC1")
_YUV = frozenset({"yuv422", "uyvy", "yuv422_yuy2", "yuyv"})
_CV_BRIDGE = frozenset({"bgr8", "rgba8", "bgra8", "mono8", *(f"bayer_{name}8" for name in _BAYER)})


def check_image(msg: Any, topic: str = "image") -> PixelLayout:
    """Check a sensor_msgs/Image against its own description without touching a pixel; cheap enough for a callback.

    Raises InvalidImageError that names the topic, the reason and the cure.
    """
    encoding, width, height, step = msg.encoding, msg.width, msg.height, msg.step
    layout = LAYOUTS.get(encoding)
    if layout is None:
        raise InvalidImageError(
            f"{topic}: encoding {encoding[:40]!r} is not supported; publish one of {', '.join(LAYOUTS)}"
        )
    if not width or not height:
        raise InvalidImageError(f"{topic}: the image is {width}x{height}, it has no pixels; check the camera driver")
    if width * height > MAX_PIXELS:
        raise InvalidImageError(
            f"{topic}: {width}x{height} is above the limit of {MAX_PIXELS} pixels; scale or crop it before this node"
        )
    row = width * layout.channels * np.dtype(layout.dtype).itemsize
    if step < row:
        raise InvalidImageError(
            f"{topic}: step {step} is less than the {row} bytes a row of {width} {encoding} pixels takes; "
            f"set step to at least width * bytes per pixel"
        )
    if len(msg.data) < step * height:
        raise InvalidImageError(
            f"{topic}: data has {len(msg.data)} bytes, step {step} * height {height} asks for {step * height}; "
            f"the message was cut short or its step or height is wrong"
        )
    if encoding in _YUV and width % 2:
        raise InvalidImageError(f"{topic}: {encoding} shares colour between two pixels, so width {width} must be even")
    if encoding.startswith("bayer_") and min(width, height) < 4:
        raise InvalidImageError(f"{topic}: {width}x{height} is too small to demosaic {encoding}; it needs 4x4")
    return layout


def check_depth(msg: Any, topic: str = "depth") -> PixelLayout:
    """As check_image, for a depth image. Raises InvalidImageError."""
    if msg.encoding not in DEPTH_ENCODINGS:
        raise InvalidImageError(
            f"{topic}: encoding {msg.encoding[:40]!r} is not a depth encoding; "
            "publish 16UC1 (millimetres) or 32FC1 (metres)"
        )
    return check_image(msg, topic)


def image_to_rgb(msg: Any, topic: str = "image") -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB, contiguous. An unpadded rgb8 image is a view of the message, all others are new arrays.

    16 bit colour keeps its high byte. 16UC1 and 32FC1 have no agreed range and are stretched over 0 to 255.
    Raises InvalidImageError.
    """
    layout = check_image(msg, topic)
    unpadded = msg.step == msg.width * layout.channels
    if unpadded and msg.encoding in _CV_BRIDGE and (bridge := _cv_bridge()) is not None:
        return np.asarray(bridge.imgmsg_to_cv2(msg, "rgb8"), dtype=np.uint8)
    pixels = _pixels(msg, layout)
    if layout.stretched:
        pixels = _stretch(pixels)
    elif layout.dtype == "u2":
        pixels = (pixels >> 8).astype(np.uint8)
    if layout.to_rgb is None:
        return np.ascontiguousarray(pixels)
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), layout.to_rgb), dtype=np.uint8)


def depth_to_metres(msg: Any, topic: str = "depth") -> NDArray[np.float32]:
    """(H, W) float32 metres, NaN where the camera knows nothing (0, negative, infinite, NaN). Always a new array.

    16UC1 and mono16 are millimetres, 32FC1 is metres (REP 118). Raises InvalidImageError.
    """
    raw = _pixels(msg, check_depth(msg, topic))
    return clean_depth(raw * np.float32(0.001) if raw.dtype.kind == "u" else raw.astype(np.float32))


def clean_depth(metres: NDArray[np.float32]) -> NDArray[np.float32]:
    """`metres` itself, float32 (H, W), with every value that is no distance set to NaN."""
    with np.errstate(invalid="ignore"):
        metres[~((metres > 0) & np.isfinite(metres))] = np.nan
    return metres


def intrinsics_from(msg: Any, width: int, height: int, topic: str = "camera_info") -> CameraIntrinsics | None:
    """Pinhole model of a sensor_msgs/CameraInfo, in pixels of an image of that size; None when it is uncalibrated.

    A CameraInfo made for another resolution of the same camera is scaled. Raises InvalidImageError when it cannot
    belong to the image.
    """
    fx, _, cx, _, fy, cy = (float(value) for value in msg.k[:6])
    if fx == 0.0 or fy == 0.0:
        return None  # sensor_msgs/CameraInfo: "If the camera is uncalibrated ... the matrices are zero"
    if not np.isfinite([fx, fy, cx, cy]).all() or fx < 0 or fy < 0:
        raise InvalidImageError(f"{topic}: k holds fx {fx}, fy {fy}, cx {cx}, cy {cy}; recalibrate the camera")
    sx, sy = (width / msg.width, height / msg.height) if msg.width and msg.height else (1.0, 1.0)
    if abs(sx - sy) > 0.01 * max(sx, sy):
        raise InvalidImageError(
            f"{topic}: it is for {msg.width}x{msg.height}, the image is {width}x{height}; "
            "publish the image's own calibration"
        )
    return CameraIntrinsics(fx * sx, fy * sy, cx * sx, cy * sy)


def pixel_view(msg: Any, layout: PixelLayout) -> NDArray[Any]:
    """(H, W) or (H, W, C) onto the data of a checked message, in its own byte order; row padding is stepped over."""
    stored = np.dtype(layout.dtype).newbyteorder(">" if msg.is_bigendian else "<")
    shape: tuple[int, ...] = (msg.height, msg.width)
    strides: tuple[int, ...] = (msg.step, layout.channels * stored.itemsize)
    if layout.channels > 1:
        shape, strides = (*shape, layout.channels), (*strides, stored.itemsize)
    data = bytes(msg.data) if isinstance(msg.data, (list, tuple)) else msg.data
    return np.ndarray(shape, stored, buffer=data, strides=strides)


def _pixels(msg: Any, layout: PixelLayout) -> NDArray[Any]:
    """(H, W) or (H, W, C) in this machine's byte order; a view of the message where that is its own order."""
    view = pixel_view(msg, layout)
    return view if view.dtype.isnative else view.astype(view.dtype.newbyteorder("="))


def _stretch(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Smallest finite value to 0, largest to 255, anything not finite to 0."""
    finite = np.isfinite(pixels)
    if not finite.any():
        return np.zeros(pixels.shape, np.uint8)
    low, high = float(pixels[finite].min()), float(pixels[finite].max())
    scaled = (np.where(finite, pixels, low).astype(np.float64) - low) * (255.0 / max(high - low, 1e-12))
    return scaled.astype(np.uint8)


@cache
def _cv_bridge() -> Any:
    """A CvBridge whose compiled half works with this NumPy, else None."""
    with contextlib.suppress(Exception):  # built for NumPy 1, it fails in many ways; our own code does the same work
        from cv_bridge import CvBridge
        from cv_bridge.boost import cv_bridge_boost  # noqa: F401

        return CvBridge()
    return None
