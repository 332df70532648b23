"""How well a region's colours answer the colour words of a phrase."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tas_ros.arrays import FloatArray

HALF_SHARE = 0.22
"""Share of a region's pixels at which a colour word is as likely right as wrong: handles, labels and shadows take
their part of a thing that everyone calls red."""
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
    share = shares[:, columns]
    fit = share**2 / (share**2 + half**2)
    return np.asarray(np.maximum(fit.prod(axis=1), FLOOR), np.float32)
