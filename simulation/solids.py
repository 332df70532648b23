# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The bodies of placed objects as points: how large they are and where they stand. Needs no renderer."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulation.layout import PlacedObject
from simulation.models import Model, asset_path

_TO_Z_UP = {"z": np.eye(3), "y": np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])}
_BOX_CORNERS = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])


def rotation_of(placed: PlacedObject, model: Model) -> NDArray[np.float64]:
    """(3, 3) of the model's own axes seen from the layout's."""
    yaw = np.deg2rad(placed.yaw + model.turn)
    spin = np.array([[np.cos(yaw), -np.sin(yaw), 0.0], [np.sin(yaw), np.cos(yaw), 0.0], [0.0, 0.0, 1.0]])
    return np.asarray(spin @ _TO_Z_UP[model.up]) if model.mesh else spin


def mesh_factor(placed: PlacedObject, model: Model) -> float:
    """Metres a unit of the model's mesh."""
    return model.size * placed.scale / float(np.ptp(mesh_vertices(asset_path(model.mesh)), axis=0).max())


def primitive_extent(placed: PlacedObject, model: Model) -> NDArray[np.float64]:
    """(3,) metres of a box, sphere or cylinder along its own axes."""
    size = model.size * placed.scale
    if model.primitive == "cylinder":
        return np.array([size * 0.7, size * 0.7, size])
    return np.full(3, size)


def body_points(placed: PlacedObject, model: Model) -> NDArray[np.float64]:
    """(N, 3) points whose hull is the body, turned as placed, about the model's own origin, metres.

    A sphere or cylinder gives the corners of its upright box, so that its yaw does not widen it.
    """
    if model.mesh:
        vertices = mesh_vertices(asset_path(model.mesh))
        return np.asarray(mesh_factor(placed, model) * vertices @ rotation_of(placed, model).T)
    corners = _BOX_CORNERS * primitive_extent(placed, model)
    return np.asarray(corners @ rotation_of(placed, model).T) if model.primitive == "box" else corners


def origin_of(placed: PlacedObject, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(3,) where the model's origin goes so that it stands on its foot, its footprint centred on (x, y)."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle = (low + high) / 2
    return np.array([placed.x - middle[0], placed.y - middle[1], placed.z - low[2]])


def standing_points(placed: PlacedObject, model: Model) -> NDArray[np.float64]:
    """(N, 3) points of the body where it stands in the layout."""
    points = body_points(placed, model)
    return np.asarray(points + origin_of(placed, points))


@cache
def mesh_vertices(path: Path) -> NDArray[np.float64]:
    """(N, 3) vertices of a Wavefront file."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        return np.array([[float(value) for value in line.split()[1:4]] for line in lines if line.startswith("v ")])
