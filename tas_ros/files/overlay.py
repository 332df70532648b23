# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Draws an answer on its image: what it is about keeps its own pixels, all else is dimmed, a caption says the rest."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

import cv2
import numpy as np

from tas_ros.arrays import ImageArray, MaskArray

Colour = tuple[int, int, int]
"""RGB."""
FOUND_COLOUR: Colour = (57, 255, 20)
"""Around the thing that was found: no tabletop object or skin has this green."""
CONTENDER_COLOUR: Colour = (255, 176, 0)
"""Around each of the things among which the command leaves a choice."""
NOTHING_COLOUR: Colour = (255, 128, 112)
"""Of the words that say why nothing was chosen."""
DIMMED = 0.5
"""Brightness left to what the answer is not about."""
_CAPTION_DIMMED = 0.2
_CAPTION_SHARE = 0.4
"""Of the image's height; what does not fit is left unsaid, as the picture matters more."""
_LINES_EACH = 2
"""Lines that one part of the caption may take."""
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def draw(
    rgb: ImageArray, things: Sequence[MaskArray] = (), caption: Sequence[str] = (), colour: Colour = FOUND_COLOUR
) -> ImageArray:
    """A copy of `rgb` (H, W, 3) uint8 with the answer drawn on it; `rgb` itself is left alone.

    things: masks (H, W) bool of what the answer is about, outlined in `colour`; with none, nothing is dimmed.
    caption: what was asked, what was understood, what is answered (in `colour`); wrapped, then cut, to fit a strip at
    the lower edge, or at the upper one where that hides less of the things.
    """
    together = np.zeros(rgb.shape[:2], np.bool_)
    for mask in things:
        together |= mask
    if together.any():
        picture = _dimmed(rgb, DIMMED)
        np.copyto(picture, rgb, where=together[..., None])
        for mask in things:
            if mask.any():
                _outline(picture, mask, colour)
    else:
        picture = np.array(rgb, order="C")
    _write_caption(picture, together, caption, colour)
    return picture


def _dimmed(pixels: ImageArray, brightness: float) -> ImageArray:
    """A copy with that share of its brightness, by a table: products of all values would take eight times the bytes."""
    table = (np.arange(256) * brightness).astype(np.uint8)
    return np.asarray(cv2.LUT(np.ascontiguousarray(pixels), table), np.uint8)


def resize_mask(mask: MaskArray, size: tuple[int, int]) -> MaskArray:
    """The mask (H, W) for a picture of another size (width, height)."""
    return np.asarray(cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST), np.bool_)


def _outline(picture: ImageArray, mask: MaskArray, colour: Colour) -> None:
    """A line of `colour` around the mask, in place.

    It runs outside, so that the thing keeps all its pixels, and a dark line parts the two: that shows on bright things,
    the line of `colour` on dark ones, and the surroundings are too dim to hide either.
    """
    bright = max(1.5, min(picture.shape[:2]) / 240)
    dark = max(1.0, bright / 2)
    margin = int(bright + dark) + 2
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    around = np.s_[
        max(0, rows[0] - margin) : rows[-1] + margin + 1, max(0, columns[0] - margin) : columns[-1] + margin + 1
    ]
    outside = ~mask[around]
    away = cv2.distanceTransform(outside.astype(np.uint8), cv2.DIST_L2, 5) - 0.5
    line = outside & (away < bright + dark + 0.5)
    away = away[line][:, None]
    blended = picture[around][line].astype(np.float32)
    for reach, paint in ((bright + dark, colour), (dark, (0, 0, 0))):
        blended += np.clip(reach - away + 0.5, 0, 1) * (np.array(paint, np.float32) - blended)
    picture[around][line] = blended.round().astype(np.uint8)


def _write_caption(picture: ImageArray, things: MaskArray, parts: Sequence[str], colour: Colour) -> None:
    """Write the parts on a darkened strip of `picture`, in place: the first white, the last in `colour`."""
    height, width = picture.shape[:2]
    scale = max(0.4, min(height, width) / 800)
    stroke = max(1, round(scale * 1.6))
    margin = max(2, round(9 * scale))

    def fits(text: str) -> bool:
        return bool(cv2.getTextSize(text, _FONT, scale, stroke)[0][0] <= width - 2 * margin)

    (_, above), below = cv2.getTextSize("Ag", _FONT, scale, stroke)
    gap = max(2, round(6 * scale))
    line_height = above + below + gap
    most = max(0, int(_CAPTION_SHARE * height) - gap) // line_height
    said = [" ".join(_ascii(part).split()) for part in parts]
    shades = [(255, 255, 255), *[(190, 190, 190)] * (len(said) - 2), colour]
    shaded = list(zip(said, shades, strict=False))
    if len(shaded) > most:  # question and answer matter most
        shaded = [*shaded[:1], *shaded[len(shaded) - most + 1 :]][:most]
    lines: list[tuple[str, Colour]] = []
    for i, (part, shade) in enumerate(shaded):
        # Every later part has a line before this one gets its second.
        room = min(_LINES_EACH, most - len(lines) - (len(shaded) - 1 - i))
        lines += [(line, shade) for line in _wrap(part, fits, room)]
    strip = line_height * len(lines) + gap if lines else 0
    low = np.count_nonzero(things[height - strip :]) <= np.count_nonzero(things[:strip])
    top = height - strip if low else 0
    if strip:
        picture[top : top + strip] = _dimmed(picture[top : top + strip], _CAPTION_DIMMED)
    for i, (line, shade) in enumerate(lines):
        baseline = top + gap + line_height * i + above
        cv2.putText(picture, line, (margin, baseline), _FONT, scale, shade, stroke, cv2.LINE_AA)


def _wrap(text: str, fits: Callable[[str], bool], most: int) -> list[str]:
    """`text` in up to `most` lines that fit, broken at spaces where there are any; "..." ends what was cut."""
    lines: list[str] = []
    while text and not fits(text):
        last = len(lines) == most - 1
        end = bisect_right(range(1, len(text)), False, key=lambda n: not fits(text[:n] + ("..." if last else "")))
        if last:
            return [*lines, text[:end] + "..."] if end else lines
        if not end:
            return lines
        space = text.rfind(" ", 1, end + 1)
        end = space if space > 0 else end
        lines.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*lines, text] if text else lines


def _ascii(text: str) -> str:
    """OpenCV's fonts hold ASCII only; anything else would show as question marks anyway."""
    return text.encode("ascii", "replace").decode()
