# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Tables of things apart, each kind once, seen from the robot's half plane."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simulation.layout import Layout, PlacedObject, Viewpoint
from simulation.training_tables.kinds import ModelMaker
from simulation.training_tables.surroundings import ON_TABLE, RandomTable, random_light, random_surface

_TABLE_MIDDLE = (0.62, 0.0)


def apart_table(seed: int, folder: Path) -> RandomTable:
    """The table of that seed, seen by one camera; mesh files go to `folder`."""
    random = np.random.default_rng([20260101, seed])
    maker = ModelMaker(folder, random)
    kinds = random.choice(maker.kinds, random.integers(7, 11), replace=False)
    models = {str(kind): maker.make(str(kind)) for kind in kinds}
    placed: list[PlacedObject] = []
    taken: list[tuple[float, float, float]] = []
    for kind, model in models.items():
        scale = float(random.uniform(0.8, 1.3))
        reach = model.size * scale * 0.55
        place = _free_place(taken, reach, random)
        if place is None:
            continue
        taken.append((*place, reach))
        placed.append(PlacedObject(kind, kind, *place, yaw=float(random.uniform(-180, 180)), scale=scale))
    viewpoint, light, surface = _viewpoint(random), random_light(random), random_surface(random)
    layout = Layout(f"apart {seed}", tuple(placed), (viewpoint,), light, surface, seed)
    return RandomTable(layout, models, tuple(each.model for each in placed), (ON_TABLE,) * len(placed))


def _free_place(
    taken: list[tuple[float, float, float]], reach: float, random: np.random.Generator
) -> tuple[float, float] | None:
    """Where a thing of that reach still fits; a few may touch."""
    for _ in range(40):
        x, y = float(random.uniform(0.46, 0.82)), float(random.uniform(-0.26, 0.26))
        slack = random.uniform(0.85, 1.3)
        if all(np.hypot(x - a, y - b) > slack * (reach + r) for a, b, r in taken):
            return x, y
    return None


def _viewpoint(random: np.random.Generator) -> Viewpoint:
    """Near or far, high or low, from any side; mostly upright."""
    target = (_TABLE_MIDDLE[0] + float(random.uniform(-0.06, 0.06)), float(random.uniform(-0.08, 0.08)), 0.02)
    distance, height = float(random.uniform(0.55, 1.2)), np.deg2rad(random.uniform(18, 72))
    # Behind a far wall stands nothing, so the camera looks from the robot's half plane and its sides.
    side = np.deg2rad(180 + random.uniform(-110, 110))
    away = distance * np.array([np.cos(height) * np.cos(side), np.cos(height) * np.sin(side), np.sin(height)])
    roll = float(random.uniform(-180, 180)) if random.random() < 0.12 else float(random.normal(0, 6))
    eye = (target[0] + float(away[0]), target[1] + float(away[1]), target[2] + float(away[2]))
    return Viewpoint("camera", eye, target, roll)
