# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The published algorithm on plain arrays: filter, scores and selection, without any model.

For checking `paper` and `released` against a reading of one's own:

    from tas_ros.plain_arrays import filter_masks, select_mask

    kept = filter_masks(masks, "released")                       # masks: (N, H, W) bool
    best = select_mask(masks[kept], image_text, caption_text, negatives, "mug on the left", "released")
    answer = masks[kept][best]

Logits are 100 * cosine of unit features: image_text[i] of mask i's picture and the expression, caption_text[i] of mask
i's caption and the expression, negatives[i, j] of mask i's picture and the j-th negative phrase. Negative phrases are
given here, so near-synonyms of the target must be gone already (published/near_synonyms.py).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tas_ros.arrays import FloatArray, IndexArray, MaskArray
from tas_ros.choices import registry
from tas_ros.choices.presets import Preset, get_preset
from tas_ros.errors import InvalidImageError, UnknownBackendError
from tas_ros.language.protocols import PhraseParser
from tas_ros.language.query import Query
from tas_ros.published.quadrant_choice import quadrants_of
from tas_ros.published.quadrants import QuadrantRule, best_in_quadrants, mask_centres, quadrant_members
from tas_ros.published.scores import PublishedScoreRule, published_scores
from tas_ros.vision.overlap_filtering import OverlapFilterRule, keep_larger_of_overlapping
from tas_ros.vision.proposals import Proposals

PUBLISHED = "paper, released"


def filter_masks(masks: ArrayLike, preset: str | Preset = "released") -> IndexArray:
    """Indices of the masks that stay.

    masks: (N, H, W) bool or 0/1, N may be 0. Under `paper` and `released` the indices ascend; where every mask is below
    the area floor it is relaxed (keep_larger_of_overlapping). Under `default` they are ranked best first, here with all
    masks of one quality, and none may be empty.

    Raises InvalidImageError for another shape, UnknownBackendError for an unknown preset.
    """
    stack, rule = _masks(masks), _preset(preset).vision.filter
    if isinstance(rule, OverlapFilterRule):
        return keep_larger_of_overlapping(stack, rule)
    return rule.keep(Proposals(stack, np.ones(len(stack), np.float32))) if len(stack) else np.zeros(0, np.int64)


def score_weights(
    image_text: ArrayLike,
    caption_text: ArrayLike,
    negatives: ArrayLike | None = None,
    preset: str | Preset = "released",
) -> FloatArray:
    """(N,) float32 weights in (0, 1), sum 1: S = S_img + 0.1 P - 0.7 N, min-max, softmax.

    image_text, caption_text: (N,) logits; negatives: (N, M) logits, None or M = 0 for no negative phrase (N-score 0).
    All weights are 1 / N where all sums are equal. N = 0 gives no weights.

    Raises InvalidImageError when lengths differ or a logit is not finite, UnknownBackendError for a preset that does
    not score so (`default` calibrates its terms against an encoder).
    """
    rule = _preset(preset).score
    if not isinstance(rule, PublishedScoreRule):
        raise UnknownBackendError(f"preset {preset!r} has no score on plain logits; those with one: {PUBLISHED}")
    image, caption = np.asarray(image_text, np.float32), np.asarray(caption_text, np.float32)
    rivals = np.zeros((len(image), 0), np.float32) if negatives is None else np.asarray(negatives, np.float32)
    if image.ndim != 1 or caption.shape != image.shape or rivals.ndim != 2 or len(rivals) != len(image):
        raise InvalidImageError(
            f"logits of shapes {image.shape}, {caption.shape} and {rivals.shape} do not belong to the same masks; give "
            "(N,), (N,) and (N, M)"
        )
    if not all(np.isfinite(each).all() for each in (image, caption, rivals)):
        raise InvalidImageError("a logit is NaN or infinite; give 100 * cosine")
    if not len(image):
        return image
    return published_scores(image, caption, rivals, rule).weights


def select_mask(
    masks: ArrayLike,
    image_text: ArrayLike,
    caption_text: ArrayLike,
    negatives: ArrayLike | None,
    sentence: str | Query,
    preset: str | Preset = "released",
    parser: PhraseParser | None = None,
) -> int:
    """Index of the chosen mask among the N given ones, which are taken as already filtered.

    masks: (N, H, W) bool or 0/1, N > 0, none empty; the logits as in score_weights. sentence: the expression, or its
    Query; a QuadrantQuery brings quadrants of its own. parser: reads the sentence; None loads the preset's (`released`)
    or the small spaCy one once for the process.

    Raises InvalidImageError and UnknownBackendError as above, InvalidCommandError for a sentence that is none.
    """
    rules, stack = _preset(preset), _masks(masks)
    weights = score_weights(image_text, caption_text, negatives, rules)
    if not len(stack) or len(weights) != len(stack):
        raise InvalidImageError(
            f"{len(stack)} masks with {len(weights)} logits; give at least one mask, and as many logits"
        )
    unrectified = int(np.argmax(weights))
    if not isinstance(rules.rectifier, QuadrantRule):
        return unrectified
    if isinstance(sentence, str):
        sentence = (parser or _reader(rules.parser or "spacy")).parse(sentence)
    chosen = best_in_quadrants(weights, quadrant_members(mask_centres(stack)), quadrants_of(sentence))
    return unrectified if chosen is None else chosen


@lru_cache(maxsize=2)
def _reader(name: str) -> Any:
    return registry.create("parser", name)


def _preset(preset: str | Preset) -> Preset:
    return get_preset(preset) if isinstance(preset, str) else preset


def _masks(masks: ArrayLike) -> MaskArray:
    stack = np.asarray(masks)
    if stack.ndim != 3:
        raise InvalidImageError(f"masks of shape {stack.shape}; give (N, H, W)")
    return stack.astype(bool, copy=False)
