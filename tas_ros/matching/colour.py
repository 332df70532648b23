# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""How well a region's colours answer the colour words of a phrase."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from tas_ros.arrays import FloatArray

HALF_SHARE = 0.22
"""Share of a region's pixels at which a colour word is as likely right as wrong: handles, labels and shadows take
their part of a thing that everyone calls red."""
NEIGHBOURS = (("orange", "brown"), ("white", "grey"), ("black", "grey"), ("pink", "purple"))
"""Terms that shade, light or a camera's white balance turn into one another: orange in the shade is brown."""
NEIGHBOUR_SHARE = 0.3
"""How much of a neighbouring term's pixels counts: enough that a shaded orange cup is still found where nothing is
plainly orange, too little to rival what is."""
FLOOR = 0.05
"""Least factor: light and camera turn colours, so no candidate is lost by one."""


def match_colours(shares: FloatArray, terms: Sequence[str], wanted: Sequence[str]) -> FloatArray | None:
    """(N,) in (0, 1] from (N, C) colour shares, or None when no wanted colour is a term of the colour namer.

    Several colours ("black and white") must each have their part, so each is asked for less.
    """
    columns = [terms.index(colour) for colour in wanted if colour in terms]
    if not columns:
        return None
    half = HALF_SHARE / len(columns)
    share = (shares @ _neighbourhood(tuple(terms)))[:, columns]
    fit = share**2 / (share**2 + half**2)
    return np.asarray(np.maximum(fit.prod(axis=1), FLOOR), np.float32)


def match_any_colour(shares: FloatArray, terms: Sequence[str], accepted: Sequence[str]) -> FloatArray | None:
    """(N,) in (0, 1]: how well the best fitting one of some colours fits; None as in match_colours."""
    fits = [fit for colour in accepted if (fit := match_colours(shares, terms, [colour])) is not None]
    return np.max(np.stack(fits), axis=0) if fits else None


@lru_cache(maxsize=8)
def _neighbourhood(terms: tuple[str, ...]) -> FloatArray:
    """(C, C) how much the pixels of each term count for each."""
    counted = np.eye(len(terms), dtype=np.float32)
    for first, second in NEIGHBOURS:
        if first in terms and second in terms:
            i, j = terms.index(first), terms.index(second)
            counted[i, j] = counted[j, i] = NEIGHBOUR_SHARE
    return counted
