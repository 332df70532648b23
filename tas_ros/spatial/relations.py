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
CLEAR_HEIGHT = 0.05
"""Metres by which one thing is clearly above another."""
IN_PICTURE_ONLY = 0.8
"""Force of above and below in the picture where the heights are known to be otherwise."""
NEAR_GAP = 0.12
"""Gap between two boxes, in image sides, at which "next to" has lost half of its force."""
UNSEEN_ANCHOR = 0.4
"""Evidence of a relation whose anchor is not in view."""
OWN_REGION = 0.9
"""Force of the anchor's appearance inside the candidate's own region, for "with", "holding", "wearing"."""
NEAR_DEPTH_STEP = 0.06
"""Difference in nearness (metres with depth, image sides without) at which one thing is clearly in front."""


def relation_evidence(kind: RelationKind, geometry: Geometry, anchors: Sequence[FloatArray]) -> FloatArray:
    """(N,) evidence in (0, 1] that each candidate is in `kind` to the anchor, or to both anchors for BETWEEN.

    anchors: for each named anchor the appearance (N,) of every proposal as that anchor. The anchor is not known, so
    the pairs are weighed by it: the best explanation max_j of p_anchor(j) * rel(i, j) with i and j different things,
    relative to the best anchor in view, counts. The maximum, unlike a sum, does not grow with the number of masks.
    Where no anchor is seen the relation says nothing, so the evidence goes to UNSEEN_ANCHOR for all candidates alike.
    """
    if not len(geometry.right):
        return np.zeros(0, np.float32)
    seen = float(np.prod([anchor.max() for anchor in anchors]))
    weights = [anchor / max(float(anchor.max()), 1e-9) for anchor in anchors]
    evidence = (
        _between(geometry, weights[0], weights[-1])
        if kind is RelationKind.BETWEEN
        else _pairwise(kind, geometry, weights[0])
    )
    return np.asarray(seen * evidence + (1.0 - seen) * UNSEEN_ANCHOR, np.float32)


def _pairwise(kind: RelationKind, geometry: Geometry, anchor: FloatArray) -> FloatArray:
    if kind is RelationKind.WITH:
        # What a person wears shows in the person's own region too, and often has no mask of its own.
        pair = np.maximum(_has(geometry.picture) * (1.0 - np.eye(len(anchor))), OWN_REGION * np.eye(len(anchor)))
    elif kind is RelationKind.IN:
        pair = _inside(geometry.picture) * (1.0 - np.eye(len(anchor)))
    else:
        pair = _PAIRS[kind](geometry) * _distinct(geometry)
    return np.asarray((pair * anchor[None, :]).max(axis=1), np.float32)


def _distinct(g: Geometry) -> FloatArray:
    return np.asarray(1.0 - np.clip((g.overlap - 0.5) * 4.0, 0.0, 1.0), np.float32)


def _offset(axis: FloatArray) -> FloatArray:
    """(N, N) how far candidate i lies beyond anchor j along the axis."""
    return np.asarray(axis[:, None] - axis[None, :], np.float32)


def _gap(g: Geometry) -> FloatArray:
    """(N, N) distance between boxes in image sides; 0 where they touch or overlap."""
    across = np.abs(_offset(g.right)) - (g.extent[:, None, 0] + g.extent[None, :, 0])
    along = np.abs(_offset(g.down)) - (g.extent[:, None, 1] + g.extent[None, :, 1])
    return np.asarray(np.hypot(np.maximum(across, 0), np.maximum(along, 0)), np.float32)


def _near(g: Geometry) -> FloatArray:
    return np.asarray(1.0 / (1.0 + (_gap(g) / NEAR_GAP) ** 2), np.float32)


def _beyond(offset: FloatArray, steep: FloatArray) -> FloatArray:
    """(N, N) clearly beyond in a direction; fades when the two lie more across that direction than along it."""
    return np.asarray(expit(offset / CLEAR_STEP * 4.0 - 2.0) / (1.0 + (steep / 2.0) ** 2), np.float32)


def _beside(g: Geometry, sign: float) -> FloatArray:
    """Left or right of: beyond in that direction, and not mainly above, below or far off."""
    offset = sign * _offset(g.right)
    steep = np.abs(_offset(g.down)) / (np.abs(offset) + CLEAR_STEP)
    return _beyond(offset, steep) * (0.5 + 0.5 * _near(g))


def _stacked(g: Geometry, sign: float) -> FloatArray:
    """Above (-1) or below (+1): beyond along the picture's vertical, more so than sideways.

    Where heights are known a thing that is higher is above for certain; on one table the picture alone still decides.
    """
    picture = g.picture
    offset = sign * _offset(picture.down)
    steep = np.abs(_offset(picture.right)) / (np.abs(offset) + CLEAR_STEP)
    seen = _beyond(offset, steep) * (0.5 + 0.5 * _near(picture))
    if g.height is None:
        return seen
    beside = np.maximum(np.abs(_offset(picture.right)) - picture.extent[None, :, 0], 0.0)
    higher = expit(-sign * _offset(g.height) / CLEAR_HEIGHT * 4.0 - 2.0) / (1.0 + (beside / NEAR_GAP) ** 2)
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


def _in_depth(g: Geometry, sign: float) -> FloatArray:
    """In front of (+1) or behind (-1): nearer or farther, and close by in the view."""
    return np.asarray(expit(sign * _offset(g.nearness) / NEAR_DEPTH_STEP * 4 - 1) * (0.4 + 0.6 * _near(g)), np.float32)


def _between(g: Geometry, first: FloatArray, second: FloatArray) -> FloatArray:
    """(N,) lies on the segment between the two anchors: best pair (j, k) of different things.

    Position along and distance from the segment are Gaussians around its middle stretch.
    """
    points = np.stack([g.right, g.down], axis=1)
    start, end = points[:, None, :], points[None, :, :]
    axis = end - start
    length = np.maximum(np.linalg.norm(axis, axis=-1), 1e-6)
    relative = points[:, None, None, :] - start[None]
    along = (relative * axis[None]).sum(-1) / length[None] ** 2
    across = np.abs(relative[..., 0] * axis[None, ..., 1] - relative[..., 1] * axis[None, ..., 0]) / length[None]
    fit = np.exp(-(((along - 0.5) / 0.35) ** 2)) * np.exp(-((across / (0.35 * length[None] + CLEAR_STEP)) ** 2))
    distinct = _distinct(g)
    pair = first[:, None] * second[None, :] * distinct
    return np.asarray((fit * pair[None] * distinct[:, :, None] * distinct[:, None, :]).max(axis=(1, 2)), np.float32)


_PAIRS: dict[RelationKind, Callable[[Geometry], FloatArray]] = {
    RelationKind.LEFT_OF: lambda g: _beside(g, -1.0),
    RelationKind.RIGHT_OF: lambda g: _beside(g, 1.0),
    RelationKind.ABOVE: lambda g: _stacked(g, -1.0),
    RelationKind.BELOW: lambda g: _stacked(g, 1.0),
    RelationKind.ON: lambda g: _on(g.picture),
    RelationKind.NEXT_TO: _near,
    RelationKind.IN_FRONT_OF: lambda g: _in_depth(g, 1.0),
    RelationKind.BEHIND: lambda g: _in_depth(g, -1.0),
}
