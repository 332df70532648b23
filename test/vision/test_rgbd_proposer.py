# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The proposer that chooses between depth and colour."""

from __future__ import annotations

import numpy as np
import pytest

from tas_ros.vision.frame import Frame
from tas_ros.vision.proposers.rgbd import RgbdProposer


@pytest.fixture(scope="module")
def rgbd() -> RgbdProposer:
    """With real weights."""
    return RgbdProposer()


def test_depth_comes_first(rgbd: RgbdProposer, tabletop, best_iou) -> None:
    proposals = rgbd.propose(tabletop.frame)
    best = proposals.select(np.argsort(-proposals.quality)[:12])
    assert best_iou(best.masks, tabletop.mask(1)) > 0.9


@pytest.mark.parametrize("known", [0.0, 0.1])
def test_sparse_depth_falls_back_on_colour(rgbd: RgbdProposer, tabletop, best_iou, known: float) -> None:
    depth = tabletop.frame.depth
    assert depth is not None
    sparse = np.where(np.random.default_rng(0).random(depth.shape) < known, depth, np.float32(np.nan))
    from_sparse = rgbd.propose(Frame(tabletop.frame.rgb, sparse))
    from_colour = rgbd.propose(Frame(tabletop.frame.rgb))
    assert np.array_equal(from_sparse.masks, from_colour.masks)
    assert best_iou(from_colour.masks, tabletop.mask(1)) > 0.7
