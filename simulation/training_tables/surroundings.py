# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What every random table has: things of known kinds, light and a surface."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.layout import Layout, Light, Table
from simulation.models import Model
from simulation.training_tables.textures import random_colour

TABLE_TEXTURES = (
    "light-wood", "dark-wood", "red-wood", "gray-woodgrain", "wood-varnished-panels", "wood-tiles", "gray-felt",
    "clay", "cream-plaster", "white-plaster", "gray-plaster", "steel-brushed", "light-gray-floor-tile", "ceramic",
    "white-bricks",
)  # fmt: skip

ON_TABLE = -1
"""In place of a bearer."""


@dataclass(frozen=True, eq=False)
class RandomTable:
    """A layout and what its things are."""

    layout: Layout
    models: dict[str, Model]
    """The catalogue of the layout's models, whose meshes are files."""
    kinds: tuple[str, ...]
    """Of the layout's objects, in order."""
    bearers: tuple[int, ...]
    """Index of the object each one is on or in, ON_TABLE of the others."""


def random_light(random: np.random.Generator) -> Light:
    """Strong or weak, warm or cold, from above."""
    direction = (float(random.uniform(-0.9, 0.9)), float(random.uniform(-0.9, 0.9)), float(random.uniform(0.9, 1.6)))
    warmth = random.uniform(-0.14, 0.08)
    return Light(
        direction,
        colour=(1.0, 1.0 + float(warmth) / 3, 1.0 + float(warmth)),
        ambient=float(random.uniform(0.4, 0.68)),
        diffuse=float(random.uniform(0.35, 0.65)),
        specular=float(random.choice([0.02, 0.08, 0.2, 0.4])),
        exposure=float(random.uniform(0.65, 1.12)),
    )


def random_surface(random: np.random.Generator) -> Table:
    """Painted or of some material."""
    if random.random() < 0.5:
        return Table(colour=random_colour(random))
    tint = float(random.uniform(0.7, 1.0))
    return Table(colour=(tint, tint, tint), texture=f"robosuite:textures/{random.choice(TABLE_TEXTURES)}.png")
