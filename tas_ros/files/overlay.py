"""Draws an answer on its image: the mask tinted and outlined, its box, and what was asked."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

FOUND_COLOUR = (57, 255, 20)
"""RGB of outline and box: no tabletop object or skin has this green."""
TINT = 0.16
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def draw(
    rgb: NDArray[np.uint8],
    mask: NDArray[np.bool_] | None = None,
    box: tuple[int, int, int, int] | None = None,
    label: str = "",
) -> NDArray[np.uint8]:
    """A copy of `rgb` (H, W, 3) uint8 with the answer drawn on it; `rgb` itself is left alone.

    mask: (H, W) bool, tinted and outlined; None or empty draws none.
    box: x0, y0, x1, y1 in pixels, x1 and y1 exclusive.
    label: lines of text on a dark strip at the image's lower edge, shrunk or cut until each fits the width.
    """
    picture = np.ascontiguousarray(rgb).copy()
    thickness = max(1, round(min(picture.shape[:2]) / 240))
    if mask is not None and mask.any():
        tinted = picture[mask].astype(np.float32) * (1 - TINT) + np.array(FOUND_COLOUR, np.float32) * TINT
        picture[mask] = tinted.round().astype(np.uint8)
        contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        # A dark line under the bright one keeps the outline visible on any background.
        cv2.drawContours(picture, contours, -1, (0, 0, 0), thickness + 2, cv2.LINE_AA)
        cv2.drawContours(picture, contours, -1, FOUND_COLOUR, thickness, cv2.LINE_AA)
    if box is not None:
        x0, y0, x1, y1 = (int(value) for value in box)
        cv2.rectangle(picture, (x0, y0), (x1 - 1, y1 - 1), FOUND_COLOUR, thickness)
    if label:
        _draw_label(picture, label.splitlines())
    return picture


def _draw_label(picture: NDArray[np.uint8], lines: list[str]) -> None:
    """Write `lines` on a darkened strip along the lower edge of `picture`, in place."""
    height, width = picture.shape[:2]
    scale = max(0.3, min(height, width) / 800)
    stroke = max(1, round(scale * 1.8))
    margin = max(2, round(8 * scale))
    fitted = [_fit(_ascii(line), width - 2 * margin, scale, stroke) for line in lines]
    line_height = cv2.getTextSize("Ag", _FONT, scale, stroke)[0][1] + 2 * margin
    top = max(0, height - line_height * len(fitted))
    picture[top:] = (picture[top:] * 0.35).astype(np.uint8)
    for i, (text, text_scale) in enumerate(fitted):
        baseline = top + line_height * (i + 1) - margin
        cv2.putText(picture, text, (margin, baseline), _FONT, text_scale, (255, 255, 255), stroke, cv2.LINE_AA)


def _fit(text: str, width: int, scale: float, stroke: int) -> tuple[str, float]:
    """`text` and a scale at which it is at most `width` pixels wide; cut where shrinking is not enough."""
    for text_scale in (scale, scale * 0.85, scale * 0.7):
        if cv2.getTextSize(text, _FONT, text_scale, stroke)[0][0] <= width:
            return text, text_scale
    while text and cv2.getTextSize(text + "...", _FONT, text_scale, stroke)[0][0] > width:
        text = text[:-1]
    return text + "..." if text else "", text_scale


def _ascii(text: str) -> str:
    """OpenCV's fonts hold ASCII only; anything else would show as question marks anyway."""
    return text.encode("ascii", "replace").decode()
