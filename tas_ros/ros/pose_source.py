# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Where the camera stands for robot and speaker: from transforms, else from a parameter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tas_ros.language.query import Perspective
from tas_ros.ros.transforms import Located, Transforms

PoseArray = NDArray[np.float64]
SAME_POSE = 1e-3
"""Metres and sines by which two poses may differ that see a scene alike."""


@dataclass(frozen=True, eq=False)
class CameraPoses:
    """Points of the camera's optical frame to the robot's base and to the speaker."""

    robot: Located = field(default_factory=Located)
    speaker: Located = field(default_factory=Located)

    @property
    def robot_from_camera(self) -> PoseArray | None:
        """(4, 4), None where not known."""
        return self.robot.pose

    @property
    def speaker_from_camera(self) -> PoseArray | None:
        """(4, 4), None where not known."""
        return self.speaker.pose

    def note(self, perspective: Perspective) -> str:
        """What is to be said of the transform that `perspective` takes its directions from, empty when nothing."""
        if perspective is Perspective.IMAGE:
            return ""
        return (self.speaker if perspective is Perspective.SPEAKER else self.robot).note

    def improved_by(self, later: CameraPoses) -> CameraPoses:
        """The better of two lookups of one moment: transforms come late, and are forgotten after a while."""
        return CameraPoses(_nearer(self.robot, later.robot), _nearer(self.speaker, later.speaker))

    def sees_as(self, other: CameraPoses) -> bool:
        """Whether directions are the same under both."""
        return _alike(self.robot.pose, other.robot.pose) and _alike(self.speaker.pose, other.speaker.pose)


@dataclass(frozen=True, eq=False)
class PoseSource:
    """Asks the transforms first.

    robot_frame, speaker_frame: names in the transform tree; empty for none.
    camera_pose: (4, 4) fixed pose of the camera's optical frame in the robot's base, used where transforms know none.
    """

    transforms: Transforms
    robot_frame: str
    speaker_frame: str
    camera_pose: PoseArray | None

    def poses(self, header: Any) -> CameraPoses:
        """At the moment and in the frame of an image's header (std_msgs/Header)."""
        robot = self._lookup(self.robot_frame, header)
        if robot.pose is None and self.camera_pose is not None:
            robot = Located(self.camera_pose)  # with no transform's gap, so that one that comes late is preferred
        return CameraPoses(robot, self._lookup(self.speaker_frame, header))

    def _lookup(self, target: str, header: Any) -> Located:
        source = header.frame_id.removeprefix("/")
        if not target:
            return Located()
        if not source:
            return Located(note="the image's header names no frame, so no transform can be looked up")
        return self.transforms.lookup(target.removeprefix("/"), source, header.stamp)


def _nearer(first: Located, second: Located) -> Located:
    return second if second.gap < first.gap or (first.pose is None and second.pose is not None) else first


def _alike(first: PoseArray | None, second: PoseArray | None) -> bool:
    if first is None or second is None:
        return first is second
    return bool(np.allclose(first, second, rtol=0.0, atol=SAME_POSE))
