# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the depth network is asked to learn."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("pybullet", reason="reads simulated scenes: pip install --no-deps -r requirements/simulation.txt")
pytest.importorskip("torch")

from simulation.depth_scenes.generate import FURNITURE, HEIGHT, WIDTH, DepthView
from tas_ros.vision.frame import CameraIntrinsics
from tas_ros.vision.proposers.depth_architecture import INPUTS, OUTPUTS, VOTE_UNIT
from tas_ros.vision.proposers.depth_network import vote_maps
from training.depth_examples import SMALLEST, example, target_of


def _view() -> DepthView:
    labels = np.zeros((HEIGHT, WIDTH), np.uint8)
    depth = np.full((HEIGHT, WIDTH), 1.0, np.float32)
    labels[60:120, 80:180], depth[60:120, 80:180] = 1, 0.9
    labels[100:104, 200:204], depth[100:104, 200:204] = 2, 0.95
    labels[150:200, 40:100] = FURNITURE
    return DepthView(depth, depth, labels, (), CameraIntrinsics(290.0, 290.0, 159.5, 119.5))


def test_the_target_as_output_votes_for_the_things_middle() -> None:
    target = target_of(_view().labels)
    outputs = np.concatenate([target.thing[None], target.offset, target.size[None], target.outline[None]])
    assert len(outputs) == OUTPUTS
    maps = vote_maps(outputs.astype(np.float32))
    inside = target.vote_weight > 0
    assert np.abs(maps.votes[inside] - (64.5, 44.5)).max() < 0.6
    # Of a 50 x 30 box, the root mean square distance to the middle.
    assert float(maps.size[inside].mean()) == pytest.approx(np.hypot(50, 30) / 12**0.5, rel=0.05)
    assert np.abs(target.offset).max() * VOTE_UNIT < 26


def test_crumbs_and_furniture_are_neither_things_nor_background() -> None:
    target = target_of(_view().labels)
    assert SMALLEST > 2 * 2
    assert (target.thing_weight[50:52, 100:102] == 0).all()
    assert (target.thing_weight[80:95, 25:45] == 0).all()
    assert target.thing_weight[0, 0] == 1
    assert (target.vote_weight[50:52, 100:102] == 0).all()


@pytest.mark.parametrize("seed", range(6))
def test_examples_are_finite_and_of_the_networks_size(seed: int) -> None:
    features, target = example(_view(), np.random.default_rng(seed))
    assert features.shape == (INPUTS, HEIGHT, WIDTH) and np.isfinite(features).all()
    assert np.abs(features).max() < 20
    assert target.thing.shape == (HEIGHT // 2, WIDTH // 2)
    again, _ = example(_view(), np.random.default_rng(seed))
    assert np.array_equal(features, again)
