# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Which thing a description means, in three-valued logic: yes, no, or a person could see it either way.

A description is answered only where everybody would agree: every thing that bears on it is clearly in or clearly out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simulation.tabletop.axes import Axes
from simulation.tabletop.descriptions import Description
from simulation.tabletop.observation import Observation
from simulation.tabletop.selection import equally_on_side, select
from simulation.tabletop.stands_to import Placement
from simulation.tabletop.things import SIMILAR_PAINTS

YES, UNSURE, NO = 1, 0, -1
Truths = NDArray[np.int8]
LIKENESS = 2.2
"""Of things that fit equally none shows more than this times larger than another."""


@dataclass(frozen=True)
class Verdict:
    """What is meant. status: FOUND, NOT_FOUND or AMBIGUOUS, empty where people would not agree."""

    status: str
    targets: tuple[int, ...] = ()
    """The one found, or those that fit equally."""


UNCLEAR = Verdict("")


class Judge:
    """Judges descriptions of one picture in one perspective."""

    def __init__(self, observation: Observation, axes: Axes) -> None:
        self._observation, self._axes = observation, axes
        self._placement = Placement(observation, axes)
        self._areas = np.array([thing.pixels for thing in observation.things], float)
        self._resolved: dict[Description, Verdict] = {}

    def judge(self, description: Description) -> Verdict:
        """What the description means."""
        if description not in self._resolved:
            self._resolved[description] = self._judge(description)
        return self._resolved[description]

    def fitting(self, description: Description) -> Truths | None:
        """(N,) whether each thing fits, selector aside; None where an anchor is not clear."""
        result = np.minimum(self._named(description.noun), self._coloured(description.colour))
        if description.not_colour:
            result = np.minimum(result, -self._coloured(description.not_colour))
        for link in description.links:
            groups = [self._anchors(anchor) for anchor in link.anchors]
            if any(group is None for group in groups):
                return None
            anchors = [index for group in groups if group is not None for index in group]
            if len(set(anchors)) != len(anchors) or len(anchors) != (2 if link.kind == "between" else 1):
                return None
            truths = self._placement.stands(link.kind, anchors)
            result = np.minimum(result, -truths if link.negated else truths)
            result[anchors] = NO
        return np.asarray(result, np.int8)

    def _judge(self, description: Description) -> Verdict:  # noqa: PLR0911 (one return a case)
        fits = self.fitting(description)
        if fits is None:
            return UNCLEAR
        group = [int(i) for i in np.nonzero(fits == YES)[0]]
        plain = description.selector is None and description.extreme_link is None
        # Two that surely fit are two, whether a third does or not.
        if (fits == UNSURE).any() and not (plain and len(group) > 1):
            return UNCLEAR
        if description.extreme_link is not None:
            return self._extreme_to(group, description)
        if description.selector is not None:
            found = select(self._axes, group, description.selector)
            if found is None:
                tied = equally_on_side(self._axes, group, description.selector)
                return self._ambiguous(tied, description) if tied else UNCLEAR
            return Verdict("FOUND", (found,)) if found >= 0 else Verdict("NOT_FOUND")
        if not group:
            return Verdict("NOT_FOUND")
        if len(group) == 1:
            return Verdict("FOUND", (group[0],))
        return self._ambiguous(group, description)

    def _ambiguous(self, group: Sequence[int], description: Description) -> Verdict:
        """Two or more fit equally, unless one stands out: larger in view, or nearer to what it is placed by.

        A thing and what lies in it are no two to choose from.
        """
        areas = self._areas[list(group)]
        if areas.max() > LIKENESS * areas.min() or self._placement.any_stacked(group):
            return UNCLEAR
        for link in description.links:
            if link.negated or link.kind in ("on", "in"):
                continue
            for anchor in link.anchors:
                for index in self._anchors(anchor) or ():
                    away = self._placement.apart[index, list(group)]
                    if away.max() > 1.35 * away.min():
                        return UNCLEAR
        return Verdict("AMBIGUOUS", tuple(group))

    def _extreme_to(self, group: Sequence[int], description: Description) -> Verdict:
        assert description.extreme_link is not None
        kind, anchor = description.extreme_link
        verdict = self.judge(anchor)
        if verdict.status != "FOUND" or self._axes.perspective == "image":
            return UNCLEAR
        others = [i for i in group if i not in verdict.targets]
        # Of what lies on a thing one does not say how close to it that is.
        if len(others) < 2 or any(self._placement.any_stacked((i, verdict.targets[0])) for i in others):
            return UNCLEAR
        gaps = self._placement.apart[verdict.targets[0], others]
        order = np.argsort(gaps if kind == "closest" else -gaps)
        first, second = gaps[order[0]], gaps[order[1]]
        if abs(first - second) < 0.06 or max(first, second) < 1.3 * min(first, second):
            return UNCLEAR
        return Verdict("FOUND", (others[order[0]],))

    def _anchors(self, anchor: Description) -> tuple[int, ...] | None:
        if anchor.pair:
            fits = self.fitting(replace(anchor, pair=False))
            if fits is None or (fits == UNSURE).any() or np.count_nonzero(fits == YES) != 2:
                return None
            return tuple(int(i) for i in np.nonzero(fits == YES)[0])
        verdict = self.judge(anchor)
        return verdict.targets if verdict.status == "FOUND" else None

    def _named(self, noun: str) -> Truths:
        things = self._observation.things
        if not noun:
            return np.full(len(things), YES, np.int8)
        return np.array([YES if noun in t.names else UNSURE if noun in t.might_be else NO for t in things], np.int8)

    def _coloured(self, colour: str) -> Truths:
        things = self._observation.things
        if not colour:
            return np.full(len(things), YES, np.int8)
        return np.array([_has_colour(thing.colour, colour) for thing in things], np.int8)


def _has_colour(own: str, asked: str) -> int:
    if own == asked:
        return YES
    return UNSURE if not own or frozenset((own, asked)) in SIMILAR_PAINTS else NO
