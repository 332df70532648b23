# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Shapes of things by the thousand: lathed, boxed, bent, blobs, tools and cutlery, and the meshes of two packages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from simulation import meshes
from simulation.meshes import Mesh
from simulation.models import asset_path

PACKAGED = (
    ("pybullet:objects/mug.obj", 0.09, 0.14, True),
    ("pybullet:duck.obj", 0.06, 0.16, False),
    ("pybullet:lego/lego.obj", 0.03, 0.09, False),
    ("pybullet:teddy2_VHACD_CHs.obj", 0.08, 0.25, False),
    ("pybullet:bunny.obj", 0.08, 0.2, False),
    ("robosuite:objects/meshes/can.obj", 0.09, 0.15, False),
    ("robosuite:objects/meshes/cereal.obj", 0.14, 0.28, False),
    ("robosuite:objects/meshes/bread.obj", 0.08, 0.2, False),
    ("robosuite:objects/meshes/bottle.obj", 0.15, 0.28, False),
    ("robosuite:objects/meshes/milk.obj", 0.12, 0.22, False),
    ("robosuite:objects/meshes/lemon.obj", 0.06, 0.1, False),
)
"""Asset, least and greatest longest side in metres, whether it is hollow."""
RANDOM_BLOBS = 1000
"""pybullet_data's random_urdfs, each one to three boxes, drums or cones grown together."""


@dataclass(frozen=True, eq=False)
class Shape:
    """A body in metres about its middle, z up. hollow: things may lie in it. flat: things may stand on it."""

    vertices: NDArray[np.float64]
    faces: NDArray[np.int64]
    hollow: bool = False
    flat: bool = False

    @property
    def extent(self) -> NDArray[np.float64]:
        """(3,) metres along x, y, z."""
        return np.asarray(np.ptp(self.vertices, axis=0))


class ShapeMaker:
    """Makes shapes from one random generator."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._makers: dict[str, tuple[float, Callable[[], Shape]]] = {
            "box": (3.0, self.box),
            "blob mesh": (2.5, self._random_blob),
            "packaged": (2.0, self._packaged),
            "drum": (1.5, self._drum),
            "lathed": (1.5, self._lathed),
            "bottle": (1.0, self._bottle),
            "cup": (1.2, self.cup),
            "bowl": (0.8, self.bowl),
            "tray": (0.4, self.tray),
            "slab": (1.8, self.slab),
            "rod": (1.3, self._rod),
            "cutlery": (1.3, self._cutlery),
            "tool": (1.2, self._tool),
            "boxes": (1.0, self._joined_boxes),
            "ellipsoid": (1.2, self._ellipsoid),
            "lump": (1.2, self._lump),
            "bent": (0.6, self._bent),
            "ring": (0.4, self._ring),
            "carton": (0.5, self._carton),
            "cone": (0.4, self._cone),
        }

    def any(self) -> Shape:
        """A shape of any kind."""
        weights = np.array([weight for weight, _ in self._makers.values()])
        chosen = self._random.choice(len(weights), p=weights / weights.sum())
        return list(self._makers.values())[int(chosen)][1]()

    def box(self) -> Shape:
        """A box of any proportions, mostly of the size of packets."""
        longest = self._size(0.03, 0.28)
        sides = longest * np.array([1.0, self._between(0.35, 1.0), self._between(0.15, 1.0)])
        return _shape(meshes.box(*self._random.permutation(sides)), flat=True)

    def slab(self) -> Shape:
        """A book, a card, a phone, a remote control or a tablet, lying."""
        length = self._size(0.07, 0.3)
        thickness = min(self._size(0.003, 0.05), 0.35 * length)
        return _shape(meshes.box(length, length * self._between(0.25, 0.9), thickness), flat=True)

    def cup(self) -> Shape:
        """A cup, mug, beaker or pitcher, two thirds of them with a handle."""
        height = self._size(0.06, 0.22)
        rim = height * self._between(0.28, 0.6)
        body = meshes.lathe(_vessel(rim * self._between(0.65, 1.05), rim, height, 0.004), 24)
        if self._random.random() < 0.65:
            angles = np.linspace(-np.pi / 2, np.pi / 2, 10)
            reach, span = height * self._between(0.2, 0.4), height * self._between(0.22, 0.4)
            line = [(rim * 0.93 + reach * np.cos(a), 0.0, 0.5 * height + span * np.sin(a)) for a in angles]
            body = body + meshes.bent_tube(np.array(line), np.full(10, height * self._between(0.04, 0.09)), sides=8)
        return _shape(body, hollow=True)

    def bowl(self) -> Shape:
        """A bowl, a plate or a pan."""
        rim = self._size(0.05, 0.16)
        height = rim * self._between(0.1, 1.0)
        foot = rim * self._between(0.35, 0.8)
        outer = [(1e-4, 0.0), (foot, 0.0)]
        outer += [(foot + (rim - foot) * np.sin(a), height * (1 - np.cos(a))) for a in np.linspace(0.2, np.pi / 2, 6)]
        wall = min(0.006, 0.3 * height)
        inner = [(max(r - wall, 1e-4), z + (wall if z == 0 else 0.0)) for r, z in reversed(outer)]
        body = meshes.lathe(outer + inner, 32)
        if self._random.random() < 0.15:
            length = rim * self._between(1.0, 1.8)
            body = body + _moved(meshes.box(length, 0.02, 0.012), rim + length / 2 - 0.01, 0, height * 0.9)
        return _shape(body, hollow=True)

    def tray(self, low: float = 0.12, high: float = 0.3) -> Shape:
        """An open box with a floor and four walls."""
        length = self._size(low, high)
        width, height = length * self._between(0.5, 1.0), length * self._between(0.08, 0.6)
        return _shape(open_box(length, width, height, self._between(0.003, 0.01)), hollow=True)

    def _between(self, low: float, high: float) -> float:
        return float(self._random.uniform(low, high))

    def _size(self, low: float, high: float) -> float:
        """Small sizes as often as large ones, by ratio."""
        return float(np.exp(self._random.uniform(np.log(low), np.log(high))))

    def _scaled(self, mesh: Mesh, low: float, high: float, **flags: bool) -> Shape:
        factor = self._size(low, high) / float(np.ptp(mesh.vertices, axis=0).max())
        return _shape(Mesh(mesh.vertices * factor, mesh.normals, mesh.uvs, mesh.faces), **flags)

    def _random_blob(self) -> Shape:
        number = int(self._random.integers(RANDOM_BLOBS))
        return self._loaded(f"pybullet:random_urdfs/{number:03d}/{number:03d}.obj", 0.04, 0.18, False)

    def _packaged(self) -> Shape:
        return self._loaded(*PACKAGED[int(self._random.integers(len(PACKAGED)))])

    def _loaded(self, asset: str, low: float, high: float, hollow: bool) -> Shape:
        vertices, faces = _wavefront(asset)
        stretch = np.exp(self._random.uniform(-0.2, 0.2, 3))
        vertices = vertices * stretch
        factor = self._size(low, high) / float(np.ptp(vertices, axis=0).max())
        vertices = vertices * factor
        return Shape(vertices - (vertices.min(axis=0) + vertices.max(axis=0)) / 2, faces, hollow)

    def _drum(self) -> Shape:
        height = self._size(0.02, 0.24)
        radius = min(height * self._between(0.15, 1.2), 0.09)
        rim = self._between(0.85, 1.0)
        profile = [(1e-4, 0), (rim * radius, 0), (radius, 0.06 * height), (radius, 0.94 * height)]
        profile += [(rim * radius, height), (1e-4, height)]
        return _shape(meshes.lathe(profile, 24), flat=True)

    def _lathed(self) -> Shape:
        """A vase, a chess man, a spinning top: any smooth profile."""
        height = self._size(0.04, 0.25)
        knots = self._random.uniform(0.08, 0.5, int(self._random.integers(3, 7))) * self._between(0.4, 1.2)
        steps = np.linspace(0, 1, 14)
        radii = np.interp(steps, np.linspace(0, 1, len(knots)), knots) * height
        profile = [(1e-4, 0.0), *((float(r), float(z) * height) for r, z in zip(radii, steps, strict=True))]
        return _shape(meshes.lathe([*profile, (1e-4, height * 1.0001)], 24))

    def _bottle(self) -> Shape:
        height = self._size(0.1, 0.3)
        radius, neck = height * self._between(0.1, 0.24), height * self._between(0.03, 0.09)
        shoulder = self._between(0.45, 0.75)
        profile = [(1e-4, 0.0), (radius * 0.95, 0.0), (radius, 0.02 * height), (radius, shoulder * height)]
        for t in np.linspace(0.2, 1, 5):
            blend = (1 + np.cos(np.pi * t)) / 2
            profile.append((neck + (radius - neck) * blend, (shoulder + 0.17 * t) * height))
        body = meshes.lathe([*profile, (neck, 0.99 * height), (1e-4, height)], 24)
        if self._random.random() < 0.25:  # a spray head
            head = meshes.box(height * 0.35, height * 0.1, height * 0.1)
            body = body + _moved(head, height * 0.08, 0, height)
        body = _squeezed(body, 1.0, self._between(0.45, 1.0), 1.0) if self._random.random() < 0.3 else body
        return _shape(body)

    def _rod(self) -> Shape:
        """A pen, a stick, a marker, a candle, a chopstick, a sausage: lying."""
        length = self._size(0.05, 0.3)
        radius = min(self._size(0.003, 0.02), 0.2 * length)
        tip = self._between(0.2, 1.0) * radius
        profile = [(1e-4, 0), (radius, 0), (radius, 0.85 * length), (tip, length), (1e-4, length * 1.0001)]
        return _shape(_lying(meshes.lathe(profile, 12)))

    def _cutlery(self) -> Shape:
        """A spoon, fork, knife, spatula, brush or comb, lying: a long handle and a flat head."""
        length = self._size(0.1, 0.3)
        handle = length * self._between(0.45, 0.75)
        thick, wide = self._between(0.003, 0.018), self._between(0.006, 0.025)
        body = meshes.box(handle, wide, thick)
        head, breadth = length - handle, length * self._between(0.08, 0.4)
        kind = self._random.integers(4)
        if kind == 0:
            tip = _ellipsoid_mesh(head / 2, breadth / 2, max(0.004, thick / 2))
        elif kind == 1:
            tip = meshes.box(head, breadth, self._between(0.003, 0.03))
        elif kind == 2:  # tines
            tip = meshes.box(head * 0.4, breadth, thick)
            for y in np.linspace(-0.42, 0.42, int(self._random.integers(2, 5))):
                tip = tip + _moved(meshes.box(head * 0.7, breadth * 0.14, thick), head * 0.5, y * breadth, 0)
        else:
            tip = meshes.box(head, wide * self._between(0.8, 1.8), 0.004)
        return _shape(body + _moved(tip, (handle + head) / 2 - 0.003, 0, self._between(-0.003, 0.006)))

    def _tool(self) -> Shape:
        """A hammer, screwdriver, drill, clamp or pair of scissors, lying."""
        length = self._size(0.1, 0.3)
        kind = self._random.integers(4)
        radius = length * self._between(0.03, 0.07)
        if kind == 0:  # hammer
            handle = _lying(meshes.lathe(_rod_profile(radius, length), 12))
            head = meshes.box(length * self._between(0.1, 0.2), length * self._between(0.3, 0.5), 3 * radius)
            return _shape(handle + _moved(head, length * 0.48, 0, 0))
        if kind == 1:  # screwdriver
            grip = _lying(meshes.lathe(_rod_profile(1.6 * radius, length * 0.45), 12))
            shaft = _lying(meshes.lathe(_rod_profile(max(0.003, 0.45 * radius), length * 0.6), 8))
            return _shape(grip + _moved(shaft, length * 0.5, 0, 0))
        if kind == 2:  # drill: a barrel, a grip across it, a foot
            depth = length * self._between(0.2, 0.32)
            barrel = _lying(meshes.lathe(_rod_profile(depth / 2, length * 0.8), 16))
            grip = _moved(meshes.box(length * 0.2, length * 0.7, depth * 0.7), -length * 0.15, -length * 0.4, 0)
            foot = _moved(meshes.box(length * 0.4, length * 0.16, depth), -length * 0.15, -length * 0.75, 0)
            return _shape(barrel + grip + foot)
        ring = _ring_mesh(length * 0.13, length * 0.025)  # scissors
        blades = meshes.box(length * 0.6, length * 0.06, 0.006)
        both = _turned(blades, 0.12) + _turned(blades, -0.12)
        reach = -length * 0.4
        return _shape(both + _moved(ring, reach, length * 0.12, 0) + _moved(ring, reach, -length * 0.12, 0))

    def _joined_boxes(self) -> Shape:
        """L, T, U and cross shapes: two to four boxes that overlap."""
        size = self._size(0.05, 0.2)
        body = None
        reach = 0.0
        for _ in range(int(self._random.integers(2, 5))):
            sides = size * self._random.uniform(0.15, 0.9, 3)
            part = _moved(meshes.box(*sides), *(self._random.uniform(-0.5, 0.5, 3) * reach))
            body = part if body is None else body + part
            reach = size * 0.7
        assert body is not None
        return _shape(body)

    def _ellipsoid(self) -> Shape:
        """A ball, an egg, a fruit, a vegetable."""
        radius = self._size(0.015, 0.07)
        return _shape(_ellipsoid_mesh(*(radius * self._random.uniform(0.6, 1.0, 3))))

    def _lump(self) -> Shape:
        """A stone, a bag, a shoe, a soft toy, a potato: a rounded box with dents."""
        mesh = _ellipsoid_mesh(1.0, 1.0, 1.0, 18)
        points = mesh.vertices
        power = self._between(0.35, 1.0)
        points = np.sign(points) * np.abs(points) ** power
        for _ in range(4):
            wave = self._random.normal(0, 1.6, 3)
            points = points * (1 + 0.12 * np.sin(points @ wave + self._between(0, 6.3)))[:, None]
        points = points * np.array([1.0, self._between(0.35, 1.0), self._between(0.2, 0.9)])
        return self._scaled(Mesh(points, mesh.normals, mesh.uvs, mesh.faces), 0.04, 0.25)

    def _bent(self) -> Shape:
        """A banana, a hook, a hose, a handle: lying."""
        angles = np.linspace(0, self._between(0.8, 4.5), 12)
        line = np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)
        taper = np.interp(np.linspace(0, 1, 12), [0, 0.2, 0.8, 1], [self._between(0.3, 1), 1, 1, self._between(0.3, 1)])
        return self._scaled(meshes.bent_tube(line, taper * self._between(0.06, 0.3), sides=10), 0.06, 0.25)

    def _ring(self) -> Shape:
        """A roll of tape, a bracelet, a doughnut."""
        radius = self._size(0.02, 0.08)
        if self._random.random() < 0.5:
            return _shape(_ring_mesh(radius, radius * self._between(0.1, 0.4)))
        height, inner = self._between(0.01, 0.06), radius * self._between(0.5, 0.85)
        profile = [(inner, 0), (radius, 0), (radius, height), (inner, height), (inner, 0.0)]
        return _shape(meshes.lathe(profile, 28))

    def _carton(self) -> Shape:
        width, depth = self._between(0.35, 0.5), self._between(0.35, 0.5)
        mesh = meshes.box(width, depth, 0.8) + meshes.roof(width, depth, self._between(0.12, 0.3), 0.4)
        return self._scaled(mesh, 0.1, 0.26)

    def _cone(self) -> Shape:
        sides = int(self._random.choice([3, 4, 24]))
        mesh = meshes.lathe(
            [(1e-4, 0), (self._between(0.2, 0.7), 0), (self._between(1e-3, 0.15), 1), (1e-4, 1.0001)], sides
        )
        return self._scaled(mesh, 0.04, 0.15)


def open_box(length: float, width: float, height: float, wall: float) -> Mesh:
    """A floor and four walls, its foot at z = 0."""
    floor = _moved(meshes.box(length, width, wall), 0, 0, wall / 2)
    for sign in (-1, 1):
        floor = floor + _moved(meshes.box(wall, width, height), sign * (length - wall) / 2, 0, height / 2)
        floor = floor + _moved(meshes.box(length, wall, height), 0, sign * (width - wall) / 2, height / 2)
    return floor


def _shape(mesh: Mesh, hollow: bool = False, flat: bool = False) -> Shape:
    middle = (mesh.vertices.min(axis=0) + mesh.vertices.max(axis=0)) / 2
    return Shape(mesh.vertices - middle, mesh.faces, hollow, flat)


def _moved(mesh: Mesh, x: float, y: float, z: float) -> Mesh:
    return Mesh(mesh.vertices + np.array([x, y, z]), mesh.normals, mesh.uvs, mesh.faces)


def _turned(mesh: Mesh, yaw: float) -> Mesh:
    turn = np.array([[np.cos(yaw), -np.sin(yaw), 0], [np.sin(yaw), np.cos(yaw), 0], [0, 0, 1.0]])
    return Mesh(mesh.vertices @ turn.T, mesh.normals @ turn.T, mesh.uvs, mesh.faces)


def _squeezed(mesh: Mesh, x: float, y: float, z: float) -> Mesh:
    return Mesh(mesh.vertices * np.array([x, y, z]), mesh.normals, mesh.uvs, mesh.faces)


def _lying(mesh: Mesh) -> Mesh:
    """Turned from standing along z to lying along x, about its middle."""
    turn = np.array([[0, 0, 1.0], [0, 1, 0], [-1, 0, 0]])
    vertices = mesh.vertices @ turn.T
    vertices = vertices - (vertices.min(axis=0) + vertices.max(axis=0)) / 2
    return Mesh(vertices, mesh.normals @ turn.T, mesh.uvs, mesh.faces)


def _rod_profile(radius: float, length: float) -> list[tuple[float, float]]:
    return [(1e-4, 0), (radius, 0), (radius, length), (1e-4, length * 1.0001)]


def _vessel(foot: float, rim: float, height: float, wall: float) -> list[tuple[float, float]]:
    return [(1e-4, 0), (foot, 0), (rim, height), (rim - wall, height), (foot - wall, wall), (1e-4, wall * 1.001)]


def _ring_mesh(radius: float, tube: float) -> Mesh:
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    line = radius * np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)
    return meshes.bent_tube(line, np.full(24, tube), closed=True, sides=8)


def _ellipsoid_mesh(x: float, y: float, z: float, rings: int = 14) -> Mesh:
    angles = np.linspace(-np.pi / 2, np.pi / 2, rings)
    profile = [(max(float(np.cos(a)), 1e-4), float(np.sin(a))) for a in angles]
    return _squeezed(meshes.lathe(profile, 20), x, y, z)


@cache
def _wavefront(asset: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """(N, 3) vertices and (M, 3) triangles of a Wavefront file, polygons cut into fans."""
    vertices: list[list[float]] = []
    faces: list[tuple[int, int, int]] = []
    with asset_path(asset).open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            words = line.split()
            if words and words[0] == "v":
                vertices.append([float(value) for value in words[1:4]])
            elif words and words[0] == "f":
                numbers = [int(word.split("/")[0]) for word in words[1:]]
                numbers = [n - 1 if n > 0 else len(vertices) + n for n in numbers]
                faces += [(numbers[0], numbers[k], numbers[k + 1]) for k in range(1, len(numbers) - 1)]
    return np.array(vertices), np.array(faces)
