# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

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
