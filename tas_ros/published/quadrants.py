# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The published rectifier: the image in four parts by the median centre of its masks (TAS, section 3.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tas_ros.arrays import FloatArray, IndexArray, MaskArray
from tas_ros.errors import InvalidImageError
from tas_ros.language.query import Query
from tas_ros.published.quadrant_choice import Quadrant, quadrants_of


@dataclass(frozen=True)
class QuadrantRule:
    """Presets `paper` and `released`. The choice is hard; these only say how the others rank behind it."""

    inside: float = 1 - 1e-6
    """Factor of the masks inside the wanted quadrants that are not the choice."""
    outside: float = 1e-6
    """Factor of the masks outside."""


def mask_centres(masks: MaskArray) -> IndexArray:
    """(N, 2) row and column of each of (N, H, W) masks: the mean of its pixels', fractions dropped.

    Raises InvalidImageError when a mask has no pixel.
    """
    _, height, width = masks.shape
    areas = np.count_nonzero(masks, axis=(1, 2))
    if not areas.all():
        raise InvalidImageError(f"mask {int(np.argmin(areas))} is empty and has no centre; drop empty masks")
    rows = np.count_nonzero(masks, axis=2) @ np.arange(height)
    columns = np.count_nonzero(masks, axis=1) @ np.arange(width)
    return np.asarray(np.stack([rows // areas, columns // areas], axis=1), np.int64)


def quadrant_members(centres: IndexArray) -> Mapping[Quadrant, IndexArray]:
    """Indices of the masks in each quadrant. centres: (N, 2) rows and columns of all masks that take part, N > 0.

    A centre on a median lies down, or right.
    """
    upper, left = (centres < np.median(centres, axis=0)).T
    return {
        Quadrant.UP_LEFT: np.flatnonzero(upper & left),
        Quadrant.DOWN_LEFT: np.flatnonzero(~upper & left),
        Quadrant.UP_RIGHT: np.flatnonzero(upper & ~left),
        Quadrant.DOWN_RIGHT: np.flatnonzero(~upper & ~left),
    }


def best_in_quadrants(
    weights: FloatArray, members: Mapping[Quadrant, IndexArray], quadrants: Sequence[Quadrant]
) -> int | None:
    """Index of the best-weighted mask inside; None when the quadrants are empty, or none is given.

    weights: (N,) all above 0. Equal weights: the first mask of one quadrant, but the later of two quadrants, as in the
    released code.
    """
    best: int | None = None
    for quadrant in quadrants:
        inside = members[quadrant]
        if inside.size:
            first = int(inside[np.argmax(weights[inside])])
            if best is None or weights[first] >= weights[best]:
                best = first
    return best


def quadrant_factors(query: Query, masks: MaskArray, weights: FloatArray, rule: QuadrantRule) -> dict[str, FloatArray]:
    """Factor (N,) in (0, 1] under the name `quadrant`, which put the choice first and the others inside next.

    Empty when the query names no direction, or nothing lies there: then the unrectified choice stands.
    weights: (N,) all above 0.
    """
    quadrants = quadrants_of(query)
    if not quadrants:
        return {}
    members = quadrant_members(mask_centres(masks))
    chosen = best_in_quadrants(weights, members, quadrants)
    if chosen is None:
        return {}
    factors = np.full(len(masks), rule.outside, np.float32)
    factors[np.concatenate([members[quadrant] for quadrant in quadrants])] = rule.inside
    factors[chosen] = 1.0
    return {"quadrant": factors}
