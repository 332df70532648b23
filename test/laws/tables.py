# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Tables of things, several alike, and what a person would say of them without a doubt."""

from __future__ import annotations

from .drawn_table import Thing

TABLES: dict[str, tuple[Thing, ...]] = {
    "balls": (
        Thing("ball", "red", 0.48, 0.20), Thing("ball", "red", 0.66, -0.02), Thing("ball", "red", 0.84, -0.24),
        Thing("box", "yellow", 0.47, 0.09), Thing("box", "blue", 0.70, -0.24),
    ),
    "boxes": (
        Thing("box", "green", 0.84, 0.22), Thing("box", "green", 0.64, -0.02), Thing("box", "green", 0.47, -0.22),
        Thing("ball", "yellow", 0.69, 0.23), Thing("box", "red", 0.46, -0.10), Thing("ball", "blue", 0.84, 0.05),
    ),
}  # fmt: skip
"""x is away from the robot, y to its left."""
ALIKE = {"balls": "red ball", "boxes": "green box"}
"""What the first three of each table are; they are listed from the left."""
UNRELATED = {"balls": ("box", "green"), "boxes": ("ball", "red")}
"""Neither named by a sentence nor like what one names."""

_PLACED = {
    "the left {t}": 0, "the {t} on the right": 2, "the leftmost {t}": 0, "the rightmost {t}": 2, "the middle {t}": 1,
    "the second {t} from the left": 1, "the first {t} from the right": 2,
}  # fmt: skip
MEANT: dict[str, dict[str, int]] = {
    "balls": {form.format(t="red ball"): meant for form, meant in _PLACED.items()}
    | {
        "the closest red ball": 0,
        "the farthest red ball": 2,
        "the red ball in front": 0,
        "the red ball at the back": 2,
        "the red ball left of the yellow box": 0,
        "the red ball closest to the yellow box": 0,
        "the red ball behind the blue box": 2,
    },
    "boxes": {form.format(t="green box"): meant for form, meant in _PLACED.items()}
    | {
        "the closest green box": 2,
        "the farthest green box": 0,
        "the green box in front": 2,
        "the green box at the back": 0,
        "the green box behind the yellow ball": 0,
        "the green box to the right of the red box": 2,
        "the green box closest to the red box": 2,
        "the green box left of the blue ball": 0,
    },
}
"""Which of the three each sentence means for the robot, and for a camera that looks where the robot looks."""

SWAPPED_WORDS = {"left": "right", "right": "left", "leftmost": "rightmost", "rightmost": "leftmost"}
DEPTH_WORDS = {"front", "back", "behind", "closest", "farthest"}


def swapped(text: str) -> str:
    """Left for right, and right for left."""
    return " ".join(SWAPPED_WORDS.get(word, word) for word in text.split())
