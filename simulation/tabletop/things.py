# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The kinds of things that benchmark scenes hold: their bodies, what people call them, what they might be taken for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import numpy as np

from simulation import meshes
from simulation.meshes import Mesh
from simulation.models import MODELS, Model

PAINTS = ("red", "green", "blue", "yellow", "orange", "purple", "pink", "white", "black")
SIMILAR_PAINTS: tuple[frozenset[str], ...] = tuple(
    frozenset(pair.split())
    for pair in (
        "red orange", "orange yellow", "orange brown", "yellow brown", "red pink", "red brown", "pink purple",
        "purple blue", "white grey", "black grey", "pink white", "pink orange", "yellow white", "black brown",
        "white brown", "purple black", "blue black", "yellow green", "red purple",
    )
)  # fmt: skip
"""Paints that light and sensor, or people, may take for one another: nothing is asked that hangs on telling these."""

Bounds = tuple[float, float]


@dataclass(frozen=True)
class Kind:
    """A kind of thing."""

    key: str
    names: tuple[str, ...]
    """Every person would accept these."""
    size: Bounds
    """Metres of the longest side."""
    might_be: tuple[str, ...] = ()
    """Some person might use these: nothing is asked that hangs on whether one does."""
    own_colour: str = ""
    """Of a thing that keeps its look: what all would call it; empty where it has several. Paintable kinds: ignored."""
    paintable: bool = True
    bears: str = ""
    """ "on" or "in": other things may rest there."""
    weight: float = 1.0
    """How often it is drawn."""


_ROUND = ("ball",)
KINDS: tuple[Kind, ...] = (
    Kind("cube", ("cube",), (0.045, 0.075), ("block", "box", "lego brick"), weight=3),
    Kind("ball", ("ball",), (0.05, 0.085), ("orange", "apple", "lemon", "soccer ball"), weight=3),
    Kind("cylinder", ("cylinder",), (0.06, 0.11), ("can", "cup", "bottle", "block", "mug"), weight=1.5),
    Kind("mug", ("mug",), (0.1, 0.135), ("cup", "coffee cup"), weight=3),
    Kind("cup", ("cup",), (0.08, 0.12), ("mug", "bowl", "cylinder", "can"), weight=1.5),
    Kind("bowl", ("bowl",), (0.13, 0.18), ("cup", "plate", "dish"), bears="in", weight=2),
    Kind("plate", ("plate",), (0.17, 0.24), ("dish", "tray", "bowl"), bears="on", weight=1.2),
    Kind("tray", ("tray",), (0.24, 0.3), ("plate", "box", "dish"), bears="on", weight=0.8),
    Kind("book", ("book",), (0.17, 0.24), ("box", "block"), bears="on", weight=1.2),
    Kind("box", ("box",), (0.1, 0.18), ("cube", "block", "cereal box", "book", "carton"), bears="on", weight=1.2),
    Kind("lego", ("lego brick",), (0.065, 0.085), ("brick", "block", "cube", "lego", "toy", "box"), weight=1.5),
    Kind("cone", ("cone",), (0.08, 0.14), ("pyramid",), weight=1.5),
    Kind("bottle", ("bottle",), (0.16, 0.24), ("cylinder", "can")),
    Kind("duck", ("duck",), (0.085, 0.12), ("bird", "toy"), own_colour="yellow", paintable=False, weight=1.5),
    Kind("teddy", ("teddy bear",), (0.13, 0.18), ("bear", "teddy", "toy"), own_colour="brown", paintable=False),
    Kind("bunny", ("rabbit",), (0.11, 0.16), ("bunny", "toy"), own_colour="white", paintable=False),
    Kind("soccer ball", ("soccer ball",), (0.09, 0.13), ("football", *_ROUND), paintable=False),
    Kind("can", ("can",), (0.11, 0.13), ("soda can", "cylinder", "cup", "bottle"), paintable=False),
    Kind("cereal", ("cereal box",), (0.16, 0.21), ("box", "carton", "book"), paintable=False, weight=0.7),
    Kind("bread", ("bread",), (0.09, 0.12), ("loaf",), own_colour="brown", paintable=False),
    Kind("banana", ("banana",), (0.14, 0.19), own_colour="yellow", paintable=False),
    Kind("lemon", ("lemon",), (0.065, 0.085), _ROUND, own_colour="yellow", paintable=False),
    Kind("apple", ("apple",), (0.065, 0.09), (*_ROUND, "tomato"), own_colour="red", paintable=False),
)
KIND_BY_KEY: dict[str, Kind] = {kind.key: kind for kind in KINDS}
ALL_NAMES: tuple[str, ...] = tuple(name for kind in KINDS for name in kind.names)
NOWHERE = ("laptop", "hammer", "scissors", "umbrella", "shoe", "keyboard", "screwdriver", "pineapple", "toothbrush")
"""Things that no scene holds and none of its things could be taken for."""


class ThingMaker:
    """Makes a model of a kind; meshes are files in `folder`, which must outlive their rendering."""

    def __init__(self, folder: Path, random: np.random.Generator) -> None:
        self._folder, self._random = folder, random
        self._numbers = count()
        self._bodies: dict[str, Callable[[], Mesh]] = {
            "cup": lambda: meshes.lathe(_vessel(self._between(0.28, 0.36), self._between(0.38, 0.46), 1.0, 0.04)),
            "bowl": self._bowl,
            "plate": self._plate,
            "tray": self._tray,
            "book": lambda: meshes.box(self._between(0.66, 0.78), 1.0, self._between(0.12, 0.2)),
            "box": lambda: meshes.box(1.0, self._between(0.62, 0.85), self._between(0.35, 0.6)),
            "cone": lambda: meshes.lathe([(1e-4, 0), (self._between(0.32, 0.42), 0), (0.01, 1), (1e-4, 1)]),
            "banana": self._banana,
            "apple": self._apple,
            "lemon": self._lemon,
        }

    def make(self, kind: Kind) -> Model:
        """Another model of that kind, in its natural size."""
        size = self._between(*kind.size)
        if kind.key not in self._bodies:
            return replace(MODELS[kind.key], size=size)
        path = self._folder / f"{next(self._numbers)}.obj"
        self._bodies[kind.key]().write(path)
        paint = {"banana": (0.93, 0.8, 0.18), "lemon": (0.95, 0.85, 0.2), "apple": (0.72, 0.08, 0.09)}.get(kind.key)
        return Model(kind.names[0], size, mesh=f"file:{path}", paint=paint or (1.0, 1.0, 1.0))

    def _between(self, low: float, high: float) -> float:
        return float(self._random.uniform(low, high))

    def _bowl(self) -> Mesh:
        depth, angles = self._between(0.38, 0.5), np.linspace(0.3, np.pi / 2, 9)
        outside = [(0.5 * float(np.sin(a)), depth * float(1 - np.cos(a))) for a in angles]
        inside = [(r * 0.94, z + 0.025) for r, z in outside[::-1]]
        return meshes.lathe([(1e-4, outside[0][1]), *outside, *inside, (1e-4, inside[-1][1])])

    def _plate(self) -> Mesh:
        foot, rim = self._between(0.27, 0.34), self._between(0.06, 0.09)
        profile = [(1e-4, 0), (foot, 0), (0.5, rim), (0.49, rim + 0.015), (foot, 0.02), (1e-4, 0.02)]
        return meshes.lathe(profile)

    def _tray(self) -> Mesh:
        mesh = meshes.lathe(_vessel(self._between(0.58, 0.66), 0.7, self._between(0.07, 0.1), 0.03), sides=4)
        return Mesh(mesh.vertices * [1, self._between(0.65, 0.85), 1], mesh.normals, mesh.uvs, mesh.faces)

    def _banana(self) -> Mesh:
        bend, thickness = self._between(1.1, 1.7), self._between(0.085, 0.11)
        angles = np.linspace(-bend / 2, bend / 2, 18)
        line = np.stack([np.sin(angles), np.cos(angles), 0 * angles], axis=1) / (2 * np.sin(bend / 2))
        return meshes.bent_tube(line, thickness * np.sin(np.linspace(0.12, np.pi - 0.2, 18)) ** 0.5, sides=8)

    def _lemon(self) -> Mesh:
        angles = np.linspace(-np.pi / 2, np.pi / 2, 21)
        profile = [(max(0.38 * float(np.cos(a)) ** 0.85, 1e-4), 0.5 * float(np.sin(a))) for a in angles]
        upright = meshes.lathe(profile)
        lying = [1, 2, 0]
        return Mesh(upright.vertices[:, lying], upright.normals[:, lying], upright.uvs, upright.faces)

    def _apple(self) -> Mesh:
        angles = np.linspace(-np.pi / 2, np.pi / 2, 25)
        dents = [0.16 * float(np.exp(-((np.pi / 2 - abs(a)) ** 2) / 0.15)) for a in angles]
        profile = [
            (max(0.5 * float(np.cos(a)), 1e-4), float(np.sin(a)) * (0.49 - dent))
            for a, dent in zip(angles, dents, strict=True)
        ]
        stalk = np.array([(0.0, 0.0, 0.25), (0.01, 0.0, 0.4), (0.05, 0.0, 0.5)])
        return meshes.lathe(profile) + meshes.bent_tube(stalk, np.full(3, 0.02), sides=6)


def _vessel(foot: float, rim: float, height: float, wall: float) -> list[tuple[float, float]]:
    """Profile of an open vessel with a wall."""
    inside = [(rim - wall, height), (foot - wall, 1.2 * wall), (1e-4, 1.2 * wall)]
    return [(1e-4, 0), (foot, 0), (rim, height), *inside]


def bearing_height(kind: Kind, height: float, length: float) -> float:
    """Metres above its foot at which a thing of that kind, so high and long, bears another."""
    inner = {"bowl": 0.05 * length, "plate": 0.02 * length, "tray": 0.036 * length / 1.4}
    return inner.get(kind.key, height)
