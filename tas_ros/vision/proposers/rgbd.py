# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Mask proposals for any frame: from depth where it is good, from colour where it is not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tas_ros.arrays import FloatArray
from tas_ros.cancellation import check_cancelled
from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.proposers.depth import DepthProposer
from tas_ros.vision.proposers.hed import HedProposer
from tas_ros.vision.proposers.touching import chroma

INNER_QUALITY = 0.8
"""Of a colour proposal within a solid thing whose colour clearly differs from the rest of that thing."""


class RgbdProposer:
    """Depth proposals first; colour proposals beside them, fewer and less trusted where depth speaks.

    min_known_share: share of the pixels with depth below which depth is too sparse to part things.
    colour_beside_depth: colour proposals also offered with good depth (flat things on the table); 0 spares their time.
    colour_quality: factor on the quality of those.
    hed, depth: options of the two proposers.

    Raises ModelError when HED's weights are missing or altered.
    """

    def __init__(
        self,
        min_known_share: float = 0.3,
        colour_beside_depth: int = 20,
        colour_quality: float = 0.5,
        hed: dict[str, float] | None = None,
        depth: dict[str, float] | None = None,
    ) -> None:
        self._min_known_share = min_known_share
        self._colour_beside_depth = colour_beside_depth
        self._colour_quality = colour_quality
        self._hed = HedProposer(**(hed or {}))  # type: ignore[arg-type]
        self._depth = DepthProposer(**(depth or {}))  # type: ignore[arg-type]

    def propose(self, frame: Frame) -> Proposals:
        """Masks of things, by depth, by colour or both."""
        if frame.depth is None or np.isfinite(frame.depth).mean() < self._min_known_share:
            return self._hed.propose(frame)
        solid = self._depth.propose(frame)
        if not len(solid):
            return self._hed.propose(frame)
        if not self._colour_beside_depth:
            return solid
        check_cancelled()
        flat = self._hed.propose(frame)
        check_cancelled()
        flat = flat.select(np.arange(min(len(flat), self._colour_beside_depth)))
        trusted = np.maximum(flat.quality * np.float32(self._colour_quality), inner_quality(flat, solid, frame.rgb))
        return Proposals(np.concatenate([solid.masks, flat.masks]), np.concatenate([solid.quality, trusted]))


def inner_quality(flat: Proposals, solid: Proposals, rgb: NDArray[np.uint8]) -> FloatArray:
    """(N,) how likely each of N colour proposals is a thing that rests in or on a solid one; 0 outside of them.

    On the benchmark's 119 tuning pictures one whose colour differs from the rest of the solid by a contrast of 45 to 60
    was a thing in .25 of the cases, beyond in .57, below in .03.
    """
    quality = np.zeros(len(flat), np.float32)
    colours = chroma(rgb)
    for i, (mask, area) in enumerate(zip(flat.masks, flat.areas, strict=True)):
        shared = np.count_nonzero(solid.masks & mask, axis=(1, 2))
        for j in np.flatnonzero((shared > 0.85 * area) & (solid.areas > 1.25 * area)):
            rest = colours[solid.masks[j] & ~mask].mean(axis=0)
            contrast = float(np.linalg.norm(colours[mask].mean(axis=0) - rest))
            quality[i] = max(quality[i], np.interp(contrast, (45.0, 70.0), (0.0, INNER_QUALITY)))
    return quality
