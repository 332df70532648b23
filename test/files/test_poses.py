# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Poses as people write them."""

import numpy as np
import pytest

from tas_ros.errors import InvalidPoseError
from tas_ros.files.poses import pose_from_text


def test_roll_pitch_yaw_is_that_of_static_transform_publisher():
    # A camera looking along the base's x: its optical z is forward, its x to the right (base -y), its y down.
    pose = pose_from_text("0.1 0 0.5 -1.570796327 0 -1.570796327")
    assert np.allclose(pose @ [0, 0, 1, 1], [1.1, 0, 0.5, 1], atol=1e-6)
    assert np.allclose(pose @ [1, 0, 0, 1], [0.1, -1, 0.5, 1], atol=1e-6)
    assert np.allclose(pose @ [0, 1, 0, 1], [0.1, 0, -0.5, 1], atol=1e-6)


def test_quaternion_is_normalised():
    assert np.allclose(pose_from_text("1, 2, 3, 0, 0, 2, 2"), pose_from_text("1 2 3 0 0 1.570796327"), atol=1e-6)


@pytest.mark.parametrize("text", ["", "1 2 3", "1 2 3 4 5 six", "1 2 3 0 0 0 0", "1 2 3 nan 0 0", "0 0 0 0 0 0 0 1"])
def test_what_is_no_pose_is_refused_with_the_cure(text):
    with pytest.raises(InvalidPoseError, match=r"6 numbers|0 0 0 1"):
        pose_from_text(text)
