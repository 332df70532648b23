# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""How likely candidate i stands in a relation to anchor j, for all pairs at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import expit

from tas_ros.arrays import FloatArray
from tas_ros.language.query import RelationKind
from tas_ros.spatial.geometry import Geometry

CLEAR_STEP = 0.04
"""Difference, in image sides, at which one thing is clearly beside another."""
CLEAR_HEIGHT = 0.03
"""Metres by which one thing is clearly above another."""
IN_PICTURE_ONLY = 0.6
"""Force of above and below in the picture where what is higher is known to stand elsewhere."""
NEAR_GAP = 0.1
"""Gap between two things, in image sides, at which "next to" has lost half of its force."""
CONE = 1.3
"""Across over along a direction at which a thing is as much beside that direction as in it."""
NEARER = 0.3
"""How much of the force of left, right, in front of and behind is that the two stand close by."""
UNSEEN_ANCHOR = 0.4
"""Evidence of a relation whose anchor is not in view."""
ABSENT_ODDS = 0.3
"""Odds that a named anchor is not in view: who names one sees one, so the best look-alike is most likely meant."""
SURROUNDINGS_UNSEEN, SURROUNDINGS_ABSENT_ODDS = 0.6, 3.0
"""The same of the table, bin or sink that things stand on or in: mostly the camera looks into it, no mask outlines it,
and what is in view stands there."""
OWN_REGION = 0.9
"""Force of the anchor's appearance inside the candidate's own region, for "with", "holding", "wearing"."""


def relation_evidence(
    kind: RelationKind,
    geometry: Geometry,
    anchors: Sequence[FloatArray],
    negated: bool = False,
    surroundings: bool = False,
) -> FloatArray:
    """(N,) evidence in (0, 1] that each candidate is in `kind` to the anchor, or to both anchors for BETWEEN.

    anchors: for each named anchor the appearance (N,) of every proposal as that anchor. The anchor is not known, so
    the pairs are weighed by it: the best explanation max_j of p_anchor(j) * rel(i, j) with i and j different things,
    relative to the best anchor in view, counts. The maximum, unlike a sum, does not grow with the number of masks.
    Where no anchor is seen the relation says nothing, so the evidence goes to UNSEEN_ANCHOR for all candidates alike.
    surroundings: whether the anchor is what things stand on or in, of which mostly no proposal is made.
    """
    if not len(geometry.right):
        return np.zeros(0, np.float32)
    if kind is RelationKind.BETWEEN:
        weights = [anchor / max(float(anchor.max()), 1e-9) for anchor in anchors]
        between = _as_far_as_seen(_between(geometry, weights[0], weights[-1]), anchors)
        return np.asarray(1.0 - between if negated else between, np.float32)
    if negated:
        # "the ball not next to the red ball" is not the red ball, either.
        pairs = np.maximum(_pairs(kind, geometry), 1.0 - distinct_pairs(geometry))
        return np.asarray(1.0 - best_explained(pairs, anchors[0]), np.float32)
    return best_explained(_pairs(kind, geometry), anchors[0], surroundings)


def best_explained(pair: FloatArray, anchor: FloatArray, surroundings: bool = False) -> FloatArray:
    """(N,) max_j p_anchor(j) * rel(i, j) of (N, N) `pair`, relative to the best anchor in view (relation_evidence)."""
    weights = anchor / max(float(anchor.max()), 1e-9)
    return _as_far_as_seen((pair * weights[None, :]).max(axis=1), [anchor], surroundings)


def _as_far_as_seen(evidence: FloatArray, anchors: Sequence[FloatArray], surroundings: bool = False) -> FloatArray:
    absent_odds = SURROUNDINGS_ABSENT_ODDS if surroundings else ABSENT_ODDS
    unseen = SURROUNDINGS_UNSEEN if surroundings else UNSEEN_ANCHOR
    seen = 1.0
    for anchor in anchors:
        best = min(float(anchor.max()), 1.0 - 1e-6)
        odds = best / (1.0 - best)
        seen *= odds / (odds + absent_odds)
    return np.asarray(seen * evidence + (1.0 - seen) * unseen, np.float32)


def _pairs(kind: RelationKind, geometry: Geometry) -> FloatArray:
    """(N, N) how far thing i stands in the relation to thing j."""
    itself = np.eye(len(geometry.right), dtype=np.float32)
    if kind is RelationKind.WITH:
        # What a person wears shows in the person's own region too, and often has no mask of its own.
        return np.asarray(np.maximum(_has(geometry.picture) * (1.0 - itself), OWN_REGION * itself), np.float32)
    if kind is RelationKind.IN:
        return np.asarray(_inside(geometry.picture) * (1.0 - itself), np.float32)
    return np.asarray(_PAIRS[kind](geometry) * distinct_pairs(geometry), np.float32)


def distinct_pairs(g: Geometry) -> FloatArray:
    """(N, N) 1 where two proposals are different things, 0 where one is the other's part or double."""
    return np.asarray(1.0 - np.clip((g.overlap - 0.5) * 4.0, 0.0, 1.0), np.float32)


def _offset(axis: FloatArray) -> FloatArray:
    """(N, N) how far candidate i lies beyond anchor j along the axis."""
    return np.asarray(axis[:, None] - axis[None, :], np.float32)


def gaps(g: Geometry) -> FloatArray:
    """(N, N) distance between the boxes of two things in image sides; 0 where they touch or overlap."""
    across = np.abs(_offset(g.right)) - (g.extent[:, None, 0] + g.extent[None, :, 0])
    along = np.abs(_offset(g.down)) - (g.extent[:, None, 1] + g.extent[None, :, 1])
    return np.asarray(np.hypot(np.maximum(across, 0), np.maximum(along, 0)), np.float32)


def _near(g: Geometry) -> FloatArray:
    return np.asarray(1.0 / (1.0 + (gaps(g) / NEAR_GAP) ** 3), np.float32)


def _beyond(offset: FloatArray, across: FloatArray) -> FloatArray:
    """(N, N) clearly beyond in a direction; fades when the two lie more across that direction than along it."""
    steep = np.abs(across) / (np.abs(offset) + CLEAR_STEP / 4)
    return np.asarray(expit(offset / CLEAR_STEP * 4.0 - 2.0) / (1.0 + (steep / CONE) ** 4), np.float32)


def _towards(g: Geometry, offset: FloatArray, across: FloatArray) -> FloatArray:
    return np.asarray(_beyond(offset, across) * (1.0 - NEARER + NEARER * _near(g)), np.float32)


def _beside(g: Geometry, sign: float) -> FloatArray:
    """Left or right of: beyond in that direction, and not mainly before, behind, above or below."""
    return _towards(g.plan, sign * _offset(g.plan.right), _offset(g.plan.down))


def _in_depth(g: Geometry, sign: float) -> FloatArray:
    """In front of (+1) or behind (-1): nearer or farther along the line of sight, and not mainly beside."""
    return _towards(g.plan, sign * _offset(g.toward), _offset(g.plan.right))


def _stacked(g: Geometry, sign: float) -> FloatArray:
    """Above (-1) or below (+1): beyond along the picture's vertical, more so than sideways.

    Where gravity is known, what is higher or rests on the other is above for certain; the picture alone still counts.
    """
    picture = g.picture
    seen = _towards(picture, sign * _offset(picture.down), _offset(picture.right))
    if not g.plan.is_plan:
        return seen
    if g.height is None:
        rests = _on(picture) if sign < 0 else _on(picture).T
        return np.asarray(np.maximum(seen * IN_PICTURE_ONLY, rests), np.float32)
    across = np.maximum(np.abs(_offset(g.plan.right)) - g.plan.extent[None, :, 0], 0.0)
    along = np.maximum(np.abs(_offset(g.plan.down)) - g.plan.extent[None, :, 1], 0.0)
    over = 1.0 / (1.0 + (np.hypot(across, along) / CLEAR_STEP) ** 2)
    over = np.maximum(over, over.T)  # a large thing lies over a small one, too
    higher = expit(-sign * _offset(g.height) / CLEAR_HEIGHT * 4.0 - 2.0) * over
    return np.asarray(np.maximum(seen * IN_PICTURE_ONLY, higher), np.float32)


def _on(g: Geometry) -> FloatArray:
    """Resting on: its lower edge lies within the anchor's rows and it stands within the anchor's columns."""
    bottom = (g.down + g.extent[:, 1])[:, None]
    anchor_top, anchor_bottom = (g.down - g.extent[:, 1])[None, :], (g.down + g.extent[:, 1])[None, :]
    rests = expit((bottom - anchor_top) / CLEAR_STEP * 4 + 2) * expit((anchor_bottom - bottom) / CLEAR_STEP * 4 + 2)
    sideways = np.abs(_offset(g.right)) - g.extent[None, :, 0]
    higher = expit(-_offset(g.down) / CLEAR_STEP * 2.0 + 1.0)
    return np.asarray(rests * expit(-sideways / CLEAR_STEP * 4.0) * higher, np.float32)


def _inside(g: Geometry) -> FloatArray:
    """In: smaller, and its box lies within the anchor's box."""
    across = np.abs(_offset(g.right)) - g.extent[None, :, 0]
    along = np.abs(_offset(g.down)) - g.extent[None, :, 1]
    smaller = expit((np.log(g.size + 1e-6)[None, :] - np.log(g.size + 1e-6)[:, None]) * 4.0)
    return np.asarray(expit(-across / CLEAR_STEP * 4) * expit(-along / CLEAR_STEP * 4) * smaller, np.float32)


def _has(g: Geometry) -> FloatArray:
    """With, holding, wearing: the anchor is a part of the candidate or touches it, and the candidate is the larger."""
    return np.asarray(np.maximum(_inside(g).T, 0.8 * _near(g)), np.float32)


def _between(g: Geometry, first: FloatArray, second: FloatArray) -> FloatArray:
    """(N,) lies on the segment between the two anchors: best pair (j, k) of different things.

    Position along and distance from the segment are Gaussians around its middle stretch.
    """
    points = np.stack([g.plan.right, g.plan.down], axis=1)
    axis = points[None, :, :] - points[:, None, :]  # from anchor j to anchor k
    length = np.maximum(np.linalg.norm(axis, axis=-1), 1e-6)
    normal = np.stack([-axis[..., 1], axis[..., 0]], axis=-1)
    # Along and across are linear in the candidate's place, so that every candidate and pair is one product.
    along = _linear(points, axis / length[..., None] ** 2, -0.5) / 0.35
    across = _linear(points, normal / length[..., None], 0.0) / (0.35 * length + CLEAR_STEP)
    fit = np.exp(-(along**2 + across**2))
    distinct = distinct_pairs(g)
    fit *= first[:, None] * second[None, :] * distinct
    fit *= distinct[:, :, None]
    fit *= distinct[:, None, :]
    return np.asarray(fit.max(axis=(1, 2)), np.float32)


def _linear(points: FloatArray, direction: FloatArray, offset: float) -> FloatArray:
    """(N, J, J) reach of point i from point j along direction (j, k), plus the offset."""
    from_start = (points[:, None, :] * direction).sum(axis=-1)
    reach = points @ direction.reshape(-1, 2).T
    return np.asarray(reach.reshape(-1, *from_start.shape) - from_start + np.float32(offset), np.float32)


_PAIRS: dict[RelationKind, Callable[[Geometry], FloatArray]] = {
    RelationKind.LEFT_OF: lambda g: _beside(g, -1.0),
    RelationKind.RIGHT_OF: lambda g: _beside(g, 1.0),
    RelationKind.ABOVE: lambda g: _stacked(g, -1.0),
    RelationKind.BELOW: lambda g: _stacked(g, 1.0),
    RelationKind.ON: lambda g: _on(g.picture),
    RelationKind.NEXT_TO: lambda g: _near(g.plan),
    RelationKind.IN_FRONT_OF: lambda g: _in_depth(g, 1.0),
    RelationKind.BEHIND: lambda g: _in_depth(g, -1.0),
}
