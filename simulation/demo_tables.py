# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The recorded tabletop layouts."""

from __future__ import annotations

from simulation.layout import Layout, Light, PlacedObject, Table, Viewpoint

FRONT = Viewpoint("camera", eye=(-0.02, 0.0, 0.52), target=(0.58, 0.0, 0.01))
"""Beside the robot's base: its left is the robot's left."""
LEFT = Viewpoint("left_camera", eye=(0.28, 0.60, 0.48), target=(0.60, 0.0, 0.01))
RIGHT = Viewpoint("right_camera", eye=(0.24, -0.58, 0.48), target=(0.60, 0.0, 0.02))
HIGH = Viewpoint("high_camera", eye=(0.22, 0.0, 0.76), target=(0.60, 0.0, 0.0))

DAYLIGHT = Light(direction=(0.3, -0.6, 1.3), colour=(1.0, 1.0, 1.0))
LAMP = Light(direction=(-0.2, 0.8, 1.2), colour=(1.0, 0.95, 0.86), ambient=0.5, diffuse=0.58)
DIM = Light(direction=(-0.6, -0.4, 1.4), colour=(0.97, 0.98, 1.0), exposure=0.8)

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        name="mugs",
        objects=(
            PlacedObject("red mug", "mug", x=0.56, y=0.10, yaw=35, colour="red"),
            PlacedObject("blue mug", "mug", x=0.70, y=-0.12, yaw=-50, colour="blue"),
            PlacedObject("white mug", "mug", x=0.74, y=0.27, yaw=80, colour="white"),
            PlacedObject("yellow duck", "duck", x=0.50, y=-0.25, yaw=70),
            PlacedObject("green cube", "cube", x=0.46, y=-0.06, yaw=20, colour="green"),
        ),
        viewpoints=(FRONT, LEFT),
        table=Table(colour=(0.62, 0.60, 0.57)),
        seed=1,
    ),
    Layout(
        name="blocks",
        objects=(
            PlacedObject("yellow cube", "cube", x=0.62, y=0.27, yaw=12, colour="yellow"),
            PlacedObject("left blue cube", "cube", x=0.52, y=0.14, yaw=40, colour="blue"),
            PlacedObject("red cube", "cube", x=0.68, y=0.02, yaw=-15, colour="red"),
            PlacedObject("right blue cube", "cube", x=0.53, y=-0.14, yaw=25, colour="blue"),
            PlacedObject("orange ball", "ball", x=0.68, y=-0.28, colour="orange"),
        ),
        viewpoints=(FRONT, HIGH),
        light=DAYLIGHT,
        table=Table(colour=(0.86, 0.85, 0.83)),
        seed=2,
    ),
    Layout(
        name="balls",
        objects=(
            PlacedObject("soccer ball", "soccer ball", x=0.66, y=0.16, yaw=30, scale=1.35),
            PlacedObject("red ball", "ball", x=0.50, y=-0.05, colour="red"),
            PlacedObject("small green ball", "ball", x=0.56, y=-0.27, colour="green", scale=0.62),
            PlacedObject("yellow ball", "ball", x=0.72, y=-0.13, colour="yellow", scale=1.1),
            PlacedObject("purple cube", "cube", x=0.47, y=0.22, yaw=33, colour="purple"),
        ),
        viewpoints=(FRONT, RIGHT),
        light=LAMP,
        table=Table(colour=(0.55, 0.40, 0.28)),
        seed=3,
    ),
    Layout(
        name="toys",
        objects=(
            PlacedObject("teddy bear", "teddy", x=0.64, y=0.20, yaw=-20),
            PlacedObject("yellow duck", "duck", x=0.52, y=0.01, yaw=150),
            PlacedObject("bunny", "bunny", x=0.68, y=-0.12, yaw=0),
            PlacedObject("blue lego brick", "lego", x=0.47, y=-0.21, yaw=25, colour="blue"),
            PlacedObject("red lego brick", "lego", x=0.66, y=-0.31, yaw=-20, colour="red"),
        ),
        viewpoints=(FRONT, LEFT),
        light=DAYLIGHT,
        table=Table(colour=(0.45, 0.55, 0.52)),
        seed=4,
    ),
    Layout(
        name="breakfast",
        objects=(
            PlacedObject("cereal box", "cereal", x=0.76, y=0.04, yaw=80),
            PlacedObject("soda can", "can", x=0.56, y=0.22, yaw=40),
            PlacedObject("bread", "bread", x=0.52, y=0.02, yaw=60),
            PlacedObject("green bottle", "bottle", x=0.70, y=-0.26, yaw=0),
            PlacedObject("white mug", "mug", x=0.50, y=-0.19, yaw=30, colour="white"),
        ),
        viewpoints=(FRONT, RIGHT),
        light=DAYLIGHT,
        table=Table(colour=(0.38, 0.42, 0.48)),
        seed=5,
    ),
    Layout(
        name="pairs",
        objects=(
            PlacedObject("left duck", "duck", x=0.60, y=0.25, yaw=120),
            PlacedObject("right duck", "duck", x=0.50, y=-0.20, yaw=60),
            PlacedObject("pink mug", "mug", x=0.46, y=0.08, yaw=-30, colour="pink"),
            PlacedObject("black mug", "mug", x=0.68, y=0.02, yaw=-15, colour="black"),
            PlacedObject("green cylinder", "cylinder", x=0.70, y=-0.24, colour="green"),
        ),
        viewpoints=(FRONT, HIGH),
        light=DIM,
        table=Table(texture="robosuite:textures/light-wood.png", colour=(1.0, 1.0, 1.0)),
        seed=6,
    ),
)
