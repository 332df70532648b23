"""Matcher: how well every proposal of a Scene looks like what a Query names."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tas_ros.arrays import FloatArray
from tas_ros.language.protocols import PhraseParser
from tas_ros.language.query import ObjectPhrase, Query
from tas_ros.matching.calibration import EVERYDAY_NOUNS, ContrastVocabulary, KindCalibration
from tas_ros.matching.colour import match_colours
from tas_ros.matching.scores import PhraseFeatures, ScoreRule, keep_negatives, score_kind
from tas_ros.vision.protocols import ImageTextEncoder
from tas_ros.vision.scene import Scene

TEXT_CACHE_SIZE = 512


@dataclass(frozen=True, eq=False)
class Appearance:
    """Probability (N,) that each proposal is the named thing by kind and colour, with each term's part."""

    probability: FloatArray
    shares: Mapping[str, FloatArray]


class Matcher:
    """Holds the text side: contrast vocabulary, cached text features, mined negatives per caption.

    Not thread-safe; one worker owns it.
    """

    def __init__(
        self, encoder: ImageTextEncoder, parser: PhraseParser, rule: ScoreRule, calibration: KindCalibration
    ) -> None:
        self._encoder = encoder
        self._parser = parser
        self._rule = rule
        self._calibration = calibration
        self._texts: OrderedDict[str, FloatArray] = OrderedDict()
        self._contrast = ContrastVocabulary(encoder.encode_texts(EVERYDAY_NOUNS))

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """(T, D) features; texts seen lately are not encoded again, new ones go in one batch."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._texts]
        if missing:
            self._texts.update(zip(missing, self._encoder.encode_texts(missing), strict=True))
        for text in texts:
            self._texts.move_to_end(text)
        features = np.stack([self._texts[text] for text in texts]) if texts else self._contrast.features[:0]
        while len(self._texts) > TEXT_CACHE_SIZE:
            self._texts.popitem(last=False)
        return features

    def prepare(self, query: Query) -> None:
        """Encode every phrase of the query in one batch; `match` then finds them cached."""
        texts = list(self._weighted_texts(query.target, query.expression))
        for phrase in named_things(query):
            texts += list(self._weighted_texts(phrase))
        self.encode(texts)

    def match(self, scene: Scene, phrase: ObjectPhrase, expression: str = "") -> Appearance:
        """Judge every proposal against `phrase`; `expression` adds the whole sentence to the text ensemble."""
        weighted = self._weighted_texts(phrase, expression)
        features = self.encode(list(weighted))
        text = PhraseFeatures(tuple(zip(weighted.values(), features, strict=True)))
        shares: dict[str, FloatArray] = {}
        probability = np.ones(len(scene.proposals), np.float32)
        if text.names_a_kind:
            wants_captions = self._rule.positive_weight != 0
            kind = score_kind(
                text,
                scene.region_features,
                scene.caption_features if wants_captions else None,
                self._negatives(scene, phrase, features),
                self._contrast,
                self._rule,
            )
            probability = self._calibration.probability(kind.total)
            shares = {
                "visual_text": kind.visual_text,
                "positive": kind.positive,
                "negative": kind.negative,
                "kind": probability,
            }
        if phrase.colours:
            colour = match_colours(scene.colours, scene.models.colour_namer.terms, phrase.colours)
            if colour is not None:
                shares["colour"] = colour
                probability = probability * colour**self._rule.colour_weight
        return Appearance(probability, shares)

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

    def _negatives(self, scene: Scene, phrase: ObjectPhrase, target: FloatArray) -> FloatArray:
        nothing = self._contrast.features[:0]
        if not self._rule.negative_weight:
            return nothing
        mined = {p.phrase for p in self._parser.noun_phrases(scene.image_caption) if p.head and p.head != phrase.head}
        phrases = sorted(mined)
        features = self.encode(phrases)
        return features[keep_negatives(phrases, features, list(target), self._rule)] if phrases else nothing


def named_things(query: Query) -> list[ObjectPhrase]:
    """Every thing but the target that the query names: anchors, nested anchors and exclusions."""
    things: list[ObjectPhrase] = list(query.excluded)
    pending = list(query.relations)
    while pending:
        relation = pending.pop()
        things += relation.anchors
        pending += [nested for anchor in relation.anchors for nested in anchor.relations]
    return things
