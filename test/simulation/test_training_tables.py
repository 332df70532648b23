# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the tabletop head is trained on: random tables with things on and in others, and their labelled regions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from simulation.models import MODELS, asset_path
from simulation.training_tables.render_tables import RenderedTable
from tas_ros.errors import DatasetError
from tas_ros.vision.encoders.class_names import tabletop_classes
from training.regions import NO_KIND, SMALLEST, table_regions

NUMBERS = {kind.names[0]: i for i, kind in enumerate(tabletop_classes())}
PLATE, BALL, CUBE = NUMBERS["plate"], NUMBERS["ball"], NUMBERS["cube"]


@pytest.fixture
def mesh_folder(tmp_path: Path) -> Path:
    """An empty folder, where the catalogue's own meshes are installed."""
    try:
        for model in MODELS.values():
            if model.mesh:
                asset_path(model.mesh)
    except DatasetError as error:
        pytest.skip(str(error))
    return tmp_path


def _labels() -> NDArray[np.uint8]:
    """A plate (1) with a ball (2) that rises above its edge, and a cube (3) apart."""
    labels = np.zeros((240, 320), np.uint8)
    labels[100:160, 40:140] = 1
    labels[80:120, 80:110] = 2
    labels[100:140, 200:240] = 3
    return labels


def _table() -> RenderedTable:
    rgb = np.random.default_rng(0).integers(0, 255, (240, 320, 3), np.uint8)
    return RenderedTable(7, rgb, _labels(), ("plate", "ball", "cube"), (-1, 0, -1))


@pytest.mark.parametrize("seed", range(20))
def test_a_bearer_is_learnt_with_and_without_what_it_bears(seed: int) -> None:
    regions = table_regions(_table(), NUMBERS, np.random.default_rng(seed), altered=False)
    labels = _labels()
    plates = [mask for mask, kind in zip(regions.masks, regions.kinds, strict=True) if kind == PLATE]
    assert len(plates) == 2
    np.testing.assert_array_equal(plates[0], labels == 1)
    gained = plates[1] & ~plates[0]
    assert gained.any()
    assert not (gained & (labels != 2)).any()
    assert (gained & (np.arange(240)[:, None] >= 100)).sum() == ((labels == 2) & (np.arange(240)[:, None] >= 100)).sum()


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("altered", [False, True])
def test_a_bearer_with_its_load_is_never_called_none_of_the_kinds(seed: int, altered: bool) -> None:
    regions = table_regions(_table(), NUMBERS, np.random.default_rng(seed), altered)
    assert regions.kinds.count(BALL) == regions.kinds.count(CUBE) == 1
    together = (_labels() == 1) | (_labels() == 2)
    for mask, kind in zip(regions.masks, regions.kinds, strict=True):
        assert SMALLEST <= np.count_nonzero(mask) < 0.8 * mask.size
        if kind == NO_KIND and not altered:
            assert np.count_nonzero(mask & together) < 0.9 * np.count_nonzero(mask | together)


def test_random_tables_have_the_same_kind_twice_and_things_on_others_seen_from_all_around(mesh_folder) -> None:
    from simulation.solids import standing_points
    from simulation.training_tables.crowded_tables import NEARNESS
    from simulation.training_tables.layouts import random_table

    sides, twice, bearers = [], 0, set()
    for seed in range(24):
        table = random_table(seed, mesh_folder)
        twice += len(set(table.kinds)) < len(table.kinds)
        eye = np.subtract(table.layout.viewpoints[0].eye, table.layout.viewpoints[0].target)
        assert NEARNESS[0] - 1e-6 <= np.linalg.norm(eye) <= NEARNESS[1] + 1e-6
        sides.append(int(np.arctan2(eye[1], eye[0]) // (np.pi / 2)))
        for placed, below in zip(table.layout.objects, table.bearers, strict=True):
            if below < 0:
                assert placed.z == 0
                continue
            bearer = table.layout.objects[below]
            points = standing_points(bearer, table.models[bearer.model])
            assert 0 < placed.z <= points[:, 2].max() + 1e-9
            assert (points[:, :2].min(axis=0) <= (placed.x, placed.y)).all()
            assert (points[:, :2].max(axis=0) >= (placed.x, placed.y)).all()
            bearers.add(table.kinds[below])
    assert set(sides) == {-2, -1, 0, 1}
    assert twice >= 8
    assert {"bowl", "plate", "tray"} <= bearers


def test_tables_of_things_apart_are_kept(mesh_folder) -> None:
    from simulation.training_tables.layouts import FIRST_APART_SEED, random_table

    table = random_table(FIRST_APART_SEED + 1, mesh_folder)
    assert len(set(table.kinds)) == len(table.kinds)
    assert set(table.bearers) == {-1}


def test_a_table_is_the_same_for_the_same_seed(mesh_folder) -> None:
    from simulation.training_tables.layouts import random_table

    one, other = random_table(3, mesh_folder), random_table(3, mesh_folder)
    assert one.layout == other.layout
    assert (one.kinds, one.bearers) == (other.kinds, other.bearers)
