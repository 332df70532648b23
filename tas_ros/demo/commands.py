# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the demo says to the node, and what a person would answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoCommand:
    """One command on one view."""

    scene: str
    """Layout of the recording, or name of a photo."""
    viewpoint: str
    """Camera of the recording, "photo" for a photo."""
    text: str
    expected: str | None
    """Name of the object in the ground truth; None when nothing in view matches."""
    kind: str
    """What decides: noun, colour, position, superlative, ordinal, absent."""


COMMANDS: tuple[DemoCommand, ...] = (
    DemoCommand("mugs", "camera", "grab the red mug", "red mug", "colour"),
    DemoCommand("mugs", "camera", "the leftmost mug", "white mug", "superlative"),
    DemoCommand("mugs", "camera", "pick up the purple teapot", None, "absent"),
    DemoCommand("mugs", "left_camera", "could you give me the blue mug please", "blue mug", "colour"),
    DemoCommand("blocks", "camera", "the leftmost cube", "yellow cube", "superlative"),
    DemoCommand("blocks", "camera", "the second cube from the left", "left blue cube", "ordinal"),
    DemoCommand("blocks", "camera", "take the blue cube on the right", "right blue cube", "position"),
    DemoCommand("blocks", "high_camera", "pick up the orange ball", "orange ball", "colour"),
    DemoCommand("blocks", "high_camera", "the purple cube", None, "absent"),
    DemoCommand("balls", "camera", "the biggest ball", "soccer ball", "superlative"),
    DemoCommand("balls", "camera", "hand me the smallest ball", "small green ball", "superlative"),
    DemoCommand("balls", "right_camera", "the red ball", "red ball", "colour"),
    DemoCommand("balls", "right_camera", "grasp the purple cube", "purple cube", "colour"),
    DemoCommand("toys", "camera", "pick up the yellow duck", "yellow duck", "colour"),
    DemoCommand("toys", "camera", "bring me the teddy bear", "teddy bear", "noun"),
    DemoCommand("toys", "left_camera", "the blue lego brick", "blue lego brick", "colour"),
    DemoCommand("toys", "left_camera", "fetch the banana", None, "absent"),
    DemoCommand("breakfast", "camera", "grab the soda can", "soda can", "noun"),
    DemoCommand("breakfast", "camera", "the green bottle", "green bottle", "colour"),
    DemoCommand("breakfast", "right_camera", "pick up the white mug", "white mug", "colour"),
    DemoCommand("pairs", "camera", "the duck on the right", "right duck", "position"),
    DemoCommand("pairs", "camera", "take the black mug", "black mug", "colour"),
    DemoCommand("pairs", "high_camera", "the left duck", "left duck", "position"),
    DemoCommand("coffee", "photo", "the cup of coffee", "cup", "noun"),
    DemoCommand("chelsea", "photo", "the cat", "cat", "noun"),
)
