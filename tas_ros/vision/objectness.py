# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Objectness: how far each proposal stands as one whole thing."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.special import expit

from tas_ros.arrays import FloatArray, MaskArray
from tas_ros.vision.proposals import Proposals


@dataclass(frozen=True)
class ObjectnessRule:
    """How much a mask's standing weighs against what it looks like."""

    quality_exponent: float = 1.0
    """Power of the proposer's own quality."""
    part_penalty: float = 0.6
    """What a mask loses that lies within another of at least its quality: a handle is seldom what "the mug" means."""
    whole_likeness: float = 1.0
    """Power of the whole's likeness over the part's, up to 1, with which it loses that: a bowl with a duck in it looks
    like no duck, so the duck is one of its own."""


@dataclass(frozen=True)
class OutlineWeights:
    """Of a logistic model of a mask being a whole thing, whatever it is."""

    bias: float
    border: float
    """For the share of the outline that lies on the image's border: background is cut off there."""
    roundness: float
    """For 4 pi area / outline^2: the table between things is ragged."""
    log_quality: float
    """For the logarithm of the proposer's quality + .02."""


@dataclass(frozen=True)
class ThingRule:
    """How much a mask looks like a thing of any kind: what "the leftmost one" must go by."""

    alone: OutlineWeights = OutlineWeights(bias=-1.58, border=-7.89, roundness=3.95, log_quality=2.35)
    """Where only the outline is known. Fitted by training/fit_objectness.py on the embedded proposer's masks of the
    tabletop benchmark's tuning pictures, with and without depth: area under the curve .95 and .89, where the proposer's
    quality alone has .85 and .86. On 17 real photos, which it was not fitted on, .75 against .68."""
    seen: OutlineWeights = OutlineWeights(bias=-3.13, border=-0.70, roundness=1.72, log_quality=1.28)
    """Beside what a ThingJudge sees; printed by training/train_thing_head.py."""
    exponent: float = 0.5
    """Power of the probability: the model is surer than it should be of what it has not seen."""
    sound: float = 0.3
    """Soundness from which a mask is believed to be one whole thing as far as an answer needs."""
    doubt: float = 0.2
    """Power with which an answer loses score for less. 0 believes every mask."""


def outline_features(proposals: Proposals) -> FloatArray:
    """(N, 3) border share, roundness and log quality of each mask, as ThingRule weighs them."""
    rows = [_outline(mask) for mask in proposals.masks]
    return np.column_stack([np.array(rows).reshape(-1, 2), np.log(proposals.quality + 0.02)]).astype(np.float32)


def thing_probability(proposals: Proposals, rule: ThingRule, seen: FloatArray | None = None) -> FloatArray:
    """(N,) in (0, 1): how likely each mask is a whole thing of any kind.

    seen: (N,) what a ThingJudge says of them.
    """
    if not len(proposals):
        return np.zeros(0, np.float32)
    weights = rule.alone if seen is None else rule.seen
    slopes = np.array([weights.border, weights.roundness, weights.log_quality], np.float32)
    logits = outline_features(proposals) @ slopes + weights.bias
    return np.asarray(expit(logits if seen is None else logits + seen), np.float32)


def thing_likeness(probability: FloatArray, rule: ThingRule) -> FloatArray:
    """(N,) in (0, 1], 1 for the best of the frame: how much each mask looks like a thing, from thing_probability."""
    if not len(probability):
        return probability
    return np.asarray((probability / probability.max()) ** rule.exponent, np.float32)


def soundness(probability: FloatArray, quality: FloatArray, rule: ThingRule) -> FloatArray:
    """(N,) in (0, 1]: what the score of each mask keeps, that may be a part, a group or background.

    probability: (N,) thing_probability; quality: (N,) the proposer's own. On real pictures the two together told right
    answers from wrong ones better than either.
    """
    return np.asarray(np.minimum(probability * quality / rule.sound, 1.0) ** rule.doubt, np.float32)


def _outline(mask: MaskArray) -> tuple[float, float]:
    """Share of an (H, W) mask's outline on the image's border, and its roundness."""
    outlines, _ = cv2.findContours(mask.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    length = max(sum(len(each) for each in outlines), 1)
    on_border = sum(np.count_nonzero(side) for side in (mask[0], mask[-1], mask[:, 0], mask[:, -1]))
    return on_border / length, 4 * np.pi * np.count_nonzero(mask) / length**2


def standing(proposals: Proposals, rule: ObjectnessRule) -> FloatArray:
    """(N,) in (0, 1], 1 for the best of the frame, from the proposer's quality alone."""
    if not len(proposals):
        return np.zeros(0, np.float32)
    return np.asarray((proposals.quality / proposals.quality.max()) ** rule.quality_exponent, np.float32)


def parthood(proposals: Proposals) -> FloatArray:
    """(N, N) in [0, 1]: how surely mask i is a part of mask j, clearly larger and of better quality."""
    larger = proposals.areas[None, :] > 1.25 * proposals.areas[:, None]
    inside = np.clip((proposals.containment - 0.7) / 0.2, 0.0, 1.0) * larger
    quality = proposals.quality
    better = quality[None, :] / (quality[None, :] + quality[:, None])
    return np.asarray(inside * np.clip(2.0 * better - 0.5, 0.0, 1.0), np.float32)


def wholeness(parthood: FloatArray, likeness: FloatArray, rule: ObjectnessRule) -> FloatArray:
    """(N,) in (0, 1]: 1 unless a mask is a part of a larger one that looks like the thing asked for, too.

    A part keeps a chance: the kind of thing asked for may be a part. parthood: (N, N); likeness: (N,) above 0.
    """
    if not len(likeness):
        return np.zeros(0, np.float32)
    as_alike = np.minimum(likeness[None, :] / likeness[:, None], 1.0) ** rule.whole_likeness
    return np.asarray(1.0 - rule.part_penalty * (parthood * as_alike).max(axis=1), np.float32)
