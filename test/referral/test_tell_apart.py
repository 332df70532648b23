# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The question an ambiguous command is answered with."""

from dataclasses import replace

import numpy as np
import pytest

from tas_ros.referral.tell_apart import tell_apart

from ..spatial.hand_made_geometry import geometry


@pytest.mark.parametrize(
    ("right", "down", "question"),
    [
        ([0.7, 0.2], [0.4, 0.4], "the left one or the right one?"),
        ([0.7, 0.2, 0.5], [0.4, 0.4, 0.4], "the left, the middle or the right one?"),
        ([0.1, 0.2, 0.5, 0.9], [0.4] * 4, "which one, counted from the left?"),
        ([0.5, 0.51], [0.2, 0.6], "the front one or the back one?"),
        ([0.5, 0.5], [0.4, 0.4], ""),
    ],
)
def test_the_first_clear_order_is_asked_for(right, down, question):
    assert tell_apart(geometry(right, down), range(len(right))) == question


def test_only_the_things_in_question_count():
    assert tell_apart(geometry([0.1, 0.5, 0.5, 0.9], [0.4] * 4), [0, 3]) == "the left one or the right one?"


def test_size_decides_when_places_do_not():
    stacked = geometry([0.5, 0.5], [0.4, 0.4], size=[0.1, 0.2])
    level = replace(stacked, nearness=np.zeros(2, np.float32))
    assert tell_apart(level, [0, 1]) == "the smaller one or the bigger one?"
