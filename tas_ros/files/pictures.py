# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Pictures, depth images and camera parameters in files, to and from the arrays of a Frame."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import InvalidImageError
from tas_ros.vision.frame import CameraIntrinsics

MILLIMETRE = 0.001
JPEG_QUALITY = 75
"""Of 100: nothing is seen to be lost, at a third of the size of OpenCV's own 95."""


def read_rgb(path: Path, apply_orientation: bool = True) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB of any format OpenCV decodes; grey is repeated, alpha dropped.

    apply_orientation: turn the picture as its EXIF says, as viewers do. Off where annotations or depth belong to the
    pixels as stored. Raises InvalidImageError.
    """
    import cv2

    flags = cv2.IMREAD_COLOR if apply_orientation else cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    bgr = _decode(path, flags, "an image")
    return np.ascontiguousarray(bgr[..., ::-1], dtype=np.uint8)


def read_depth(path: Path) -> NDArray[np.float32]:
    """(H, W) float32 metres, NaN where unknown (0, negative or not finite in the file).

    Integers (16-bit png, npy) are millimetres and floats (npy, tiff, exr) metres, as in sensor_msgs/Image 16UC1 and
    32FC1. Raises InvalidImageError.
    """
    import cv2

    if path.suffix.lower() == ".npy":
        _require_file(path, "a depth image")
        try:
            stored = np.load(path, allow_pickle=False)
        except Exception as error:  # a damaged one raises EOFError, MemoryError and others
            raise InvalidImageError(f"{path} is not a readable npy array ({error}); save it with numpy.save") from error
    else:
        stored = _decode(path, cv2.IMREAD_UNCHANGED, "a depth image")
    if stored.ndim != 2 or stored.dtype == np.uint8 or stored.dtype.kind not in "uif":
        raise InvalidImageError(
            f"{path} is {stored.shape} {stored.dtype}, not a depth image; depth has one channel of 16-bit "
            "millimetres or of float metres"
        )
    metres: NDArray[np.float32] = stored.astype(np.float32)
    if stored.dtype.kind in "ui":
        metres *= MILLIMETRE
    metres[~(np.isfinite(metres) & (metres > 0))] = np.nan
    return metres


def read_camera_info(path: Path) -> CameraIntrinsics:
    """Pinhole parameters from YAML or JSON.

    A sensor_msgs/CameraInfo as text (`ros2 topic echo --once`), the file that camera_calibration writes, or plain
    fx, fy, cx, cy. Raises InvalidImageError.
    """
    from tas_ros.files.yaml_files import read_yaml

    _require_file(path, "a camera_info file")
    try:
        # `ros2 topic echo` ends each message with "---": the first document is the one wanted.
        content = read_yaml(path, first_of_several=True)
    except OSError as error:
        raise InvalidImageError(f"{path} cannot be read ({error.strerror}); give a file that you may read") from error
    except ValueError as error:
        raise InvalidImageError(
            f"{path} is neither YAML nor JSON ({error}); give a CameraInfo message as text"
        ) from error
    try:
        fx, fy, cx, cy = _pinhole(content)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise InvalidImageError(
            f"{path} holds no pinhole camera ({error!r}); it needs k (9 numbers), camera_matrix.data, or fx, fy, cx, cy"
        ) from error
    if not (np.isfinite([fx, fy, cx, cy]).all() and fx > 0 and fy > 0):
        raise InvalidImageError(f"{path} gives focal lengths fx={fx}, fy={fy}; an uncalibrated camera sends zeros")
    return CameraIntrinsics(fx, fy, cx, cy)


def write_rgb(path: Path, rgb: NDArray[np.uint8]) -> None:
    """Write (H, W, 3) uint8 RGB in the format of the file's ending. Raises InvalidImageError."""
    _encode(path, np.ascontiguousarray(rgb[..., ::-1]))


def write_mask(path: Path, mask: NDArray[np.bool_]) -> None:
    """Write (H, W) bool as 8-bit grey, 0 and 255. Raises InvalidImageError; a lossy format is refused."""
    if path.suffix.lower() in (".jpg", ".jpeg", ".webp"):
        raise InvalidImageError(f"{path} would blur the mask's edge ({path.suffix} is lossy); use .png")
    _encode(path, mask.astype(np.uint8) * 255)


def _pinhole(content: Any) -> tuple[float, float, float, float]:
    if not isinstance(content, Mapping):
        raise TypeError(f"a {type(content).__name__} at the top")
    if "fx" in content:
        return float(content["fx"]), float(content["fy"]), float(content["cx"]), float(content["cy"])
    if "camera_matrix" in content:
        matrix = content["camera_matrix"]["data"]
    else:
        matrix = content["k"] if "k" in content else content["K"]
    if len(matrix) != 9:
        raise ValueError(f"a camera matrix of {len(matrix)} numbers")
    return float(matrix[0]), float(matrix[4]), float(matrix[2]), float(matrix[5])


def _require_file(path: Path, what: str) -> None:
    try:
        there = path.is_file()
    except OSError as error:
        raise InvalidImageError(f"{path} cannot be looked at ({error.strerror}); give the path of {what}") from error
    if not there:
        raise InvalidImageError(f"{path} is not a file; give the path of {what}")


def _decode(path: Path, flags: int, what: str) -> NDArray[Any]:
    import cv2

    _require_file(path, what)
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise InvalidImageError(f"{path} cannot be read ({error.strerror}); give {what} that you may read") from error
    try:
        pixels = cv2.imdecode(data, flags) if data.size else None
    except cv2.error as error:  # e.g. a header that claims more pixels than OpenCV allows
        raise InvalidImageError(f"{path} cannot be decoded as {what} ({error.err})") from error
    if pixels is None:
        raise InvalidImageError(
            f"{path} cannot be decoded as {what}; it is damaged or in a format OpenCV does not read"
        )
    return np.asarray(pixels)


def _encode(path: Path, pixels: NDArray[np.uint8]) -> None:
    import cv2

    jpeg = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY, cv2.IMWRITE_JPEG_PROGRESSIVE, 1, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    options = jpeg if path.suffix.lower() in (".jpg", ".jpeg", ".jpe") else []
    try:
        written, data = cv2.imencode(path.suffix, pixels, options)
    except cv2.error as error:
        raise InvalidImageError(f"{path} cannot be written: {path.suffix!r} names no image format; use .png") from error
    if not written:
        raise InvalidImageError(f"{path} cannot be encoded as {path.suffix}; use .png")
    try:
        path.write_bytes(data.tobytes())
    except OSError as error:
        raise InvalidImageError(f"{path} cannot be written ({error.strerror}); choose a folder that exists") from error
