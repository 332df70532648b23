# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Captions by template: the colour and the noun that the other models see. Works with any encoder and colour namer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tas_ros.vision.encoders.class_names import known_classes
from tas_ros.vision.scene import Scene

UNKNOWN_NOUN = "thing"
_VOWELS = "aeiou"


class TemplateCaptioner:
    """Says "a red coffee mug" of a region and "a laptop, a red mug and a keyboard" of an image.

    nouns: what a region may be called; by default the usual names and common nouns of the classes an encoder knows.
    min_similarity: cosine to the region below which nothing is named and the region is a "thing".
    min_colour_share: share of its pixels a colour needs to be named.
    max_things: kinds of things the caption of an image lists, the most confident first.
    """

    def __init__(
        self,
        nouns: Sequence[str] | None = None,
        min_similarity: float = 0.35,
        min_colour_share: float = 0.4,
        max_things: int = 8,
    ) -> None:
        self._nouns = tuple(nouns) if nouns is not None else _default_nouns()
        self._min_similarity = min_similarity
        self._min_colour_share = min_colour_share
        self._max_things = max_things

    def caption_regions(self, scene: Scene) -> tuple[str, ...]:
        """One caption for each proposal of the scene: article, dominant colour if there is one, best noun."""
        colours = self._dominant_colours(scene)
        similarities = self._noun_similarities(scene)
        return tuple(self._caption(row, colour) for row, colour in zip(similarities, colours, strict=True))

    def caption_image(self, scene: Scene) -> str:
        """The distinct things seen, as noun phrases; of regions with one noun the surest. Empty when none is sure."""
        similarities = self._noun_similarities(scene)
        if not len(similarities):
            return ""
        best = similarities.argmax(axis=1)
        confidence = similarities.max(axis=1)
        colours = self._dominant_colours(scene)
        surest: dict[str, int] = {}
        for i in np.argsort(-confidence, kind="stable"):
            if confidence[i] >= self._min_similarity:
                surest.setdefault(self._nouns[best[i]], int(i))
        phrases = [_phrase(colours[i], noun) for noun, i in list(surest.items())[: self._max_things]]
        listed = [", ".join(phrases[:-1]), *phrases[-1:]]
        return " and ".join(part for part in listed if part)

    def _noun_similarities(self, scene: Scene) -> NDArray[np.float32]:
        """(N, nouns) mean cosine over the views."""
        if not len(scene.working_proposals):
            return np.zeros((0, len(self._nouns)), np.float32)
        texts = scene.models.encoder.encode_texts(self._nouns)
        return np.asarray(scene.region_features.mean(axis=0) @ texts.T, np.float32)

    def _dominant_colours(self, scene: Scene) -> list[str]:
        terms = scene.models.colour_namer.terms
        return [terms[int(row.argmax())] if row.max() >= self._min_colour_share else "" for row in scene.colours]

    def _caption(self, similarities: NDArray[np.float32], colour: str) -> str:
        best = int(similarities.argmax())
        return _phrase(colour, self._nouns[best] if similarities[best] >= self._min_similarity else UNKNOWN_NOUN)


def _phrase(colour: str, noun: str) -> str:
    # "an orange" is the fruit: a noun that is its own colour is said once.
    words = f"{colour} {noun}" if colour and colour != noun else noun
    return f"{'an' if words[0] in _VOWELS else 'a'} {words}"


def _default_nouns() -> tuple[str, ...]:
    nouns = {noun for each in known_classes() for noun in (*each.common_nouns, each.names[0])}
    return tuple(sorted(nouns))
