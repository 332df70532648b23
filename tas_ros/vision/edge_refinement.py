# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Full-size masks from masks of a reduced picture: enlarged, and along their edge decided by the picture's own pixels.

That is a guided filter (He, Sun and Tang, ECCV 2010) whose coefficients come from the reduced picture (He and Sun, Fast
Guided Filter, 2015): in every small window the mask is fitted as a linear function of the colour, and that function is
asked about each full-size pixel. Where colour does not tell inside from outside, the enlarged mask stays as it is.

On the 58 larger things of the demo's rendered tables, their true masks halved and brought back, the mean IoU is .993
against .968 of plain enlargement (quartered: .987, .947), and .965 against .867 where the halved mask is a pixel too
large all around.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from tas_ros.arrays import FloatArray, ImageArray, IndexArray, MaskArray

BAND = 2
"""Reduced pixels on either side of a mask's edge in which full-size pixels are decided anew: masks are no surer."""
RADIUS = 4
"""Reduced pixels from the middle of a window to its side."""
NOISE = 1e-3
"""Variance of colour, of which 1 is full scale, that says nothing."""
CHANCE, CLEAR = 0.05, 0.2
"""Shares of the mask's variance explained by colour: up to the first, which three slopes reach on noise, the enlarged
mask stays; from the second on colour alone decides. On drawn pictures a higher one no longer mended masks that were a
pixel too large."""
SMOOTHING = 0.2
"""Reduced pixels: sigma over which single noisy pixels are smoothed."""
_TILE = 512
"""Side of the full-size squares that are worked on at once."""


def plain_full_size(mask: MaskArray, height: int, width: int) -> MaskArray:
    """(height, width) bool: the mask (h, w) enlarged by itself, with a smooth outline. Empty only if `mask` is."""
    full = np.zeros((height, width), np.bool_)
    if not mask.any():
        return full
    grid = _Grid.between(mask, full)
    for tile in grid.tiles(_box(mask, 1)):
        full[tile.pixels] = grid.interpolated(mask.astype(np.float32), tile) >= 0.5
    if not full.any():  # a single reduced pixel may lie between full-size ones
        full[:] = mask[grid.nearest(_Tile(0, height, 0, width))]
    return full


def refined_full_size(mask: MaskArray, rgb: ImageArray, picture: ImageArray) -> MaskArray:
    """(H, W) bool: the mask (h, w) for the picture (H, W, 3) uint8 whose reduction is `rgb` (h, w, 3) uint8.

    Differs from `plain_full_size` in pixels within BAND reduced pixels of the mask's edge alone. Empty only if `mask`
    is. Beside the result memory depends on the reduced size alone.
    """
    full = plain_full_size(mask, *picture.shape[:2])
    band = _edge(mask, BAND)
    if not band.any():
        return full
    grid = _Grid.between(mask, full)
    around = _box(band, 2 + 2 * RADIUS)  # all that the windows along the edge see
    fit = np.zeros((*mask.shape, 5), np.float32)
    fit[around.pixels] = _colour_fit(rgb[around.pixels], mask[around.pixels])
    soft = mask.astype(np.float32)
    refined = full.copy()
    for tile in grid.tiles(_box(band, 0)):
        open_here = band[grid.nearest(tile)]
        if open_here.any():
            wide = tile.grown(math.ceil(3 * SMOOTHING * grid.coarsest), full.shape)
            there = grid.interpolated(fit, wide)
            rough = _inside(there, grid.interpolated(soft, wide), picture[wide.pixels])
            inside = cv2.GaussianBlur(rough, (0, 0), SMOOTHING * grid.across, sigmaY=SMOOTHING * grid.down)
            open_here &= there[tile.within(wide)][..., 4] > 0
            refined[tile.pixels][open_here] = inside[tile.within(wide)][open_here] >= 0.5
    return refined if refined.any() else full


def _colour_fit(rgb: ImageArray, mask: MaskArray) -> FloatArray:
    """(h, w, 5): three slopes and an offset of the mask as a function of colour, and how far to trust them, 0 to 1.

    Right within BAND + 1 pixels of the mask's edge, elsewhere 0 or nonsense.
    """
    colour: FloatArray = rgb.astype(np.float32) / np.float32(255)
    wanted = mask.astype(np.float32)
    mean, share = _windowed(colour), _windowed(wanted)
    known = _edge(mask, BAND + 1 + RADIUS)
    pairs = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
    spread = np.stack([_windowed(colour[..., i] * colour[..., j])[known] for i, j in pairs], axis=1)
    spread -= np.stack([(mean[..., i] * mean[..., j])[known] for i, j in pairs], axis=1)
    covariance = spread[:, (0, 1, 2, 1, 3, 4, 2, 4, 5)].reshape(-1, 3, 3) + NOISE * np.eye(3, dtype=np.float32)
    common = (_windowed(colour * wanted[..., None]) - mean * share[..., None])[known]
    slopes = np.linalg.solve(covariance, common[..., None])[..., 0]
    variance = np.maximum(share[known] * (1 - share[known]), 1e-6)
    fit = np.zeros((*mask.shape, 5), np.float32)
    fit[known, :3] = slopes
    fit[known, 3] = share[known] - (slopes * mean[known]).sum(axis=1)
    fit[known, 4] = np.clip((slopes * common).sum(axis=1) / variance, 0, 1)
    fit = _windowed(fit)
    fit[..., 4] = np.clip((fit[..., 4] - CHANCE) / (CLEAR - CHANCE), 0, 1)
    # What is thin can be outvoted by surroundings of its colour: where the fit would give it up, it is not asked.
    given_up = _thin(mask) & (_by_colour(fit, rgb) < 0.5)
    fit[..., 4][_grown(given_up, BAND)] = 0
    return fit


def _inside(fit: FloatArray, soft: FloatArray, picture: ImageArray) -> FloatArray:
    """(T, U): how far each pixel of a piece of the picture lies inside, 0 to 1, by its colour as far as that tells."""
    trust = fit[..., 4]
    return np.asarray(trust * np.clip(_by_colour(fit, picture), 0, 1) + (1 - trust) * soft, np.float32)


def _by_colour(fit: FloatArray, picture: ImageArray) -> FloatArray:
    colour: FloatArray = picture.astype(np.float32) / np.float32(255)
    return np.asarray(np.einsum("ijk,ijk->ij", fit[..., :3], colour) + fit[..., 3], np.float32)


def _windowed(values: FloatArray) -> FloatArray:
    """Means of (h, w) or (h, w, C) over the window around each pixel."""
    side = 2 * RADIUS + 1
    return np.asarray(cv2.blur(values, (side, side), borderType=cv2.BORDER_REPLICATE), np.float32)


def _edge(mask: MaskArray, reach: int) -> MaskArray:
    """(h, w): pixels at most `reach` from the mask's edge, on either side; the picture's border is no edge."""
    return _grown(mask, reach) & _grown(~mask, reach)


def _thin(mask: MaskArray) -> MaskArray:
    """(h, w): parts of the mask that are one or two pixels wide and more than a corner of what is wider."""
    return mask & ~_grown(~_grown(~mask, 1), 1 + BAND)


def _grown(mask: MaskArray, reach: int) -> MaskArray:
    """(h, w): pixels at most `reach` from the mask."""
    brush = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    return np.asarray(cv2.dilate(mask.view(np.uint8), brush), np.bool_)


@dataclass(frozen=True)
class _Tile:
    """A rectangle of pixels; ends are exclusive."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def pixels(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def grown(self, margin: int, shape: tuple[int, ...]) -> _Tile:
        return _Tile(
            max(0, self.top - margin),
            min(shape[0], self.bottom + margin),
            max(0, self.left - margin),
            min(shape[1], self.right + margin),
        )

    def within(self, other: _Tile) -> tuple[slice, slice]:
        """Its pixels counted from the corner of a tile that holds it."""
        return (
            slice(self.top - other.top, self.bottom - other.top),
            slice(self.left - other.left, self.right - other.left),
        )


def _box(mask: MaskArray, margin: int) -> _Tile:
    """The smallest rectangle that holds all of a mask that is not empty, and a margin where there is room."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return _Tile(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1).grown(margin, mask.shape)


@dataclass(frozen=True)
class _Grid:
    """Where the pixels of a picture lie on its reduction: middles of pixels are at halves."""

    height: int
    width: int
    down: float
    """Full-size pixels to a reduced one."""
    across: float

    @classmethod
    def between(cls, reduced: MaskArray, full: MaskArray) -> _Grid:
        height, width = full.shape
        return cls(height, width, height / reduced.shape[0], width / reduced.shape[1])

    @property
    def coarsest(self) -> float:
        return max(self.down, self.across)

    def tiles(self, reduced: _Tile) -> Iterator[_Tile]:
        """Squares that together cover a rectangle of the reduction."""
        bottom = min(self.height, math.ceil(reduced.bottom * self.down))
        right = min(self.width, math.ceil(reduced.right * self.across))
        for top in range(int(reduced.top * self.down), bottom, _TILE):
            for left in range(int(reduced.left * self.across), right, _TILE):
                yield _Tile(top, min(top + _TILE, bottom), left, min(left + _TILE, right))

    def nearest(self, tile: _Tile) -> tuple[IndexArray, IndexArray]:
        """Rows and columns of the reduced pixels that the tile's pixels lie in, as an index of both."""
        rows = ((np.arange(tile.top, tile.bottom) + 0.5) / self.down).astype(np.int64)
        columns = ((np.arange(tile.left, tile.right) + 0.5) / self.across).astype(np.int64)
        return np.ix_(rows, columns)  # type: ignore[return-value]

    def interpolated(self, values: FloatArray, tile: _Tile) -> FloatArray:
        """(h, w) or (h, w, C) of the reduction at the middles of the tile's pixels, linearly."""
        y, x = (tile.top + 0.5) / self.down - 0.5, (tile.left + 0.5) / self.across - 0.5
        height, width = tile.bottom - tile.top, tile.right - tile.left
        # OpenCV takes no source of more than 32767 pixels a side.
        rows = slice(max(0, math.floor(y)), math.ceil(y + height / self.down) + 1)
        columns = slice(max(0, math.floor(x)), math.ceil(x + width / self.across) + 1)
        to_source = np.array([[1 / self.across, 0, x - columns.start], [0, 1 / self.down, y - rows.start]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(
            cv2.warpAffine(
                np.ascontiguousarray(values[rows, columns]), to_source, (width, height), flags=flags,
                borderMode=cv2.BORDER_REPLICATE,
            ),
            np.float32,
        )  # fmt: skip
