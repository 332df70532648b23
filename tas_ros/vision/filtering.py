"""Which raw proposals are worth scoring: presets differ in this rule, so it is data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tas_ros.vision.proposals import Proposals


@dataclass(frozen=True)
class FilterRule:
    """Preset `default` (method.md section 2, weakness 10): a floor relative to the image, near-duplicates removed,
    nested masks kept so that the score decides between a part and its whole.
    """

    min_area_share: float = 0.0008
    """Masks below this share of the image are dropped."""
    max_area_share: float = 0.85
    """Masks above this share are background."""
    duplicate_iou: float = 0.85
    """Of two masks above this IoU the one of lower quality is dropped."""
    max_count: int = 60
    """The best by quality are kept."""


def filter_proposals(proposals: Proposals, rule: FilterRule) -> Proposals:
    """Apply `rule`; if nothing survives the area limits they are dropped, so that a frame with proposals keeps some."""
    if not len(proposals):
        return proposals
    pixels = proposals.masks[0].size
    share = proposals.areas / pixels
    candidates = np.flatnonzero((share >= rule.min_area_share) & (share <= rule.max_area_share))
    if not candidates.size:
        candidates = np.arange(len(proposals))
    ranked = proposals.select(candidates[np.argsort(-proposals.quality[candidates], kind="stable")])
    keep: list[int] = []
    for i in range(len(ranked)):
        if len(keep) == rule.max_count:
            break
        if not keep or ranked.iou[i, keep].max() <= rule.duplicate_iou:
            keep.append(i)
    return ranked.select(np.array(keep))
