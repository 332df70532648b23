"""Objectness: how far each proposal stands as one whole thing, from the image alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tas_ros.arrays import FloatArray
from tas_ros.vision.proposals import Proposals


@dataclass(frozen=True)
class ObjectnessRule:
    """How much a mask's standing weighs against what it looks like."""

    quality_exponent: float = 1.0
    """Power of the proposer's own quality."""
    part_penalty: float = 0.6
    """What a mask loses that lies within another of at least its quality: a handle is seldom what "the mug" means."""


def objectness(proposals: Proposals, rule: ObjectnessRule) -> FloatArray:
    """(N,) in (0, 1], 1 for the best of the frame. A part keeps a chance: the kind of thing asked for may be a part."""
    if not len(proposals):
        return np.zeros(0, np.float32)
    standing = (proposals.quality / proposals.quality.max()) ** rule.quality_exponent
    return np.asarray(standing * wholeness(proposals, rule), np.float32)


def wholeness(proposals: Proposals, rule: ObjectnessRule) -> FloatArray:
    """(N,) in (0, 1]: 1 unless the mask is a part of a larger one. Unlike objectness comparable between frames."""
    if not len(proposals):
        return np.zeros(0, np.float32)
    return np.asarray(1.0 - rule.part_penalty * parthood(proposals), np.float32)


def parthood(proposals: Proposals) -> FloatArray:
    """(N,) in [0, 1]: how surely each mask is a part of a clearly larger mask of better quality."""
    larger = proposals.areas[None, :] > 1.25 * proposals.areas[:, None]
    inside = np.clip((proposals.containment - 0.7) / 0.2, 0.0, 1.0) * larger
    quality = proposals.quality
    better = quality[None, :] / (quality[None, :] + quality[:, None])
    return np.asarray((inside * np.clip(2.0 * better - 0.5, 0.0, 1.0)).max(axis=1), np.float32)
