# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Visual-text score, P-score and N-score of every proposal against one phrase (TAS, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tas_ros.arrays import FloatArray, IndexArray
from tas_ros.matching.kinds_of_things import KindsOfThings


@dataclass(frozen=True)
class ScoreRule:
    """Weights of the score's terms. All terms are in the units of ContrastVocabulary (standard deviations)."""

    visual_weight: float = 1.0
    """Region against the text; 0 leaves the captions alone to decide."""
    expression_weight: float = 0.2
    """Share of the whole expression's text feature in the text ensemble; the rest is shared as below."""
    phrase_weight: float = 0.3
    head_weight: float = 0.5
    positive_weight: float = 0.1
    """P-score: caption of the region against the text."""
    negative_weight: float = 0.7
    """N-score: log-sum-exp over {target} and the mined negatives, which does not dilute as a mean does."""
    likeness_temperature: float = 20.0
    """Standard deviations behind the frame's best at which a candidate's likeness falls to 1/e (TAS's softmax)."""
    near_synonym_deviations: float = 3.8
    """Standard deviations by which a mined phrase must be nearer to the target than everyday words are to mean the
    target itself; it is no negative then. With MiniLM mug and cup are 4.8 apart from the mean, mug and glass 2.8."""
    colour_weight: float = 1.0
    colour_by_chance: float = 0.35
    """How well some thing or other that is not meant fits a colour that is said: one that fits better was hardly hit
    upon by chance. 1 takes nothing from that."""
    usual_colour: float = 0.7
    """What a thing loses that shows none of the colours which the goods asked for are usually sold in: most mustard
    comes in yellow, not all."""


@dataclass(frozen=True)
class KindScores:
    """The three terms and their sum, each (N,) float32 in standard deviations of the contrast vocabulary."""

    visual_text: FloatArray
    positive: FloatArray
    negative: FloatArray
    total: FloatArray


def score_kind(
    texts: FloatArray, regions: FloatArray, captions: FloatArray | None, negatives: FloatArray, rule: ScoreRule
) -> KindScores:
    """S = w_img * S_img + w_P * P - w_N * N for each of N regions.

    texts: (T, D + 1), or (D + 1,) of one, weighted means of the extended features of what is asked for: the word said
    and the kinds that it names, of which each region is judged by the one that fits it best; regions, captions:
    (N, D + 1) calibrated rows, captions None when P is not wanted; negatives: (M, D + 1) extended features of mined
    phrases, M may be 0 (then N = 0). See ContrastVocabulary.
    """
    texts = np.atleast_2d(texts)
    visual = (regions @ texts.T).max(axis=1)
    positive = np.zeros_like(visual) if captions is None else (captions @ texts.T).max(axis=1)
    negative = np.zeros_like(visual)
    if len(negatives):
        rivals = negatives @ regions.T
        negative = np.asarray(np.logaddexp.reduce(np.concatenate([visual[None], rivals]), axis=0) - visual, np.float32)
    total = rule.visual_weight * visual + rule.positive_weight * positive - rule.negative_weight * negative
    return KindScores(visual, positive, negative, np.asarray(total, np.float32))


def strengthened(probability: FloatArray, evidence: FloatArray) -> FloatArray:
    """(N,) with odds as many times higher as `evidence` (N,), a likelihood ratio, says; never lower."""
    odds = probability * np.maximum(evidence, 1.0)
    return np.asarray(odds / (odds + 1.0 - probability), np.float32)


def keep_negatives(
    mined: Sequence[str], nearness: FloatArray, targets: Sequence[str], rule: ScoreRule, names: KindsOfThings
) -> IndexArray:
    """Indices of the M mined phrases that do not mean the target (docs/method.md weakness 7).

    Not those whose noun may be said of the same thing by `names`, nor those near in meaning as the encoder has it.
    mined, targets: noun phrases, or head nouns alone, the targets' each naming the target; nearness: (M, T) calibrated
    cosines of the phrases with the target's own T phrases.
    """
    if not mined or not rule.negative_weight:
        return np.zeros(0, np.int64)
    synonym = nearness.max(axis=1) >= rule.near_synonym_deviations
    related = [any(names.related(each, target) for target in targets) for each in mined]
    return np.flatnonzero(~synonym & ~np.array(related))
