# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Which raw proposals are worth scoring: presets differ in this rule, so it is data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tas_ros.arrays import IndexArray
from tas_ros.vision.overlap_filtering import OverlapFilterRule
from tas_ros.vision.proposals import Proposals


@dataclass(frozen=True)
class FilterRule:
    """Preset `default` (docs/method.md section 2, weakness 10): a floor relative to the image, near-duplicates removed,
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

    def keep(self, proposals: Proposals) -> IndexArray:
        """Indices of the proposals that stay, best first. Where none is within the area limits these are dropped."""
        share = proposals.areas / proposals.masks[0].size
        candidates = np.flatnonzero((share >= self.min_area_share) & (share <= self.max_area_share))
        if not candidates.size:
            candidates = np.arange(len(proposals))
        order = candidates[np.argsort(-proposals.quality[candidates], kind="stable")]
        ranked = proposals.select(order)
        keep: list[int] = []
        for i in range(len(ranked)):
            if len(keep) == self.max_count:
                break
            if not keep or ranked.iou[i, keep].max() <= self.duplicate_iou:
                keep.append(i)
        return order[np.array(keep)]


AnyFilterRule = FilterRule | OverlapFilterRule


def filter_proposals(proposals: Proposals, rule: AnyFilterRule) -> Proposals:
    """Apply `rule`; a frame with proposals keeps some."""
    return proposals.select(rule.keep(proposals)) if len(proposals) else proposals
