# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Mask proposals from colour alone: HED boundaries, a watershed, and the most persistent nodes of its merge tree."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.segmentation import watershed

from tas_ros.cancellation import check_cancelled
from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.proposers.hed_network import HedNetwork
from tas_ros.vision.proposers.mask_cleaning import clean_mask, to_size
from tas_ros.vision.proposers.merge_tree import MergeTree, merge_tree, region_graph


class HedProposer:
    """Things are what a strong closed boundary surrounds and only weak ones divide.

    long_side: the image is worked on at this long side in pixels (never enlarged beyond it).
    max_count: masks returned at most.
    min_area_share, max_area_share: masks outside these shares of the image are not things.
    duplicate_iou: of two masks above this IoU the less persistent is dropped.
    seed_depth: how much deeper than its rim a basin must lie to seed a region of its own.
    size_exponent: power of a mask's share of the image in its quality: people name the larger things. On 17 photos the
        oracle mIoU of 60 masks over 39 expressions was .50 with 0, .58 with .1, .55 with .2 and with .3.
    colour_weight: boundary strength that a colour difference of 100 (CIELab) counts as.
    bfloat16: run the network in bfloat16 (twice as fast where the CPU computes in it; boundaries differ by .0007 in the
        mean); None: where the CPU does.

    Raises ModelError when the weights are missing or altered.
    """

    def __init__(
        self,
        long_side: int = 512,
        max_count: int = 64,
        min_area_share: float = 0.0008,
        max_area_share: float = 0.7,
        duplicate_iou: float = 0.8,
        seed_depth: float = 0.02,
        size_exponent: float = 0.15,
        colour_weight: float = 0.3,
        bfloat16: bool | None = None,
    ) -> None:
        self._network = HedNetwork(bfloat16)
        self._long_side = long_side
        self._max_count = max_count
        self._area_shares = (min_area_share, max_area_share)
        self._duplicate_iou = duplicate_iou
        self._seed_depth = seed_depth
        self._size_exponent = size_exponent
        self._colour_weight = colour_weight

    def propose(self, frame: Frame, long_side: int | None = None) -> Proposals:
        """At most `max_count` masks, the most persistent first. long_side: in place of the proposer's own."""
        height, width = frame.rgb.shape[:2]
        scale = min(1.0, (long_side or self._long_side) / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        rgb = frame.rgb
        if scale < 1:
            rgb = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
        strength = self._network.boundaries(rgb)
        check_cancelled()
        labels = self._partition(strength)
        check_cancelled()
        tree = self._tree(labels, strength, rgb)
        masks, quality = self._things(labels, tree)
        check_cancelled()
        clean = [to_size(clean_mask(mask), width, height) for mask in masks]
        kept = [i for i, mask in enumerate(clean) if mask.any()]
        if not kept:
            return Proposals(np.zeros((0, height, width), np.bool_), np.zeros(0, np.float32))
        return Proposals(np.stack([clean[i] for i in kept]), quality[kept])

    def _partition(self, strength: NDArray[np.float32]) -> NDArray[np.int32]:
        """(H, W) int32 regions 0 .. R-1: the basins of the boundary map that are deeper than `seed_depth`."""
        smooth = cv2.GaussianBlur(strength, (0, 0), 1.0)
        steps = np.round(smooth / self._seed_depth).astype(np.int32)
        basins = (ndimage.minimum_filter(steps, 3) == steps) & (steps < steps.max() + (steps.max() == 0))
        markers, count = ndimage.label(basins)
        if not count:
            return np.zeros(strength.shape, np.int32)
        basin_numbers = watershed(smooth, markers)
        return np.asarray(basin_numbers - 1, np.int32)

    def _tree(self, labels: NDArray[np.int32], strength: NDArray[np.float32], rgb: NDArray[np.uint8]) -> MergeTree:
        areas = np.bincount(labels.ravel()).astype(np.float64)
        lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab).reshape(-1, 3)
        colours = np.stack([np.bincount(labels.ravel(), lab[:, c]) for c in range(3)], axis=1) / areas[:, None]
        return merge_tree(region_graph(labels, strength), areas, colours, self._colour_weight)

    def _things(self, labels: NDArray[np.int32], tree: MergeTree) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """Masks (K, H, W) and quality (K,) of the tree's most persistent nodes, near-duplicates dropped."""
        areas = np.bincount(labels.ravel()).astype(np.float32)
        shares = tree.areas / tree.areas.max()
        low, high = self._area_shares
        fits = np.flatnonzero((shares >= low) & (shares <= high) & np.isfinite(tree.death))
        persistence = np.clip(tree.death[fits] - 0.5 * tree.height[fits], 1e-3, 1.0)
        quality = persistence * shares[fits] ** self._size_exponent
        order = np.argsort(-quality, kind="stable")[: 4 * self._max_count]
        fits, quality = fits[order], quality[order]
        inter = (tree.members[fits] * areas) @ tree.members[fits].T.astype(np.float32)
        node_areas = np.diagonal(inter)
        iou = inter / (node_areas[:, None] + node_areas[None, :] - inter)
        kept: list[int] = []
        for i in range(len(fits)):
            if len(kept) < self._max_count and (not kept or iou[i, kept].max() <= self._duplicate_iou):
                kept.append(i)
        masks = np.array([tree.members[fits[i]][labels] for i in kept], np.bool_).reshape(-1, *labels.shape)
        return masks, _trust(quality[kept], shares[fits[kept]])


def _trust(quality: NDArray[np.float32], shares: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far a mask of that persistence and share of the image is one whole thing that somebody names.

    Persistence tells little; size tells more: most small regions are parts or texture, and what fills half of the view
    is ground or wall. On 39 expressions of 17 photos the mIoU grew steadily with the power of the size, from .15 with 0
    to .25 with .5; the smaller .4 leaves small things on a table their chance.
    """
    size = np.minimum(1.0, shares / 0.1) ** 0.4 * np.minimum(1.0, 0.45 / shares)
    return np.asarray(np.clip(quality**0.2 * size, 1e-3, 1.0), np.float32)
