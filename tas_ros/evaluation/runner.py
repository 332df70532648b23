"""Runs the pipeline over an evaluation set: one prediction a sentence, per-image work once for all its sentences."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import InvalidCommandError
from tas_ros.evaluation.datasets import AnnotatedImage, ReferringDataset, Sentence
from tas_ros.evaluation.metrics import Overlap, ProposalOverlaps, overlap
from tas_ros.language.query import Query
from tas_ros.referral import Referral, Status
from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.scene import Scene

ProposalSource = Literal["given", "own"]

REJECTED = "REJECTED"
"""Answer of a sentence the pipeline refused to read (InvalidCommandError)."""


class ReferringSystem(Protocol):
    """What is evaluated; tas_ros.pipeline.Pipeline is one."""

    def parse(self, text: str) -> Query:
        """Read a command."""
        ...

    def scene(self, frame: Frame, given: Proposals | None = None) -> Scene:
        """Look at a frame."""
        ...

    def refer(self, scene: Scene, query: Query) -> Referral:
        """Answer the command."""
        ...


@dataclass(frozen=True, eq=False)
class SentenceResult:
    """One sentence, answered and measured."""

    image_id: str
    sentence: Sentence
    answer: str
    """Name of the referral's Status, or REJECTED."""
    asked: tuple[str, ...]
    """Which constraints were understood: position, superlative, ...; "appearance" when none."""
    expression: str
    chosen: int | None
    """Proposal whose mask is the forced choice; None when nothing was ranked."""
    score: float
    """Of the best candidate, 0 without one."""
    rank_of_best: int | None
    """Place of the best-overlapping proposal in the ranking, 0 the first; None when it is not listed."""
    seconds: float
    """For this sentence; the image's own work falls on its first."""
    forced: Overlap
    """Of the best candidate's mask, whatever the answer was."""
    answered: Overlap
    """Of the mask that the node would publish: none unless FOUND."""
    offers: ProposalOverlaps

    @property
    def oracle(self) -> Overlap:
        """Of the best proposal there was."""
        return self.offers.chosen(self.offers.best)


def evaluate(
    system: ReferringSystem,
    dataset: ReferringDataset,
    proposals: ProposalSource = "own",
    advance: Callable[[int], object] = lambda sentences: None,
) -> list[SentenceResult]:
    """Answer every sentence of `dataset`.

    proposals: `given` offers all annotated masks of the image, so only the choice is measured; `own` the proposer's.
    advance: called with the number of sentences just done.
    Raises DatasetError when a file of the set cannot be read.
    """
    results: list[SentenceResult] = []
    for image in dataset.images():
        for result in _evaluate_image(system, image, proposals):
            results.append(result)
            advance(1)
    return results


def _evaluate_image(system: ReferringSystem, image: AnnotatedImage, source: ProposalSource) -> list[SentenceResult]:
    frame, instances = image.read()
    scene = system.scene(frame, instances.as_proposals() if source == "given" else None)
    results = []
    offers_of: dict[tuple[str, ...], ProposalOverlaps] = {}
    for sentence in image.sentences:
        start = time.perf_counter()
        answer, query, referral = _answer(system, scene, sentence.text)
        seconds = time.perf_counter() - start
        truth = instances.union(sentence.target_ids)
        if sentence.target_ids not in offers_of:
            offers_of[sentence.target_ids] = ProposalOverlaps.of(scene.proposals.masks, truth)
        offers = offers_of[sentence.target_ids]
        results.append(_measure(image.image_id, sentence, answer, query, referral, seconds, truth, offers))
    return results


def _answer(system: ReferringSystem, scene: Scene, text: str) -> tuple[str, Query | None, Referral | None]:
    try:
        query = system.parse(text)
    except InvalidCommandError:
        return REJECTED, None, None
    referral = system.refer(scene, query)
    return referral.status.name, query, referral


def _measure(
    image_id: str,
    sentence: Sentence,
    answer: str,
    query: Query | None,
    referral: Referral | None,
    seconds: float,
    truth: NDArray[np.bool_],
    offers: ProposalOverlaps,
) -> SentenceResult:
    ranking = [candidate.index for candidate in referral.candidates] if referral else []
    found = overlap(referral.mask, truth) if referral and referral.status is Status.FOUND else None
    chosen = ranking[0] if ranking else None
    # A sentence that means nothing in the image is answered right by no mask, so nothing is forced on it.
    forced = offers.chosen(chosen) if sentence.target_ids else overlap(referral.mask if referral else None, truth)
    return SentenceResult(
        image_id=image_id,
        sentence=sentence,
        answer=answer,
        asked=_constraints(query),
        expression=query.expression if query else "",
        chosen=chosen,
        score=referral.candidates[0].score if referral and ranking else 0.0,
        rank_of_best=ranking.index(offers.best) if offers.best in ranking else None,
        seconds=seconds,
        forced=found or forced,
        answered=found or overlap(None, truth),
        offers=offers,
    )


def _constraints(query: Query | None) -> tuple[str, ...]:
    if query is None or not query.valid:
        return ("nothing understood",)
    understood = {
        "colour": query.target.colours,
        "attribute": query.target.attributes,
        "position": query.positions,
        "superlative": query.superlatives,
        "ordinal": query.ordinal,
        "relation": query.relations,
        "exclusion": query.excluded or query.excluded_positions,
    }
    return tuple(name for name, value in understood.items() if value) or ("name only",)
