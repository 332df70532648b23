# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Merge tree of a partition: neighbours fuse in the order of how weakly their common boundary divides them."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class MergeTree:
    """R leaf regions and the nodes that fusing them made, leaves first.

    members: (M, R) bool: which leaves each node holds.
    areas: (M,) float32 pixels.
    height: (M,) float32: boundary strength at which the node came to be; 0 for leaves.
    death: (M,) float32: strength at which it was fused into its parent; infinite for the last.
    """

    members: NDArray[np.bool_]
    areas: NDArray[np.float32]
    height: NDArray[np.float32]
    death: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class RegionGraph:
    """Neighbouring regions of a partition.

    pairs: (E, 2) int64 region numbers, smaller first, each pair once.
    lengths: (E,) float64 pixel pairs on the common boundary.
    strengths: (E,) float64 mean boundary strength there.
    """

    pairs: NDArray[np.int64]
    lengths: NDArray[np.float64]
    strengths: NDArray[np.float64]


def region_graph(labels: NDArray[np.int32], strength: NDArray[np.float32]) -> RegionGraph:
    """Neighbourhood of (H, W) `labels` (0 .. R-1) with the mean of (H, W) `strength` along each common boundary."""
    count = int(labels.max()) + 1
    keys, values = [], []
    for here, there in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:])):
        one, other = labels[here], labels[there]
        differs = one != other
        low, high = np.minimum(one, other)[differs], np.maximum(one, other)[differs]
        keys.append(low.astype(np.int64) * count + high)
        values.append(np.maximum(strength[here], strength[there])[differs])
    key, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    lengths = np.bincount(inverse, minlength=len(key)).astype(np.float64)
    sums = np.bincount(inverse, np.concatenate(values), minlength=len(key))
    return RegionGraph(np.stack([key // count, key % count], axis=1), lengths, sums / np.maximum(lengths, 1))


def merge_tree(
    graph: RegionGraph, areas: NDArray[np.float64], colours: NDArray[np.float64], colour_weight: float
) -> MergeTree:
    """Fuse regions two by two, the weakest boundary first.

    areas: (R,) pixels. colours: (R, 3) mean CIELab. colour_weight: strength that a colour difference of 100 adds.

    A fused boundary has the length-weighted mean strength of its parts (average linkage), and a region of few pixels is
    fused earlier, since it is rather a speck than a thing.
    """
    count = len(areas)
    total = float(areas.sum())
    # Plain floats: numpy costs more per call than the arithmetic of one edge.
    area: list[float] = areas.tolist()
    colour: list[tuple[float, ...]] = [tuple(row) for row in colours.tolist()]
    neighbours: list[dict[int, tuple[float, float]]] = [{} for _ in range(count)]
    queue: list[tuple[float, int, int]] = []
    alive = [True] * count
    members = [np.arange(count) == i for i in range(count)]
    height, death = [0.0] * count, [np.inf] * count

    per_colour, speck = colour_weight / 100, 0.0005 * total

    def cost(i: int, j: int, strength: float) -> float:
        smaller = min(area[i], area[j])
        return (strength + per_colour * math.dist(colour[i], colour[j])) * smaller / (smaller + speck)

    for (i, j), length, strength in zip(graph.pairs.tolist(), graph.lengths, graph.strengths, strict=True):
        neighbours[i][j] = neighbours[j][i] = (float(length), float(strength))
        queue.append((cost(i, j, float(strength)), i, j))
    heapq.heapify(queue)
    while queue:
        value, i, j = heapq.heappop(queue)
        if not (alive[i] and alive[j]):
            continue
        new = len(members)
        value = max(value, height[i], height[j])  # heights never fall towards the root
        alive[i] = alive[j] = False
        death[i] = death[j] = value
        members.append(members[i] | members[j])
        height.append(value)
        death.append(np.inf)
        alive.append(True)
        area.append(area[i] + area[j])
        share = area[i] / area[new]
        colour.append(tuple(share * a + (1 - share) * b for a, b in zip(colour[i], colour[j], strict=True)))
        neighbours.append(_joined_neighbours(neighbours[i], neighbours[j], i, j))
        neighbours[i] = neighbours[j] = {}
        for k, edge in neighbours[new].items():
            around = neighbours[k]
            around.pop(i, None)
            around.pop(j, None)
            around[new] = edge
            heapq.heappush(queue, (cost(new, k, edge[1]), k, new))
    return MergeTree(
        np.array(members), np.array(area, np.float32), np.array(height, np.float32), np.array(death, np.float32)
    )


def _joined_neighbours(
    first: dict[int, tuple[float, float]], second: dict[int, tuple[float, float]], i: int, j: int
) -> dict[int, tuple[float, float]]:
    """Neighbours of the union of `i` and `j`; a boundary with both is one of their lengths' weighted mean strength."""
    joined = {**first, **second}
    del joined[i], joined[j]
    for k in first.keys() & second.keys():
        (length, strength), (other_length, other_strength) = first[k], second[k]
        both = length + other_length
        joined[k] = (both, (length * strength + other_length * other_strength) / both)
    return joined
