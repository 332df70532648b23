"""Random tables: other things, places, lights and viewpoints than the demo's, one for each seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tas_ros.demo.layout import Layout, Light, PlacedObject, Table, Viewpoint
from tas_ros.demo.models import Model
from training.kinds import ModelMaker
from training.textures import random_colour

TABLE_TEXTURES = (
    "light-wood", "dark-wood", "red-wood", "gray-woodgrain", "wood-varnished-panels", "wood-tiles", "gray-felt",
    "clay", "cream-plaster", "white-plaster", "gray-plaster", "steel-brushed", "light-gray-floor-tile", "ceramic",
    "white-bricks",
)  # fmt: skip
_TABLE_MIDDLE = (0.62, 0.0)


def random_layout(seed: int, folder: Path, views: int) -> tuple[Layout, dict[str, Model]]:
    """A layout and the catalogue of its models, whose meshes are written to `folder`. The models' keys are kinds."""
    random = np.random.default_rng([20260101, seed])
    maker = ModelMaker(folder, random)
    kinds = random.choice(maker.kinds, random.integers(7, 11), replace=False)
    models = {str(kind): maker.make(str(kind)) for kind in kinds}
    placed = []
    taken: list[tuple[float, float, float]] = []
    for kind, model in models.items():
        scale = float(random.uniform(0.8, 1.3))
        reach = model.size * scale * 0.55
        place = _free_place(taken, reach, random)
        if place is None:
            continue
        taken.append((*place, reach))
        placed.append(PlacedObject(kind, kind, *place, yaw=float(random.uniform(-180, 180)), scale=scale))
    viewpoints = tuple(_viewpoint(i, random) for i in range(views))
    return Layout(f"random {seed}", tuple(placed), viewpoints, _light(random), _table(random), seed), models


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


def _viewpoint(number: int, random: np.random.Generator) -> Viewpoint:
    """Near or far, high or low, from any side; mostly upright."""
    target = (_TABLE_MIDDLE[0] + float(random.uniform(-0.06, 0.06)), float(random.uniform(-0.08, 0.08)), 0.02)
    distance, height = float(random.uniform(0.55, 1.2)), np.deg2rad(random.uniform(18, 72))
    # Behind a far wall stands nothing, so the camera looks from the robot's half plane and its sides.
    side = np.deg2rad(180 + random.uniform(-110, 110))
    away = distance * np.array([np.cos(height) * np.cos(side), np.cos(height) * np.sin(side), np.sin(height)])
    roll = float(random.uniform(-180, 180)) if random.random() < 0.12 else float(random.normal(0, 6))
    eye = (target[0] + float(away[0]), target[1] + float(away[1]), target[2] + float(away[2]))
    return Viewpoint(f"camera{number}", eye, target, roll)


def _light(random: np.random.Generator) -> Light:
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


def _table(random: np.random.Generator) -> Table:
    if random.random() < 0.5:
        return Table(colour=random_colour(random))
    tint = float(random.uniform(0.7, 1.0))
    return Table(colour=(tint, tint, tint), texture=f"robosuite:textures/{random.choice(TABLE_TEXTURES)}.png")
