"""Visual-text score, P-score and N-score of every proposal against one phrase (TAS, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tas_ros.arrays import FloatArray, IndexArray
from tas_ros.matching.calibration import ContrastVocabulary


@dataclass(frozen=True)
class ScoreRule:
    """Weights of the score's terms. All terms are in the units of ContrastVocabulary (standard deviations)."""

    expression_weight: float = 0.2
    """Share of the whole expression's text feature in the text ensemble; the rest is shared as below."""
    phrase_weight: float = 0.3
    head_weight: float = 0.5
    positive_weight: float = 0.25
    """P-score: caption of the region against the text."""
    negative_weight: float = 0.35
    """N-score: log-sum-exp over {target} and the mined negatives, which does not dilute as a mean does."""
    near_synonym_similarity: float = 0.6
    """Cosine above which a mined phrase means the target itself and is no negative."""
    colour_weight: float = 1.0
    quality_weight: float = 0.15
    """Exponent of the proposal's own quality in the ranking."""


@dataclass(frozen=True)
class PhraseFeatures:
    """Text features of one thing that is asked for."""

    ensemble: tuple[tuple[float, FloatArray], ...]
    """(weight, (D,) feature) pairs whose weights sum to 1; empty when the phrase names no kind of thing."""

    @property
    def names_a_kind(self) -> bool:
        """False for "the left one": every region is then as good as any other in kind."""
        return bool(self.ensemble)


@dataclass(frozen=True)
class KindScores:
    """The three terms and their sum, each (N,) float32 in standard deviations of the contrast vocabulary."""

    visual_text: FloatArray
    positive: FloatArray
    negative: FloatArray
    total: FloatArray


def score_kind(
    phrase: PhraseFeatures,
    region_features: FloatArray,
    caption_features: FloatArray | None,
    negatives: FloatArray,
    contrast: ContrastVocabulary,
    rule: ScoreRule,
) -> KindScores:
    """S = S_img + w_P * P - w_N * N for each of N regions.

    region_features: (V, N, D) L2-normalised views; caption_features: (N, D) or None when P is not wanted;
    negatives: (M, D) text features of mined negative phrases, M may be 0 (then N = 0).
    """
    count = region_features.shape[1]
    zero = np.zeros(count, np.float32)
    if not phrase.names_a_kind:
        return KindScores(zero, zero, zero, zero)
    visual = zero.copy()
    positive = zero.copy()
    for weight, text in phrase.ensemble:
        visual += weight * contrast.standardise_views(region_features, text)
        if caption_features is not None and rule.positive_weight:
            positive += weight * contrast.standardise(caption_features, text)
    negative = zero
    if len(negatives) and rule.negative_weight:
        rivals = np.stack([contrast.standardise_views(region_features, text) for text in negatives])
        negative = np.logaddexp.reduce(np.concatenate([visual[None], rivals]), axis=0).astype(np.float32) - visual
    total = visual + rule.positive_weight * positive - rule.negative_weight * negative
    return KindScores(visual, positive, negative, total)


def keep_negatives(
    phrases: Sequence[str], features: FloatArray, target_features: Sequence[FloatArray], rule: ScoreRule
) -> IndexArray:
    """Indices of mined phrases that do not mean the target (method.md weakness 7: head noun and similarity).

    features: (M, D) of `phrases`; target_features: the (D,) features of the target's own phrases.
    """
    if not phrases or not target_features:
        return np.zeros(0, np.int64)
    closeness = features @ np.stack(target_features).T
    return np.flatnonzero(closeness.max(axis=1) < rule.near_synonym_similarity)
