"""Where the camera stands for robot and speaker: from transforms, else from a parameter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tas_ros.ros.transforms import Transforms

PoseArray = NDArray[np.float64]


@dataclass(frozen=True)
class CameraPoses:
    """Points of the camera's optical frame to the robot's base and to the speaker, (4, 4), None where not known."""

    robot_from_camera: PoseArray | None
    speaker_from_camera: PoseArray | None


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
        return CameraPoses(robot if robot is not None else self.camera_pose, self._lookup(self.speaker_frame, header))

    def _lookup(self, target: str, header: Any) -> PoseArray | None:
        source = header.frame_id.lstrip("/")
        if not target or not source:
            return None
        return self.transforms.lookup(target.lstrip("/"), source, header.stamp)
