# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Random printed surfaces: labels of cans and bottles, sides of boxes, covers of books."""

from __future__ import annotations

import colorsys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from simulation.models import PALETTE

Colour = tuple[float, float, float]
_LETTERS = tuple("ABCDEFGHIKLMNOPRSTUVWXYZ")


def random_colour(random: np.random.Generator) -> Colour:
    """RGB in 0..1: mostly a paint of the palette a little off, else anything."""
    if random.random() < 0.65:
        paint = np.array(list(PALETTE.values())[random.integers(len(PALETTE))])
        return _colour((paint * random.uniform(0.75, 1.15) + random.normal(0, 0.04, 3)).clip(0.02, 1.0))
    return _colour(np.array(colorsys.hsv_to_rgb(random.random(), random.uniform(0, 1), random.uniform(0.1, 1))))


def _colour(values: NDArray[np.float64]) -> Colour:
    red, green, blue = (float(value) for value in values)
    return red, green, blue


def printed(height: int, width: int, random: np.random.Generator) -> NDArray[np.uint8]:
    """(height, width, 3) uint8 RGB: a ground with bands, patches, discs and words."""
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = _bytes(random_colour(random))
    for _ in range(random.integers(0, 4)):
        top = int(random.integers(height))
        cv2.rectangle(
            picture, (0, top), (width, top + int(random.integers(4, height // 2))), _bytes(random_colour(random)), -1
        )
    for _ in range(random.integers(1, 5)):
        centre = int(random.integers(width)), int(random.integers(height))
        axes = int(random.integers(4, max(5, width // 4))), int(random.integers(4, max(5, height // 3)))
        if random.random() < 0.5:
            cv2.ellipse(picture, centre, axes, float(random.uniform(0, 180)), 0, 360, _bytes(random_colour(random)), -1)
        else:
            far = centre[0] + axes[0], centre[1] + axes[1]
            cv2.rectangle(picture, centre, far, _bytes(random_colour(random)), -1)
    for _ in range(random.integers(1, 4)):
        word = "".join(random.choice(_LETTERS, random.integers(3, 9)))
        place = int(random.integers(-10, max(1, width // 2))), int(random.integers(height // 5, height))
        size = float(random.uniform(0.4, height / 60))
        cv2.putText(
            picture, word, place, cv2.FONT_HERSHEY_DUPLEX, size, _bytes(random_colour(random)), int(1 + 2 * size)
        )
    return picture


def box_sides(random: np.random.Generator, pages: bool = False) -> NDArray[np.uint8]:
    """(128, 768, 3) uint8 for meshes.box; pages: five sides of paper but for cover, back and spine, as a book."""
    sides = [printed(128, 128, random) for _ in range(6)]
    ground = sides[0][0, 0]
    for i in range(6):
        if pages and i in (0, 2, 3):
            sides[i][:] = 225 + 20 * (np.arange(128) % 6 < 3)[:, None, None]
        elif random.random() < 0.3 or (pages and i == 1):
            sides[i][:] = ground
    return np.concatenate(sides, axis=1)


def can_wrap(random: np.random.Generator) -> NDArray[np.uint8]:
    """(256, 512, 3) uint8 for meshes.lathe: a label between metal ends."""
    picture = np.full((256, 512, 3), 0, np.uint8)
    picture[:] = int(random.integers(130, 215))
    picture[70:186] = printed(116, 512, random)
    return picture


def save(picture: NDArray[np.uint8], path: Path) -> str:
    """Write an RGB picture; its asset name."""
    cv2.imwrite(str(path), picture[..., ::-1])
    return f"file:{path}"


def _bytes(colour: Colour) -> tuple[int, int, int]:
    red, green, blue = (int(255 * value) for value in colour)
    return red, green, blue
