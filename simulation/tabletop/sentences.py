# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Sentences of every kind about one picture, with their truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.tabletop.axes import axes_of
from simulation.tabletop.candidates import CANDIDATES
from simulation.tabletop.colour_only import colour_only_axes
from simulation.tabletop.cross_check import CrossCheck
from simulation.tabletop.descriptions import Description
from simulation.tabletop.naming import Candidate, Naming
from simulation.tabletop.observation import Observation
from simulation.tabletop.phrasing import UNSEEN_PLACES, Phraser
from simulation.tabletop.truth import Judge, Verdict

PERSPECTIVES = ("camera", "image", "robot", "speaker")
TRIES = 80
"""Descriptions of a kind that are tried on a picture before it is taken to have none."""


@dataclass(frozen=True)
class LabelledSentence:
    """One sentence and its truth."""

    text: str
    kind: str
    form: str
    """ "expression" or "command"."""
    perspective: str
    """In which the truth holds; empty where it holds in all."""
    says_perspective: bool
    """Whether the sentence itself says whose ("on your left")."""
    expected: str
    """FOUND, NOT_FOUND or AMBIGUOUS."""
    target_ids: tuple[str, ...]
    """The thing meant; those that fit equally, where AMBIGUOUS; none where NOT_FOUND."""
    rgbd_only: bool
    """The colour picture alone does not decide it."""
    description: Description


class SentenceMaker:
    """Draws sentences about one picture."""

    def __init__(self, observation: Observation, check: CrossCheck, random: np.random.Generator) -> None:
        self._observation, self._check, self._random = observation, check, random
        self.disputed: list[tuple[str, Candidate, Verdict]] = []
        """What truth and cross check do not agree on; never used."""
        self._judges = {name: Judge(observation, axes_of(observation, name)) for name in PERSPECTIVES}
        self._colour_judges = {name: Judge(observation, colour_only_axes(observation, name)) for name in PERSPECTIVES}
        self._naming = Naming(observation, self._judges["camera"])

    def draw(self, limit: int) -> list[LabelledSentence]:
        """At most `limit`, no two of one kind, perspective and wording."""
        kinds = list(CANDIDATES)
        found: list[LabelledSentence] = []
        kinds = [kind for kind in kinds for _ in range(CANDIDATES[kind].draws)]
        for kind in (kinds[i] for i in self._random.permutation(len(kinds))):
            sentence = self._of_kind(kind)
            if sentence is not None and (sentence.description, kind) not in {(s.description, s.kind) for s in found}:
                found.append(sentence)
        # What few pictures offer comes first, so that every kind is seen often enough.
        scarce = [each for each in found if CANDIDATES[each.kind].scarce]
        common = [each for each in found if not CANDIDATES[each.kind].scarce]
        return (scarce + common)[:limit]

    def _of_kind(self, kind: str) -> LabelledSentence | None:
        options = CANDIDATES[kind].options(self._naming, self._random)
        order = self._random.permutation(len(options))[:TRIES]
        for candidate in (options[i] for i in order):
            verdict = self._judges[candidate.perspective or "camera"].judge(candidate.description)
            if verdict.status != CANDIDATES[kind].expected:
                continue
            if self._check.agrees(candidate.description, candidate.perspective, verdict.status, verdict.targets):
                return self._worded(kind, candidate, verdict)
            self.disputed.append((kind, candidate, verdict))
        return None

    def _worded(self, kind: str, candidate: Candidate, verdict: Verdict) -> LabelledSentence:
        random = self._random
        phraser = Phraser(random, candidate.perspective, candidate.spoken)
        expression = phraser.expression(candidate.description)
        if candidate.also is not None:
            expression += f" and {phraser.expression(candidate.also)}"
        form = "command" if random.random() < 0.45 or kind == "destination" else "expression"
        if kind == "destination":
            destination = self._destination(phraser, candidate.description)
            text = phraser.delivery(expression, destination, placed=bool(candidate.description.links))
        else:
            text = phraser.command(expression) if form == "command" else phraser.bare(expression)
        things = self._observation.things
        return LabelledSentence(
            text=text,
            kind=kind,
            form=form,
            perspective=candidate.perspective,
            says_perspective=candidate.spoken,
            expected=verdict.status,
            target_ids=tuple(things[i].id for i in verdict.targets),
            rgbd_only=self._needs_depth(candidate, verdict),
            description=candidate.description,
        )

    def _destination(self, phraser: Phraser, moved: Description) -> str:
        """Something on the table that can bear things, or a place that is not in view; not where it is already."""
        named = {moved.noun, *(anchor.noun for link in moved.links for anchor in link.anchors)}
        bearers = [each for each in self._naming.anchors() if each.noun in ("bowl", "plate", "tray", "box")]
        bearers = [each for each in bearers if each.noun not in named]
        if bearers and self._random.random() < 0.6:
            return phraser.expression(bearers[int(self._random.integers(len(bearers)))])
        return UNSEEN_PLACES[int(self._random.integers(len(UNSEEN_PLACES)))]

    def _needs_depth(self, candidate: Candidate, verdict: Verdict) -> bool:
        seen = self._colour_judges[candidate.perspective or "camera"].judge(candidate.description)
        return seen.status != verdict.status or set(seen.targets) != set(verdict.targets)
