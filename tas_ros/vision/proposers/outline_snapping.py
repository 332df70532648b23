# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Outlines of depth clusters moved to where the colour image has its edge."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def snap_labels(
    labels: NDArray[np.int32], rgb: NDArray[np.uint8], known: NDArray[np.bool_], band: int = 3
) -> NDArray[np.int32]:
    """`labels` (0 is background) with the pixels near outlines, and unknown ones beside things, dealt out by colour.

    Depth outlines are off by a few pixels and frayed. Within `band` pixels of one the label comes from a watershed on
    the colour gradient, flooded from both sides; a thing too thin to keep a core keeps its pixels.

    labels: (H, W) int32. rgb: (H, W, 3) uint8. known: (H, W) bool, where depth was measured.
    """
    if not labels.any():
        return labels
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band + 1, 2 * band + 1))
    plane = labels.astype(np.float32)  # OpenCV's morphology has no int32
    same = cv2.erode(plane, kernel) == cv2.dilate(plane, kernel)
    near_thing = cv2.dilate((labels > 0).astype(np.uint8), kernel) > 0
    undecided = ~same | (~known & near_thing & (labels == 0))
    seeds = np.where(undecided, 0, labels + 1)  # watershed wants background as a seed of its own
    thin = (labels > 0) & ~np.isin(labels, np.unique(labels[same]))
    seeds[thin] = labels[thin] + 1
    markers = seeds.astype(np.int32)
    flooded = cv2.watershed(rgb, markers)
    ridge = flooded <= 0
    result = np.where(ridge, labels, flooded - 1)
    return np.asarray(result, np.int32)
