# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A picture as in white light: the colour of its light taken out, and brightened where it is underexposed.

The light is estimated from edges (J. van de Weijer, T. Gevers, A. Gijsenij, "Edge-based color constancy", IEEE TIP
16(9), 2007): a large table of one saturated colour, which misleads means over pixels, has hardly any. Each edge votes
with the ratio of its channels, by its strength and by how likely a light of that colour is indoors; what the camera's
own white balance made of it votes, too.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tas_ros.arrays import ImageArray

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Of linear sRGB."""
_SAMPLES = 5_000
"""About how many pixels the light is estimated from."""
_CLIPPED = 250
"""Grey level from which a channel may have lost its true value."""
_EDGE_POWER = 2.0
"""How strongly a strong edge counts more than a weak one."""
_LIGHT_SPREAD = 0.5
"""Standard deviation of what an edge may tell of the light, in the logarithms of red to green and of blue to green. An
edge between two saturated colours tells nothing of the light and lies far out."""
_TRUST = 0.1
"""Share of all edges' votes that stands for the camera's white balance: where few edges are near to grey, it wins."""
_BRIGHT_QUANTILE, _BRIGHT = 0.98, 0.75
"""Of the luminances in a well exposed picture."""
_MOST_BRIGHTENING = 2.0

_TO_LINEAR = np.asarray(
    [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in np.arange(256) / 255], np.float32
)


def in_neutral_light(rgb: ImageArray) -> ImageArray:
    """(H, W, 3) uint8 RGB of the same scene in white light, for telling colours only.

    Channels are scaled in linear light, each by one factor for the whole picture (von Kries). What was grey keeps its
    luminance, but for a brightening of at most 2.
    """
    step = max(1, round((rgb.shape[0] * rgb.shape[1] / _SAMPLES) ** 0.5))
    size = max(1, rgb.shape[1] // step), max(1, rgb.shape[0] // step)
    small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    gains = 1 / light_colour(small)
    gains /= gains @ _LUMINANCE
    luminance = _TO_LINEAR[small] @ (gains * _LUMINANCE)
    brightest = max(float(np.quantile(luminance, _BRIGHT_QUANTILE)), 1e-3)
    gains *= np.clip(_BRIGHT / brightest, 1, _MOST_BRIGHTENING)
    return np.asarray(cv2.LUT(rgb, _to_srgb(_TO_LINEAR[:, None] * gains)[None]), np.uint8)


def light_colour(rgb: ImageArray) -> NDArray[np.float64]:
    """(3,) red, green and blue of the light, green being 1, in linear sRGB; ones where nothing tells it.

    rgb: (H, W, 3) uint8.
    """
    linear, whole = _TO_LINEAR[rgb], rgb.max(axis=2) < _CLIPPED
    down = np.abs(np.diff(linear, axis=0))[whole[1:] & whole[:-1]]
    across = np.abs(np.diff(linear, axis=1))[whole[:, 1:] & whole[:, :-1]]
    edges = np.concatenate([down, across]).astype(np.float64) + 1e-6
    strength = edges.mean(axis=1) ** _EDGE_POWER
    ratios = np.log(edges[:, [0, 2]] / edges[:, 1:2])
    votes = strength * np.exp(-(ratios**2).sum(axis=1) / (2 * _LIGHT_SPREAD**2))
    red, blue = votes @ ratios / max(float(votes.sum() + _TRUST * strength.sum()), 1e-30)
    return np.exp([red, 0.0, blue])


def _to_srgb(linear: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Grey levels of linear values; what is brighter than white is white."""
    bounded = np.clip(linear, 0, 1)
    encoded = np.where(bounded <= 0.0031308, 12.92 * bounded, 1.055 * bounded ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(255 * encoded), np.uint8)
