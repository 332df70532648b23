# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Simulated depth scenes: what is rendered fits together, and the same seed renders the same."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pybullet", reason="renders: pip install --no-deps -r requirements/simulation.txt")
if find_spec("robosuite") is None:  # its meshes are taken; to import it needs more than is installed
    pytest.skip("takes meshes: pip install --no-deps -r requirements/simulation.txt", allow_module_level=True)

from simulation.depth_scenes.generate import (
    FURNITURE,
    HEIGHT,
    VIEWS,
    WIDTH,
    read_scene,
    render_scene,
    save_scene,
    scene_paths,
)
from simulation.depth_scenes.shapes import ShapeMaker, open_box
from tas_ros.vision.proposers.planes import back_project


@pytest.mark.parametrize("seed", [0, 5])
def test_views_hold_things_with_depth(seed: int) -> None:
    kind, views = render_scene(seed)
    assert kind and len(views) == VIEWS
    for view in views:
        assert view.depth.shape == view.labels.shape == (HEIGHT, WIDTH)
        assert np.isfinite(view.depth[view.labels > 0]).all()
        # A thing is of a hand's size, wherever it is seen from.
        points = back_project(view.depth, view.camera)
        for number in np.unique(view.labels[(view.labels > 0) & (view.labels != FURNITURE)]):
            assert np.ptp(points[view.labels == number], axis=0).max() < 0.6


def test_a_saved_scene_is_the_rendered_one_and_the_seed_alone_decides_it(tmp_path: Path) -> None:
    kind, views = render_scene(3)
    save_scene(tmp_path / "3.npz", kind, views)
    assert not list(tmp_path.glob("*.part*"))
    (again,) = map(read_scene, scene_paths(tmp_path, held_out=False))
    _, twice = render_scene(3)
    for stored, first, second in zip(again, views, twice, strict=True):
        assert np.array_equal(first.depth, second.depth, equal_nan=True)
        assert np.array_equal(stored.labels, first.labels) and stored.camera == first.camera
        near = first.depth < 6
        assert np.abs(stored.depth - first.depth)[near].max() < 1e-4
    assert not scene_paths(tmp_path, held_out=True)
    assert len(read_scene(tmp_path / "3.npz")) == VIEWS


def test_transparent_things_hide_nothing_in_the_picture_behind() -> None:
    _, views = render_scene(7)
    view = next(view for view in views if np.isin(view.labels, view.transparent).any())
    clear = np.isin(view.labels, view.transparent)
    assert (view.behind[clear] >= view.depth[clear] - 1e-3).all()
    assert np.array_equal(view.behind[~clear], view.depth[~clear], equal_nan=True)


def test_shapes_are_of_a_size_to_be_gripped_and_stand_about_their_middle() -> None:
    maker = ShapeMaker(np.random.default_rng(0))
    for _ in range(200):
        shape = maker.any()
        assert 0.015 < shape.extent.max() < 0.75, shape.extent
        middle = (shape.vertices.min(axis=0) + shape.vertices.max(axis=0)) / 2
        assert np.allclose(middle, 0, atol=1e-9)
        assert shape.faces.max() < len(shape.vertices)


def test_an_open_box_is_open_above() -> None:
    box = open_box(0.3, 0.2, 0.1, 0.01)
    high = box.vertices[box.vertices[:, 2] > 0.05]
    assert (np.maximum(np.abs(high[:, 0]) / 0.15, np.abs(high[:, 1]) / 0.1) > 0.9).all()
