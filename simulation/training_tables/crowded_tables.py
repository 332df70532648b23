# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Crowded tables: things on and in others, several of a kind, seen from all around, near and far."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from simulation.layout import Layout, PlacedObject, Viewpoint
from simulation.models import Model
from simulation.solids import standing_points
from simulation.training_tables.kinds import ModelMaker
from simulation.training_tables.surroundings import ON_TABLE, RandomTable, random_light, random_surface

BEARERS: dict[str, float] = {
    "bowl": 1.0, "plate": 1.0, "tray": 1.0, "book": 1.0, "box": 1.0, "wooden block": 0.3, "cube": 0.3, "cup": 0.25,
    "mug": 0.25, "cereal box": 0.2, "cylinder": 0.2,
}  # fmt: skip
"""Kinds that others are put on or in, and how often against one another."""
HOLLOW = ("bowl", "plate", "tray", "cup", "mug")
"""Bearers whose floor lies lower than their rim."""
NEARNESS = (0.55, 1.3)
"""Metres from the camera to the table's middle."""
_TABLE_MIDDLE = (0.65, 0.0)


class _Arrangement:
    """A table that fills up."""

    def __init__(self, maker: ModelMaker, spread: tuple[float, float], random: np.random.Generator) -> None:
        self._maker, self._spread, self._random = maker, spread, random
        self.objects: list[PlacedObject] = []
        self.models: dict[str, Model] = {}
        self.kinds: list[str] = []
        self.bearers: list[int] = []
        self._reaches: list[float] = []

    def stand(self, kind: str) -> int:
        """Put another thing of that kind where there is room on the table; its number, -1 where there is none."""
        placed, model, reach = self._made(kind)
        place = self._free_place(reach)
        if place is None:
            return -1
        return self._keep(replace(placed, x=place[0], y=place[1]), model, reach, kind, ON_TABLE)

    def put_upon(self, bearer: int, kinds: tuple[str, ...], count: int) -> None:
        """Put up to `count` things of those kinds, as many as fit, on or in an object."""
        below = self.objects[bearer]
        kind, model = self.kinds[bearer], self.models[below.model]
        height = _bearing_height(kind, below, model)
        # Things in a bowl lie in its middle, on a plate anywhere.
        room = self._reaches[bearer] * (0.62 if kind in ("bowl", "cup", "mug") else 0.85)
        shift = room if count > 1 else float(self._random.uniform(0.0, 0.6)) * room
        turn = float(self._random.uniform(-np.pi, np.pi))
        for number in range(count):
            for wanted in self._random.permutation(kinds)[:12]:
                placed, small, reach = self._made(str(wanted))
                if reach > (room if count == 1 else 0.5 * room):
                    continue
                away = min(shift, room - reach)
                side = turn + 2 * np.pi * number / count
                x, y = below.x + away * np.cos(side), below.y + away * np.sin(side)
                placed = replace(placed, x=float(x), y=float(y), z=height)
                self._keep(placed, small, reach, str(wanted), bearer)
                break

    def _made(self, kind: str) -> tuple[PlacedObject, Model, float]:
        """A new thing of that kind and half the diagonal of its footprint."""
        model = self._maker.make(kind)
        key = f"{kind} {len(self.objects)}"
        yaw, scale = float(self._random.uniform(-180, 180)), float(self._random.uniform(0.8, 1.3))
        placed = PlacedObject(key, key, 0.0, 0.0, yaw, scale=scale)
        footprint = np.ptp(standing_points(placed, model)[:, :2], axis=0)
        return placed, model, float(np.hypot(*footprint) / 2) * 0.85

    def _keep(self, placed: PlacedObject, model: Model, reach: float, kind: str, bearer: int) -> int:
        self.objects.append(placed)
        self.models[placed.model] = model
        self.kinds.append(kind)
        self.bearers.append(bearer)
        self._reaches.append(reach)
        return len(self.objects) - 1

    def _free_place(self, reach: float) -> tuple[float, float] | None:
        """Where a thing of that reach still fits; a few may touch."""
        taken = [(o.x, o.y, r) for o, r in zip(self.objects, self._reaches, strict=True)]
        for _ in range(40):
            x, y = (
                middle + float(self._random.uniform(-half, half))
                for middle, half in zip(_TABLE_MIDDLE, self._spread, strict=True)
            )
            slack = self._random.uniform(0.9, 1.3)
            if all(np.hypot(x - a, y - b) > slack * (reach + r) for a, b, r in taken):
                return x, y
        return None


def crowded_table(seed: int, folder: Path) -> RandomTable:
    """The table of that seed, seen by one camera; mesh files go to `folder`."""
    random = np.random.default_rng([20260105, seed])
    distance = float(random.uniform(*NEARNESS))
    spread = (
        min(0.3, distance * float(random.uniform(0.17, 0.3))),
        min(0.4, distance * float(random.uniform(0.22, 0.38))),
    )
    maker = ModelMaker(folder, random, plain_books=0.35)
    table = _Arrangement(maker, spread, random)
    shares = np.array(list(BEARERS.values()))
    for _ in range(int(random.choice(4, p=[0.15, 0.4, 0.3, 0.15]))):
        kind = str(random.choice(list(BEARERS), p=shares / shares.sum()))
        bearer = table.stand(kind)
        if bearer >= 0 and _bears(kind, table.models[table.objects[bearer].model]):
            several = kind in ("plate", "tray", "book", "box") and random.random() < 0.3
            table.put_upon(bearer, maker.kinds, int(random.integers(2, 4)) if several else 1)
    for kind in _chosen(maker.kinds, int(random.integers(5, 9)), random):
        table.stand(kind)
    layout = Layout(
        f"random {seed}",
        tuple(table.objects),
        (_viewpoint(distance, random),),
        random_light(random),
        random_surface(random),
        seed,
        enclosed=True,
    )
    return RandomTable(layout, table.models, tuple(table.kinds), tuple(table.bearers))


def _chosen(kinds: tuple[str, ...], count: int, random: np.random.Generator) -> list[str]:
    """Single things, and on most tables two to four of a kind."""
    order = [str(kind) for kind in random.permutation(kinds)]
    chosen: list[str] = []
    for probability in (0.6, 0.25):
        if random.random() < probability:
            chosen += [order.pop()] * int(random.integers(2, 5))
    return chosen + order[: max(2, count - len(chosen))]


def _bears(kind: str, model: Model) -> bool:
    """Whether something can rest there: not on a lying cup or on the edge of a book."""
    return model.up == "z" or kind in ("cube", "box", "cereal box")


def _bearing_height(kind: str, placed: PlacedObject, model: Model) -> float:
    """Metres above the table at which the thing bears another."""
    points = standing_points(placed, model)
    top = float(points[:, 2].max())
    if kind not in HOLLOW:
        return top
    middle = (points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2
    inside = points[np.hypot(*(points[:, :2] - middle).T) < 0.05 * model.size * placed.scale]
    # A lathed vessel has its floor's middle among its points; the floors of the catalogue's are as thin as paper.
    return float(inside[:, 2].max()) if len(inside) else 0.05 * top


def _viewpoint(distance: float, random: np.random.Generator) -> Viewpoint:
    """High or low, from any side; more than half of the cameras upright."""
    target = (_TABLE_MIDDLE[0] + float(random.uniform(-0.05, 0.05)), float(random.uniform(-0.06, 0.06)), 0.02)
    height, side = np.deg2rad(random.uniform(20, 72)), float(random.uniform(-np.pi, np.pi))
    away = distance * np.array([np.cos(height) * np.cos(side), np.cos(height) * np.sin(side), np.sin(height)])
    roll = float(random.uniform(-180, 180)) if random.random() < 0.35 else float(random.normal(0, 6))
    eye = (target[0] + float(away[0]), target[1] + float(away[1]), target[2] + float(away[2]))
    return Viewpoint("camera", eye, target, roll)
