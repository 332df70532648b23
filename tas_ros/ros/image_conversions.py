# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

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

NO_VALUE = 65535
"""What 16 bit depth cameras send for "too far" and "saturated"; as millimetres it would be a wall at 65.5 m."""
NEAREST, FARTHEST = 50, 100.0
"""No depth camera sees only things nearer than these millimetres, none sees half of a picture beyond these metres."""

_ROWS_AT_ONCE = 64
"""Of an image, where a computation needs more bytes a pixel than the image has."""


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

    16 bit colour is scaled as `eight_bits` says. 16UC1 and 32FC1 have no agreed range and are stretched over 0 to 255.
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
        pixels = eight_bits(pixels)
    if layout.to_rgb is None:
        return np.ascontiguousarray(pixels)
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), layout.to_rgb), dtype=np.uint8)


def depth_to_metres(msg: Any, topic: str = "depth", notes: list[str] | None = None) -> NDArray[np.float32]:
    """(H, W) float32 metres, NaN where the camera knows nothing (0, negative, infinite, NaN). Always a new array.

    16UC1 and mono16 are millimetres, 65535 for none; 32FC1 is metres (REP 118).
    notes: gets a sentence for what was left out. Raises InvalidImageError, also when the values are of another unit.
    """
    return stored_to_metres(_pixels(msg, check_depth(msg, topic)), topic, notes)


def stored_to_metres(stored: NDArray[Any], topic: str = "depth", notes: list[str] | None = None) -> NDArray[np.float32]:
    """As depth_to_metres, of (H, W) uint16 millimetres or float32 metres."""
    if stored.dtype.kind != "u":
        metres = clean_depth(stored.astype(np.float32))
        # A median copies all values twice; it is only worth that where many are far.
        if 0 < np.count_nonzero(np.isfinite(metres)) <= 2 * np.count_nonzero(metres > FARTHEST):
            middle = float(np.nanmedian(metres))
            if middle > FARTHEST:
                raise InvalidImageError(
                    f"{topic}: half of the 32FC1 values are above {middle:.0f}, which are no metres but look like "
                    "millimetres; publish metres (REP 118) or 16UC1"
                )
        return metres
    metres = clean_depth(stored * np.float32(0.001))
    full = stored == NO_VALUE
    if count := int(np.count_nonzero(full)):
        metres[full] = np.nan
        if notes is not None:
            notes.append(f"{topic}: {count / stored.size:.0%} of the pixels are {NO_VALUE}, which is read as no value")
    largest = int(stored.max(initial=0, where=~full))
    if 0 < largest < NEAREST:
        raise InvalidImageError(
            f"{topic}: the largest 16 bit value is {largest}, which are no millimetres but look like metres; "
            "publish millimetres (REP 118) or 32FC1"
        )
    return metres


def clean_depth(metres: NDArray[np.float32]) -> NDArray[np.float32]:
    """`metres` itself, float32 (H, W), with every value that is no distance set to NaN."""
    with np.errstate(invalid="ignore"):
        metres[~((metres > 0) & np.isfinite(metres))] = np.nan
    return metres


def eight_bits(pixels: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """The high byte of 16 bit grey (H, W) or colour (H, W, 3 or 4), counted from the bits the camera's converter has.

    Cameras of 10, 12 and 14 bits send their values in 16 bit encodings unshifted, and no field of the message says so.
    The largest value tells: the smallest of 10, 12, 14 and 16 bits that holds it. A 16 bit picture so dark that 10 bits
    hold it becomes up to 64 times as bright, which shows what would else be black; one that is black stays so.
    """
    colour = pixels[..., :3] if pixels.ndim == 3 else pixels  # alpha is full scale whatever the converter
    largest = int(colour.max(initial=0))
    bits = next(bits for bits in (10, 12, 14, 16) if largest < 1 << bits)
    high = np.empty(pixels.shape, np.uint8)
    return np.right_shift(pixels, bits - 8, out=high, casting="unsafe")


def intrinsics_from(msg: Any, width: int, height: int, topic: str = "camera_info") -> CameraIntrinsics | None:
    """Pinhole model of a sensor_msgs/CameraInfo, in pixels of an image of that size; None when it is uncalibrated.

    As the message defines it, K is of the full resolution `width` x `height`, and the image is the window `roi` of it
    (all of it where roi is 0), of which `binning_x` x `binning_y` pixels became one (0 means 1, fractions dropped):
    fx / binning_x, (cx - x_offset) / binning_x and likewise for y. An image of the full resolution, of the roi
    unbinned, or of the full resolution binned is taken for that, unless two of them fit. Where width or height is 0,
    nothing is known of the full resolution and the image is taken for what the message defines.

    Raises InvalidImageError with the sizes when the calibration cannot belong to the image.
    """
    fx, _, cx, _, fy, cy = (float(value) for value in msg.k[:6])
    if fx == 0.0 or fy == 0.0:
        return None  # sensor_msgs/CameraInfo: "If the camera is uncalibrated ... the matrices are zero"
    if not np.isfinite([fx, fy, cx, cy]).all() or fx < 0 or fy < 0:
        raise InvalidImageError(f"{topic}: k holds fx {fx}, fy {fy}, cx {cx}, cy {cy}; recalibrate the camera")
    across = _Axis.of(msg.width, width, msg.roi.x_offset, msg.roi.width, msg.binning_x)
    down = _Axis.of(msg.height, height, msg.roi.y_offset, msg.roi.height, msg.binning_y)
    said = f"{topic}: it is for {_sizes(msg, across, down)}, the image is {width}x{height}"
    if not (across.inside and down.inside):
        raise InvalidImageError(f"{said}; its roi lies outside its own size, correct the camera's driver")

    def reading(cut: bool, binned: bool) -> CameraIntrinsics | None:
        if not (across.makes(width, cut, binned) and down.makes(height, cut, binned)):
            return None
        fx_here, cx_here = across.of_image(fx, cx, cut, binned)
        fy_here, cy_here = down.of_image(fy, cy, cut, binned)
        return CameraIntrinsics(fx_here, fy_here, cx_here, cy_here)

    if (defined := reading(cut=True, binned=True)) is not None:
        return defined
    others = (reading(False, False), reading(True, False), reading(False, True))
    fitting = {each for each in others if each is not None}
    if len(fitting) != 1:
        which = "fits it in two ways" if fitting else "is of another size"
        raise InvalidImageError(f"{said}: the calibration {which}; publish the image's own calibration")
    return fitting.pop()


@dataclass(frozen=True)
class _Axis:
    """One axis of a CameraInfo: pixels of the sensor at full resolution, the window that is read out, the binning."""

    full: int
    offset: int
    window: int
    binning: int

    @classmethod
    def of(cls, full: int, image: int, offset: int, window: int, binning: int) -> _Axis:
        binning = max(binning, 1)
        full = full or offset + (window or image * binning)
        return cls(full, offset, window or max(full - offset, 0), binning)

    @property
    def inside(self) -> bool:
        return 0 < self.window <= self.full - self.offset

    def makes(self, image: int, cut: bool, binned: bool) -> bool:
        """Whether the image has as many pixels as are left of the sensor or the window, whole or binned."""
        pixels, binning = self.window if cut else self.full, self.binning if binned else 1
        return image == pixels // binning

    def of_image(self, focal: float, centre: float, cut: bool, binned: bool) -> tuple[float, float]:
        """Focal length and principal point of the full resolution in that image's own pixels."""
        offset, binning = self.offset if cut else 0, self.binning if binned else 1
        return focal / binning, (centre - offset) / binning


def _sizes(msg: Any, across: _Axis, down: _Axis) -> str:
    said = f"{msg.width}x{msg.height}"
    if (across.window, down.window) != (across.full, down.full):
        said += f", roi {across.window}x{down.window} at ({across.offset}, {down.offset})"
    if (across.binning, down.binning) != (1, 1):
        said += f", binning {across.binning}x{down.binning}"
    return said


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
    stretched = np.zeros(pixels.shape, np.uint8)
    finite = np.isfinite(pixels)
    if not finite.any():
        return stretched
    low, high = float(pixels[finite].min()), float(pixels[finite].max())
    for row in range(0, len(pixels), _ROWS_AT_ONCE):  # in float64, eight bytes a pixel
        rows = slice(row, row + _ROWS_AT_ONCE)
        scaled = np.where(finite[rows], pixels[rows], low).astype(np.float64) - low
        stretched[rows] = (scaled * (255.0 / max(high - low, 1e-12))).astype(np.uint8)
    return stretched


@cache
def _cv_bridge() -> Any:
    """A CvBridge whose compiled half works with this NumPy, else None."""
    with contextlib.suppress(Exception):  # built for NumPy 1, it fails in many ways; our own code does the same work
        from cv_bridge import CvBridge
        from cv_bridge.boost import cv_bridge_boost  # noqa: F401

        return CvBridge()
    return None
