# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""From scores to an answer: found, nothing matches, or ambiguous."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tas_ros.arrays import FloatArray, IndexArray


@dataclass(frozen=True)
class DecisionRule:
    """Thresholds on the score, which is comparable between frames."""

    found_threshold: float = 0.4
    """Below it nothing matches."""
    doubt: float = 1.0
    """Power of the best one's share, 1 / (1 + next best / best), in its score: of two things of which no word tells
    which is meant either is with a chance of half. 0 heeds no other."""
    unverified: float = 0.8
    """What the score keeps for each word about the thing that nothing looks at ("empty"): it must not count as met."""
    ambiguity_ratio: float = 0.8
    """A rival that looks like the thing at least this share as much as the best one, and stands elsewhere, makes the
    command ambiguous, unless the words about its place single one out; 1.01 switches this off."""
    rival_standing: float = 0.75
    """A rival must stand out as a thing at least this share as well as the best one does."""
    singled_out: float = 0.93
    """A rival with less than this share of the best one's spatial evidence is not the one that the words point at."""
    max_candidates: int = 10
    """How many ranked candidates an answer lists."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What speaks for each of N proposals, all (N,) in (0, 1]."""

    likeness: FloatArray
    """How much it looks like the thing asked for."""
    standing: FloatArray
    """How well it stands out as a thing."""
    placed: FloatArray
    """How well it stands where the words say."""
    score: FloatArray
    """Probability that it is what was meant, comparable between frames."""

    @property
    def weight(self) -> FloatArray:
        """(N,) what ranks them."""
        return self.likeness * self.standing * self.placed

    @property
    def order(self) -> IndexArray:
        """(N,) indices, best first."""
        return np.argsort(-self.weight, kind="stable")


def certainty(evidence: Evidence, group: Sequence[int], overlap: FloatArray, rule: DecisionRule) -> float:
    """In (0, 1]: the best one's score, as far as nothing outside of its `group`, it and its rivals, fits as well.

    A part or a whole of one of them is no other thing. overlap: as in rivals_of_best.
    """
    best = group[0]
    outside = np.all(overlap[list(group)] < 0.5, axis=0)
    outside[list(group)] = False
    # A place that fits half as well is not half as likely meant: squared, as constraints count as met.
    weight = evidence.weight * evidence.placed
    following = min(float(weight[outside].max(initial=0.0) / weight[best]), 1.0)
    return float(np.clip(evidence.score[best] / (1.0 + following) ** rule.doubt, 1e-6, 1.0))


def ranked_scores(evidence: Evidence, ranked: Sequence[int], certain: float) -> FloatArray:
    """(N,) in (0, 1], descending: what is told of each of the `ranked` proposals, the best one first.

    Of the best one how `certain` the answer is; of each other one the share of it that its weight is of the best
    one's, but never more than of the one before. So whoever sorts by it gets the order.
    """
    weight = evidence.weight[list(ranked)]
    shares = np.minimum.accumulate(weight / weight[0])
    return np.asarray(np.clip(certain * shares, 1e-6, 1.0), np.float32)


def rivals_of_best(evidence: Evidence, overlap: FloatArray, rule: DecisionRule) -> list[int]:
    """Indices of proposals that fit about as well as the best one and are not it, its part or its whole; best first.

    overlap: (N, N) intersection over smaller area.
    """
    best, *others = evidence.order.tolist()
    likeness, standing, placed = evidence.likeness, evidence.standing, evidence.placed
    rivals = (
        (likeness >= rule.ambiguity_ratio * likeness[best])
        & (standing >= rule.rival_standing * standing[best])
        & (placed >= rule.singled_out * placed[best])
        & (overlap[best] < 0.5)
    )
    return [i for i in others if rivals[i]]
