# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Matcher: how well every proposal of a Scene looks like what a Query names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from tas_ros.arrays import FloatArray
from tas_ros.language.protocols import PhraseParser
from tas_ros.language.query import ObjectPhrase, Query
from tas_ros.matching.calibration import EVERYDAY_NOUNS, ContrastVocabulary, KindCalibration
from tas_ros.matching.colour import match_any_colour, match_colours
from tas_ros.matching.kinds_of_things import kinds_of_things
from tas_ros.matching.packed_goods import goods_asked_for, is_content
from tas_ros.matching.scores import ScoreRule, keep_negatives, score_kind, strengthened
from tas_ros.vision.protocols import ImageTextEncoder
from tas_ros.vision.scene import Scene


@dataclass(frozen=True, eq=False)
class Appearance:
    """How each of N proposals fits the named thing by kind and colour."""

    probability: FloatArray
    """(N,) that it is such a thing, whatever else is in view."""
    likeness: FloatArray
    """(N,) the same, less what falls behind the best of the frame: where a mug is in view, what looks somewhat like a
    mug is none. Unlike probabilities near 1 it still tells candidates apart."""
    shares: Mapping[str, FloatArray]


@dataclass(frozen=True, eq=False)
class _PreparedScene:
    """What matching needs of a frame and no text changes."""

    regions: FloatArray
    """(N, D + 1) calibrated rows of the regions."""
    captions: FloatArray | None
    """(N, D + 1) calibrated rows of their captions; None when P is not wanted."""
    mined: tuple[str, ...]
    """The nouns of the M phrases mined from the image's caption."""
    mined_features: FloatArray
    """(M, D) text features of those phrases."""


class Matcher:
    """Holds the text side, and per frame what can be computed before any text is known.

    Not thread-safe; one worker owns it.
    """

    def __init__(
        self, encoder: ImageTextEncoder, parser: PhraseParser, rule: ScoreRule, calibration: KindCalibration
    ) -> None:
        self._encoder = encoder
        self._parser = parser
        self._rule = rule
        self._calibration = calibration
        self._scenes: WeakKeyDictionary[Scene, _PreparedScene] = WeakKeyDictionary()
        self._contrast = ContrastVocabulary(encoder.encode_texts(EVERYDAY_NOUNS))
        self._names = kinds_of_things()

    def prepare(self, query: Query) -> None:
        """Encode every phrase of the query in one batch; the encoder then knows them."""
        texts = list(self._weighted_texts(query.target, query.expression))
        for phrase in named_things(query):
            texts += list(self._weighted_texts(phrase))
        for phrase in (query.target, *named_things(query)):
            texts += [*self._names.kinds(phrase.head), *_sold_in(phrase)]
        self._encoder.encode_texts(texts)

    def match(self, scene: Scene, phrase: ObjectPhrase, expression: str = "") -> Appearance:
        """Judge every proposal against `phrase`; `expression` adds the whole sentence to the text ensemble."""
        weighted = self._weighted_texts(phrase, expression)
        shares: dict[str, FloatArray] = {}
        probability = likeness = np.ones(len(scene.working_proposals), np.float32)
        if weighted:
            features = self._encoder.encode_texts(list(weighted))
            texts = self._ways_to_mean(phrase, weighted, features)
            prepared = self._prepared(scene)
            names = (noun_of(phrase), *_sold_in(phrase))
            nearness = self._contrast.extend(prepared.mined_features) @ self._contrast.calibrate(features[None]).T
            rivals = keep_negatives(prepared.mined, nearness, names, self._rule, self._names)
            negatives = self._contrast.extend(prepared.mined_features[rivals])
            kind = score_kind(texts, prepared.regions, prepared.captions, negatives, self._rule)
            probability = self._calibration.probability(kind.total)
            likeness = probability * np.exp((kind.total - kind.total.max()) / self._rule.likeness_temperature)
            shares = {
                "visual_text": kind.visual_text,
                "positive": kind.positive,
                "negative": kind.negative,
                "kind": probability,
            }
        for name, fit in self._colour_fit(scene, phrase).items():
            shares[name] = fit
            probability = probability * fit**self._rule.colour_weight
            likeness = likeness * fit**self._rule.colour_weight
        if "colour" in shares:
            probability = strengthened(probability, shares["colour"] / self._rule.colour_by_chance)
        return Appearance(probability, likeness, shares)

    def _colour_fit(self, scene: Scene, phrase: ObjectPhrase) -> dict[str, FloatArray]:
        """(N,) by name of the share: of the colours that the phrase names, else of those usual with its goods."""
        goods = goods_asked_for(phrase)
        if not phrase.colours and not (goods and goods.colours):
            return {}
        shown, terms = scene.colours_in_neutral_light, scene.models.colour_namer.terms
        if phrase.colours:
            named = match_colours(shown, terms, phrase.colours)
            return {} if named is None else {"colour": named}
        usual = match_any_colour(shown, terms, goods.colours) if goods else None
        return {} if usual is None else {"usual_colour": 1.0 - self._rule.usual_colour * (1.0 - usual)}

    def _prepared(self, scene: Scene) -> _PreparedScene:
        if scene not in self._scenes:
            regions = self._contrast.calibrate(scene.region_features)
            captions = self._contrast.calibrate(scene.caption_features[None]) if self._rule.positive_weight else None
            mined: list[ObjectPhrase] = []
            if self._rule.negative_weight:
                mined = [phrase for phrase in self._parser.noun_phrases(scene.image_caption) if phrase.head]
            features = self._encoder.encode_texts([phrase.phrase for phrase in mined])
            self._scenes[scene] = _PreparedScene(
                regions, captions, tuple(noun_of(phrase) for phrase in mined), features
            )
        return self._scenes[scene]

    def _ways_to_mean(self, phrase: ObjectPhrase, weighted: Mapping[str, float], features: FloatArray) -> FloatArray:
        """(1 + K, D + 1) means of the `weighted` texts, then of these with each kind of the head in its stead.

        Of goods also what they are sold in, without their name, which says nothing of how that looks.
        """
        extended = self._contrast.extend(features)
        said = np.array([*weighted.values()], np.float32) @ extended
        ways = [said[None]]
        if kinds := self._names.kinds(phrase.head) if phrase.head in weighted else ():
            head = extended[list(weighted).index(phrase.head)]
            instead = self._contrast.extend(self._encoder.encode_texts(kinds)) - head
            ways.append(said + np.float32(weighted[phrase.head]) * instead)
        if containers := _sold_in(phrase):
            ways.append(self._contrast.extend(self._encoder.encode_texts(containers)))
        return np.concatenate(ways)

    def _weighted_texts(self, phrase: ObjectPhrase, expression: str = "") -> dict[str, float]:
        if not phrase.head:
            return {}
        weights: dict[str, float] = {}
        for text, weight in (
            (expression, self._rule.expression_weight),
            (phrase.phrase, self._rule.phrase_weight),
            (phrase.head, self._rule.head_weight),
        ):
            if text and weight:
                weights[text] = weights.get(text, 0.0) + weight
        total = sum(weights.values())
        return {text: weight / total for text, weight in weights.items()}


def _sold_in(phrase: ObjectPhrase) -> tuple[str, ...]:
    """Containers that "the mustard" may mean; none of the "mustard bottle", which names its own."""
    goods = goods_asked_for(phrase)
    return goods.containers if goods and is_content(phrase, goods) else ()


def noun_of(phrase: ObjectPhrase) -> str:
    """The phrase up to its head noun, "tin can" or the "box" of "box of sugar"; the head alone if it is inflected."""
    words = phrase.phrase.split()
    return " ".join(words[: words.index(phrase.head) + 1]) if phrase.head in words else phrase.head


def named_things(query: Query) -> list[ObjectPhrase]:
    """Every thing but the target that the query names: anchors, nested anchors and exclusions."""
    things: list[ObjectPhrase] = list(query.excluded)
    pending = list(query.relations)
    while pending:
        relation = pending.pop()
        things += relation.anchors
        pending += [nested for anchor in relation.anchors for nested in anchor.relations]
    return things
