# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Renders depth and instance labels of random arrangements: `python -m simulation.depth_scenes.generate FOLDER`.

    python -m simulation.depth_scenes.generate FOLDER --first 0 --count 1497
    python -m simulation.depth_scenes.generate FOLDER --first 100000 --count 60        # only measures

Depth is exact; training puts a sensor's errors on it (simulation/depth_scenes/sensors.py), other ones each time. Needs
pybullet and robosuite. A scene depends on its seed alone, so that a stopped run goes on where it was. About a second a
scene on one core.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pybullet
from numpy.typing import NDArray

from simulation.depth_scenes.arrangements import Arrangement, ArrangementMaker, add_gripper
from tas_ros.vision.frame import CameraIntrinsics

FIRST_HELD_OUT_SEED = 100_000
WIDTH, HEIGHT = 320, 240
VIEWS = 5
NEAR, FAR = 0.05, 12.0
UNIT = 1e-4
"""Metres a step of the stored depth; 0 is beyond 6.5 m."""
FURNITURE = 255
"""Label of what may be called a thing or not."""
TRANSPARENT_SHARE = 0.2
"""Of the scenes in which some things let light through."""
THING_SHARE = (0.008, 0.75)
"""Of a picture's pixels; a view that shows less or more is looked for elsewhere, four times."""


@dataclass(frozen=True, eq=False)
class DepthView:
    """One ideal view.

    depth: (H, W) float32 metres along the optical axis, NaN where nothing is. behind: the same without the transparent
    things. labels: (H, W) uint8, number of the thing from 1, 0 elsewhere, FURNITURE where either is right.
    transparent: labels of the things that let light through. camera: of the view.
    """

    depth: NDArray[np.float32]
    behind: NDArray[np.float32]
    labels: NDArray[np.uint8]
    transparent: tuple[int, ...]
    camera: CameraIntrinsics


def render_scene(seed: int) -> tuple[str, list[DepthView]]:
    """Kind and views of the random scene of that seed."""
    random = np.random.default_rng([20261130, seed])
    client = pybullet.connect(pybullet.DIRECT)
    try:
        made = ArrangementMaker(client, random).build()
        transparent = [n for n in range(len(made.things)) if random.random() < 0.35]
        if random.random() >= TRANSPARENT_SHARE:
            transparent = []
        return made.kind, [_view(made, transparent, random) for _ in range(VIEWS)]
    finally:
        pybullet.disconnect(client)


def save_scene(path: Path, kind: str, views: list[DepthView]) -> None:
    """One compressed file; written under another name first, so that what is there is whole."""
    steps = [
        np.where(np.isfinite(d) & (d < 65535 * UNIT), np.round(d / UNIT), 0).astype(np.uint16)
        for view in views
        for d in (view.depth, view.behind)
    ]
    part = path.with_suffix(".part.npz")
    np.savez_compressed(
        part,
        kind=np.array(kind),
        depth=np.stack(steps[0::2]),
        behind=np.stack(steps[1::2]) if views[0].transparent else np.zeros(0, np.uint16),
        labels=np.stack([view.labels for view in views]),
        transparent=np.array(views[0].transparent, np.uint8),
        cameras=np.array([[v.camera.fx, v.camera.fy, v.camera.cx, v.camera.cy] for v in views]),
    )
    part.rename(path)


def scene_paths(folder: Path, held_out: bool) -> list[Path]:
    """The folder's scenes to learn from, or those to measure on, in the order of their seeds."""
    seeds = sorted(int(path.stem) for path in folder.glob("*.npz") if path.stem.isdigit())
    return [folder / f"{seed}.npz" for seed in seeds if (seed >= FIRST_HELD_OUT_SEED) == held_out]


def read_scene(path: Path) -> list[DepthView]:
    """The views of a saved scene."""
    with np.load(path, allow_pickle=False) as stored:
        depth = _metres(stored["depth"])
        behind = _metres(stored["behind"]) if stored["behind"].size else depth
        transparent = tuple(int(n) for n in stored["transparent"])
        return [
            DepthView(depth[i], behind[i], stored["labels"][i], transparent, CameraIntrinsics(*map(float, camera)))
            for i, camera in enumerate(stored["cameras"])
        ]


def _metres(steps: NDArray[np.uint16]) -> NDArray[np.float32]:
    return np.where(steps > 0, steps * np.float32(UNIT), np.float32(np.nan)).astype(np.float32)


def _view(made: Arrangement, transparent: list[int], random: np.random.Generator) -> DepthView:
    for _ in range(4):
        view = _view_anywhere(made, transparent, random)
        if THING_SHARE[0] <= np.mean((view.labels > 0) & (view.labels != FURNITURE)) <= THING_SHARE[1]:
            break
    return view


def _view_anywhere(made: Arrangement, transparent: list[int], random: np.random.Generator) -> DepthView:
    camera = _camera(random)
    pose = _pose(made, random)
    gripper = add_gripper(made.client, pose, random) if made.robot_at_camera else []
    depth, segmentation = _picture(made.client, pose, camera)
    labels = np.zeros((HEIGHT, WIDTH), np.uint8)
    for number, body in enumerate(made.things, start=1):
        labels[segmentation == body] = number
    for body in made.furniture:
        labels[segmentation == body] = FURNITURE
    behind = depth
    if transparent:
        places = {}
        for number in transparent:
            body = made.things[number]
            places[body] = pybullet.getBasePositionAndOrientation(body, physicsClientId=made.client)
            pybullet.resetBasePositionAndOrientation(body, [0, 0, -50], [0, 0, 0, 1], physicsClientId=made.client)
        behind, _ = _picture(made.client, pose, camera)
        for body, place in places.items():
            pybullet.resetBasePositionAndOrientation(body, *place, physicsClientId=made.client)
    for body in gripper:
        pybullet.removeBody(body, physicsClientId=made.client)
    return DepthView(depth, behind, labels, tuple(number + 1 for number in transparent), camera)


def _camera(random: np.random.Generator) -> CameraIntrinsics:
    """Focal lengths from a wide phone's to PhoXi's, with a principal point a little off the middle."""
    focal = WIDTH / 2 / np.tan(np.deg2rad(random.uniform(38, 74)) / 2)
    cx, cy = (WIDTH - 1) / 2 + random.normal(0, 4), (HEIGHT - 1) / 2 + random.normal(0, 4)
    return CameraIntrinsics(float(focal), float(focal), float(cx), float(cy))


def _pose(made: Arrangement, random: np.random.Generator) -> NDArray[np.float64]:
    """(4, 4) of the optical frame: looks near the middle of the things, from a robot's or a person's height."""
    steepness = {"shelf": (-5, 35), "bin": (40, 90)}.get(made.kind, (15, 90))
    elevation = np.deg2rad(random.uniform(*steepness))
    azimuth = np.pi + random.uniform(-0.6, 0.6) if made.kind == "shelf" else random.uniform(0, 2 * np.pi)
    distance = np.exp(random.uniform(np.log(max(0.35, 1.3 * made.reach)), np.log(1.7)))
    target = np.array([*(random.normal(0, 0.35 * made.reach, 2)), 0.1 if made.kind == "shelf" else 0.02])
    back = np.array([np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)])
    eye = target + distance * back
    eye[2] = max(eye[2], 0.05)
    forward = (target - eye) / np.linalg.norm(target - eye)
    right = np.array([np.sin(azimuth), -np.cos(azimuth), 0.0])
    right = np.cross(forward, [0, 0, 1.0]) if abs(forward[2]) < 0.99 else right
    right = right / np.linalg.norm(right)
    roll = random.uniform(0, 2 * np.pi) if random.random() < 0.15 else random.normal(0, 0.08)
    down = np.cross(forward, right)
    pose = np.eye(4)
    pose[:3, 0] = np.cos(roll) * right + np.sin(roll) * down
    pose[:3, 1] = np.cross(forward, pose[:3, 0])
    pose[:3, 2], pose[:3, 3] = forward, eye
    return pose


def _picture(
    client: int, pose: NDArray[np.float64], camera: CameraIntrinsics
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """(H, W) depth in metres, NaN where nothing is, and (H, W) bodies."""
    view = np.linalg.inv(pose @ np.diag([1.0, -1.0, -1.0, 1.0]))
    projection = np.zeros((4, 4))
    projection[0, 0], projection[1, 1] = 2 * camera.fx / WIDTH, 2 * camera.fy / HEIGHT
    projection[0, 2], projection[1, 2] = 1 - 2 * (camera.cx + 0.5) / WIDTH, 2 * (camera.cy + 0.5) / HEIGHT - 1
    projection[2, 2], projection[2, 3] = (FAR + NEAR) / (NEAR - FAR), 2 * FAR * NEAR / (NEAR - FAR)
    projection[3, 2] = -1.0
    _, _, _, buffer, segmentation = pybullet.getCameraImage(
        WIDTH,
        HEIGHT,
        viewMatrix=list(view.T.ravel()),
        projectionMatrix=list(projection.T.ravel()),
        shadow=0,
        renderer=pybullet.ER_TINY_RENDERER,
        physicsClientId=client,
    )
    bodies = np.reshape(segmentation, (HEIGHT, WIDTH))
    buffer = np.reshape(buffer, (HEIGHT, WIDTH)).astype(np.float64)
    depth = NEAR * FAR / (FAR - (FAR - NEAR) * buffer)
    return np.where(bodies >= 0, depth, np.nan).astype(np.float32), bodies.astype(np.int32)


def main() -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, default=0, help=f"first seed; {FIRST_HELD_OUT_SEED} and more only measure")
    parser.add_argument("--count", type=int, default=1497)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    for seed in range(options.first, options.first + options.count):
        path = options.folder / f"{seed}.npz"
        if not path.is_file():
            save_scene(path, *render_scene(seed))
    found = len(list(options.folder.glob("*.npz")))
    sys.stdout.write(f"{found} scenes in {options.folder} after {time.perf_counter() - start:.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
