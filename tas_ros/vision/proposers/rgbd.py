# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Mask proposals for any frame: from depth and colour where depth is good, from colour where it is not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tas_ros.arrays import FloatArray
from tas_ros.cancellation import check_cancelled
from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.proposers.depth import DepthProposer
from tas_ros.vision.proposers.depth_network import DepthNetworkProposer, distinct
from tas_ros.vision.proposers.hed import HedProposer
from tas_ros.vision.proposers.touching import chroma

INNER_QUALITY = 0.8
"""Of a colour proposal within a solid thing whose colour clearly differs from the rest of that thing."""


class RgbdProposer:
    """Proposals of the depth network, of planes and clusters, and of colour, all judged by the network's votes.

    min_known_share: share of the pixels with depth below which depth is too sparse to part things.
    colour_beside_depth: colour proposals also offered with good depth (flat things on the table); 0 spares their time.
    colour_quality: factor on the quality of those.
    judged_share: how far the network's judgement counts for what it did not propose itself, 0 to 1; the rest is its
        proposer's own quality.
    max_count: proposals at most with good depth, the best by quality.
    duplicate_iou: of two proposals above this IoU the one of lower quality is dropped.
    use_planes: also offer planes' and clusters' proposals beside the network's.
    use_network: False leaves the network out: planes first, fewer and less trusted colour proposals beside them.
    hed, depth, network: options of the three proposers.

    Raises ModelError when weights of HED or of the network are missing or altered.
    """

    def __init__(
        self,
        min_known_share: float = 0.3,
        colour_beside_depth: int = 64,
        colour_quality: float = 1.0,
        judged_share: float = 1.0,
        inner_share: float = 0.0,
        max_count: int = 40,
        duplicate_iou: float = 0.8,
        use_network: bool = True,
        use_planes: bool = False,
        hed: dict[str, float] | None = None,
        depth: dict[str, float] | None = None,
        network: dict[str, float] | None = None,
    ) -> None:
        self._min_known_share = min_known_share
        self._colour_beside_depth = colour_beside_depth
        self._colour_quality = colour_quality
        self._judged_share = judged_share
        self._max_count = max_count
        self._inner_share = inner_share
        self._duplicate_iou = duplicate_iou
        self._hed = HedProposer(**(hed or {}))  # type: ignore[arg-type]
        self._use_planes = use_planes
        self._depth = DepthProposer(**(depth or {}))  # type: ignore[arg-type]
        self._network = DepthNetworkProposer(**(network or {})) if use_network else None  # type: ignore[arg-type]

    def propose(self, frame: Frame) -> Proposals:
        """Masks of things, by depth, by colour or both."""
        if frame.depth is None or np.isfinite(frame.depth).mean() < self._min_known_share:
            return self._hed.propose(frame)
        maps = self._network.look(frame) if self._network else None
        if self._network is None or maps is None:
            return self._without_network(frame)
        seen = self._network.from_maps(frame, maps)
        check_cancelled()
        if not len(seen):
            return self._hed.propose(frame)
        found, solid = [seen], seen
        if self._use_planes:
            clusters = self._depth.propose(frame)
            check_cancelled()
            found.append(self._judged(clusters, self._network.quality_of(clusters, maps)))
        if self._colour_beside_depth:
            flat = self._flat(frame)
            check_cancelled()
            judged = self._judged(flat, self._network.quality_of(flat, maps))
            trusted = judged.quality * np.float32(self._colour_quality)
            trusted = np.maximum(trusted, self._inner_share * inner_quality(flat, solid, frame.rgb))
            found.append(Proposals(flat.masks, trusted))
        return best_of(found, self._max_count, self._duplicate_iou)

    def _without_network(self, frame: Frame) -> Proposals:
        solid = self._depth.propose(frame)
        if not len(solid):
            return self._hed.propose(frame)
        if not self._colour_beside_depth:
            return solid
        flat = self._flat(frame)
        check_cancelled()
        trusted = np.maximum(flat.quality * np.float32(self._colour_quality), inner_quality(flat, solid, frame.rgb))
        return Proposals(np.concatenate([solid.masks, flat.masks]), np.concatenate([solid.quality, trusted]))

    def _flat(self, frame: Frame) -> Proposals:
        flat = self._hed.propose(frame)
        return flat.select(np.arange(min(len(flat), self._colour_beside_depth)))

    def _judged(self, proposals: Proposals, expected: FloatArray) -> Proposals:
        """With the geometric mean of their own quality and what the network expects of them."""
        share = np.float32(self._judged_share)
        return Proposals(proposals.masks, proposals.quality ** (1 - share) * expected**share)


def best_of(found: Sequence[Proposals], max_count: int, duplicate_iou: float) -> Proposals:
    """The best of all, at most `max_count`, near-duplicates of better ones left out; the best first."""
    masks = [mask for each in found for mask in each.masks]
    quality = np.concatenate([each.quality for each in found])
    step = _sampling_step(masks[0].shape)
    sampled = np.stack([mask[::step, ::step] for mask in masks])
    kept = distinct(sampled, quality, duplicate_iou)[:max_count]
    return Proposals(np.stack([masks[index] for index in kept]), quality[kept])


def _sampling_step(shape: tuple[int, ...]) -> int:
    """Rows and columns from one that is counted to the next: overlaps need no more pixels than the network's output."""
    return max(1, round((shape[0] * shape[1] / 19200) ** 0.5))


def inner_quality(flat: Proposals, solid: Proposals, rgb: NDArray[np.uint8]) -> FloatArray:
    """(N,) how likely each of N colour proposals is a thing that rests in or on a solid one; 0 outside of them.

    On the benchmark's 119 tuning pictures one whose colour differs from the rest of the solid by a contrast of 45 to 60
    was a thing in .25 of the cases, beyond in .57, below in .03.
    """
    quality = np.zeros(len(flat), np.float32)
    colours = chroma(rgb)
    step = _sampling_step(rgb.shape)
    inner, outer = (each.masks[:, ::step, ::step].reshape(len(each), -1).astype(np.float32) for each in (flat, solid))
    within = inner @ outer.T > 0.85 * np.maximum(inner.sum(axis=1), 1)[:, None]
    for i, (mask, area) in enumerate(zip(flat.masks, flat.areas, strict=True)):
        for j in np.flatnonzero(within[i] & (solid.areas > 1.25 * area)):
            rest = colours[solid.masks[j] & ~mask].mean(axis=0)
            contrast = float(np.linalg.norm(colours[mask].mean(axis=0) - rest))
            quality[i] = max(quality[i], np.interp(contrast, (45.0, 70.0), (0.0, INNER_QUALITY)))
    return quality
