# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Answers every sentence of an image by every variant: per-image work once, one prediction a sentence and variant."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import InvalidCommandError
from tas_ros.evaluation.datasets import AnnotatedImage, Sentence
from tas_ros.evaluation.metrics import PRECISION_THRESHOLDS, ProposalOverlaps, overlap
from tas_ros.evaluation.results import ResultRow
from tas_ros.evaluation.variants import BASE
from tas_ros.language.query import Perspective, Query
from tas_ros.referral.referral import Referral, Status
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


def evaluate_image(
    systems: Mapping[str, ReferringSystem], image: AnnotatedImage, proposals: ProposalSource
) -> list[ResultRow]:
    """A row for every sentence of the image and every variant, sentences in their order.

    systems: by name of the variant, "base" among them, which reads the texts and looks at the image for all.
    proposals: `given` offers all annotated masks of the image, so only the choice is measured; `own` the proposer's.
    Raises DatasetError when a file of the set cannot be read.
    """
    base = systems[BASE]
    frame, instances = image.read()
    scene = base.scene(frame, instances.as_proposals() if proposals == "given" else None)
    rows: list[ResultRow] = []
    offers_of: dict[tuple[str, ...], ProposalOverlaps] = {}
    for sentence in image.sentences:
        truth = instances.union(sentence.target_ids)
        start = time.perf_counter()
        try:
            query = _as_meant(base.parse(sentence.text), sentence)
        except InvalidCommandError:
            query = None
        for name, system in systems.items():
            referral = system.refer(scene, query) if query else None
            seconds = time.perf_counter() - start
            if sentence.target_ids not in offers_of:
                offers_of[sentence.target_ids] = ProposalOverlaps.of(scene.full_masks(), truth)
            offers = offers_of[sentence.target_ids]
            rows.append(_measure(image.image_id, sentence, name, query, referral, seconds, truth, offers, scene))
            start = time.perf_counter()
    return rows


def _as_meant(query: Query, sentence: Sentence) -> Query:
    """The query in the perspective of the set's truth, as a user would configure it; words in the sentence override."""
    if not sentence.perspective or query.perspective is not None or not query.valid:
        return query
    return replace(query, perspective=Perspective(sentence.perspective))


def _measure(
    image_id: str,
    sentence: Sentence,
    variant: str,
    query: Query | None,
    referral: Referral | None,
    seconds: float,
    truth: NDArray[np.bool_],
    offers: ProposalOverlaps,
    scene: Scene,
) -> ResultRow:
    ranking = [candidate.index for candidate in referral.candidates] if referral else []
    chosen = ranking[0] if ranking else None
    found = referral.mask if referral and referral.status is Status.FOUND else None
    # A sentence that means nothing in the image is answered right by no mask, so nothing is forced on it.
    forced = offers.chosen(chosen) if sentence.target_ids else overlap(found, truth)
    answered = overlap(found, truth)
    oracle = offers.chosen(offers.best)
    some = bool(len(offers.unions))
    return ResultRow(
        image_id=image_id,
        sentence_id=sentence.sentence_id,
        variant=variant,
        text=sentence.text,
        tags=sentence.tags,
        expression=query.expression if query else "",
        asked=_constraints(query),
        answer=referral.status.name if referral else REJECTED,
        chosen=chosen,
        score=referral.candidates[0].score if referral and ranking else 0.0,
        rank_of_oracle=ranking.index(offers.best) if offers.best in ranking else None,
        intersection=forced.intersection,
        union=forced.union,
        answered_intersection=answered.intersection,
        answered_union=answered.union,
        oracle_proposal=offers.best,
        oracle_intersection=oracle.intersection,
        oracle_union=oracle.union,
        random_intersection=float(offers.intersections.mean()) if some else 0.0,
        random_union=float(offers.unions.mean()) if some else offers.truth_area,
        random_iou=float(offers.ious.mean()) if some else 0.0,
        random_above=tuple(
            float((offers.ious > threshold).mean()) if some else 0.0 for threshold in PRECISION_THRESHOLDS
        ),
        proposals=len(offers.unions),
        seconds=seconds,
        mask=encode_mask(scene.full_masks([chosen])[0]) if variant == BASE and chosen is not None else "",
    )


def encode_mask(mask: NDArray[np.bool_]) -> str:
    """(H, W) bool as `height width counts`, counts being COCO's compressed run lengths."""
    coco_mask: Any = import_module("pycocotools.mask")
    encoded = coco_mask.encode(np.asfortranarray(mask, np.uint8))
    return f"{mask.shape[0]} {mask.shape[1]} {encoded['counts'].decode('ascii')}"


def decode_mask(text: str) -> NDArray[np.bool_]:
    """The (H, W) bool mask that `encode_mask` wrote."""
    coco_mask: Any = import_module("pycocotools.mask")
    height, width, counts = text.split(" ")
    encoded = {"size": [int(height), int(width)], "counts": counts.encode("ascii")}
    return np.asarray(coco_mask.decode(encoded), np.bool_)


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
