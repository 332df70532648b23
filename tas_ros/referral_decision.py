"""From scores to an answer: found, nothing matches, or ambiguous."""

from __future__ import annotations

from dataclasses import dataclass

from tas_ros.arrays import FloatArray, IndexArray


@dataclass(frozen=True)
class DecisionRule:
    """Thresholds on the score, which is comparable between frames."""

    found_threshold: float = 0.45
    """Below it nothing matches."""
    ambiguity_ratio: float = 0.9
    """A rival at or above this share of the best score, standing elsewhere, makes the command ambiguous; 1.01 switches
    this off."""
    max_candidates: int = 10
    """How many ranked candidates an answer lists."""


def rivals_of_best(order: IndexArray, fit: FloatArray, overlap: FloatArray, rule: DecisionRule) -> list[int]:
    """Indices of proposals that fit about as well as the best one and are not it, its part or its whole.

    order: (N,) indices, best first; fit: (N,) what ranks them; overlap: (N, N) intersection over smaller area.
    """
    best = int(order[0])
    return [int(i) for i in order[1:] if fit[i] >= rule.ambiguity_ratio * fit[best] and overlap[best, i] < 0.5]
