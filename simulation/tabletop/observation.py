# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What is known of one picture: its camera, its things in 3-D and where they show. All that truth is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tas_ros.vision.frame import CameraIntrinsics


@dataclass(frozen=True)
class Thing:
    """One thing in one picture."""

    id: str
    kind: str
    names: tuple[str, ...]
    """Every person would call it so."""
    might_be: tuple[str, ...]
    """Some might call it so."""
    colour: str
    """Empty where a person would name none or several."""
    centre: tuple[float, float, float]
    """Of its upright box, metres in the robot's base frame."""
    extent: tuple[float, float, float]
    """Sides of that box along the base's axes, metres."""
    dimensions: tuple[float, float, float]
    """Sides along its own axes, metres; the last is its height."""
    support: str
    """Id of the thing it rests on or in, empty for the table."""
    visible: float
    """Share of it that nothing hides."""
    pixels: int
    centroid: tuple[float, float]
    """x, y of its visible pixels."""
    box: tuple[int, int, int, int]
    """x0, y0, x1, y1, exclusive."""


@dataclass(frozen=True, eq=False)
class Observation:
    """One picture. Poses are (4, 4) float64: points of the optical frame (x right, y down, z forward) to the other."""

    width: int
    height: int
    intrinsics: CameraIntrinsics
    robot_from_camera: NDArray[np.float64]
    speaker_from_camera: NDArray[np.float64]
    things: tuple[Thing, ...]

    def centres_in_camera(self) -> NDArray[np.float64]:
        """(N, 3) metres in the optical frame."""
        base = np.array([thing.centre for thing in self.things]).reshape(-1, 3)
        inverse = np.linalg.inv(self.robot_from_camera)
        return np.asarray(base @ inverse[:3, :3].T + inverse[:3, 3])

    def index(self, thing_id: str) -> int:
        """Row of the thing of that id."""
        return [thing.id for thing in self.things].index(thing_id)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Observation:
        """From an image's record of the index file. Raises KeyError or TypeError where something is missing."""
        return cls(
            width=record["width"],
            height=record["height"],
            intrinsics=CameraIntrinsics(**record["intrinsics"]),
            robot_from_camera=np.array(record["robot_from_camera"], np.float64),
            speaker_from_camera=np.array(record["speaker_from_camera"], np.float64),
            things=tuple(thing_from_record(each) for each in record["things"]),
        )


def thing_from_record(record: Mapping[str, Any]) -> Thing:
    """From the index file, whose other fields (the mask) are left."""
    fields: dict[str, Any] = {name: record[name] for name in Thing.__dataclass_fields__}
    tuples: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in fields.items()}
    return Thing(**tuples)
