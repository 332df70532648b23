# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Observations of things that stand where the test says; shared by the tests of this folder."""

from dataclasses import dataclass

import numpy as np

from simulation.layout import Viewpoint
from simulation.tabletop.observation import Observation, Thing
from simulation.tabletop.things import KIND_BY_KEY
from tas_ros.vision.frame import CameraIntrinsics

CAMERA = CameraIntrinsics(606.0, 606.0, 319.5, 239.5)
EYES = {
    "usual": (-0.2, 0.0, 0.7),
    "from_left": (0.65, 0.85, 0.7),
    "from_right": (0.65, -0.85, 0.7),
    "looks_back": (1.5, 0.0, 0.7),
}
TARGET = (0.65, 0.0, 0.0)


@dataclass(frozen=True)
class Put:
    """A thing of that kind at x, y on the table (or in, on another by number)."""

    kind: str
    x: float
    y: float
    colour: str = ""
    size: float = 0.07
    height: float = 0.07
    support: int = -1
    z: float = 0.0


def observe(puts, side="usual", roll=0.0, speaker=None):
    """The things as seen from that side; the robot's base is the table's frame, unless a speaker stands elsewhere."""
    pose = Viewpoint("camera", EYES[side], TARGET, roll).optical_pose()
    speaker_in_base = np.eye(4) if speaker is None else speaker
    things = [_thing(str(i), put, pose) for i, put in enumerate(puts)]
    return Observation(640, 480, CAMERA, pose, np.linalg.inv(speaker_in_base) @ pose, tuple(things))


def standing_at(x, y, yaw_degrees):
    """(4, 4) pose of an upright person."""
    yaw = np.deg2rad(yaw_degrees)
    pose = np.eye(4)
    pose[:2, :2] = [[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]]
    pose[:2, 3] = x, y
    return pose


def picture_of(observation):
    """Depth in metres and labels of discs in the things' places, the nearer ones before the farther."""
    depth = np.full((observation.height, observation.width), 2.0, np.float32)
    labels = np.zeros(depth.shape, np.uint8)
    rows, columns = np.mgrid[: observation.height, : observation.width]
    distances = observation.centres_in_camera()[:, 2]
    for i in np.argsort(-distances):
        thing = observation.things[i]
        radius = np.sqrt(thing.pixels / np.pi)
        disc = np.hypot(columns - thing.centroid[0], rows - thing.centroid[1]) <= radius
        depth[disc], labels[disc] = distances[i], i + 1
    return depth, labels


def random_puts(random):
    """A table with groups of a kind, of other colours and sizes, one thing on another."""
    kinds = ["mug", "ball", "cone", "cube"]
    group, other = random.choice(kinds, 2, replace=False)
    paints = ["red", "blue", "green", "yellow"]
    wanted = [group] * int(random.integers(2, 5)) + [other] * int(random.integers(1, 3)) + ["duck"]
    puts = [Put(str(random.choice(["book", "bowl", "tray"])), 0.0, 0.0, "purple", 0.2, 0.03)]
    puts[0] = _placed(puts[0], [], random)
    puts.append(Put(group, puts[0].x, puts[0].y, str(random.choice(paints)), 0.06, 0.06, support=0, z=0.03))
    for kind in wanted:
        size = 0.06 * float(random.choice([0.75, 1.0, 1.4]))
        colour = "yellow" if kind == "duck" else str(random.choice(paints))
        puts.append(_placed(Put(kind, 0.0, 0.0, colour, size, size * float(random.choice([1.0, 1.5]))), puts, random))
    return puts


def _placed(put, others, random):
    for _ in range(200):
        x, y = random.uniform(0.42, 0.9), random.uniform(-0.3, 0.3)
        if all(np.hypot(x - o.x, y - o.y) > 0.6 * (put.size + o.size) + 0.01 for o in others):
            return Put(put.kind, float(x), float(y), put.colour, put.size, put.height)
    raise AssertionError("the table is full")


def _thing(name, put, pose):
    kind = KIND_BY_KEY[put.kind]
    centre = np.array([put.x, put.y, put.z + put.height / 2])
    inverse = np.linalg.inv(pose)
    point = inverse[:3, :3] @ centre + inverse[:3, 3]
    x, y = 606.0 * point[:2] / point[2] + [319.5, 239.5]
    radius = 606.0 * (put.size**2 * put.height) ** (1 / 3) / 2 / point[2]
    return Thing(
        id=name,
        kind=put.kind,
        names=kind.names,
        might_be=kind.might_be,
        colour=put.colour,
        centre=tuple(float(value) for value in centre),
        extent=(put.size, put.size, put.height),
        dimensions=(put.size, put.size, put.height),
        support=str(put.support) if put.support >= 0 else "",
        visible=1.0,
        pixels=int(np.pi * radius**2),
        centroid=(float(x), float(y)),
        box=(int(x - radius), int(y - radius), int(x + radius) + 1, int(y + radius) + 1),
    )
