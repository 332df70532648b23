# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Poses as people write them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from tas_ros.errors import InvalidPoseError

LEAST_QUATERNION = 1e-3


def pose_from_text(text: str) -> NDArray[np.float64]:
    """(4, 4) transform of "x y z roll pitch yaw" (metres, radians about fixed axes) or "x y z qx qy qz qw".

    The order is that of tf2's static_transform_publisher. Commas count as spaces. Raises InvalidPoseError.
    """
    try:
        numbers = [float(part) for part in text.replace(",", " ").split()]
    except ValueError:
        numbers = []
    if len(numbers) not in (6, 7) or not np.isfinite(numbers).all():
        raise InvalidPoseError(
            f"pose {text!r} must be 6 numbers (x y z roll pitch yaw) or 7 (x y z qx qy qz qw), metres and radians"
        )
    if len(numbers) == 7 and np.linalg.norm(numbers[3:]) < LEAST_QUATERNION:
        raise InvalidPoseError(f"pose {text!r} has a quaternion of length 0; no rotation is 0 0 0 1")
    turn = Rotation.from_euler("xyz", numbers[3:]) if len(numbers) == 6 else Rotation.from_quat(numbers[3:])
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = turn.as_matrix(), numbers[:3]
    return pose
