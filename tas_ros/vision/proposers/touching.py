# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Things that touch and so make one depth cluster, parted by colour or at a waist."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tas_ros.vision.nearest_known import from_nearest_known


@dataclass(frozen=True, eq=False)
class Part:
    """One side of a cluster that was parted. mask: (H, W) bool; contrast: chroma distance (CIELab, lightness counting
    a third) of its mean colour to the nearest other part's, however it was parted.
    """

    mask: NDArray[np.bool_]
    contrast: float


def split_touching(
    mask: NDArray[np.bool_],
    rgb: NDArray[np.uint8],
    min_part: float = 0.08,
    colour_gap: float = 18.0,
    waist: float = 0.7,
) -> list[Part]:
    """Parts of `mask` (H, W) that are likely things of their own; empty when it looks like one.

    min_part: least share of the mask in a part. colour_gap: chroma distance (CIELab) between parts that differ by
    colour. waist: a neck narrower than this share of the smaller lobe parts two lobes.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    small = mask[window]
    colours = chroma(rgb[window])
    parts = _by_colour(small, colours, min_part, colour_gap) or _by_waist(small, min_part, waist)
    if not parts:
        return []
    means = np.stack([colours[part].mean(axis=0) for part in parts])
    apart = np.linalg.norm(means[:, None] - means[None], axis=2) + np.diag(np.full(len(parts), np.inf))
    found = []
    for part, contrast in zip(parts, apart.min(axis=1), strict=True):
        full = np.zeros_like(mask)
        full[window] = part
        found.append(Part(full, float(contrast)))
    return found


def chroma(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(H, W, 3) CIELab with lightness at a third: shading changes it most."""
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    return np.asarray(lab * np.array([0.33, 1, 1], np.float32), np.float32)


def _by_colour(
    mask: NDArray[np.bool_], colours: NDArray[np.float32], min_part: float, colour_gap: float
) -> list[NDArray[np.bool_]]:
    """Compact parts whose hue and saturation differ."""
    pixels = colours[mask]
    if len(pixels) < 50:
        return []
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 10, 1.0)
    sample = np.ascontiguousarray(pixels[:: max(1, len(pixels) // 1500)])
    cv2.setRNGSeed(0)
    best: list[NDArray[np.bool_]] = []
    for count in (2, 3, 4):
        _, _, centres = cv2.kmeans(sample, count, np.empty(0), criteria, 2, cv2.KMEANS_PP_CENTERS)
        gaps = np.linalg.norm(centres[:, None] - centres[None], axis=2)[np.triu_indices(count, 1)]
        if gaps.min() < colour_gap:
            break
        nearest = ((pixels[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
        parts = _connected_parts(mask, nearest, count, min_part)
        if len(parts) >= 2:
            best = parts
    return best


def _connected_parts(
    mask: NDArray[np.bool_], nearest: NDArray[np.int64], count: int, min_part: float
) -> list[NDArray[np.bool_]]:
    """The large connected pieces of each colour, which then share the mask's other pixels by nearness."""
    colours = np.full(mask.shape, -1, np.int32)
    colours[mask] = nearest
    seeds = np.zeros(mask.shape, np.int32)
    number = 0
    for colour in range(count):
        layer = cv2.morphologyEx((colours == colour).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        _, labels, stats, _ = cv2.connectedComponentsWithStats(layer, connectivity=4)
        for piece in np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] >= min_part * np.count_nonzero(mask)) + 1:
            number += 1
            seeds[labels == piece] = number
    return _shared_out(mask, seeds, number)


def _by_waist(mask: NDArray[np.bool_], min_part: float, waist: float) -> list[NDArray[np.bool_]]:
    """Lobes of the distance transform with a narrow neck between them."""
    framed = np.pad(mask, 1).astype(np.uint8)
    inner = cv2.distanceTransform(framed, cv2.DIST_L2, 5)[1:-1, 1:-1]
    for level in (0.3, 0.4, 0.5, 0.6, 0.7):
        core = (inner > level * inner.max()).astype(np.uint8)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(core, connectivity=8)
        numbers = np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] >= 0.3 * min_part * np.count_nonzero(mask)) + 1
        if len(numbers) < 2:
            continue
        peaks = [float(inner[labels == number].max()) for number in numbers]
        if level * float(inner.max()) > waist * min(peaks):
            return []
        seeds = np.zeros(mask.shape, np.int32)
        for index, number in enumerate(numbers, start=1):
            seeds[labels == number] = index
        parts = _shared_out(mask, seeds, len(numbers))
        large = [part for part in parts if np.count_nonzero(part) >= min_part * np.count_nonzero(mask)]
        return large if len(large) >= 2 else []
    return []


def _shared_out(mask: NDArray[np.bool_], seeds: NDArray[np.int32], count: int) -> list[NDArray[np.bool_]]:
    """The mask cut into `count` parts, each pixel to its nearest seed."""
    if count < 2:
        return []
    nearest, _ = from_nearest_known(seeds, seeds > 0)
    assigned = np.where(mask, nearest, 0)
    return [assigned == number for number in range(1, count + 1)]
