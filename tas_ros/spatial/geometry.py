"""Geometry: where every proposal lies along the axes that direction words mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tas_ros.arrays import FloatArray
from tas_ros.vision.scene import Scene


@dataclass(frozen=True, eq=False)
class Geometry:
    """N proposals in a reference frame whose axes have been projected to the image.

    right, down: (N,) coordinates along the reference frame's right and down, in units of the image's larger side.
    size: (N,) linear size: square root of area, in the same unit, or metric when depth is known.
    extent: (N, 2) half widths along right and down, same unit as right and down.
    distance: (N,) metres from the camera, or NaN.
    overlap: (N, N) intersection over the smaller area.
    view_centre: right, down of the view's centre.
    """

    right: FloatArray
    down: FloatArray
    size: FloatArray
    extent: FloatArray
    distance: FloatArray
    overlap: FloatArray
    view_centre: tuple[float, float]

    @cached_property
    def has_depth(self) -> bool:
        """Whether every proposal has a measured distance."""
        return bool(np.isfinite(self.distance).all())

    @cached_property
    def nearness(self) -> FloatArray:
        """(N,) larger is nearer: from depth, else how low the mask reaches in the view (the ground-plane cue)."""
        return -self.distance if self.has_depth else self.down + self.extent[:, 1]


def image_geometry(scene: Scene) -> Geometry:
    """Geometry with the axes of the raw image (perspective `image`: x right, y down)."""
    proposals, frame = scene.proposals, scene.frame
    unit = float(max(frame.width, frame.height))
    boxes = proposals.boxes.astype(np.float32)
    size = np.sqrt(proposals.areas) / unit
    distance = scene.depths
    if len(proposals) and np.isfinite(distance).all():
        size = size * distance
    return Geometry(
        right=proposals.centroids[:, 0] / unit,
        down=proposals.centroids[:, 1] / unit,
        size=size.astype(np.float32),
        extent=(boxes[:, 2:] - boxes[:, :2]) / np.float32(2 * unit),
        distance=distance,
        overlap=proposals.containment,
        view_centre=(frame.width / (2 * unit), frame.height / (2 * unit)),
    )
