# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Regions to learn from: whole things with the outlines a proposer gives them, and what must not get a kind's name."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from simulation.training_tables.render_tables import RenderedTable

Mask = NDArray[np.bool_]
NO_KIND = -1
SMALLEST = 120
"""Pixels a region needs to be learnt from."""
FILLED_WEIGHT = 0.7
"""Of a bearer with what it bears: it is learnt from without it, too."""


@dataclass
class LabelledRegions:
    """Masks of one picture, each with a kind's number or NO_KIND and a weight."""

    rgb: NDArray[np.uint8]
    masks: list[Mask] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def add(self, mask: Mask, kind: int, weight: float = 1.0) -> None:
        """Take in a region unless it is too small or is everything."""
        pixels = np.count_nonzero(mask)
        if SMALLEST <= pixels < 0.8 * mask.size:
            self.masks.append(mask)
            self.kinds.append(kind)
            self.weights.append(weight)


def table_regions(
    table: RenderedTable, numbers: dict[str, int], random: np.random.Generator, altered: bool
) -> LabelledRegions:
    """The table's things, with and without what is on or in them; pieces, pairs and background that are no thing.

    numbers: of the kinds by name. altered: change the picture and the outlines at random.
    """
    rgb, labels = (altered_picture(table.rgb, table.labels, random)) if altered else (table.rgb, table.labels)
    regions = LabelledRegions(rgb)
    whole: dict[int, Mask] = {}
    for i, kind in enumerate(table.kinds):
        mask = labels == i + 1
        if np.count_nonzero(mask) < SMALLEST:
            continue
        whole[i] = mask
        regions.add(outlined_anew(mask, random) if altered else mask, numbers[kind])
    for i, mask in whole.items():
        # A proposer gives a bearer with what it bears as often as without.
        borne = [whole[j] for j in whole if table.bearers[j] == i]
        if borne:
            filled = _filled(mask, np.logical_or.reduce(borne), random)
            regions.add(outlined_anew(filled, random) if altered else filled, numbers[table.kinds[i]], FILLED_WEIGHT)
    for mask in whole.values():
        if random.random() < 0.25:
            regions.add(cut_piece(mask, float(random.uniform(0.15, 0.4)), random), NO_KIND, 0.4)
    for one, other in pairwise(whole):
        if table.bearers[other] != one and random.random() < 0.2:
            regions.add(whole[one] | whole[other], NO_KIND, 0.7)
    free = labels == 0
    regions.add(free, NO_KIND)
    for _ in range(3):
        regions.add(random_blob(free.shape, random) & free, NO_KIND)
    return regions


def photo_regions(rgb: NDArray[np.uint8], random: np.random.Generator, altered: bool, count: int) -> LabelledRegions:
    """Up to `count` pieces of a real photo: segments of one colour, groups of them, and blobs. None has a kind."""
    if altered:
        rgb, _ = altered_picture(rgb, np.zeros(rgb.shape[:2], np.uint8), random)
    regions = LabelledRegions(rgb)
    candidates = colour_segments(rgb, random) + [random_blob(rgb.shape[:2], random) for _ in range(count // 4)]
    for i in random.permutation(len(candidates)):
        if len(regions.masks) < count:
            regions.add(candidates[i], NO_KIND)
    return regions


def colour_segments(rgb: NDArray[np.uint8], random: np.random.Generator) -> list[Mask]:
    """Segments of one colour at two scales, and some of them with a neighbour (Felzenszwalb and Huttenlocher 2004)."""
    from skimage.segmentation import felzenszwalb

    found: list[Mask] = []
    for scale in (100.0, 400.0):
        segments = felzenszwalb(rgb, scale=scale, sigma=0.8, min_size=SMALLEST)
        for i in np.unique(segments):
            mask = segments == i
            found.append(mask)
            if random.random() < 0.4:
                ring = cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool) & ~mask
                neighbours = np.unique(segments[ring])
                if len(neighbours):
                    found.append(mask | (segments == random.choice(neighbours)))
    return found


def altered_picture(
    rgb: NDArray[np.uint8], labels: NDArray[np.uint8], random: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Mirrored, recoloured, brightened or seen by a coarse camera, each now and then."""
    if random.random() < 0.5:
        rgb, labels = rgb[:, ::-1], labels[:, ::-1]
    picture = np.ascontiguousarray(rgb)
    if random.random() < 0.2:
        hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
        hsv[..., 0] = (hsv[..., 0].astype(int) + random.integers(180)) % 180
        picture = np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.uint8)
    if random.random() < 0.5:
        gain = random.uniform(0.85, 1.15, 3) * random.uniform(0.8, 1.2)
        picture = (255 * (picture / 255.0) ** random.uniform(0.75, 1.35) * gain).clip(0, 255).astype(np.uint8)
    if random.random() < 0.25:
        small = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        picture = np.asarray(cv2.resize(small, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)
    return picture, np.ascontiguousarray(labels)


def outlined_anew(mask: Mask, random: np.random.Generator) -> Mask:
    """The mask a little too wide, too narrow or short of a part, as proposals are."""
    width = int(random.integers(-2, 5))
    if width:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * abs(width) + 1,) * 2)
        change = cv2.dilate if width > 0 else cv2.erode
        mask = np.asarray(change(mask.astype(np.uint8), kernel), np.uint8).astype(bool)
    if random.random() < 0.2 and mask.any():
        mask = cut_piece(mask, float(random.uniform(0.75, 0.95)), random)
    return mask


def _filled(mask: Mask, borne: Mask, random: np.random.Generator) -> Mask:
    """The bearer's mask with all that it bears, or with what of that lies within its own outline."""
    if random.random() < 0.5:
        corners = cv2.convexHull(np.argwhere(mask)[:, ::-1].astype(np.int32))
        outline = cv2.fillConvexPoly(np.zeros(mask.shape, np.uint8), corners, 1).astype(bool)
        borne = borne & outline
    return np.asarray(mask | borne)


def cut_piece(mask: Mask, share: float, random: np.random.Generator) -> Mask:
    """The mask's share on one side of a random straight line."""
    rows, columns = np.nonzero(mask)
    angle = random.uniform(0, 2 * np.pi)
    along = rows * np.sin(angle) + columns * np.cos(angle)
    kept = along <= np.quantile(along, share)
    piece = np.zeros_like(mask)
    piece[rows[kept], columns[kept]] = True
    return piece


def random_blob(shape: tuple[int, ...], random: np.random.Generator) -> Mask:
    """An ellipse or a turned rectangle."""
    height, width = shape[:2]
    canvas = np.zeros((height, width), np.uint8)
    centre = float(random.uniform(0, width)), float(random.uniform(0, height))
    size = float(random.uniform(0.06, 0.5) * width), float(random.uniform(0.06, 0.5) * height)
    if random.random() < 0.5:
        cv2.ellipse(canvas, (centre, size, float(random.uniform(0, 180))), 1, -1)
    else:
        corners = cv2.boxPoints((centre, size, float(random.uniform(0, 180))))
        cv2.fillConvexPoly(canvas, corners.astype(np.int32), 1)
    return canvas.astype(bool)
