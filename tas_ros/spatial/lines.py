# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Rows and columns: which line of an arrangement each thing stands in ("the box in the second row")."""

from __future__ import annotations

import numpy as np

from tas_ros.arrays import FloatArray

STRONG = 0.5
"""Membership from which a thing helps to lay the lines; the others only fall into them."""


def line_numbers(measure: FloatArray, half_extent: FloatArray, members: FloatArray) -> FloatArray:
    """(N,) number of the line each proposal stands in, 0 for the one with the largest measure.

    A line ends where the next thing of the kind lies further off than half a thing's reach.

    measure, half_extent: (N,) middle and half width across the lines, in one unit; members: (N,) in [0, 1].
    """
    strong = np.flatnonzero(members >= STRONG)
    if not strong.size:
        return np.zeros_like(measure)
    order = strong[np.argsort(-measure[strong], kind="stable")]
    gap = np.median(half_extent[order])
    numbers = np.concatenate([[0], np.cumsum(-np.diff(measure[order]) > gap)])
    nearest = np.abs(measure[:, None] - measure[None, order]).argmin(axis=1)
    return np.asarray(numbers[nearest], np.float32)
