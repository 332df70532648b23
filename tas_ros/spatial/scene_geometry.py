"""The geometry of each scene in each reference frame, made when a command first needs it."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from tas_ros.language.query import Perspective
from tas_ros.spatial.geometry import Geometry, geometry_of
from tas_ros.spatial.reference_frames import ReferenceFrame, reference_frame
from tas_ros.vision.scene import Scene


class SceneGeometries:
    """Reference frames and geometries of the scenes that are still in use. Not thread-safe; one worker owns it."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Scene, dict[Perspective, tuple[ReferenceFrame, Geometry]]] = WeakKeyDictionary()

    def of(self, scene: Scene, perspective: Perspective) -> tuple[ReferenceFrame, Geometry]:
        """The axes that `perspective` means in this scene, and where its proposals lie along them."""
        known = self._known.setdefault(scene, {})
        if perspective not in known:
            reference = reference_frame(scene.frame, perspective)
            known[perspective] = reference, geometry_of(scene, reference)
        return known[perspective]
