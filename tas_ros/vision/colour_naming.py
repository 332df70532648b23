# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Basic colour terms of a region, by the parametric fuzzy model of Benavente, Vanrell and Baldrich (2008).

R. Benavente, M. Vanrell, R. Baldrich, "Parametric fuzzy sets for automatic color naming", JOSA A 25(10), 2008: in each
of six lightness slices of CIELab, a chromatic term is a product of two sigmoids that bound its sector of hues and an
elliptic sigmoid that bounds the greys in the middle; what is left is black, grey or white by lightness. The numbers
below are the fitted parameters that the paper publishes (model TSELab).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tas_ros.vision.proposals import Proposals

_LIGHTNESS_EDGES = (31.0, 42.0, 51.0, 66.0, 76.0)
"""Between the six slices of L*."""
_GREY_ELLIPSES = (
    # centre a*, b*; semi-axes a*, b*; slope; angle (radians)
    (0.42420, 0.24936, 5.8894, 7.4743, 9.8441, 0.040507),
    (0.22956, 0.66319, 6.4571, 7.8725, 6.0326, 0.30702),
    (-0.11734, 0.51801, 5.3811, 6.9824, 6.8122, 0.34177),
    (-0.44317, 1.0759, 6.0637, 7.5020, 7.3186, 0.42845),
    (-0.56546, 1.1633, 5.3682, 6.9005, 100.0, 0.43202),
    (-1.2564, 1.8144, 6.0399, 7.3932, 100.0, -0.020820),
)
_HUE_SECTORS: dict[str, tuple[tuple[float, float, float, float] | None, ...]] = {
    # per slice: angles of the two bounding sigmoids (radians), their slopes; None where the term does not occur
    "red": (
        (-0.039082, -0.98697, 0.90099, 1.7250),
        (0.038533, -0.85197, 0.52436, 5.0),
        (0.23688, -0.79492, 0.99938, 0.56528),
        (0.46288, -0.99504, 0.93911, 0.75484),
        None,
        None,
    ),
    "orange": (
        None,
        None,
        (0.77587, -0.50201, 0.56528, 0.51723),
        (0.57576, -0.17249, 0.75484, 0.47835),
        (0.44944, -0.27655, 1.9951, 0.83991),
        (0.44932, -0.30642, 1.0280, 0.79098),
    ),
    "brown": (
        (0.58383, 0.25404, 1.7250, 0.84403),
        (0.71883, 0.11993, 5.0, 0.69240),
        (1.0688, 0.11614, 0.51723, 0.84479),
        None,
        None,
        None,
    ),
    "yellow": (
        None,
        None,
        None,
        (1.3983, 0.099018, 0.47835, 0.72874),
        (1.2942, 0.21417, 0.83991, 0.85600),
        (1.2644, 0.28346, 0.79098, 0.95741),
    ),
    "green": (
        (1.8248, 2.3490, 0.84403, 1.9522),
        (1.6907, 2.1025, 0.69240, 0.95811),
        (1.6869, 1.9090, 0.84479, 0.59976),
        (1.6698, 1.8905, 0.72874, 0.64383),
        (1.7850, 1.7203, 0.85600, 0.73664),
        (1.8543, 1.7461, 0.95741, 0.90001),
    ),
    "blue": (
        (3.9198, -2.5683, 1.9522, 1.0143),
        (3.6733, -2.5915, 0.95811, 0.91661),
        (3.4798, -2.5873, 0.59976, 0.80082),
        (3.4613, -2.5966, 0.64383, 0.75521),
        (3.2911, -2.6325, 0.73664, 0.47481),
        (3.3169, -2.6081, 0.90001, 0.59898),
    ),
    "purple": (
        (-0.99751, -1.6099, 1.0143, 0.90099),
        (-1.0207, -1.8452, 0.91661, 1.1003),
        (-1.0165, -1.9658, 0.80082, 0.62367),
        (-1.0258, -2.1629, 0.75521, 5.0),
        (-1.0617, -2.1389, 0.47481, 1.7356),
        (-1.0373, -2.1357, 0.59898, 1.9313),
    ),
    "pink": (
        None,
        (-0.27436, -1.5323, 1.1003, 0.52436),
        (-0.39503, -1.3339, 0.62367, 0.99938),
        (-0.59206, -1.1079, 5.0, 0.93911),
        (-0.56807, -1.1214, 1.7356, 1.9951),
        (-0.56490, -1.1215, 1.9313, 1.0280),
    ),
}
_BLACK_TO_GREY = (28.283, 0.71423)
_GREY_TO_WHITE = (68.0, 0.30674)
"""Lightness at the border and slope there. The paper's border to white is 79.649, for chips under one even light."""
_COLOURED_LIGHT = 1.4
"""How much wider than the paper's the grey ellipses are. A white car in blue shade or a white plate under a bulb is
still called white. On 83 things in photos whose colours were labelled by eye, with this and the border to white .76
match their colour's name by more than half and .11 of other names do so; with the paper's numbers .69 and .11."""

_BITS = 5
"""Bits a channel in the look-up table: 8 grey levels a step, finer than the borders between terms are sharp."""


class BasicColourNamer:
    """How much of a region people would call black, blue, brown, ... : the eleven basic terms.

    edge_share: pixels nearer to the mask's outline than this share of its inner radius are left out, where the region
        is thick enough: they mix two things' colours.
    dark_share, bright_share: of a region's pixels, the darkest and the brightest left out. The lit side of a thing
        tells its colour: a shaded red is what people call brown on a chart, and a highlight is the lamp's colour.
    """

    terms: tuple[str, ...] = (
        "black", "blue", "brown", "green", "grey", "orange", "pink", "purple", "red", "white", "yellow",
    )  # fmt: skip

    def __init__(self, edge_share: float = 0.2, dark_share: float = 0.35, bright_share: float = 0.05) -> None:
        self._edge_share = edge_share
        self._dark_share = dark_share
        self._bright_share = bright_share
        steps = (np.arange(1 << _BITS) + 0.5) * (256 >> _BITS)
        red, green, blue = np.meshgrid(steps, steps, steps, indexing="ij")
        colours = np.stack([red, green, blue], axis=-1).reshape(-1, 3) / 255
        memberships = _shaded_reds_restored(colours, term_memberships(colours, self.terms), self.terms)
        self._table = np.asarray(memberships, np.float32)

    def name_regions(self, rgb: NDArray[np.uint8], proposals: Proposals) -> NDArray[np.float32]:
        """(N, 11) float32, rows sum to 1: share of each of `terms` in each region of (H, W, 3) uint8 `rgb`."""
        coarse = (rgb >> (8 - _BITS)).astype(np.int32)
        codes = (coarse[:, :, 0] << (2 * _BITS)) | (coarse[:, :, 1] << _BITS) | coarse[:, :, 2]
        lightness = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
        shares = np.zeros((len(proposals), len(self.terms)), np.float32)
        for i, (mask, box) in enumerate(zip(proposals.masks, proposals.boxes, strict=True)):
            window = np.s_[box[1] : box[3], box[0] : box[2]]
            inner = self._reliable_pixels(mask[window], lightness[window])
            counts = np.bincount(codes[window][inner], minlength=len(self._table))
            used = np.flatnonzero(counts)
            shares[i] = counts[used].astype(np.float32) @ self._table[used]
        totals = shares.sum(axis=1, keepdims=True)
        return np.asarray(np.divide(shares, totals, out=shares, where=totals > 0), np.float32)

    def _reliable_pixels(self, mask: NDArray[np.bool_], lightness: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """The mask without its outline, its darkest and its brightest pixels; never empty."""
        framed = cv2.copyMakeBorder(mask.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
        depth = cv2.distanceTransform(framed, cv2.DIST_L2, 3)[1:-1, 1:-1]
        inner = mask & (depth >= 1 + self._edge_share * float(depth.max()))
        if not inner.any():
            inner = mask
        values = lightness[inner]
        low, high = np.quantile(values, [self._dark_share, 1 - self._bright_share])
        return np.asarray(inner & (lightness >= low) & (lightness <= high))


def term_memberships(srgb: NDArray[np.float64], terms: tuple[str, ...]) -> NDArray[np.float64]:
    """(K, len(terms)) fuzzy membership in each term, rows sum to 1, of (K, 3) sRGB colours in [0, 1]."""
    lab = cv2.cvtColor(srgb.astype(np.float32)[None], cv2.COLOR_RGB2Lab)[0].astype(np.float64)
    lightness, chroma = lab[:, 0], lab[:, 1:]
    slices = np.searchsorted(_LIGHTNESS_EDGES, lightness)
    found = {term: np.zeros(len(lab)) for term in terms}
    for index, ellipse in enumerate(_GREY_ELLIPSES):
        here = np.flatnonzero(slices == index)
        centred = chroma[here] - ellipse[:2]
        colourful = _outside_ellipse(centred, ellipse)
        for term, sectors in _HUE_SECTORS.items():
            sector = sectors[index]
            if sector is not None:
                found[term][here] = colourful * _inside_sector(centred, sector)
    achromatic = np.maximum(1 - sum(found[term] for term in _HUE_SECTORS), 0)
    above_black, above_grey = _sigmoid(lightness, *_BLACK_TO_GREY), _sigmoid(lightness, *_GREY_TO_WHITE)
    found["black"] = achromatic * (1 - above_black)
    found["grey"] = achromatic * above_black * (1 - above_grey)
    found["white"] = achromatic * above_grey
    memberships = np.stack([found[term] for term in terms], axis=1)
    return np.asarray(memberships / memberships.sum(axis=1, keepdims=True))


def _shaded_reds_restored(
    srgb: NDArray[np.float64], memberships: NDArray[np.float64], terms: tuple[str, ...]
) -> NDArray[np.float64]:
    """Brown moved to red where the same colour in full light is a vivid red.

    The model was fitted to flat colour chips, where a dark red is brown; on a shaded thing it is the shade of red.
    Dark oranges stay brown, and so do dull reds (wood, leather): only a weak blue and green count as vivid.
    """
    brightest = np.maximum(srgb.max(axis=1), 1e-6)
    lit = term_memberships(srgb * (0.9 / brightest)[:, None], terms)[:, terms.index("red")]
    vivid = np.clip((0.35 - srgb.min(axis=1) / brightest) / 0.15, 0, 1)
    restored = memberships.copy()
    moved = memberships[:, terms.index("brown")] * lit * vivid
    restored[:, terms.index("red")] += moved
    restored[:, terms.index("brown")] -= moved
    return restored


def _sigmoid(values: NDArray[np.float64], border: float, slope: float) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(np.clip(-slope * (values - border), -60, 60))))


def _inside_sector(ab: NDArray[np.float64], sector: tuple[float, float, float, float]) -> NDArray[np.float64]:
    angle_x, angle_y, slope_x, slope_y = sector
    along = ab[:, 0] * np.cos(angle_y) + ab[:, 1] * np.sin(angle_y)
    across = -ab[:, 0] * np.sin(angle_x) + ab[:, 1] * np.cos(angle_x)
    return _sigmoid(along, 0, slope_y) * _sigmoid(across, 0, slope_x)


def _outside_ellipse(ab: NDArray[np.float64], ellipse: tuple[float, ...]) -> NDArray[np.float64]:
    semi_a, semi_b = _COLOURED_LIGHT * ellipse[2], _COLOURED_LIGHT * ellipse[3]
    slope, angle = ellipse[4:]
    turned_a = ab[:, 0] * np.cos(angle) + ab[:, 1] * np.sin(angle)
    turned_b = -ab[:, 0] * np.sin(angle) + ab[:, 1] * np.cos(angle)
    return _sigmoid((turned_a / semi_a) ** 2 + (turned_b / semi_b) ** 2, 1, slope)
