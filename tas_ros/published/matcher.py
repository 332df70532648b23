# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""PublishedMatcher: Matcher's counterpart under the published scores."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from tas_ros.arrays import FloatArray
from tas_ros.language.protocols import PhraseParser
from tas_ros.language.query import ObjectPhrase, Query
from tas_ros.matching.matcher import Appearance
from tas_ros.published.near_synonyms import NearSynonyms
from tas_ros.published.scores import LOGIT_SCALE, PublishedScoreRule, published_scores
from tas_ros.vision.protocols import ImageTextEncoder
from tas_ros.vision.scene import Scene


@dataclass(frozen=True, eq=False)
class _PreparedScene:
    """What matching needs of a frame and no text changes."""

    regions: FloatArray
    """(N, D) features, mean over the views."""
    captions: FloatArray | None
    """(N, D) features of the regions' captions; None when P is not wanted."""
    chunk_nouns: tuple[str, ...]
    """First nouns of the M noun chunks of the image's caption."""
    negatives: FloatArray
    """(N, M) logits of the regions against those chunks."""


class PublishedMatcher:
    """Scores every mask against the whole expression. Not thread-safe; one worker owns it.

    Raises ModelError when the rule's near-synonyms need a WordNet that is not there; without an N-score they do not.
    """

    def __init__(self, encoder: ImageTextEncoder, parser: PhraseParser, rule: PublishedScoreRule) -> None:
        self._encoder = encoder
        self._parser = parser
        self._rule = rule
        self._synonyms = NearSynonyms(rule.near_synonyms, parser) if rule.negative_weight else None
        self._scenes: WeakKeyDictionary[Scene, _PreparedScene] = WeakKeyDictionary()

    def prepare(self, query: Query) -> None:
        """Encode the expression; the encoder then knows it."""
        self._encoder.encode_texts([query.expression])

    def match(self, scene: Scene, phrase: ObjectPhrase, expression: str = "") -> Appearance:
        """Weights of every proposal for `expression`, or for the phrase where none is given; `phrase` names the target
        whose near-synonyms are no negatives.
        """
        text = self._encoder.encode_texts([expression or phrase.phrase])[0]
        prepared = self._prepared(scene)
        visual = LOGIT_SCALE * (prepared.regions @ text)
        positive = np.zeros_like(visual) if prepared.captions is None else LOGIT_SCALE * (prepared.captions @ text)
        negatives = prepared.negatives[:, self._rivals(prepared.chunk_nouns, phrase.phrase)]
        scores = published_scores(visual, positive, negatives, self._rule)
        shares = {"visual_text": scores.visual_text, "positive": scores.positive, "negative": scores.negative}
        return Appearance(scores.weights, scores.weights, {**shares, "weight": scores.weights})

    def _rivals(self, chunk_nouns: tuple[str, ...], target: str) -> list[int]:
        if self._synonyms is None:
            return []
        noun = self._synonyms.first_noun(target)
        return [i for i, other in enumerate(chunk_nouns) if not self._synonyms.agree(other, noun)]

    def _prepared(self, scene: Scene) -> _PreparedScene:
        if scene not in self._scenes:
            regions = scene.region_features.mean(axis=0)
            captions = scene.caption_features if self._rule.positive_weight else None
            chunks: tuple[str, ...] = ()
            nouns: tuple[str, ...] = ()
            if self._synonyms is not None:
                chunks = self._parser.noun_chunks(scene.image_caption)
                nouns = tuple(self._synonyms.first_noun(chunk) for chunk in chunks)
            features = self._encoder.encode_texts([self._rule.negative_template.format(chunk) for chunk in chunks])
            negatives = LOGIT_SCALE * (regions @ features.T)
            self._scenes[scene] = _PreparedScene(regions, captions, nouns, negatives)
        return self._scenes[scene]
