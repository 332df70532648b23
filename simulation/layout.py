# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a tabletop recording shows, as data: a Layout holds objects, light and the viewpoints it is seen from.

Frames follow REP-103 and REP-105: base_link is x forward, y left, z up, and the table's surface is its plane z = 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

OPTICAL_IN_CAMERA = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
"""Columns are the optical frame's x (right), y (down), z (forward) seen from camera_link (x forward, y left, z up)."""
COLOUR_SENSOR_OFFSET = np.array([0.0, 0.015, 0.0])
"""Metres from camera_link to the colour sensor: RGB-D cameras measure camera_link at the depth sensor."""


@dataclass(frozen=True)
class PlacedObject:
    """One object standing on the table (or at height `z` on something else)."""

    name: str
    """Unique in its layout, as a person would say it: "red mug"."""
    model: str
    """Key of the model catalogue."""
    x: float
    """Metres ahead of the robot's base."""
    y: float
    """Metres to the left of the robot's base."""
    yaw: float = 0.0
    """Degrees counter-clockwise seen from above."""
    colour: str = ""
    """Name in the palette; empty keeps the model's own look."""
    scale: float = 1.0
    """Of the model's natural size."""
    z: float = 0.0
    """Metres of the object's foot above the table."""


@dataclass(frozen=True)
class Light:
    """One directional light and what it leaves in the shade."""

    direction: tuple[float, float, float] = (-0.4, 0.5, 1.4)
    """From the table towards the light, base_link."""
    colour: tuple[float, float, float] = (1.0, 0.98, 0.94)
    """RGB gain: warm below daylight."""
    ambient: float = 0.55
    diffuse: float = 0.5
    specular: float = 0.08
    exposure: float = 1.0


@dataclass(frozen=True)
class Table:
    """The surface under the objects."""

    colour: tuple[float, float, float] = (0.80, 0.77, 0.73)
    """RGB in 0..1; multiplies the texture where there is one."""
    texture: str = ""
    """Asset name of an image, empty for a plain surface."""
    length: float = 1.2
    """Metres along x."""
    width: float = 1.8
    """Metres along y."""
    centre: tuple[float, float] = (0.65, 0.0)


@dataclass(frozen=True)
class Viewpoint:
    """A camera. Its frames are `<name>_link` and `<name>_color_optical_frame`."""

    name: str
    eye: tuple[float, float, float]
    """Origin of the camera's link in base_link, metres."""
    target: tuple[float, float, float] = (0.6, 0.0, 0.0)
    """What it looks at."""
    roll: float = 0.0
    """Degrees about the viewing axis; positive turns the camera clockwise seen from behind it."""

    @property
    def link_frame(self) -> str:
        """TF frame of the camera body."""
        return f"{self.name}_link"

    @property
    def optical_frame(self) -> str:
        """TF frame of the images."""
        return f"{self.name}_color_optical_frame"

    def link_pose(self) -> NDArray[np.float64]:
        """(4, 4) pose of the camera body (x forward, y left, z up) in base_link."""
        forward = np.subtract(self.target, self.eye)
        forward = forward / np.linalg.norm(forward)
        left = np.cross([0.0, 0.0, 1.0], forward)
        left = left / np.linalg.norm(left)
        up = np.cross(forward, left)
        angle = np.deg2rad(self.roll)
        rolled_left = np.cos(angle) * left + np.sin(angle) * up
        pose = np.eye(4)
        pose[:3, :3] = np.stack([forward, rolled_left, np.cross(forward, rolled_left)], axis=1)
        pose[:3, 3] = self.eye
        return pose

    def optical_pose(self) -> NDArray[np.float64]:
        """(4, 4) pose of the colour sensor (x right, y down, z forward) in base_link."""
        return self.link_pose() @ optical_in_link()


def optical_in_link() -> NDArray[np.float64]:
    """(4, 4) pose of any viewpoint's optical frame in its camera link."""
    pose = np.eye(4)
    pose[:3, :3] = OPTICAL_IN_CAMERA
    pose[:3, 3] = COLOUR_SENSOR_OFFSET
    return pose


@dataclass(frozen=True)
class Layout:
    """One arrangement of a table. Everything random about its pictures comes from `seed`."""

    name: str
    objects: tuple[PlacedObject, ...]
    viewpoints: tuple[Viewpoint, ...]
    light: Light = field(default_factory=Light)
    table: Table = field(default_factory=Table)
    seed: int = 0
    enclosed: bool = False
    """Walls on all sides, for cameras that look elsewhere than ahead of the robot."""

    def __post_init__(self) -> None:
        names = [placed.name for placed in self.objects]
        if len(set(names)) != len(names):
            raise ValueError(f"layout {self.name!r} has two objects of one name: {sorted(names)}")
