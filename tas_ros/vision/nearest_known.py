# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Pixels that take over the value of the nearest one that has one."""

from __future__ import annotations

from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value", bound=np.generic)


def from_nearest_known(values: NDArray[Value], known: NDArray[np.bool_]) -> tuple[NDArray[Value], NDArray[np.float32]]:
    """(H, W) values, each that of the nearest known pixel, and (H, W) float32 the distance to that in pixels.

    values: (H, W) of any type, looked at where `known` alone; known: (H, W) bool, somewhere true.
    """
    distance, nearest = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    owner = np.zeros(int(nearest.max()) + 1, values.dtype)
    owner[nearest[known]] = values[known]
    return owner[nearest], np.asarray(distance, np.float32)
