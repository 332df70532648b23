# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Proposals from depth, on ray-cast tabletops whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from tas_ros.vision.frame import Frame
from tas_ros.vision.proposers.depth import DepthProposer
from tas_ros.vision.proposers.planes import back_project, fit_planes


def _ious(scene, best_iou) -> list[float]:
    masks = DepthProposer().propose(scene.frame).masks
    return [best_iou(masks, scene.mask(number)) for number in range(1, len(scene.colours) + 1)]


@pytest.mark.parametrize("tilt", [30.0, 45.0])
def test_every_thing_on_the_table_has_a_clean_mask(make_tabletop, best_iou, tilt: float) -> None:
    ious = _ious(make_tabletop(tilt=tilt), best_iou)
    assert min(ious) >= 0.85 and np.mean(ious) >= 0.92, ious


def test_noise_and_holes_do_not_lose_things(make_tabletop, best_iou) -> None:
    ious = _ious(make_tabletop(noise=0.0015, holes=0.03), best_iou)
    assert min(ious) >= 0.7 and np.mean(ious) >= 0.85, ious


def test_planes_are_never_things(tabletop) -> None:
    proposals = DepthProposer().propose(tabletop.frame)
    background = tabletop.truth <= 0
    assert all(np.mean(background[mask]) < 0.5 for mask in proposals.masks)


def test_depth_without_intrinsics_is_used(tabletop, best_iou) -> None:
    masks = DepthProposer().propose(Frame(tabletop.frame.rgb, tabletop.frame.depth)).masks
    assert best_iou(masks, tabletop.mask(1)) >= 0.85


@pytest.mark.parametrize("fill", [np.nan, 0.0, 1.0, np.inf])
def test_empty_and_flat_depth_give_no_things(fill: float) -> None:
    frame = Frame(np.zeros((48, 64, 3), np.uint8), np.full((48, 64), fill, np.float32))
    assert len(DepthProposer().propose(frame)) == 0


def test_no_depth_gives_no_things() -> None:
    assert len(DepthProposer().propose(Frame(np.zeros((8, 8, 3), np.uint8)))) == 0


def test_the_same_depth_gives_the_same_masks(tabletop) -> None:
    first, second = (DepthProposer().propose(tabletop.frame) for _ in range(2))
    assert np.array_equal(first.masks, second.masks)


def test_a_plane_is_fitted_where_it_is(tabletop) -> None:
    depth, camera = tabletop.frame.depth, tabletop.frame.intrinsics
    assert depth is not None and camera is not None
    points = back_project(depth, camera)
    table = points[tabletop.truth == 0][::50]
    (plane,) = fit_planes(table, np.full(len(table), 0.004, np.float32), 0.5, 1, trials=100)
    assert abs(plane.offset + 0.7) < 0.005  # the camera hangs 0.7 m above the table
    assert np.allclose(plane.normal, (0, -np.cos(np.pi / 4), -np.sin(np.pi / 4)), atol=0.01)
