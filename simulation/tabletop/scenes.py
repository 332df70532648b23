# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Random tabletop scenes: what stands where, who looks on. One for each seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulation.layout import Layout, Light, PlacedObject, Table, Viewpoint
from simulation.models import Model
from simulation.solids import standing_points
from simulation.tabletop.things import KINDS, PAINTS, Kind, ThingMaker, bearing_height

FIRST_HELD_OUT_SEED = 10_000
"""Seeds below it are for tuning, those from it on only for reporting."""
TABLES = (
    Table(colour=(0.62, 0.60, 0.57)),
    Table(colour=(0.80, 0.79, 0.76)),
    Table(colour=(0.45, 0.50, 0.50)),
    Table(colour=(0.50, 0.44, 0.38)),
    Table(colour=(1.0, 1.0, 1.0), texture="robosuite:textures/light-wood.png"),
    Table(colour=(0.8, 0.8, 0.8), texture="robosuite:textures/ceramic.png"),
)
FAMILIES: dict[str, float] = {"usual": 180.0, "from_left": 90.0, "from_right": -90.0, "looks_back": 0.0}
"""Where a camera stands around the table, degrees from the robot's x axis counter-clockwise seen from above."""
ROLLS = (15.0, 45.0, 90.0, 180.0, 270.0)
_MIDDLE = (0.66, 0.0)
_SMALL = ("cube", "ball", "lego", "lemon", "apple", "duck", "cone", "cup")
"""What may rest on or in another thing."""


@dataclass(frozen=True, eq=False)
class RandomScene:
    """A layout and what its pictures are judged by."""

    layout: Layout
    models: dict[str, Model]
    kinds: tuple[Kind, ...]
    """Of the layout's objects, in order."""
    supports: tuple[int, ...]
    """Index of the object each one rests on or in, -1 for the table."""
    robot_in_layout: NDArray[np.float64]
    """(4, 4) pose of the robot's base, upright at the table's edge, in the layout's frame."""
    speaker_in_layout: NDArray[np.float64]
    """(4, 4) pose of a person's head at the table: x ahead over the table, y left, z up."""


def random_scene(seed: int, attempt: int, folder: Path) -> RandomScene:
    """The scene of that seed; mesh files go to `folder`. attempt: another one, if no camera sees all of the last."""
    random = np.random.default_rng([20260404, seed, attempt])
    maker = ThingMaker(folder, random)
    wanted = _choose(random)
    objects: list[PlacedObject] = []
    models: dict[str, Model] = {}
    kinds: list[Kind] = []
    supports: list[int] = []
    reaches: list[float] = []
    bearer = -1
    for number, (kind, colour) in enumerate(wanted):
        key = f"{number}"
        model = maker.make(kind)
        # Things of one kind differ in size now and then, so that words of size decide.
        scale = float(random.choice([0.78, 1.0, 1.28])) if random.random() < 0.55 else 1.0
        placed = PlacedObject(key, key, 0.0, 0.0, float(random.uniform(-180, 180)), colour, scale)
        body = standing_points(placed, model)
        reach = float(np.hypot(*np.ptp(body[:, :2], axis=0)) / 2) * 0.85
        if bearer >= 0 and supports.count(bearer) == 0 and _fits(kind, reach, kinds[bearer], reaches[bearer]):
            placed = _upon(placed, objects[bearer], models[objects[bearer].model], kinds[bearer], random)
            supports.append(bearer)
        else:
            taken = [(each.x, each.y, r) for each, r in zip(objects, reaches, strict=True)]
            place = _free_place(taken, reach, random)
            if place is None:
                continue
            placed = replace(placed, x=place[0], y=place[1])
            supports.append(-1)
        objects.append(placed)
        models[key] = model
        kinds.append(kind)
        reaches.append(reach)
        if kind.bears and bearer < 0:
            bearer = len(objects) - 1
    layout = Layout(f"tabletop {seed}", tuple(objects), (), _light(random), _table(random), seed, enclosed=True)
    robot = _standing(
        (random.uniform(-0.1, 0.08), random.uniform(-0.2, 0.2), -float(random.choice([0.0, 0.3, 0.7]))),
        np.deg2rad(random.uniform(-14, 14)),
    )
    return RandomScene(layout, models, tuple(kinds), tuple(supports), robot, _speaker(random))


def random_viewpoint(name: str, family: str, random: np.random.Generator) -> Viewpoint:
    """A camera of that family; half of them are rolled."""
    target = (_MIDDLE[0] + float(random.uniform(-0.05, 0.05)), float(random.uniform(-0.06, 0.06)), 0.03)
    side = np.deg2rad(FAMILIES[family] + random.uniform(-28, 28))
    height, distance = np.deg2rad(random.uniform(30, 62)), float(random.uniform(0.8, 1.2))
    away = distance * np.array([np.cos(height) * np.cos(side), np.cos(height) * np.sin(side), np.sin(height)])
    eye = tuple(float(value) for value in np.add(target, away))
    roll = 0.0
    if random.random() < 0.5:
        choice = int(random.integers(len(ROLLS) + 1))
        roll = ROLLS[choice] if choice < len(ROLLS) else round(float(random.uniform(-180, 180)), 1)
    return Viewpoint(name, (eye[0], eye[1], eye[2]), target, roll)


def _choose(random: np.random.Generator) -> list[tuple[Kind, str]]:
    """Kinds and colours: one or two groups of a kind, perhaps something to put a thing on, single things."""
    wanted = int(random.integers(5, 10))
    weights = np.array([kind.weight for kind in KINDS])
    order = [KINDS[i] for i in random.choice(len(KINDS), len(KINDS), replace=False, p=weights / weights.sum())]
    grouped = [kind for kind in order if kind.size[1] <= 0.15]
    chosen = [grouped[0]] * int(random.choice([1, 2, 3, 4], p=[0.12, 0.28, 0.4, 0.2]))
    if random.random() < 0.5:
        chosen += [grouped[1]] * int(random.choice([2, 3], p=[0.7, 0.3]))
    chosen += [kind for kind in order if kind not in grouped[:2] and not kind.bears][: max(wanted - len(chosen) - 1, 1)]
    chosen = [chosen[i] for i in random.permutation(len(chosen))][:wanted]
    if random.random() < 0.65:
        bearers = [kind for kind in order if kind.bears]
        chosen.insert(0, bearers[0])
        small = [i for i, kind in enumerate(chosen) if kind.key in _SMALL]
        if small:
            several = [i for i in small if chosen.count(chosen[i]) > 1]
            chosen.insert(1, chosen.pop((several or small)[0]))
    few = [str(paint) for paint in random.choice(PAINTS, int(random.integers(3, 7)), replace=False)]
    painted = [(kind, str(random.choice(few)) if kind.paintable else "") for kind in chosen[:9]]
    if painted[0][0].bears:
        # What rests on a thing must show against it.
        others = [paint for paint in PAINTS if paint not in few]
        painted[0] = painted[0][0], str(random.choice(others))
    return painted


def _fits(kind: Kind, reach: float, bearer: Kind, bearer_reach: float) -> bool:
    return kind.key in _SMALL and reach < 0.62 * bearer_reach


def _upon(
    placed: PlacedObject, below: PlacedObject, model: Model, kind: Kind, random: np.random.Generator
) -> PlacedObject:
    points = standing_points(below, model)
    extent = np.ptp(points, axis=0)
    height = bearing_height(kind, float(extent[2]), model.size * below.scale)
    slack = 0.0 if kind.bears == "in" else 0.05 * float(min(extent[:2]))
    shift = random.uniform(-slack, slack, 2)
    return replace(placed, x=below.x + float(shift[0]), y=below.y + float(shift[1]), z=below.z + height)


def _free_place(
    taken: Sequence[tuple[float, float, float]], reach: float, random: np.random.Generator
) -> tuple[float, float] | None:
    if taken and random.random() < 0.3:
        # Close by another, so that "next to" has something to say.
        a, b, r = taken[int(random.integers(len(taken)))]
        side, away = random.uniform(-np.pi, np.pi), reach + r + random.uniform(0.015, 0.05)
        x, y = a + float(away * np.cos(side)), b + float(away * np.sin(side))
        if _is_free(x, y, taken, reach, 1.05) and abs(x - _MIDDLE[0]) < 0.28 and abs(y) < 0.36:
            return x, y
    for _ in range(60):
        x, y = _MIDDLE[0] + float(random.uniform(-0.25, 0.25)), float(random.uniform(-0.34, 0.34))
        if _is_free(x, y, taken, reach, random.uniform(1.1, 1.5)):
            return x, y
    return None


def _is_free(x: float, y: float, taken: Sequence[tuple[float, float, float]], reach: float, slack: float) -> bool:
    return all(np.hypot(x - a, y - b) > slack * (reach + r) for a, b, r in taken)


def _standing(place: tuple[float, float, float], yaw: float) -> NDArray[np.float64]:
    """(4, 4) pose of an upright frame."""
    pose = np.eye(4)
    pose[:2, :2] = [[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]]
    pose[:3, 3] = place
    return pose


def _speaker(random: np.random.Generator) -> NDArray[np.float64]:
    """Somebody on any side of the table who looks at its middle."""
    side, distance = random.uniform(-np.pi, np.pi), random.uniform(1.0, 1.6)
    place = (_MIDDLE[0] + distance * np.cos(side), _MIDDLE[1] + distance * np.sin(side), random.uniform(0.4, 0.9))
    return _standing(place, side + np.pi)


def _light(random: np.random.Generator) -> Light:
    direction = (float(random.uniform(-0.8, 0.8)), float(random.uniform(-0.8, 0.8)), float(random.uniform(1.0, 1.6)))
    warmth = float(random.uniform(-0.12, 0.06))
    return Light(
        direction,
        colour=(1.0, 1.0 + warmth / 3, 1.0 + warmth),
        ambient=float(random.uniform(0.5, 0.62)),
        diffuse=float(random.uniform(0.4, 0.58)),
        specular=float(random.choice([0.02, 0.08, 0.15])),
        exposure=float(random.uniform(0.8, 1.08)),
    )


def _table(random: np.random.Generator) -> Table:
    return TABLES[int(random.integers(len(TABLES)))]
