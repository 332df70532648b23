# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The picture and its masks as a person with upright head sees them, whatever the camera's roll.

Encoders and captioners know things the way photographs show them: a ball lit from below or a bottle on its side is
another thing to them. Only a rolled camera whose pose is known is turned back; no other picture is touched.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals

LEAST_ROLL = math.radians(10)
"""Roll that is left as it is: photographs are tilted as much."""
LEAST_IN_PICTURE = 0.25
"""Share of gravity's direction in the picture's plane below which the picture has no up (0.25: 14 degrees)."""


def roll_of(frame: Frame) -> float:
    """Radians by which the picture must turn, counter-clockwise as seen, for gravity to point down; 0 if not known."""
    if frame.robot_from_camera is None:
        return 0.0
    x, y = -frame.robot_from_camera[2, :2]
    return math.atan2(-x, y) if math.hypot(x, y) > LEAST_IN_PICTURE else 0.0


def upright(frame: Frame, proposals: Proposals) -> tuple[NDArray[np.uint8], Proposals]:
    """RGB (H', W', 3) and the same N masks (H', W') turned upright, large enough that nothing is cut off."""
    roll = roll_of(frame)
    if abs(roll) < LEAST_ROLL:
        return frame.rgb, proposals
    quarters = round(roll / (math.pi / 2))
    if abs(roll - quarters * math.pi / 2) < LEAST_ROLL:
        rgb = np.ascontiguousarray(np.rot90(frame.rgb, quarters))
        return rgb, Proposals(np.ascontiguousarray(np.rot90(proposals.masks, quarters, (1, 2))), proposals.quality)
    sine, cosine = abs(math.sin(roll)), abs(math.cos(roll))
    size = math.ceil(frame.width * cosine + frame.height * sine), math.ceil(frame.width * sine + frame.height * cosine)
    centre = (frame.width - 1) / 2, (frame.height - 1) / 2
    turn = np.asarray(cv2.getRotationMatrix2D(centre, math.degrees(roll), 1.0), np.float64)
    turn[:, 2] += np.array([size[0] - frame.width, size[1] - frame.height]) / 2
    turned = cv2.warpAffine(frame.rgb, turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    masks = np.zeros((len(proposals), size[1], size[0]), np.bool_)
    for target, mask in zip(masks, proposals.masks, strict=True):
        target[:] = cv2.warpAffine(mask.view(np.uint8), turn, size, flags=cv2.INTER_NEAREST)
    # A mask of a pixel or two can fall between the pixels of the turned picture; its nearest pixel stands for it.
    for i in np.flatnonzero(~masks.any(axis=(1, 2))):
        x, y = turn @ (*proposals.centroids[i], 1.0)
        masks[i, min(max(round(y), 0), size[1] - 1), min(max(round(x), 0), size[0] - 1)] = True
    return np.asarray(turned, np.uint8), Proposals(masks, proposals.quality)
