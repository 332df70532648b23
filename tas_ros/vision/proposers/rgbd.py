"""Mask proposals for any frame: from depth where it is good, from colour where it is not."""

from __future__ import annotations

import numpy as np

from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.proposers.depth import DepthProposer
from tas_ros.vision.proposers.hed import HedProposer


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
        flat = self._hed.propose(frame)
        flat = flat.select(np.arange(min(len(flat), self._colour_beside_depth)))
        return Proposals(
            np.concatenate([solid.masks, flat.masks]),
            np.concatenate([solid.quality, flat.quality * np.float32(self._colour_quality)]),
        )
