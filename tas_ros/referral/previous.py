"""What a command owes to the answer before: "the other one"."""

from __future__ import annotations

import numpy as np

from tas_ros.arrays import FloatArray, MaskArray
from tas_ros.vision.proposals import Proposals

SAME_THING = 0.02
"""What is left of a proposal that was just answered when the other one is asked for."""


def other_than(previous: MaskArray, proposals: Proposals) -> FloatArray:
    """(N,) factor that leaves next to nothing of proposals that cover the thing answered before, or lie within it.

    previous: (H, W) bool of the last answer, in a view that has not moved far.
    """
    if previous.shape != proposals.masks.shape[1:]:
        return np.ones(len(proposals), np.float32)
    shared = np.count_nonzero(proposals.masks & previous, axis=(1, 2))
    smaller = np.minimum(proposals.areas, max(int(np.count_nonzero(previous)), 1))
    return np.where(shared > 0.5 * smaller, SAME_THING, 1.0).astype(np.float32)
