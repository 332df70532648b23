# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Things that touch, drawn: how far their parts are trusted as things of their own."""

import numpy as np
import pytest

from tas_ros.vision.proposals import Proposals
from tas_ros.vision.proposers.depth import part_quality, whole_quality
from tas_ros.vision.proposers.rgbd import inner_quality
from tas_ros.vision.proposers.touching import split_touching

RED, DARK_RED, BLUE = (200, 30, 30), (110, 10, 10), (30, 40, 200)


def two_blocks(left, right):
    """A picture of two coloured blocks side by side, the mask of both and of the right one."""
    rgb = np.full((60, 100, 3), 160, np.uint8)
    both, second = np.zeros((60, 100), bool), np.zeros((60, 100), bool)
    both[20:40, 20:80] = second[20:40, 55:80] = True
    rgb[both], rgb[second] = left, right
    return rgb, both, second


def test_things_of_other_colours_are_parted_and_trusted():
    rgb, both, second = two_blocks(RED, BLUE)
    parts = split_touching(both, rgb)
    assert len(parts) == 2 and any((part.mask == second).mean() > 0.99 for part in parts)
    assert min(part_quality(part) for part in parts) > 0.9
    assert whole_quality(parts) < 0.7


def test_shades_of_one_colour_stay_one_thing():
    rgb, both, _ = two_blocks(RED, DARK_RED)
    parts = split_touching(both, rgb)
    assert whole_quality(parts) == 1
    assert all(part_quality(part) < 0.8 for part in parts)
    assert whole_quality([]) == 1


@pytest.mark.parametrize(("inner", "trusted"), [(BLUE, True), (DARK_RED, False)])
def test_a_colour_proposal_within_a_solid_thing_is_trusted_for_its_contrast(inner, trusted):
    rgb, both, second = two_blocks(RED, inner)
    outside = np.zeros_like(both)
    outside[:10, :10] = True
    flat = Proposals(np.stack([second, outside]), np.full(2, 0.1, np.float32))
    quality = inner_quality(flat, Proposals(both[None], np.ones(1, np.float32)), rgb)
    assert (quality[0] > 0.5) == trusted
    assert quality[1] == 0
