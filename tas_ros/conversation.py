"""What a command owes to what was said before: "the other one", and referents beside the first."""

from __future__ import annotations

import numpy as np

from tas_ros.arrays import FloatArray, MaskArray
from tas_ros.language.query import Query
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


def conversation_notes(query: Query, previous: MaskArray | None) -> tuple[str, ...]:
    """What a person should know: referents that this answer leaves out, an earlier answer that there was not."""
    notes = []
    if query.also:
        left_out = ", ".join(f"'{thing.phrase or 'another one'}'" for thing in query.also)
        notes.append(f"this answer is about '{query.target.phrase or query.expression}' alone; ask for {left_out} too")
    if query.target.count != 1:
        notes.append(f"'{query.expression}' asks for several; this answer is one of them, ask for each by its place")
    if query.other and previous is None:
        notes.append("'the other one' is said of an earlier answer, and there is none")
    return tuple(notes)
