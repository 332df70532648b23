# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Geometry: where every proposal lies along the axes that direction words mean, in one reference frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tas_ros.arrays import FloatArray
from tas_ros.language.query import Perspective
from tas_ros.spatial.reference_frames import STEEP, ReferenceFrame
from tas_ros.vision.scene import Scene

SPAN = (5.0, 95.0)
"""Percentiles that bound a thing: beyond them lie pixels whose depth is the background's."""
LEAST_SLOPE = 0.12
"""Least sine of the angle below the horizon under which a pixel can be followed down to the ground."""
LEAST_IN_PICTURE = 0.4
"""Share of a unit vector that must lie in the picture's plane for the picture alone to show that direction."""

SIDEWAYS, DEPTH = "sideways", "depth"


@dataclass(frozen=True, eq=False)
class Geometry:
    """N proposals as one reference frame sees them; coordinates in units of the image's larger side.

    right, down: (N,) along the frame's right and down. For robot and speaker it is a plan: down is towards them.
    extent: (N, 2) half widths along right and down.
    size: (N,) linear size: square root of area; metric up to a common factor when depth is known.
    tallness: (N,) reach along the vertical, likewise.
    nearness: (N,) larger is nearer to the one whose frame it is: metres with depth, else the ground-plane cue.
    overlap: (N, N) intersection over the smaller area.
    view_centre: right, down of the view's centre.
    height: (N,) metres along the vertical of the things' middles; None unless depth and gravity are known.
    has_depth: whether every proposal has a measured distance.
    picture: the same things as the upright picture shows them, for words that mean the picture ("on", "in", "top").
    plan: the same things seen from above, for words that mean the way over the ground ("next to", "behind"): down is
    towards the one who looks. Where the ground is not known, itself.
    unseen: which of SIDEWAYS and DEPTH this view cannot show at all.
    """

    right: FloatArray
    down: FloatArray
    extent: FloatArray
    size: FloatArray
    tallness: FloatArray
    nearness: FloatArray
    overlap: FloatArray
    view_centre: tuple[float, float]
    height: FloatArray | None = None
    has_depth: bool = False
    picture_: Geometry | None = None
    plan_: Geometry | None = None
    is_plan: bool = False
    unseen: frozenset[str] = frozenset()

    @property
    def picture(self) -> Geometry:
        """As the upright picture shows things; itself where that is what it is."""
        return self.picture_ or self

    @property
    def plan(self) -> Geometry:
        """As seen from above; itself where that is what it is or nothing tells."""
        return self.plan_ or self

    @property
    def toward(self) -> FloatArray:
        """(N,) larger is nearer along the level line of sight, whatever lies between left and right."""
        return self.plan.down if self.plan.is_plan else self.nearness


def geometry_of(scene: Scene, reference: ReferenceFrame) -> Geometry:
    """The scene's proposals in `reference`, in space where depth is known, otherwise as far as the picture tells."""
    picture = _picture(scene, reference)
    if reference.perspective is Perspective.IMAGE or not len(scene.working_proposals):
        return picture
    if picture.has_depth:
        return _in_space(scene, reference, picture)
    return _on_ground(scene, reference, picture)


def _picture(scene: Scene, reference: ReferenceFrame) -> Geometry:
    """The image turned upright: by what gravity says, or not at all where only the raw image is known."""
    proposals, frame = scene.working_proposals, scene.frame
    unit = float(max(frame.width, frame.height))
    centre = np.array([frame.width, frame.height]) / (2 * unit)
    across, below = _picture_axes(reference)
    if np.allclose(across, (1, 0)):
        boxes = proposals.boxes / unit
        middles, extent = proposals.centroids / unit, (boxes[:, 2:] - boxes[:, :2]) / 2
        right, down = middles[:, 0], middles[:, 1]
    else:
        from_centre = scene.surface_points.pixels / unit - centre  # turned about the middle of the view
        right, down = from_centre @ across + centre[0], from_centre @ below + centre[1]
        extent = np.stack([_half_span(right), _half_span(down)], axis=1)
        right, down = right.mean(axis=1), down.mean(axis=1)
    area_side = np.sqrt(proposals.areas) / unit
    tallness = 2 * extent[:, 1]
    distance = scene.depths
    has_depth = bool(np.isfinite(distance).all()) and len(proposals) > 0
    metric = distance if has_depth else 1.0
    return Geometry(
        right=_float(right),
        down=_float(down),
        extent=_float(extent),
        size=_float(area_side * metric),
        tallness=_float(tallness * metric),
        nearness=_float(-distance if has_depth else down + extent[:, 1]),
        overlap=proposals.containment,
        view_centre=(float(centre[0]), float(centre[1])),
        has_depth=has_depth,
    )


def _in_space(scene: Scene, reference: ReferenceFrame, picture: Geometry) -> Geometry:
    points = scene.surface_points.positions(scene.frame.pinhole).astype(np.float64)
    far = float(np.median(points[..., 2]))
    upward = points @ reference.up
    lifted = replace(
        picture, tallness=_float(2 * _half_span(upward)), height=_float(np.median(upward, axis=1)), picture_=picture
    )
    return _as_seen(lifted, reference, points, _sides_per_metre(scene, far), np.array([0.0, 0.0, far]))


def _on_ground(scene: Scene, reference: ReferenceFrame, picture: Geometry) -> Geometry:
    """Without depth: follow the lowest pixel of each thing down to a level ground, if the camera looks down on it."""
    rays = scene.surface_points.rays(scene.frame.pinhole).astype(np.float64)
    directions = rays / np.linalg.norm(rays, axis=-1, keepdims=True)
    slope = directions @ -reference.up
    foot = slope.argmax(axis=1)
    things = np.arange(len(foot))
    if slope[things, foot].min() < LEAST_SLOPE:
        return _along_picture(reference, picture)
    # The robot's base tells how high the camera stands; else all that is unknown is one common scale.
    drop = max(float(reference.origin @ -reference.up), 0.1) if reference.perspective is Perspective.ROBOT else 1.0
    feet = directions[things, foot] * (drop / slope[things, foot])[:, None]
    far = float(np.median(feet[:, 2]))
    return _as_seen(replace(picture, picture_=picture), reference, feet[:, None], _sides_per_metre(scene, far), None)


def _as_seen(
    picture: Geometry,
    reference: ReferenceFrame,
    points: NDArray[np.float64],
    scale: float,
    axis_point: NDArray[np.float64] | None,
) -> Geometry:
    """Coordinates of (N, K, 3) points in the optical frame along the reference frame's axes.

    scale: image sides to a metre at the things' median distance, so that a step means the same with and without depth.
    axis_point: (3,) the view's centre at that distance; None takes the middle of the things.
    """
    across, toward = points @ reference.right, points @ -reference.away
    middle = points.mean(axis=(0, 1)) if axis_point is None else axis_point
    from_origin = np.median(points, axis=1) - reference.origin
    if picture.height is None:  # how high a thing reaches is not known, so only the way over the ground counts
        from_origin = from_origin - (from_origin @ reference.up)[:, None] * reference.up
    nearness = _float(-np.linalg.norm(from_origin, axis=-1))
    flat = points.shape[1] == 1
    # Of one point no reach over the ground is known; things are taken to be as deep as they are wide.
    extent = picture.extent[:, [0, 0]] if flat else np.stack([_half_span(across), _half_span(toward)], axis=1) * scale
    plan = replace(
        picture,
        right=_float(np.median(across, axis=1) * scale),
        down=_float(np.median(toward, axis=1) * scale),
        extent=_float(extent),
        nearness=nearness,
        view_centre=(float(middle @ reference.right) * scale, float(middle @ -reference.away) * scale),
        is_plan=True,
    )
    if reference.perspective is not Perspective.CAMERA:
        return plan
    # What a person at the camera sees is the picture itself, its vertical included.
    seen = replace(picture, nearness=nearness, plan_=plan)
    if picture.height is None:
        return seen
    extent = np.stack([plan.extent[:, 0], picture.extent[:, 1]], axis=1)
    centre = (plan.view_centre[0], picture.view_centre[1])
    return replace(seen, right=plan.right, extent=_float(extent), view_centre=centre)


def _along_picture(reference: ReferenceFrame, picture: Geometry) -> Geometry:
    """As much of the directions as lies in the picture's plane; the rest cannot be seen without depth."""
    if reference.perspective is Perspective.CAMERA:
        return picture
    across, below = _picture_axes(reference)

    def along(axis: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        flat = np.array([axis[:2] @ across, axis[:2] @ below])
        length = float(np.linalg.norm(flat))
        if length < LEAST_IN_PICTURE:
            return np.zeros(len(picture.right)), 0.0
        flat /= length
        return picture.right * flat[0] + picture.down * flat[1], float(np.array(picture.view_centre) @ flat)

    (right, centre_right), (down, centre_down) = along(reference.right), along(-reference.away)
    unseen = [SIDEWAYS] * (not right.any()) + [DEPTH] * (not down.any())
    return replace(
        picture,
        right=_float(right),
        down=_float(down),
        nearness=_float(down),
        view_centre=(centre_right, centre_down),
        picture_=picture,
        unseen=frozenset(unseen),
    )


def _picture_axes(reference: ReferenceFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Unit vectors (2,) in the image along the upright picture's right and down."""
    below = -reference.up[:2]
    length = float(np.linalg.norm(below))
    if not reference.upright or length < np.sqrt(1 - STEEP**2):
        below, length = np.array([0.0, 1.0]), 1.0
    below = below / length
    return np.array([below[1], -below[0]]), below


def _sides_per_metre(scene: Scene, distance: float) -> float:
    frame = scene.frame
    return frame.pinhole.fx / (max(frame.width, frame.height) * max(distance, 1e-3))


def _half_span(values: NDArray[np.floating]) -> NDArray[np.floating]:
    low, high = np.percentile(values, SPAN, axis=1)
    return (high - low) / 2


def _float(values: NDArray[np.floating]) -> FloatArray:
    return np.asarray(values, np.float32)
