# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What would tell several fitting things apart: the question that an ambiguous command is answered with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tas_ros.arrays import FloatArray
from tas_ros.spatial.geometry import Geometry

CLEAR_STEP = 0.05
"""Least gap, in image sides or metres of nearness, for a person to see an order."""
CLEAR_RATIO = 1.25
"""Least ratio of sizes for the same."""


def tell_apart(geometry: Geometry, things: Sequence[int]) -> str:
    """ "the left one or the right one?" for those proposals, by the first measure that orders them clearly.

    Empty when none does: then only pointing would help.
    """
    chosen = np.asarray(things)
    log_size = np.log(np.maximum(geometry.size[chosen], 1e-6))
    for measure, step, names in (
        (geometry.right[chosen], CLEAR_STEP, ("left", "middle", "right")),
        (-geometry.nearness[chosen], CLEAR_STEP, ("front", "middle", "back")),
        (geometry.picture.down[chosen], CLEAR_STEP, ("upper", "middle", "lower")),
        (log_size, float(np.log(CLEAR_RATIO)), ("smaller", "middle-sized", "bigger")),
    ):
        if _clearly_ordered(measure, step):
            return _question(len(chosen), names)
    return ""


def _clearly_ordered(measure: FloatArray, step: float) -> bool:
    return bool(len(measure) > 1 and np.diff(np.sort(measure)).min() >= step)


def _question(count: int, names: tuple[str, str, str]) -> str:
    first, middle, last = names
    if count == 2:
        return f"the {first} one or the {last} one?"
    if count == 3:
        return f"the {first}, the {middle} or the {last} one?"
    return f"which one, counted from the {first}?"
