# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Models of every kind in the head's table, each call a little different: proportions, paint, print, pose."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import numpy as np

from simulation import meshes
from simulation.meshes import Mesh
from simulation.models import MODELS, Model
from simulation.training_tables import textures

WOOD = ("light-wood", "dark-wood", "red-wood", "gray-woodgrain", "wood-varnished-panels", "blue-wood", "green-wood")
ANIMAL_PAINT = ((0.55, 0.34, 0.18), (0.92, 0.91, 0.9), (0.75, 0.6, 0.42), (0.35, 0.33, 0.32))


class ModelMaker:
    """Makes models; their meshes and pictures are files in `folder`, which must outlive their rendering."""

    def __init__(self, folder: Path, random: np.random.Generator, plain_books: float = 0.0) -> None:
        """plain_books: share of books that are painted all over, without print or pages."""
        self._folder = folder
        self._plain_books = plain_books
        self._random = random
        self._numbers = count()
        self._makers: dict[str, Callable[[], Model]] = {
            "cube": self._cube,
            "box": self._box,
            "cereal box": self._cereal_box,
            "milk carton": self._milk_carton,
            "wooden block": self._wooden_block,
            "lego brick": lambda: self._catalogued("lego"),
            "ball": self._ball,
            "soccer ball": lambda: self._catalogued("soccer ball", own_look=0.9),
            "cylinder": self._cylinder,
            "can": self._can,
            "bottle": self._bottle,
            "mug": self._mug,
            "cup": self._cup,
            "bowl": self._bowl,
            "plate": self._plate,
            "tray": self._tray,
            "duck": lambda: self._catalogued("duck", own_look=0.5),
            "teddy bear": lambda: self._animal("teddy"),
            "rabbit": lambda: self._animal("bunny"),
            "bread": lambda: self._catalogued("bread", own_look=0.9),
            "lemon": self._lemon,
            "banana": self._banana,
            "apple": self._apple,
            "cone": self._cone,
            "pyramid": self._pyramid,
            "ring": self._ring,
            "pen": self._pen,
            "book": self._book,
        }

    @property
    def kinds(self) -> tuple[str, ...]:
        """The first names of the table's kinds that can be made."""
        return tuple(self._makers)

    def make(self, kind: str) -> Model:
        """Another model of that kind."""
        return self._makers[kind]()

    def _between(self, low: float, high: float) -> float:
        return float(self._random.uniform(low, high))

    def _chance(self, probability: float) -> bool:
        return bool(self._random.random() < probability)

    def _meshed(self, noun: str, size: float, mesh: Mesh, **options: object) -> Model:
        path = self._folder / f"{next(self._numbers)}.obj"
        mesh.write(path)
        options.setdefault("paint", textures.random_colour(self._random))
        return Model(noun, size, mesh=f"file:{path}", **options)  # type: ignore[arg-type]

    def _printed(self, picture: np.ndarray) -> dict[str, object]:
        path = self._folder / f"{next(self._numbers)}.png"
        return {"texture": textures.save(picture, path), "paint": (1.0, 1.0, 1.0)}

    def _catalogued(self, key: str, own_look: float = 0.0) -> Model:
        """A model of the demo's catalogue, painted anew unless it keeps its own look."""
        model = MODELS[key]
        if self._chance(own_look):
            return model
        return Model(
            model.noun, model.size, model.mesh, up=model.up, turn=model.turn, paint=textures.random_colour(self._random)
        )

    def _animal(self, key: str) -> Model:
        model = MODELS[key]
        random = self._random
        paint = (
            ANIMAL_PAINT[random.integers(len(ANIMAL_PAINT))] if self._chance(0.5) else textures.random_colour(random)
        )
        return Model(model.noun, model.size, model.mesh, up=model.up, turn=model.turn, paint=paint)

    def _wood(self) -> dict[str, object]:
        return {"texture": f"robosuite:textures/{WOOD[self._random.integers(len(WOOD))]}.png", "paint": (1.0, 1.0, 1.0)}

    def _cube(self) -> Model:
        size = self._between(0.03, 0.09)
        if self._chance(0.6):
            return Model("cube", size, primitive="box", paint=textures.random_colour(self._random))
        sides = [self._between(0.9, 1.1) for _ in range(3)]
        options = self._printed(textures.box_sides(self._random)) if self._chance(0.4) else {}
        return self._meshed("cube", size, meshes.box(*sides), **options)

    def _box(self) -> Model:
        sides = [1.0, self._between(0.5, 1.0), self._between(0.25, 0.75)]
        cardboard = (self._between(0.6, 0.8), self._between(0.45, 0.6), self._between(0.3, 0.42))
        options: dict[str, object] = {"paint": cardboard} if self._chance(0.35) else {}
        if self._chance(0.4):
            options = self._printed(textures.box_sides(self._random))
        order = self._random.permutation(3) if self._chance(0.4) else range(3)
        return self._meshed("box", self._between(0.07, 0.22), meshes.box(*(sides[i] for i in order)), **options)

    def _cereal_box(self) -> Model:
        if self._chance(0.4):
            return MODELS["cereal"]
        mesh = meshes.box(self._between(0.2, 0.4), self._between(0.6, 0.8), 1.0)
        options = self._printed(textures.box_sides(self._random))
        return self._meshed("cereal box", self._between(0.16, 0.28), mesh, up=self._lying(0.15), **options)

    def _milk_carton(self) -> Model:
        if self._chance(0.45):
            milk = "robosuite:objects/meshes/milk.obj"
            texture = "robosuite:textures/ceramic.png" if self._chance(0.7) else ""
            paint = (1.0, 1.0, 1.0) if texture else textures.random_colour(self._random)
            return Model("milk carton", self._between(0.14, 0.2), milk, paint=paint, texture=texture)
        width, depth = self._between(0.4, 0.5), self._between(0.4, 0.5)
        mesh = meshes.box(width, depth, 0.8) + meshes.roof(width, depth, self._between(0.15, 0.28), 0.4)
        options = self._printed(textures.box_sides(self._random)) if self._chance(0.6) else {}
        return self._meshed("milk carton", self._between(0.14, 0.22), mesh, up=self._lying(0.1), **options)

    def _wooden_block(self) -> Model:
        mesh = meshes.box(1.0, self._between(0.28, 0.5), self._between(0.15, 0.34))
        options = self._wood() if self._chance(0.5) else {}
        return self._meshed("block", self._between(0.05, 0.12), mesh, up=self._lying(0.3), **options)

    def _ball(self) -> Model:
        size = self._between(0.035, 0.11)
        if self._chance(0.75):
            return Model("ball", size, primitive="sphere", paint=textures.random_colour(self._random))
        angles = np.linspace(-np.pi / 2, np.pi / 2, 25)
        sphere = meshes.lathe([(max(np.cos(a), 1e-4), np.sin(a)) for a in angles])
        return self._meshed("ball", size, sphere, **self._printed(textures.printed(128, 256, self._random)))

    def _cylinder(self) -> Model:
        if self._chance(0.35):
            return Model(
                "cylinder", self._between(0.05, 0.13), primitive="cylinder", paint=textures.random_colour(self._random)
            )
        radius = self._between(0.15, 0.8)
        return self._meshed("cylinder", self._between(0.05, 0.13), _drum(radius), up=self._lying(0.3))

    def _can(self) -> Model:
        if self._chance(0.35):
            return MODELS["can"]
        radius, rim = self._between(0.26, 0.42), self._between(0.8, 0.95)
        profile = [(1e-4, 0), (rim * radius, 0), (radius, 0.07), (radius, 0.92), (rim * radius, 1), (1e-4, 0.99)]
        options = self._printed(textures.can_wrap(self._random))
        return self._meshed("can", self._between(0.09, 0.14), meshes.lathe(profile), up=self._lying(0.25), **options)

    def _bottle(self) -> Model:
        if self._chance(0.3):
            model = MODELS["bottle"]
            return model if self._chance(0.5) else self._catalogued("bottle")
        radius, neck = self._between(0.12, 0.22), self._between(0.035, 0.07)
        shoulder, base = self._between(0.45, 0.7), self._between(0.02, 0.05)
        profile = [(1e-4, 0), (radius * 0.9, 0), (radius, base), (radius, shoulder)]
        for t in np.linspace(0.15, 1, 7):
            blend = (1 + np.cos(np.pi * t)) / 2
            profile.append((neck + (radius - neck) * blend, shoulder + 0.2 * float(t)))
        profile += [(neck, 0.92), (1.2 * neck, 0.925), (1.2 * neck, 1), (1e-4, 1)]
        options = self._printed(textures.can_wrap(self._random)) if self._chance(0.3) else {}
        return self._meshed("bottle", self._between(0.15, 0.28), meshes.lathe(profile), up=self._lying(0.2), **options)

    def _mug(self) -> Model:
        if self._chance(0.5):
            model = self._catalogued("mug")
            return Model("mug", model.size, model.mesh, up="y" if self._chance(0.12) else "z", paint=model.paint)
        radius, foot = self._between(0.36, 0.5), self._between(0.8, 1.0)
        body = meshes.lathe(_vessel(radius * foot, radius, 1.0, 0.06))
        reach, height = self._between(0.22, 0.34), self._between(0.28, 0.38)
        angles = np.linspace(-np.pi / 2, np.pi / 2, 14)
        line = [(radius * 0.94 + reach * np.cos(a), 0.0, 0.5 + height * np.sin(a)) for a in angles]
        handle = meshes.bent_tube(np.array(line), np.full(14, self._between(0.05, 0.075)))
        return self._meshed("mug", self._between(0.09, 0.13), body + handle, up=self._lying(0.1))

    def _cup(self) -> Model:
        radius, foot = self._between(0.3, 0.48), self._between(0.6, 0.95)
        mesh = meshes.lathe(_vessel(radius * foot, radius, 1.0, 0.03))
        return self._meshed("cup", self._between(0.08, 0.14), mesh, up=self._lying(0.15))

    def _bowl(self) -> Model:
        depth, angles = self._between(0.35, 0.6), np.linspace(0.25, np.pi / 2, 9)
        outside = [(0.5 * float(np.sin(a)), depth * float(1 - np.cos(a))) for a in angles]
        inside = [(r * 0.94, z + 0.025) for r, z in outside[::-1]]
        mesh = meshes.lathe([(1e-4, outside[0][1]), *outside, *inside, (1e-4, inside[-1][1])])
        return self._meshed("bowl", self._between(0.11, 0.2), mesh)

    def _plate(self) -> Model:
        foot, rim = self._between(0.25, 0.36), self._between(0.05, 0.1)
        profile = [(1e-4, 0), (foot, 0), (0.5, rim), (0.49, rim + 0.015), (foot, 0.02), (1e-4, 0.02)]
        return self._meshed("plate", self._between(0.13, 0.26), meshes.lathe(profile))

    def _tray(self) -> Model:
        if self._chance(0.4):
            return self._catalogued("tray", own_look=0.5)
        height, wall = self._between(0.06, 0.18), self._between(0.02, 0.04)
        mesh = meshes.lathe(_vessel(self._between(0.5, 0.68), 0.7, height, wall), sides=4)
        stretched = Mesh(mesh.vertices * [1, self._between(0.5, 0.9), 1], mesh.normals, mesh.uvs, mesh.faces)
        options = self._wood() if self._chance(0.25) else {}
        return self._meshed("tray", self._between(0.2, 0.34), stretched, **options)

    def _lemon(self) -> Model:
        if self._chance(0.5):
            lemon, look = "robosuite:objects/meshes/lemon.obj", "robosuite:textures/lemon.png"
            return Model("lemon", self._between(0.06, 0.09), lemon, texture=look)
        angles = np.linspace(-np.pi / 2, np.pi / 2, 21)
        profile = [(max(0.36 * float(np.cos(a)) ** 0.85, 1e-4), 0.5 * float(np.sin(a))) for a in angles]
        paint = (self._between(0.85, 1.0), self._between(0.75, 0.9), self._between(0.1, 0.3))
        return self._meshed("lemon", self._between(0.06, 0.09), meshes.lathe(profile), up="y", paint=paint)

    def _banana(self) -> Model:
        bend, thickness = self._between(0.9, 1.9), self._between(0.07, 0.11)
        angles = np.linspace(-bend / 2, bend / 2, 18)
        line = np.stack([np.sin(angles), np.cos(angles), 0 * angles], axis=1) / (2 * np.sin(bend / 2))
        taper = np.sin(np.linspace(0.12, np.pi - 0.2, 18)) ** 0.5
        green = self._chance(0.25)
        paint = (
            (0.6, 0.75, 0.2) if green else (self._between(0.85, 1), self._between(0.7, 0.88), self._between(0.1, 0.3))
        )
        return self._meshed(
            "banana", self._between(0.14, 0.2), meshes.bent_tube(line, thickness * taper, sides=7), paint=paint
        )

    def _apple(self) -> Model:
        angles = np.linspace(-np.pi / 2, np.pi / 2, 25)
        dent = [0.16 * float(np.exp(-((np.pi / 2 - abs(a)) ** 2) / 0.15)) for a in angles]
        profile = [
            (max(0.5 * float(np.cos(a)), 1e-4), float(np.sin(a)) * (0.45 - d) + 0.04 * float(np.sin(a)))
            for a, d in zip(angles, dent, strict=True)
        ]
        stalk = np.array([(0.0, 0.0, 0.25), (0.01, 0.0, 0.4), (0.05, 0.0, 0.5)])
        mesh = meshes.lathe(profile) + meshes.bent_tube(stalk, np.full(3, 0.02), sides=6)
        paints = ((0.75, 0.1, 0.1), (0.45, 0.65, 0.15), (0.85, 0.7, 0.2), (0.6, 0.05, 0.1))
        jitter = self._random.normal(0, 0.04, 3)
        paint = tuple((np.array(paints[self._random.integers(len(paints))]) + jitter).clip(0.02, 1).tolist())
        return self._meshed("apple", self._between(0.06, 0.09), mesh, paint=paint)

    def _cone(self) -> Model:
        radius = self._between(0.25, 0.55)
        tip = self._between(0.005, 0.06)
        profile = [(1e-4, 0), (radius, 0), (tip, 1), (1e-4, 1)]
        mesh = meshes.lathe(profile)
        if self._chance(0.35):
            base = meshes.box(2.4 * radius, 2.4 * radius, 0.06)
            mesh = mesh + base
        return self._meshed("cone", self._between(0.06, 0.16), mesh, up=self._lying(0.15))

    def _pyramid(self) -> Model:
        profile = [(1e-4, 0), (self._between(0.5, 0.9), 0), (1e-3, 1)]
        return self._meshed("pyramid", self._between(0.05, 0.12), meshes.lathe(profile, sides=4))

    def _ring(self) -> Model:
        angles = 2 * np.pi * np.arange(40) / 40
        line = np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)
        tube = meshes.bent_tube(line, np.full(40, self._between(0.12, 0.42)), closed=True)
        return self._meshed("ring", self._between(0.06, 0.13), tube)

    def _pen(self) -> Model:
        radius = self._between(0.025, 0.05)
        profile = [(1e-4, 0), (radius, 0), (radius, 0.85), (0.3 * radius, 0.97), (1e-4, 1)]
        options = self._printed(textures.can_wrap(self._random)) if self._chance(0.3) else {}
        return self._meshed("pen", self._between(0.12, 0.19), meshes.lathe(profile, 16), up="y", **options)

    def _book(self) -> Model:
        mesh = meshes.box(self._between(0.65, 0.8), 1.0, self._between(0.06, 0.2))
        plain = bool(self._plain_books) and self._chance(self._plain_books)
        options = {} if plain else self._printed(textures.box_sides(self._random, pages=True))
        return self._meshed("book", self._between(0.13, 0.26), mesh, up=self._lying(0.12), **options)

    def _lying(self, probability: float) -> str:
        """Which axis of the mesh points up: now and then the thing lies."""
        return "y" if self._chance(probability) else "z"


def _drum(radius: float) -> Mesh:
    return meshes.lathe([(1e-4, 0), (radius, 0), (radius, 1), (1e-4, 1)])


def _vessel(foot: float, rim: float, height: float, wall: float) -> list[tuple[float, float]]:
    """Profile of an open vessel with a wall."""
    inside = [(rim - wall, height), (foot - wall, 1.2 * wall), (1e-4, 1.2 * wall)]
    return [(1e-4, 0), (foot, 0), (rim, height), *inside]
