# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.


"""An RGB-D camera over a table with three boxes, as messages."""

from __future__ import annotations

import array
from typing import Any

import numpy as np
from numpy.typing import NDArray

BOXES = {"red": (100, 200, 190, 290), "green": (280, 180, 370, 270), "blue": (450, 220, 540, 310)}
"""Where each is in the image: x0, y0, x1, y1, the last two behind it; pixels."""
_COLOURS = {"red": (205, 25, 30), "green": (30, 160, 50), "blue": (30, 60, 200)}
FOCAL = 600.0
"""Pixels."""


def render_tabletop() -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """(480, 640, 3) uint8 RGB and float32 depth in metres: three upright boxes on a table seen at 45 degrees."""
    noise = np.random.default_rng(0)
    rgb = np.full((480, 640, 3), (150, 140, 125), np.float64)
    slope = (np.arange(480) - 240) / FOCAL
    depth = np.repeat((0.8 / (np.sqrt(0.5) * (slope + 1)))[:, None], 640, 1).astype(np.float32)
    for name, (x0, y0, x1, y1) in BOXES.items():
        rgb[y0:y1, x0:x1] = _COLOURS[name]
        depth[y0:y1, x0:x1] = depth[y1 - 1, x0] - 0.005
    return np.clip(rgb + noise.normal(0, 3, rgb.shape), 0, 255).astype(np.uint8), depth


class Tabletop:
    """Makes the messages of an RGB-D camera over the table; every call stamps a new frame."""

    def __init__(self) -> None:
        self.rgb, self.depth = render_tabletop()
        self._tick = 0

    def header(self) -> Any:
        """Of the next frame."""
        from std_msgs.msg import Header

        self._tick += 1
        header = Header(frame_id="camera_colour_optical_frame")
        header.stamp.sec, header.stamp.nanosec = 1_234 + self._tick, 567_891_011
        return header

    def image(self, header: Any = None) -> Any:
        """sensor_msgs/Image of the table, rgb8."""
        return image_of(self.rgb, "rgb8", header or self.header())

    def frame(self) -> tuple[Any, Any, Any]:
        """Image, depth and camera_info of one stamp."""
        from sensor_msgs.msg import CameraInfo

        header = self.header()
        info = CameraInfo(header=header, width=640, height=480, distortion_model="plumb_bob", d=[0.0] * 5)
        info.k = [FOCAL, 0.0, 320.0, 0.0, FOCAL, 240.0, 0.0, 0.0, 1.0]
        return self.image(header), image_of(self.depth, "32FC1", header), info


def image_of(pixels: NDArray[Any], encoding: str, header: Any) -> Any:
    """A sensor_msgs/Image without row padding."""
    from sensor_msgs.msg import Image

    msg = Image(header=header, height=pixels.shape[0], width=pixels.shape[1], encoding=encoding)
    msg.step = pixels.nbytes // pixels.shape[0]
    msg.data = array.array("B", pixels.tobytes())
    return msg
