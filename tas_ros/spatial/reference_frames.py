# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Whose left and right: the axes that direction words mean, as vectors in the camera's optical frame.

The optical frame is x right, y down, z forward. A body frame (the robot's base, the speaker) is REP-103's: x forward,
y left, z up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tas_ros.language.query import Perspective
from tas_ros.vision.frame import Frame

VectorArray = NDArray[np.float64]

STEEP = 0.97
"""Cosine between the optical axis and the vertical beyond which "away" is no direction on the ground: about 14 degrees
off straight down."""


@dataclass(frozen=True, eq=False)
class ReferenceFrame:
    """Unit vectors (3,) in the optical frame, and where the one stands whose frame it is.

    right, away: level; up: against gravity. Of perspective `image` they are the raw image's axes.
    origin: metres in the optical frame.
    upright: whether `up` is known to be against gravity.
    note: what a user should know, such as a transform that was missing; empty when all is as asked.
    """

    perspective: Perspective
    right: VectorArray
    up: VectorArray
    away: VectorArray
    origin: VectorArray
    upright: bool
    note: str = ""


def reference_frame(frame: Frame, wanted: Perspective) -> ReferenceFrame:
    """The axes of `wanted` as this frame's camera sees them; the raw image's, with a note, where a pose is missing."""
    if wanted is Perspective.IMAGE:
        return _image_frame()
    if wanted is Perspective.CAMERA:
        if frame.robot_from_camera is None:
            return _image_frame("no transform tells where down is, so the camera is taken to be mounted upright")
        return _person_at_camera(_body_axes(frame.robot_from_camera)[2])
    whose = "robot's base" if wanted is Perspective.ROBOT else "speaker"
    pose = frame.robot_from_camera if wanted is Perspective.ROBOT else frame.speaker_from_camera
    if pose is None:
        return _image_frame(f"no transform to the {whose}: directions are those of the image")
    forward, left, up = _body_axes(pose)
    return ReferenceFrame(wanted, -left, up, forward, origin=-pose[:3, :3].T @ pose[:3, 3], upright=True)


def _image_frame(note: str = "") -> ReferenceFrame:
    right, down, forward = np.eye(3)
    return ReferenceFrame(Perspective.IMAGE, right, -down, forward, np.zeros(3), upright=False, note=note)


def _person_at_camera(up: VectorArray) -> ReferenceFrame:
    """A person at the camera, head upright: looks where the camera looks, and gravity alone decides what is level."""
    _, down, forward = np.eye(3)
    note = ""
    level = forward - (forward @ up) * up
    if abs(forward @ up) > STEEP:
        # Straight down there is no "away" but the top of the picture.
        level = -down - (-down @ up) * up
        note = "the camera looks straight down: away is the top of the picture"
    away = level / np.linalg.norm(level)
    return ReferenceFrame(Perspective.CAMERA, np.cross(away, up), up, away, np.zeros(3), upright=True, note=note)


def _body_axes(pose: VectorArray) -> VectorArray:
    """(3, 3) rows forward, left, up of a body frame, in the optical frame."""
    return np.asarray(pose[:3, :3], np.float64)
