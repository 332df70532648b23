# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Simple bodies as Wavefront files: lathed, boxed and bent. Z is up, normals are smooth where the surface is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SHARP_COSINE = 0.75
"""Neighbouring parts of a profile whose normals agree less than this meet in an edge."""


@dataclass(frozen=True, eq=False)
class Mesh:
    """Triangles: (N, 3) vertices and normals, (N, 2) texture coordinates, (M, 3) vertex numbers from 0."""

    vertices: NDArray[np.float64]
    normals: NDArray[np.float64]
    uvs: NDArray[np.float64]
    faces: NDArray[np.int64]

    def __add__(self, other: Mesh) -> Mesh:
        """Both bodies as one."""
        return Mesh(
            np.concatenate([self.vertices, other.vertices]),
            np.concatenate([self.normals, other.normals]),
            np.concatenate([self.uvs, other.uvs]),
            np.concatenate([self.faces, other.faces + len(self.vertices)]),
        )

    def write(self, path: Path) -> None:
        """Save as a Wavefront file."""
        lines = [f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in self.vertices]
        lines += [f"vt {u:.5f} {v:.5f}" for u, v in self.uvs]
        lines += [f"vn {x:.5f} {y:.5f} {z:.5f}" for x, y, z in self.normals]
        lines += ["f " + " ".join(f"{i}/{i}/{i}" for i in face) for face in self.faces + 1]
        path.write_text("\n".join(lines) + "\n", "utf-8")


def lathe(profile: Sequence[tuple[float, float]], sides: int = 40) -> Mesh:
    """The profile's (radius, z) points turned about z, listed so that the outside lies to the right going upwards.

    Texture: u around, v along the profile. Fewer than 8 sides give flat walls.
    """
    points = np.array(profile, np.float64)
    steps = np.diff(points, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    outward = np.stack([steps[:, 1], -steps[:, 0]], axis=1) / lengths[:, None]
    along = np.concatenate([[0.0], np.cumsum(lengths)]) / lengths.sum()
    mesh = None
    for i in range(len(steps)):
        ends = [_softened(outward, i, i - 1), _softened(outward, i, i + 1)]
        part = _ring(points[i : i + 2], np.array(ends), along[i : i + 2], sides)
        mesh = part if mesh is None else mesh + part
    assert mesh is not None
    return _facing_out(mesh)


def _softened(normals: NDArray[np.float64], i: int, neighbour: int) -> NDArray[np.float64]:
    if not 0 <= neighbour < len(normals) or normals[i] @ normals[neighbour] < _SHARP_COSINE:
        return normals[i]
    mean = normals[i] + normals[neighbour]
    return np.asarray(mean / np.linalg.norm(mean))


def _ring(ends: NDArray[np.float64], normals: NDArray[np.float64], along: NDArray[np.float64], sides: int) -> Mesh:
    """One band of a lathed body, between two (radius, z) points."""
    flat = sides < 8
    vertices: list[tuple[float, float, float]] = []
    directions: list[tuple[float, float, float]] = []
    uvs: list[tuple[float, float]] = []
    faces: list[tuple[int, int, int]] = []
    for k in range(sides):
        angles = 2 * np.pi * (np.array([k, k + 1]) + 0.5) / sides
        shading = np.full(2, angles.mean()) if flat else angles
        start = len(vertices)
        for e in range(2):
            for a in range(2):
                radius, z = ends[e]
                vertices.append((radius * np.cos(angles[a]), radius * np.sin(angles[a]), z))
                directions.append(
                    (normals[e, 0] * np.cos(shading[a]), normals[e, 0] * np.sin(shading[a]), normals[e, 1])
                )
                uvs.append(((k + a) / sides, along[e]))
        faces += [(start, start + 1, start + 3), (start, start + 3, start + 2)]
    return Mesh(np.array(vertices), np.array(directions), np.array(uvs), np.array(faces))


def box(x: float, y: float, z: float) -> Mesh:
    """A box of those sides about the origin. Texture: six columns, for +x -x +y -y +z -z."""
    half = np.array([x, y, z]) / 2
    vertices: list[NDArray[np.float64]] = []
    normals: list[NDArray[np.float64]] = []
    uvs: list[tuple[float, float]] = []
    faces: list[tuple[int, int, int]] = []
    for column in range(6):
        axis, sign = column // 2, 1.0 - 2.0 * (column % 2)
        across, up = [(1, 2), (0, 2), (0, 1)][axis]
        start = len(vertices)
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            corner = np.zeros(3)
            corner[[axis, across, up]] = sign, a, b
            normal = np.zeros(3)
            normal[axis] = sign
            vertices.append(corner * half)
            normals.append(normal)
            uvs.append(((column + 0.5 + 0.49 * a) / 6, 0.5 + 0.49 * b))
        faces += [(start, start + 1, start + 2), (start, start + 2, start + 3)]
    triangles = np.array(faces)
    return _facing_out(Mesh(np.array(vertices), np.array(normals), np.array(uvs), triangles))


def roof(x: float, y: float, z: float, foot: float) -> Mesh:
    """A gable of ridge along x upon height `foot`: the top of a milk carton. Texture: whole picture on every face."""
    corners = np.array([(-x, -y), (x, -y), (x, y), (-x, y)]) / 2
    a, b, c, d = (np.array([*corner, foot]) for corner in corners)
    e, f = np.array([-x / 2, 0, foot + z]), np.array([x / 2, 0, foot + z])
    vertices: list[NDArray[np.float64]] = []
    normals: list[NDArray[np.float64]] = []
    faces: list[tuple[int, int, int]] = []
    for polygon in ((a, b, f, e), (c, d, e, f), (b, c, f), (d, a, e)):
        normal = np.cross(polygon[1] - polygon[0], polygon[2] - polygon[0])
        start = len(vertices)
        vertices += list(polygon)
        normals += [normal / np.linalg.norm(normal)] * len(polygon)
        faces += [(start, start + k, start + k + 1) for k in range(1, len(polygon) - 1)]
    uvs = np.full((len(vertices), 2), 0.02)
    return Mesh(np.array(vertices), np.array(normals), uvs, np.array(faces))


def bent_tube(centres: NDArray[np.float64], radii: NDArray[np.float64], closed: bool = False, sides: int = 14) -> Mesh:
    """A tube around the (P, 3) centre line with radius (P,) at each point: handles, bananas, rings."""
    count = len(centres)
    around = np.roll(centres, -1, axis=0) - np.roll(centres, 1, axis=0)
    tangents = around if closed else np.gradient(centres, axis=0)
    tangents = tangents / np.linalg.norm(tangents, axis=1, keepdims=True)
    # The line lies in a plane, so its normal serves every point.
    normal = np.linalg.svd(centres - centres.mean(axis=0))[2][2]
    angles = 2 * np.pi * np.arange(sides + 1) / sides
    across = np.cross(tangents, normal)
    directions = np.cos(angles)[None, :, None] * across[:, None] + np.sin(angles)[None, :, None] * normal
    vertices = centres[:, None] + radii[:, None, None] * directions
    last = count if closed else count - 1
    faces = []
    for p in range(last):
        q = (p + 1) % count
        for s in range(sides):
            i, j, k, m = (r * (sides + 1) + t for r, t in ((p, s), (p, s + 1), (q, s + 1), (q, s)))
            faces += [(i, j, k), (i, k, m)]
    uvs = np.stack(np.meshgrid(np.arange(count) / count, angles / (2 * np.pi), indexing="ij"), axis=-1)
    mesh = Mesh(vertices.reshape(-1, 3), directions.reshape(-1, 3), uvs.reshape(-1, 2), np.array(faces))
    return _facing_out(mesh)


def _facing_out(mesh: Mesh) -> Mesh:
    """The same with every triangle listed counter-clockwise seen from where its normals point."""
    a, b, c = (mesh.vertices[mesh.faces[:, i]] for i in range(3))
    inwards = np.einsum("ij,ij->i", np.cross(b - a, c - a), mesh.normals[mesh.faces[:, 0]]) < 0
    faces = mesh.faces.copy()
    faces[inwards] = faces[inwards][:, [0, 2, 1]]
    return Mesh(mesh.vertices, mesh.normals, mesh.uvs, faces)
