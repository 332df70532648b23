# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Renders a layout with pybullet's software renderer: clean colour, exact depth, exact instance labels. No display."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pybullet
from numpy.typing import NDArray

from simulation.layout import Layout, PlacedObject, Viewpoint
from simulation.models import MODELS, PALETTE, Model, asset_path
from simulation.solids import body_points, mesh_factor, origin_of, rotation_of
from simulation.transforms import quaternion_from_matrix
from tas_ros.vision.frame import CameraIntrinsics

WIDTH, HEIGHT = 640, 480
INTRINSICS = CameraIntrinsics(fx=606.0, fy=606.0, cx=319.5, cy=239.5)
NEAR, FAR = 0.05, 8.0
SUPERSAMPLING = 2
FLOOR_HEIGHT = -0.72
_WALL = (0.74, 0.75, 0.73)


@dataclass(frozen=True, eq=False)
class Rendering:
    """What an ideal camera sees."""

    rgb: NDArray[np.uint8]
    """(H, W, 3)."""
    depth: NDArray[np.float32]
    """(H, W) metres along the optical axis."""
    labels: NDArray[np.uint8]
    """(H, W) 1 + index of the layout's object, 0 elsewhere."""


def render(layout: Layout, viewpoint: Viewpoint, models: Mapping[str, Model] = MODELS) -> Rendering:
    """One view of the layout; deterministic. models: the catalogue its objects are from."""
    with Stage(layout, models) as stage:
        return stage.picture(viewpoint)


class Stage:
    """A layout built up once, to be seen from several places. Used in a `with` statement."""

    def __init__(self, layout: Layout, models: Mapping[str, Model] = MODELS) -> None:
        self._layout, self._models = layout, models
        self._client = -1
        self._bodies: list[int] = []

    def __enter__(self) -> Stage:
        """Build it up."""
        self._client = pybullet.connect(pybullet.DIRECT)
        _add_room(self._layout, self._client)
        self._bodies = [
            _add_object(placed, self._models[placed.model], self._client) for placed in self._layout.objects
        ]
        return self

    def __exit__(self, *_: object) -> None:
        """Take it down."""
        pybullet.disconnect(self._client)

    def picture(self, viewpoint: Viewpoint) -> Rendering:
        """What the ideal camera there sees."""
        width, height = WIDTH * SUPERSAMPLING, HEIGHT * SUPERSAMPLING
        light = self._layout.light
        _, _, rgba, buffer, segmentation = pybullet.getCameraImage(
            width,
            height,
            viewMatrix=_view_matrix(viewpoint),
            projectionMatrix=_projection_matrix(INTRINSICS),
            shadow=1,
            lightDirection=light.direction,
            lightColor=light.colour,
            lightDistance=2.0,
            lightAmbientCoeff=light.ambient,
            lightDiffuseCoeff=light.diffuse,
            lightSpecularCoeff=light.specular,
            renderer=pybullet.ER_TINY_RENDERER,
            physicsClientId=self._client,
        )
        fine = np.reshape(rgba, (height, width, 4))[..., :3].astype(np.uint8)
        rgb = np.asarray(cv2.resize(fine, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
        step = slice(SUPERSAMPLING // 2, None, SUPERSAMPLING)
        buffer = np.reshape(buffer, (height, width))[step, step].astype(np.float64)
        depth = NEAR * FAR / (FAR - (FAR - NEAR) * buffer)
        segmentation = np.reshape(segmentation, (height, width))[step, step]
        return Rendering(rgb, depth.astype(np.float32), self._labels(segmentation))

    def visible_shares(self, viewpoint: Viewpoint, shrink: int = 4) -> NDArray[np.float64]:
        """(N,) share of each object that neither another object nor the image's edge hides, from coarse pictures.

        An object cut by the edge counts 0, for how much of it lies outside is not seen.
        """
        together = self._coarse_labels(viewpoint, shrink)
        shares = np.zeros(len(self._bodies))
        places = [pybullet.getBasePositionAndOrientation(body, physicsClientId=self._client) for body in self._bodies]
        for body in self._bodies:
            self._move(body, ([0.0, 0.0, -50.0], [0.0, 0.0, 0.0, 1.0]))
        for i, body in enumerate(self._bodies):
            self._move(body, places[i])
            alone = self._coarse_labels(viewpoint, shrink) == i + 1
            self._move(body, ([0.0, 0.0, -50.0], [0.0, 0.0, 0.0, 1.0]))
            at_edge = alone[0].any() or alone[-1].any() or alone[:, 0].any() or alone[:, -1].any()
            if alone.any() and not at_edge:
                shares[i] = np.count_nonzero(alone & (together == i + 1)) / np.count_nonzero(alone)
        for body, place in zip(self._bodies, places, strict=True):
            self._move(body, place)
        return shares

    def _move(self, body: int, place: Any) -> None:
        pybullet.resetBasePositionAndOrientation(body, *place, physicsClientId=self._client)

    def _coarse_labels(self, viewpoint: Viewpoint, shrink: int) -> NDArray[np.uint8]:
        width, height = WIDTH // shrink, HEIGHT // shrink
        segmentation = pybullet.getCameraImage(
            width,
            height,
            viewMatrix=_view_matrix(viewpoint),
            projectionMatrix=_projection_matrix(INTRINSICS),
            shadow=0,
            renderer=pybullet.ER_TINY_RENDERER,
            physicsClientId=self._client,
        )[4]
        return self._labels(np.reshape(segmentation, (height, width)))

    def _labels(self, segmentation: NDArray[np.int32]) -> NDArray[np.uint8]:
        labels = np.zeros(segmentation.shape, np.uint8)
        for i, body in enumerate(self._bodies):
            labels[segmentation == body] = i + 1
        return labels


def _view_matrix(viewpoint: Viewpoint) -> list[float]:
    """Column-major OpenGL view: the optical frame with y and z turned round."""
    pose = viewpoint.optical_pose() @ np.diag([1.0, -1.0, -1.0, 1.0])
    return list(np.linalg.inv(pose).T.ravel())


def _projection_matrix(camera: CameraIntrinsics) -> list[float]:
    """Column-major OpenGL projection of a pinhole; pixel centres lie at integer coordinates."""
    matrix = np.zeros((4, 4))
    matrix[0, 0] = 2 * camera.fx / WIDTH
    matrix[1, 1] = 2 * camera.fy / HEIGHT
    matrix[0, 2] = 1 - 2 * (camera.cx + 0.5) / WIDTH
    matrix[1, 2] = 2 * (camera.cy + 0.5) / HEIGHT - 1
    matrix[2, 2] = (FAR + NEAR) / (NEAR - FAR)
    matrix[2, 3] = 2 * FAR * NEAR / (NEAR - FAR)
    matrix[3, 2] = -1.0
    return list(matrix.T.ravel())


def _add_room(layout: Layout, client: int) -> None:
    """The table's top, the floor below and a wall far behind, so that every ray ends somewhere."""
    table = layout.table
    half = [table.length / 2, table.width / 2, 0.015]
    body = _add_box(half, [*table.centre, -half[2]], table.colour, client)
    if table.texture:
        texture = pybullet.loadTexture(str(asset_path(table.texture)), physicsClientId=client)
        pybullet.changeVisualShape(body, -1, textureUniqueId=texture, physicsClientId=client)
    _add_box([4.0, 4.0, 0.01], [1.0, 0.0, FLOOR_HEIGHT], (0.46, 0.43, 0.40), client)
    _add_box([0.01, 4.0, 2.5], [3.6, 0.0, 1.0], _WALL, client)
    if layout.enclosed:
        _add_box([0.01, 4.0, 2.5], [-2.4, 0.0, 1.0], _WALL, client)
        _add_box([3.0, 0.01, 2.5], [0.6, -3.0, 1.0], _WALL, client)
        _add_box([3.0, 0.01, 2.5], [0.6, 3.0, 1.0], _WALL, client)


def _add_box(half: list[float], centre: list[float], colour: tuple[float, float, float], client: int) -> int:
    shape = pybullet.createVisualShape(
        pybullet.GEOM_BOX, halfExtents=half, rgbaColor=(*colour, 1.0), physicsClientId=client
    )
    return int(pybullet.createMultiBody(0, -1, shape, basePosition=centre, physicsClientId=client))


def _add_object(placed: PlacedObject, model: Model, client: int) -> int:
    """Stand the object on its foot, its footprint centred on (x, y). Returns the body's id."""
    paint = (*(PALETTE[placed.colour] if placed.colour else model.paint), 1.0)
    shape = pybullet.createVisualShape(rgbaColor=paint, physicsClientId=client, **_shape_options(placed, model))
    body = int(
        pybullet.createMultiBody(
            0,
            -1,
            shape,
            basePosition=list(origin_of(placed, body_points(placed, model))),
            baseOrientation=quaternion_from_matrix(rotation_of(placed, model)),
            physicsClientId=client,
        )
    )
    if model.texture and not placed.colour:
        texture = pybullet.loadTexture(str(asset_path(model.texture)), physicsClientId=client)
        pybullet.changeVisualShape(body, -1, textureUniqueId=texture, physicsClientId=client)
    return body


def _shape_options(placed: PlacedObject, model: Model) -> dict[str, Any]:
    """What pybullet calls a mesh, box, sphere or cylinder of that size."""
    if model.mesh:
        return {
            "shapeType": pybullet.GEOM_MESH,
            "fileName": str(asset_path(model.mesh)),
            "meshScale": [mesh_factor(placed, model)] * 3,
        }
    size = model.size * placed.scale
    if model.primitive == "box":
        return {"shapeType": pybullet.GEOM_BOX, "halfExtents": [size / 2] * 3}
    if model.primitive == "sphere":
        return {"shapeType": pybullet.GEOM_SPHERE, "radius": size / 2}
    return {"shapeType": pybullet.GEOM_CYLINDER, "radius": size * 0.35, "length": size}
