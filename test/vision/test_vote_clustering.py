# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Things from votes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tas_ros.vision.proposers.depth_network import enlarged, hypotheses
from tas_ros.vision.proposers.vote_clustering import VoteMaps, VoteRule, assign_votes, find_middles, merged

SHAPE = (120, 160)


def maps_of(labels: NDArray[np.int64], scatter: float = 0.0, seed: int = 0) -> VoteMaps:
    """What a network would say of (h, w) labels whose votes scatter by that share of the thing's size."""
    random = np.random.default_rng(seed)
    rows, columns = np.indices(labels.shape, np.float32)
    votes = np.stack([columns, rows], axis=-1)
    size = np.ones(labels.shape, np.float32)
    for number in np.unique(labels[labels > 0]):
        mask = labels == number
        middle = np.array([columns[mask].mean(), rows[mask].mean()])
        radius = float(np.sqrt(((votes[mask] - middle) ** 2).sum(axis=1).mean()))
        votes[mask] = middle + scatter * radius * random.normal(size=(np.count_nonzero(mask), 2))
        size[mask] = radius * np.exp(0.5 * scatter * random.normal(size=np.count_nonzero(mask)))
    thing = np.where(labels > 0, 0.95, 0.02).astype(np.float32)
    return VoteMaps(thing, votes.astype(np.float32), size, np.zeros(labels.shape, np.float32))


def _table() -> NDArray[np.int64]:
    """A large book (1) with a cube (2) in its middle, two blocks that touch (3, 4), a pen (5), and a crumb (6)."""
    labels = np.zeros(SHAPE, np.int64)
    labels[20:70, 20:80] = 1
    labels[40:50, 45:55] = 2
    labels[80:100, 60:75] = 3
    labels[80:100, 75:90] = 4
    labels[10:13, 100:150] = 5
    labels[100:104, 120:124] = 6
    return labels


def _clusters(maps: VoteMaps) -> NDArray[np.int32]:
    rule = VoteRule()
    labels, middles = assign_votes(maps, find_middles(maps, rule), rule)
    return merged(labels, middles, 0.6)


def _ious(found: NDArray[np.int32], truth: NDArray[np.int64]) -> list[float]:
    masks = [found == number for number in np.unique(found[found > 0])]
    return [
        max(np.count_nonzero(mask & (truth == n)) / np.count_nonzero(mask | (truth == n)) for mask in masks)
        for n in np.unique(truth[truth > 0])
    ]


@pytest.mark.parametrize("scatter", [0.0, 0.1, 0.2])
def test_things_that_touch_lie_within_or_are_thin_are_told_apart(scatter: float) -> None:
    found = _clusters(maps_of(_table(), scatter))
    assert min(_ious(found, _table())) > 0.75
    assert len(np.unique(found[found > 0])) <= 8


def test_a_thing_behind_another_is_one_though_seen_in_two_pieces() -> None:
    labels = np.zeros(SHAPE, np.int64)
    labels[50:70, 20:140] = 1
    labels[30:90, 70:90] = 2
    found = _clusters(maps_of(labels, 0.05))
    assert found[60, 30] == found[60, 130] > 0
    assert found[60, 80] not in (0, found[60, 30])


def test_mirrored_votes_give_mirrored_things() -> None:
    maps = maps_of(_table(), 0.1)
    flipped = maps.votes[:, ::-1].copy()
    flipped[..., 0] = SHAPE[1] - 1 - flipped[..., 0]
    other = VoteMaps(maps.thing[:, ::-1], flipped, maps.size[:, ::-1], maps.outline[:, ::-1])
    found, mirrored = _clusters(maps), _clusters(other)[:, ::-1]
    truth = np.asarray(found, np.int64)
    assert min(_ious(np.ascontiguousarray(mirrored), truth)) > 0.9


def test_nothing_gives_nothing() -> None:
    maps = maps_of(np.zeros(SHAPE, np.int64))
    assert not find_middles(maps, VoteRule()).size
    assert hypotheses(maps) == []


def test_merging_farther_never_makes_more_things() -> None:
    maps = maps_of(_table(), 0.3)
    rule = VoteRule()
    labels, middles = assign_votes(maps, find_middles(maps, rule), rule)
    counts = [len(np.unique(merged(labels, middles, reach))) for reach in (0.0, 0.3, 0.6, 1.0, 3.0)]
    assert counts == sorted(counts, reverse=True)


def test_enlarged_labels_keep_their_places_and_grow_no_background() -> None:
    labels = _table().astype(np.int32)
    large = enlarged(labels, (480, 640))
    assert np.mean(large[2::4, 2::4] == labels) > 0.97
    assert set(np.unique(large)) == set(range(7))
    assert np.array_equal(enlarged(labels, SHAPE), labels)
