# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Instances from votes: pixels that point at one middle are one thing."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class VoteMaps:
    """What the depth network says of each pixel.

    thing: (h, w) float32 probability that it is of a thing. votes: (h, w, 2) float32 x, y in pixels where the thing's
    middle lies. size: (h, w) float32 root mean square distance in pixels of the thing's pixels to its middle.
    outline: (h, w) float32 probability that the thing ends here.
    """

    thing: NDArray[np.float32]
    votes: NDArray[np.float32]
    size: NDArray[np.float32]
    outline: NDArray[np.float32]


@dataclass(frozen=True)
class VoteRule:
    """How votes are taken together."""

    least_thing: float = 0.25
    """Probability from which a pixel is of a thing."""
    scatter: float = 0.15
    """Of the votes about a middle, in sizes of the thing: sigma of the window that looks for it."""
    least_filled: float = 0.03
    """Share of a thing of its size whose votes a middle must have."""
    farthest: float = 2.5
    """Distance in sizes of the thing beyond which a vote is for none."""
    max_count: int = 80


def find_middles(maps: VoteMaps, rule: VoteRule) -> NDArray[np.float32]:
    """(K, 3) x, y and logarithm of the size of the places that votes point at, those with most votes first.

    Votes of things of one size are laid on a plane of their own, each counting by the share of such a thing that a
    pixel is, and blurred by what such votes scatter; middles are the greatest among their neighbours in place and size.
    """
    shape = maps.thing.shape
    inside = maps.thing > rule.least_thing
    votes, size = maps.votes[inside], np.maximum(maps.size[inside], _SIZES[0])
    if not len(votes):
        return np.zeros((0, 3), np.float32)
    weight = maps.thing[inside] / (2 * np.pi * size**2 + 1)
    cells = np.clip(np.rint(votes), 0, (shape[1] - 1, shape[0] - 1)).astype(np.int64) @ (1, shape[1])
    place = np.clip(np.log(size / _SIZES[0]) / _RATIO, 0, len(_SIZES) - 1.001)
    lower, share = place.astype(np.int64), place % 1
    area = shape[0] * shape[1]
    counts = np.bincount(lower * area + cells, weight * (1 - share), len(_SIZES) * area)
    counts += np.bincount((lower + 1) * area + cells, weight * share, len(_SIZES) * area)
    planes = counts.reshape(len(_SIZES), *shape).astype(np.float32)
    for plane, radius in zip(planes, _SIZES, strict=True):
        sigma = max(1.0, rule.scatter * float(radius))
        plane[:] = cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT) * (2 * np.pi * sigma**2)
    planes[1:-1] = planes[1:-1] + 0.5 * (planes[:-2] + planes[2:])
    found: list[tuple[float, float, float, float]] = []
    for number, radius in enumerate(_SIZES):
        reach = 2 * max(1, round(1.5 * rule.scatter * float(radius))) + 1
        greatest = planes[max(0, number - 1) : number + 2].max(axis=0)
        greatest = cv2.dilate(greatest, np.ones((reach, reach), np.uint8))
        rows, columns = np.nonzero((planes[number] >= greatest) & (planes[number] > rule.least_filled))
        found += [
            (float(planes[number, y, x]), float(x), float(y), float(np.log(radius)))
            for y, x in zip(rows, columns, strict=True)
        ]
    found.sort(key=lambda each: -each[0])
    return np.array([each[1:] for each in found[: rule.max_count]], np.float32).reshape(-1, 3)


def assign_votes(
    maps: VoteMaps, middles: NDArray[np.float32], rule: VoteRule
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """(h, w) int32 number from 1 of the middle that each pixel votes for, 0 for none; and the middles moved to where
    the votes for them lie.
    """
    inside = maps.thing > rule.least_thing
    labels = np.zeros(maps.thing.shape, np.int32)
    if not len(middles) or not inside.any():
        return labels, middles
    votes = np.column_stack([maps.votes[inside], np.log(np.maximum(maps.size[inside], _SIZES[0]))])
    owner = np.zeros(0, np.int64)
    nearest = np.zeros(0, np.float32)
    for last in (False, True):
        distance = _distances(votes, middles)
        owner = distance.argmin(axis=1)
        nearest = distance[np.arange(len(owner)), owner]
        if not last:
            near = nearest < 1
            number = np.bincount(owner[near], minlength=len(middles))
            sums = [np.bincount(owner[near], votes[near, axis], len(middles)) for axis in range(3)]
            means = np.column_stack(sums) / np.maximum(number, 1)[:, None]
            middles = np.where(number[:, None] > 0, means, middles).astype(np.float32)
    labels[inside] = np.where(nearest < rule.farthest, owner + 1, 0)
    return labels, middles


def merged(labels: NDArray[np.int32], middles: NDArray[np.float32], reach: float) -> NDArray[np.int32]:
    """`labels` with the things taken together whose middles are closer than `reach` of their sizes, in a chain."""
    apart = _distances(middles, middles)
    root = np.arange(len(middles))
    for later in range(len(middles)):
        near = np.flatnonzero(apart[later, :later] < reach)
        for other in near:
            root[root == root[later]] = root[other]
    return np.concatenate([[0], root + 1])[labels].astype(np.int32)


_RATIO = np.log(1.3)
_SIZES = np.exp(np.arange(16) * _RATIO).astype(np.float32) * 1.2
"""Pixels: a thing of four pixels to one that fills half of the picture."""
_SIZE_WEIGHT = 1.0
"""Distance in sizes of the thing that a factor of e in size counts as."""


def _distances(votes: NDArray[np.float32], middles: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, K) from votes (N, 3) to middles (K, 3): x, y and the size's logarithm, in sizes of the middle's thing."""
    scale = 1 / (np.exp(middles[:, 2]) + 1)
    x = (votes[:, None, 0] - middles[:, 0]) * scale
    y = (votes[:, None, 1] - middles[:, 1]) * scale
    size = (votes[:, None, 2] - middles[:, 2]) * np.float32(_SIZE_WEIGHT)
    return np.asarray(np.sqrt(x * x + y * y + size * size), np.float32)
