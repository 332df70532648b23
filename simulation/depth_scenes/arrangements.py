# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Arrangements that physics settles: things apart, heaps, bins, rows that touch, stacks, shelves; walls and a robot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pybullet
from numpy.typing import NDArray

from simulation.depth_scenes.shapes import Shape, ShapeMaker, open_box
from simulation.models import asset_path
from simulation.transforms import quaternion_from_matrix

KINDS = {"apart": 0.27, "heap": 0.22, "bin": 0.17, "row": 0.13, "stack": 0.11, "shelf": 0.1}
"""Share of the scenes in which the things stand so."""
FLOOR_DEPTH = (0.35, 0.95)
"""Metres of the floor below the table."""
_STEP = 1 / 200
"""Seconds of a step of the simulation."""


@dataclass
class Arrangement:
    """A scene in a running simulation. Its support is at z = 0 and its middle near the origin, metres."""

    kind: str
    client: int
    things: list[int] = field(default_factory=list)
    """Bodies that are things, in the order of their labels from 1."""
    furniture: list[int] = field(default_factory=list)
    """Containers of the size of things: neither things nor background for sure."""
    reach: float = 0.3
    """Metres about the middle within which the things lie."""
    robot_at_camera: bool = False
    """Whether a gripper is to be seen beside the camera."""


class ArrangementMaker:
    """Builds one arrangement after another; every one needs a simulation of its own."""

    def __init__(self, client: int, random: np.random.Generator) -> None:
        self._client = client
        self._random = random
        self._shapes = ShapeMaker(random)

    def build(self) -> Arrangement:
        """A settled arrangement with its surroundings."""
        pybullet.setGravity(0, 0, -9.81, physicsClientId=self._client)
        pybullet.setPhysicsEngineParameter(fixedTimeStep=_STEP, numSolverIterations=30, physicsClientId=self._client)
        kind = str(self._random.choice(list(KINDS), p=list(KINDS.values())))
        made = Arrangement(kind, self._client)
        self._support(made)
        builders: dict[str, Callable[[Arrangement], None]] = {
            "apart": self._apart,
            "heap": self._heap,
            "bin": self._bin,
            "row": self._row,
            "stack": self._stack,
            "shelf": self._shelf,
        }
        builders[kind](made)
        if kind in ("apart", "row", "stack") and self._chance(0.35):
            self._drop(made, int(self._random.integers(1, 6)), made.reach, upright=False, low=0.05, high=0.25)
            self._settle(150)
        self._robot(made)
        return made

    # Surroundings

    def _support(self, made: Arrangement) -> None:
        """A table with a floor beyond its edge, or the floor itself; walls and clutter behind."""
        depth = self._between(*FLOOR_DEPTH)
        if self._chance(0.75):
            half = np.array([self._between(0.25, 0.9), self._between(0.3, 1.0), 0.015])
            centre = np.array([self._between(-0.2, 0.2), self._between(-0.2, 0.2), -half[2]])
            self._box(half, centre, solid=True)
        else:
            depth = 0.0
        self._box(np.array([5.0, 5.0, 0.05]), np.array([0, 0, -depth - 0.05 - 1e-4]), solid=True)
        for _ in range(int(self._random.choice([0, 1, 2], p=[0.3, 0.4, 0.3]))):
            angle = self._between(0, 2 * np.pi)
            distance = self._between(0.6, 3.0)
            centre = distance * np.array([np.cos(angle), np.sin(angle)])
            self._box(np.array([0.02, 5.0, 2.5]), np.array([*centre, 1.0]), yaw=angle)
        for _ in range(int(self._random.integers(0, 5)) if self._chance(0.6) else 0):  # clutter too large to grip
            angle, distance = self._between(0, 2 * np.pi), self._between(1.0, 2.2)
            sides = np.exp(self._random.uniform(np.log(0.08), np.log(0.5), 3))
            centre = np.array([distance * np.cos(angle), distance * np.sin(angle), self._between(-depth, 0.3)])
            self._box(sides, centre, yaw=self._between(0, np.pi))

    def _robot(self, made: Arrangement) -> None:
        """Nothing, a whole arm beside the things, or (added with the camera) a gripper before it."""
        choice = self._random.random()
        if choice < 0.12:
            made.robot_at_camera = True
        elif choice < 0.3:
            angle = self._between(0, 2 * np.pi)
            distance = self._between(0.35, 0.75)
            arm = pybullet.loadURDF(
                str(asset_path("pybullet:franka_panda/panda.urdf")),
                basePosition=[distance * np.cos(angle), distance * np.sin(angle), 0],
                baseOrientation=pybullet.getQuaternionFromEuler([0, 0, angle + np.pi + self._between(-0.5, 0.5)]),
                useFixedBase=True,
                physicsClientId=self._client,
            )
            rest = np.array([0.0, -0.5, 0.0, -2.2, 0.0, 1.8, 0.8, 0, 0, 0.03, 0.03, 0])
            rest[:7] += self._random.normal(0, 0.35, 7)
            for joint in range(pybullet.getNumJoints(arm, physicsClientId=self._client)):
                pybullet.resetJointState(arm, joint, float(rest[joint]), physicsClientId=self._client)

    # Arrangements

    def _apart(self, made: Arrangement) -> None:
        made.reach = self._between(0.12, 0.45)
        self._stand(made, int(self._random.integers(1, 12)), made.reach, gap=self._between(0.0, 0.05))
        self._settle(120)
        self._fill_hollows(made)

    def _heap(self, made: Arrangement) -> None:
        made.reach = self._between(0.08, 0.28)
        self._drop(made, int(self._random.integers(4, 22)), made.reach, upright=False, low=0.05, high=0.35)
        self._settle(350)

    def _bin(self, made: Arrangement) -> None:
        length, width = self._between(0.22, 0.6), self._between(0.2, 0.45)
        height = self._between(0.06, 0.28)
        box = open_box(length, width, height, self._between(0.003, 0.015))
        body = self._body(Shape(box.vertices, box.faces), np.array([0, 0, 0.0005]), (0, 0, 0, 1), fixed=True)
        if max(length, width) < 0.33:
            made.furniture.append(body)
        made.reach = 0.38 * min(length, width)
        count = int(self._random.integers(1, 24))
        self._drop(made, count, made.reach, upright=self._chance(0.3), low=0.1, high=0.35, span=(length, width))
        self._settle(350)
        made.reach = 0.5 * max(length, width)

    def _row(self, made: Arrangement) -> None:
        """Boxes, books and cups side by side, with hardly a gap."""
        yaw = self._between(0, np.pi)
        along = np.array([np.cos(yaw), np.sin(yaw)])
        across = np.array([-along[1], along[0]])
        position = -self._between(0.05, 0.2)
        offset = 0.0
        jitter = float(self._random.choice([0.0, 0.003, 0.01]))
        alike = self._chance(0.4)
        shape = self._flat_or_round()
        for _ in range(int(self._random.integers(2, 9))):
            if not alike:
                shape = self._flat_or_round()
            turned = self._chance(0.35) and shape.extent[2] > 0.006
            roll = np.pi / 2 if turned else 0.0
            spin = yaw + float(self._random.choice([0.0, np.pi / 2]))
            rotation = pybullet.getQuaternionFromEuler([roll, 0, spin])
            points = shape.vertices @ _matrix(rotation).T
            span = points[:, :2] @ along
            centre = along * (position - span.min()) + across * (offset + self._between(-jitter, jitter))
            position += float(np.ptp(span)) + abs(self._between(-jitter, jitter)) + 5e-4
            made.things.append(self._body(shape, np.array([*centre, -points[:, 2].min() + 5e-4]), rotation))
            if position > 0.35 and self._chance(0.6):
                position, offset = -self._between(0.05, 0.2), offset + self._between(0.08, 0.2)
        made.reach = 0.3
        self._settle(160)

    def _stack(self, made: Arrangement) -> None:
        """Towers of boxes, books and plates."""
        made.reach = self._between(0.1, 0.3)
        places = self._random.uniform(-made.reach, made.reach, (int(self._random.integers(1, 5)), 2))
        for place in places:
            height = 5e-4
            previous = None
            for _ in range(int(self._random.integers(1, 6))):
                shape = self._shapes.bowl() if self._chance(0.12) else self._flat_or_round()
                if previous is not None and shape.extent[0] * shape.extent[1] > 2.0 * previous:
                    continue
                previous = shape.extent[0] * shape.extent[1]
                rotation = pybullet.getQuaternionFromEuler([0, 0, self._between(0, np.pi)])
                centre = place + self._random.normal(0, 0.012, 2)
                made.things.append(self._body(shape, np.array([*centre, height + shape.extent[2] / 2]), rotation))
                height += shape.extent[2] + 1e-3
        self._settle(200)

    def _shelf(self, made: Arrangement) -> None:
        """One compartment of a shelf, seen from the front (the camera is at -x)."""
        depth, width, height = self._between(0.2, 0.45), self._between(0.25, 0.9), self._between(0.2, 0.45)
        wall = self._between(0.004, 0.02)
        middle = height / 2
        self._box(np.array([depth / 2, width / 2, wall / 2]), np.array([0, 0, height]))
        self._box(np.array([wall / 2, width / 2, middle]), np.array([depth / 2, 0, middle]), solid=True)
        for sign in (-1, 1):
            side = np.array([0, sign * width / 2, middle])
            self._box(np.array([depth / 2, wall / 2, middle]), side, solid=True)
        if self._chance(0.4):  # a raised lip
            self._box(
                np.array([0.004, width / 2, self._between(0.005, 0.03)]), np.array([-depth / 2, 0, 0.01]), solid=True
            )
        made.reach = 0.45 * min(depth, width)
        count = int(self._random.integers(1, 9))
        if self._chance(0.5):
            self._stand(made, count, made.reach, gap=0.0, span=(depth, width), tallest=0.9 * height)
        else:
            self._drop(made, count, made.reach, False, 0.03, 0.5 * height, span=(depth, width))
        self._settle(250)

    # Things

    def _stand(
        self,
        made: Arrangement,
        count: int,
        reach: float,
        gap: float,
        span: tuple[float, float] | None = None,
        tallest: float = 1.0,
    ) -> None:
        """Things upright where nothing stands yet; circles about them keep `gap` metres."""
        half = np.array([reach, reach]) if span is None else np.array(span) / 2
        taken: list[tuple[NDArray[np.float64], float]] = []
        for _ in range(count):
            shape = self._shapes.any()
            radius = float(np.hypot(*shape.extent[:2])) / 2 * 0.9
            if shape.extent[2] > tallest:
                continue
            for _ in range(12):
                place = self._random.uniform(-1, 1, 2) * np.maximum(half - (0 if span is None else radius), 0.005)
                if all(np.linalg.norm(place - other) > radius + size + gap for other, size in taken):
                    taken.append((place, radius))
                    rotation = pybullet.getQuaternionFromEuler([0, 0, self._between(0, 2 * np.pi)])
                    fixed = shape.hollow and self._chance(0.6)
                    position = np.array([*place, shape.extent[2] / 2 + 5e-4])
                    made.things.append(self._body(shape, position, rotation, fixed=fixed))
                    break

    def _drop(
        self,
        made: Arrangement,
        count: int,
        reach: float,
        upright: bool,
        low: float,
        high: float,
        span: tuple[float, float] | None = None,
    ) -> None:
        """Things that fall from between `low` and above, one over the other."""
        half = np.array([reach, reach]) if span is None else np.array(span) * 0.36
        alike = self._shapes.any() if self._chance(0.15) else None
        for number in range(count):
            shape = alike or self._shapes.any()
            turn = self._random.normal(size=4)
            yaw = pybullet.getQuaternionFromEuler([0, 0, self._between(0, 2 * np.pi)])
            rotation = yaw if upright or self._chance(0.3) else tuple(turn / np.linalg.norm(turn))
            height = low + (high - low) * number / max(count, 4) + 0.5 * float(shape.extent.max())
            place = self._random.uniform(-1, 1, 2) * half
            made.things.append(self._body(shape, np.array([*place, height]), rotation))

    def _fill_hollows(self, made: Arrangement) -> None:
        """A few small things into what stands fixed and hollow."""
        for body in list(made.things):
            if pybullet.getDynamicsInfo(body, -1, physicsClientId=self._client)[0] > 0 or not self._chance(0.5):
                continue
            low, high = pybullet.getAABB(body, physicsClientId=self._client)
            room = min(high[0] - low[0], high[1] - low[1])
            for number in range(int(self._random.integers(1, 4))):
                shape = self._shapes.any()
                largest = float(shape.extent.max())
                small = Shape(shape.vertices * min(1.0, 0.55 * room / largest), shape.faces)
                place = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, high[2] + 0.03 + 0.05 * number])
                made.things.append(self._body(small, place, (0, 0, 0, 1)))
            self._settle(120)

    def _flat_or_round(self) -> Shape:
        draw = self._random.random()
        if draw < 0.45:
            return self._shapes.box()
        if draw < 0.8:
            return self._shapes.slab()
        return self._shapes.cup() if draw < 0.87 else self._shapes.any()

    def _settle(self, steps: int) -> None:
        for _ in range(steps):
            pybullet.stepSimulation(physicsClientId=self._client)

    def _body(
        self,
        shape: Shape,
        position: NDArray[np.float64],
        rotation: tuple[float, ...],
        fixed: bool = False,
    ) -> int:
        """Its hull falls and hits; what is fixed keeps its hollows."""
        points = shape.vertices.tolist()
        indices = shape.faces.ravel().tolist()
        seen = pybullet.createVisualShape(
            pybullet.GEOM_MESH, vertices=points, indices=indices, physicsClientId=self._client
        )
        options = {"indices": indices} if fixed else {}
        felt = pybullet.createCollisionShape(
            pybullet.GEOM_MESH, vertices=points, physicsClientId=self._client, **options
        )
        body = pybullet.createMultiBody(
            0.0 if fixed else 0.15, felt, seen, position.tolist(), list(rotation), physicsClientId=self._client
        )
        pybullet.changeDynamics(
            body,
            -1,
            lateralFriction=0.8,
            rollingFriction=0.003,
            spinningFriction=0.003,
            linearDamping=0.2,
            angularDamping=0.4,
            physicsClientId=self._client,
        )
        return int(body)

    def _box(
        self, half: NDArray[np.float64], centre: NDArray[np.float64], yaw: float = 0.0, solid: bool = False
    ) -> int:
        return add_box(self._client, half, centre, pybullet.getQuaternionFromEuler([0, 0, yaw]), solid)

    def _between(self, low: float, high: float) -> float:
        return float(self._random.uniform(low, high))

    def _chance(self, probability: float) -> bool:
        return bool(self._random.random() < probability)


def add_box(
    client: int,
    half: NDArray[np.float64],
    centre: NDArray[np.float64],
    rotation: tuple[float, ...],
    solid: bool = False,
) -> int:
    """A fixed box of those half sides; returns the body. solid: things rest on it."""
    seen = pybullet.createVisualShape(pybullet.GEOM_BOX, halfExtents=half.tolist(), physicsClientId=client)
    felt = -1
    if solid:
        felt = pybullet.createCollisionShape(pybullet.GEOM_BOX, halfExtents=half.tolist(), physicsClientId=client)
    body = pybullet.createMultiBody(0.0, felt, seen, centre.tolist(), list(rotation), physicsClientId=client)
    if solid:
        pybullet.changeDynamics(body, -1, lateralFriction=0.9, physicsClientId=client)
    return int(body)


def add_gripper(client: int, camera: NDArray[np.float64], random: np.random.Generator) -> list[int]:
    """A wrist, a palm and two fingers before the camera of pose (4, 4), as an eye in the hand sees them; the bodies.

    It comes in from one side of the picture.
    """
    side = float(random.uniform(-0.4, 0.4)) + float(random.choice([0.0, 0.0, np.pi, np.pi / 2, -np.pi / 2]))
    roll = np.array([[np.cos(side), -np.sin(side), 0], [np.sin(side), np.cos(side), 0], [0, 0, 1.0]])
    ahead, below = float(random.uniform(0.1, 0.25)), float(random.uniform(0.06, 0.14))
    opening, wide = float(random.uniform(0.02, 0.06)), float(random.uniform(0.006, 0.015))
    parts = [
        (np.array([0.05, 0.03, 0.04]), np.array([0, below, ahead - 0.08])),
        (np.array([opening + 0.03, 0.02, 0.02]), np.array([0, below, ahead - 0.02])),
        (np.array([wide, 0.01, 0.035]), np.array([opening, below, ahead + 0.03])),
        (np.array([wide, 0.01, 0.035]), np.array([-opening, below, ahead + 0.03])),
    ]
    bodies = []
    for half, centre in parts:
        place = camera[:3, :3] @ roll @ centre + camera[:3, 3]
        bodies.append(add_box(client, half, place, quaternion_from_matrix(camera[:3, :3] @ roll)))
    return bodies


def _matrix(rotation: tuple[float, ...]) -> NDArray[np.float64]:
    return np.array(pybullet.getMatrixFromQuaternion(rotation)).reshape(3, 3)
