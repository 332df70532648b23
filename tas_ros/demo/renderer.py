"""Renders a layout with pybullet's software renderer: clean colour, exact depth, exact instance labels. No display."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pybullet
from numpy.typing import NDArray

from tas_ros.demo.layout import Layout, PlacedObject, Viewpoint
from tas_ros.demo.models import MODELS, PALETTE, Model, asset_path
from tas_ros.demo.transforms import quaternion_from_matrix
from tas_ros.vision.frame import CameraIntrinsics

WIDTH, HEIGHT = 640, 480
INTRINSICS = CameraIntrinsics(fx=606.0, fy=606.0, cx=319.5, cy=239.5)
NEAR, FAR = 0.05, 8.0
SUPERSAMPLING = 2
FLOOR_HEIGHT = -0.72
_TO_Z_UP = {"z": np.eye(3), "y": np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])}


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
    client = pybullet.connect(pybullet.DIRECT)
    try:
        _add_room(layout, client)
        bodies = [_add_object(placed, models[placed.model], client) for placed in layout.objects]
        return _take_picture(layout, viewpoint, bodies, client)
    finally:
        pybullet.disconnect(client)


def _take_picture(layout: Layout, viewpoint: Viewpoint, bodies: list[int], client: int) -> Rendering:
    width, height = WIDTH * SUPERSAMPLING, HEIGHT * SUPERSAMPLING
    light = layout.light
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
        physicsClientId=client,
    )
    fine = np.reshape(rgba, (height, width, 4))[..., :3].astype(np.uint8)
    rgb = np.asarray(cv2.resize(fine, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
    step = slice(SUPERSAMPLING // 2, None, SUPERSAMPLING)
    buffer = np.reshape(buffer, (height, width))[step, step].astype(np.float64)
    depth = NEAR * FAR / (FAR - (FAR - NEAR) * buffer)
    segmentation = np.reshape(segmentation, (height, width))[step, step]
    labels = np.zeros((HEIGHT, WIDTH), np.uint8)
    for i, body in enumerate(bodies):
        labels[segmentation == body] = i + 1
    return Rendering(rgb, depth.astype(np.float32), labels)


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
    _add_box([0.01, 4.0, 2.5], [3.6, 0.0, 1.0], (0.74, 0.75, 0.73), client)


def _add_box(half: list[float], centre: list[float], colour: tuple[float, float, float], client: int) -> int:
    shape = pybullet.createVisualShape(
        pybullet.GEOM_BOX, halfExtents=half, rgbaColor=(*colour, 1.0), physicsClientId=client
    )
    return int(pybullet.createMultiBody(0, -1, shape, basePosition=centre, physicsClientId=client))


def _add_object(placed: PlacedObject, model: Model, client: int) -> int:
    """Stand the object on its foot, its footprint centred on (x, y). Returns the body's id."""
    size = model.size * placed.scale
    paint = (*(PALETTE[placed.colour] if placed.colour else model.paint), 1.0)
    yaw = np.deg2rad(placed.yaw + model.turn)
    spin = np.array([[np.cos(yaw), -np.sin(yaw), 0.0], [np.sin(yaw), np.cos(yaw), 0.0], [0.0, 0.0, 1.0]])
    if model.mesh:
        vertices = _vertices(asset_path(model.mesh))
        factor = size / float(np.ptp(vertices, axis=0).max())
        rotation = spin @ _TO_Z_UP[model.up]
        corners = factor * vertices @ rotation.T
        shape = pybullet.createVisualShape(
            pybullet.GEOM_MESH,
            fileName=str(asset_path(model.mesh)),
            meshScale=[factor] * 3,
            rgbaColor=paint,
            physicsClientId=client,
        )
    else:
        rotation = spin
        shape, extent = _primitive(model, size, paint, client)
        corners = np.array([-extent / 2, extent / 2])
    low, high = corners.min(axis=0), corners.max(axis=0)
    middle = (low + high) / 2
    position = [placed.x - middle[0], placed.y - middle[1], placed.z - low[2]]
    body = int(
        pybullet.createMultiBody(
            0,
            -1,
            shape,
            basePosition=position,
            baseOrientation=quaternion_from_matrix(rotation),
            physicsClientId=client,
        )
    )
    if model.texture and not placed.colour:
        texture = pybullet.loadTexture(str(asset_path(model.texture)), physicsClientId=client)
        pybullet.changeVisualShape(body, -1, textureUniqueId=texture, physicsClientId=client)
    return body


def _primitive(model: Model, size: float, paint: tuple[float, ...], client: int) -> tuple[Any, NDArray[np.float64]]:
    """A box, sphere or cylinder and its extent in metres (unrotated; a box turned by yaw keeps its centre)."""
    if model.primitive == "box":
        options: dict[str, Any] = {"shapeType": pybullet.GEOM_BOX, "halfExtents": [size / 2] * 3}
        extent = np.full(3, size)
    elif model.primitive == "sphere":
        options = {"shapeType": pybullet.GEOM_SPHERE, "radius": size / 2}
        extent = np.full(3, size)
    else:
        options = {"shapeType": pybullet.GEOM_CYLINDER, "radius": size * 0.35, "length": size}
        extent = np.array([size * 0.7, size * 0.7, size])
    return pybullet.createVisualShape(rgbaColor=paint, physicsClientId=client, **options), extent


@cache
def _vertices(path: Path) -> NDArray[np.float64]:
    """(N, 3) vertices of a Wavefront file."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        return np.array([[float(value) for value in line.split()[1:4]] for line in lines if line.startswith("v ")])
