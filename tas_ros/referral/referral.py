# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Referral: the answer to one Query on one Scene."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tas_ros.language.query import Query


class Status(enum.IntEnum):
    """Outcome of a referral; the values are those of tas_ros/msg/Referral."""

    NOT_ANSWERED = 0
    """No picture was judged, through no fault of the scene; never the pipeline's, only of who could not ask it."""
    FOUND = 1
    NOT_FOUND = 2
    AMBIGUOUS = 3
    NOT_A_REFERENCE = 4


@dataclass(frozen=True)
class Candidate:
    """One mask proposal as judged for a Query."""

    index: int
    """Row in the scene's proposals."""
    box: tuple[int, int, int, int]
    """Tight x0, y0, x1, y1 in pixels; x1 and y1 exclusive."""
    area: int
    """Pixels."""
    score: float
    """(0, 1]: of the first, how surely it is what the command means, comparable between frames; of the others, the
    share of that with which they rank behind it. What each is worth by itself stands in `shares` as `own_score`."""
    shares: Mapping[str, float]
    """Each term's part: visual_text, positive, negative, colour, position, superlative, ..."""
    caption: str = ""
    contender: bool = False
    """Whether the command fits it about as well as any: the one that was chosen, or all those between which it cannot
    choose."""


@dataclass(frozen=True, eq=False)
class Referral:
    """The answer. `mask` (H, W) bool and `best` are set exactly when the status is FOUND."""

    status: Status
    query: Query
    candidates: tuple[Candidate, ...] = ()
    """Ranked by score, best first; an AMBIGUOUS command's contenders lead."""
    mask: NDArray[np.bool_] | None = None
    reason: str = ""
    """Why nothing was chosen, in plain language; empty when found."""
    notes: tuple[str, ...] = ()
    """What was guessed or could not be seen, such as a transform that was missing; in plain language."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds per stage spent for this command (image stages only when this command was the first to need them)."""
    contenders: Sequence[NDArray[np.bool_]] = ()
    """(H, W) bool of all things between which an AMBIGUOUS command leaves the choice."""

    def __post_init__(self) -> None:
        if (self.status is Status.FOUND) != (self.mask is not None):
            raise ValueError(f"referral {self.status.name} must have a mask exactly when it is FOUND")
        if self.status is Status.FOUND and not self.candidates:
            raise ValueError("a referral that is FOUND needs its candidate")
        if self.contenders and self.status is not Status.AMBIGUOUS:
            raise ValueError(f"referral {self.status.name} leaves no choice, so it has no contenders")

    @property
    def best(self) -> Candidate | None:
        """The chosen candidate, when found."""
        return self.candidates[0] if self.status is Status.FOUND else None
