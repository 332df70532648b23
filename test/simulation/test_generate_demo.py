# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The generator: deterministic, true to its own geometry, extensible. Needs pybullet, which replaying does not."""

import dataclasses

import numpy as np
import pytest

pytest.importorskip("rosbags")
pytest.importorskip("pybullet", reason="pybullet is needed only to render the recording anew")

from simulation.demo_tables import FRONT, LAYOUTS
from simulation.generate_demo import observe, record
from simulation.layout import Layout, PlacedObject, Viewpoint
from simulation.renderer import render
from tas_ros.demo.recording import load_views

BALL = Layout("ball", (PlacedObject("ball", "ball", x=0.6, y=0.1, colour="red"),), (FRONT,))


def test_the_bundled_recording_is_what_the_generator_makes():
    bundled = load_views()[0]
    made = next(record(LAYOUTS[:1]))
    assert (made.stamp, made.viewpoint.optical_frame) == (bundled.stamp, bundled.frame_id)
    np.testing.assert_array_equal(made.rgb, bundled.rgb)
    np.testing.assert_array_equal(made.labels, bundled.labels)


def test_same_seed_same_frame_other_seed_other_noise():
    first, second = (observe(BALL, FRONT, stamp=1) for _ in range(2))
    np.testing.assert_array_equal(first.rgb, second.rgb)
    np.testing.assert_array_equal(first.depth, second.depth)
    other = observe(dataclasses.replace(BALL, seed=1), FRONT, stamp=1)
    assert (other.rgb != first.rgb).any() and (other.depth != first.depth).any()
    np.testing.assert_array_equal(other.labels, first.labels)


def test_left_of_the_base_is_left_in_the_front_camera_and_right_from_the_other_side():
    columns = {}
    opposite = Viewpoint("opposite", eye=(1.25, 0.0, 0.5))
    for viewpoint in (FRONT, opposite):
        columns[viewpoint.name] = np.nonzero(render(BALL, viewpoint).labels)[1].mean()
    assert columns["camera"] < 300
    assert columns["opposite"] > 340


def test_a_rolled_camera_sees_the_same_turned_about_the_axis():
    upright = render(BALL, dataclasses.replace(FRONT, eye=(-0.02, -0.015, 0.52), target=(0.58, -0.015, 0.01)))
    rolled = render(
        BALL, dataclasses.replace(FRONT, eye=(-0.02, -0.015, 0.52), target=(0.58, -0.015, 0.01), roll=180.0)
    )
    rows, columns = (axis.mean() for axis in np.nonzero(upright.labels))
    rolled_rows, rolled_columns = (axis.mean() for axis in np.nonzero(rolled.labels))
    # The colour sensor sits 15 mm beside the axis of roll: 30 mm at 0.8 m are about 23 pixels.
    assert rolled_rows == pytest.approx(479 - rows, abs=3)
    assert rolled_columns == pytest.approx(639 - columns, abs=30)


def test_two_objects_of_one_name_are_refused():
    twice = (PlacedObject("cup", "mug", 0.5, 0.1), PlacedObject("cup", "mug", 0.5, -0.1))
    with pytest.raises(ValueError, match="two objects of one name"):
        Layout("broken", twice, (FRONT,))
