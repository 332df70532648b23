# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Mask proposals from registered depth: what stands on a support plane, one cluster a thing."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from tas_ros.vision.frame import Frame
from tas_ros.vision.nearest_known import from_nearest_known
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.proposers.mask_cleaning import clean_mask
from tas_ros.vision.proposers.outline_snapping import snap_labels
from tas_ros.vision.proposers.planes import Plane, back_project, depth_noise, fit_planes
from tas_ros.vision.proposers.touching import Part, split_touching

PART_QUALITY = (0.5, 0.95)
"""Of a part that hardly differs from the rest of its cluster, and of one that clearly does."""
GROUP_QUALITY = 0.6
"""Of a cluster whose parts clearly differ."""


class DepthProposer:
    """Takes planes (table, walls, floor) away and parts what is left where depth jumps.

    min_height: metres above every plane from which a point is part of a thing; noise raises it.
    noise_floor: metres of depth error that near points have; it grows with the square of the distance.
    max_depth: metres beyond which depth is not trusted.
    max_planes, min_plane_share: how many planes are looked for and the share of the points each must hold.
    min_area_share: smaller clusters, in shares of the image, are noise.
    max_area_share: larger ones are background.
    split: also offer the parts of clusters that colour or a waist divides (things that touch).
    """

    def __init__(
        self,
        min_height: float = 0.008,
        noise_floor: float = 0.004,
        max_depth: float = 8.0,
        max_planes: int = 4,
        min_plane_share: float = 0.08,
        min_area_share: float = 0.0003,
        max_area_share: float = 0.5,
        split: bool = True,
    ) -> None:
        self._min_height = min_height
        self._noise_floor = noise_floor
        self._max_depth = max_depth
        self._max_planes = max_planes
        self._min_plane_share = min_plane_share
        self._area_shares = (min_area_share, max_area_share)
        self._split = split

    def propose(self, frame: Frame) -> Proposals:
        """Masks of the things that stand out; none when the frame has no depth."""
        shape = frame.rgb.shape[:2]
        if frame.depth is None:
            return Proposals(np.zeros((0, *shape), np.bool_), np.zeros(0, np.float32))
        depth = np.where((frame.depth > 0) & (frame.depth < self._max_depth), frame.depth, np.float32(np.nan))
        points = back_project(depth, frame.pinhole)
        noise = depth_noise(depth, self._noise_floor)
        labels = self._clusters(points, depth, noise, self._planes(points, noise))
        labels = snap_labels(labels, frame.rgb, np.isfinite(depth))
        masks, quality = self._whole_things(labels)
        if self._split:
            smallest = self._area_shares[0] * labels.size
            for whole in range(len(masks)):
                parts = split_touching(masks[whole], frame.rgb)
                quality[whole] *= whole_quality(parts)
                parts = [part for part in parts if np.count_nonzero(part.mask) >= smallest]
                masks += [part.mask for part in parts]
                quality += [part_quality(part) for part in parts]
        if not masks:
            return Proposals(np.zeros((0, *shape), np.bool_), np.zeros(0, np.float32))
        return Proposals(np.stack(masks), np.array(quality, np.float32))

    def _planes(self, points: NDArray[np.float32], noise: NDArray[np.float32]) -> list[Plane]:
        """The support planes, from a thirtieth of the points: enough for any that matters."""
        step = max(1, round((points.shape[0] * points.shape[1] / 8000) ** 0.5))
        sample, margin = points[::step, ::step].reshape(-1, 3), noise[::step, ::step].ravel()
        known = np.isfinite(sample[:, 2])
        return fit_planes(sample[known], 1.5 * margin[known], self._min_plane_share, self._max_planes, trials=200)

    def _clusters(
        self,
        points: NDArray[np.float32],
        depth: NDArray[np.float32],
        noise: NDArray[np.float32],
        planes: list[Plane],
    ) -> NDArray[np.int32]:
        """(H, W) int32 cluster numbers from 1; 0 is background."""
        stands = np.isfinite(depth)
        for plane in planes:
            above = plane.height(points)
            # What lies behind a plane is seen beside the table: it is not on it, but may stand on the next one.
            stands &= (above > np.maximum(self._min_height, 1.5 * noise)) | (above < -3 * noise - self._min_height)
        if planes:
            stands &= planes[0].height(points) > -0.02  # below the main support nothing is in reach
        opened = cv2.morphologyEx(stands.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
        stands = np.asarray(opened, np.bool_)
        apart = stands & ~_jumps(depth, noise)
        _, labels = cv2.connectedComponents(apart.astype(np.uint8), connectivity=4)
        labels = _grown(np.asarray(labels, np.int32), stands)
        areas = np.bincount(labels.ravel())
        # Crumbs along outlines must not seed the snapping, which would grow them into slivers.
        return np.where(areas[labels] >= self._area_shares[0] * labels.size, labels, 0).astype(np.int32)

    def _whole_things(self, labels: NDArray[np.int32]) -> tuple[list[NDArray[np.bool_]], list[float]]:
        """Clean masks of the clusters of a sensible size, with a quality that falls for the ones cut by the frame."""
        low, high = self._area_shares
        areas = np.bincount(labels.ravel())
        masks, quality = [], []
        for number in np.flatnonzero((areas >= low * labels.size) & (areas <= high * labels.size)):
            if number == 0:
                continue
            mask = clean_mask(labels == number)
            border = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
            masks.append(mask)
            quality.append(1.0 - 0.3 * min(1.0, 4 * np.count_nonzero(border) / len(border)))
        return masks, quality


def part_quality(part: Part) -> float:
    """How likely a part is a thing: shades of one thing differ little, things that touch mostly much.

    On the benchmark's 119 tuning pictures a part of contrast below 25 was a thing in .04 of the cases, from 45 to 60 in
    .74, beyond in .92.
    """
    return float(np.interp(part.contrast, (25.0, 60.0), PART_QUALITY))


def whole_quality(parts: Sequence[Part]) -> float:
    """How likely a cluster that falls into such parts is one thing: with a part of contrast beyond 60, in .03."""
    strongest = max((part.contrast for part in parts), default=0.0)
    return float(np.interp(strongest, (40.0, 60.0), (1.0, GROUP_QUALITY)))


def _jumps(depth: NDArray[np.float32], noise: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(H, W): pixels on the near side of a jump to the next pixel that neither noise nor a steep face explains."""
    jumps = np.zeros(depth.shape, np.bool_)
    limit = 4 * noise + 0.01
    for axis in (0, 1):
        step = np.abs(np.diff(depth, axis=axis))
        here = (slice(None),) * axis + (slice(None, -1),)
        jumps[here] |= step > limit[here]
    return jumps


def _grown(labels: NDArray[np.int32], room: NDArray[np.bool_]) -> NDArray[np.int32]:
    """`labels` spread into the rest of `room`, each pixel to the nearest cluster (jump pixels belong to one side)."""
    empty = room & (labels == 0)
    if not empty.any() or not (labels > 0).any():
        return labels.astype(np.int32)
    nearest, _ = from_nearest_known(labels, labels > 0)
    return np.where(empty, nearest, labels).astype(np.int32)
