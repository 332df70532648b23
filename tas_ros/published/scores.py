# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Scores as published: cosines added as they are, compared over the masks of one image (TAS, section 3.2)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tas_ros.arrays import FloatArray
from tas_ros.published.near_synonyms import NearSynonymRule

LOGIT_SCALE = 100.0
"""What a cosine is multiplied by: CLIP's own learnt scale, to which its training was clipped."""


@dataclass(frozen=True)
class PublishedScoreRule:
    """Presets `paper` and `released`: S = S_img + 0.1 P - 0.7 N, then min-max and softmax over the masks."""

    visual_weight: float = 1.0
    """S_img: region against the whole expression; 0 leaves the captions alone to decide."""
    positive_weight: float = 0.1
    """P-score: caption of the region against the whole expression."""
    negative_weight: float = 0.7
    """N-score: region against the noun chunks of the image's caption, mean over the chunks."""
    negative_template: str = "a photo of {}"
    """What becomes of a chunk, article and all: "a photo of a dog"."""
    near_synonyms: NearSynonymRule = field(default_factory=NearSynonymRule)
    """Which chunks mean the target itself and are no negatives."""


@dataclass(frozen=True)
class PublishedScores:
    """Terms of N masks, each (N,) float32 in units of 100 * cosine, and the weights that are compared."""

    visual_text: FloatArray
    positive: FloatArray
    negative: FloatArray
    weights: FloatArray
    """(N,) in (0, 1), sum 1."""


def published_scores(
    image_text: FloatArray, caption_text: FloatArray, negatives: FloatArray, rule: PublishedScoreRule
) -> PublishedScores:
    """Combine logits (100 * cosine) in float32, in the released code's order of operations.

    image_text, caption_text: (N,), N > 0; negatives: (N, M). Where the released code gives NaN: with M = 0 the N-score
    is 0, and when all sums are equal (or N is 1) all weights are.
    """
    image_text, caption_text = np.asarray(image_text, np.float32), np.asarray(caption_text, np.float32)
    negative = np.asarray(negatives, np.float32)
    negative = negative.mean(axis=1) if negative.shape[1] else np.zeros_like(image_text)
    total = (
        np.float32(rule.visual_weight) * image_text
        + np.float32(rule.positive_weight) * caption_text
        - np.float32(rule.negative_weight) * negative
    )
    return PublishedScores(image_text, caption_text, negative, _compared(total))


def _compared(total: FloatArray) -> FloatArray:
    """Min-max, then softmax."""
    spread = total.max() - total.min()
    unit = (total - total.min()) / spread if spread > 0 else np.zeros_like(total)
    powers = np.exp(unit - unit.max())
    return np.asarray(powers / powers.sum(), np.float32)
