"""From scores to an answer: found, nothing matches, or ambiguous."""

from __future__ import annotations

from dataclasses import dataclass

from tas_ros.arrays import FloatArray, IndexArray


@dataclass(frozen=True)
class DecisionRule:
    """Thresholds on the score, which is comparable between frames."""

    found_threshold: float = 0.45
    """Below it nothing matches."""
    ambiguity_ratio: float = 0.8
    """A rival that looks like the thing at least this share as much as the best one, and stands elsewhere, makes the
    command ambiguous, unless the words about its place single one out; 1.01 switches this off."""
    singled_out: float = 0.9
    """A rival with less than this share of the best one's spatial evidence is not the one that the words point at."""
    max_candidates: int = 10
    """How many ranked candidates an answer lists."""


def rivals_of_best(
    order: IndexArray, likeness: FloatArray, placed: FloatArray, overlap: FloatArray, rule: DecisionRule
) -> list[int]:
    """Indices of proposals that fit about as well as the best one and are not it, its part or its whole.

    order: (N,) indices, best first; likeness: (N,) how much each looks like the thing; placed: (N,) spatial evidence;
    overlap: (N, N) intersection over smaller area.
    """
    best = int(order[0])
    alike = likeness >= rule.ambiguity_ratio * likeness[best]
    as_placed = placed >= rule.singled_out * placed[best]
    return [int(i) for i in order[1:] if alike[i] and as_placed[i] and overlap[best, i] < 0.5]
