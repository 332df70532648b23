# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Soft ranks: how many things of the asked-for kind come before each proposal along a measure."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from tas_ros.arrays import FloatArray


def membership(probability: FloatArray, overlap: FloatArray) -> FloatArray:
    """(N,) in [0, 1]: how much each proposal counts as one of the things asked for.

    Positions and ordinals are ranked among candidates that look like the target, not among all masks (docs/method.md
    weakness 6). A proposal covering a better one (its part, its whole, its double) is the same thing and counts no
    second time. probability: (N,) appearance; overlap: (N, N) intersection over the smaller area.
    """
    if not len(probability):
        return probability
    relative = probability / max(float(probability.max()), 1e-9)
    likeness = relative**4 / (relative**4 + 0.06)
    likeness = likeness / max(float(likeness.max()), 1e-9)
    order = np.argsort(-probability, kind="stable")
    counted = np.zeros_like(likeness)
    for i in order:
        doubled = float((overlap[i] * counted).max())
        counted[i] = likeness[i] * (1.0 - min(1.0, doubled * 1.25))
    return np.asarray(counted, np.float32)


def soft_rank(measure: FloatArray, member: FloatArray, overlap: FloatArray, scale: float) -> FloatArray:
    """(..., N) expected number of members with a larger `measure`, not counting what overlaps the proposal itself.

    measure, member: (N,), or (..., N) for several rankings at once; overlap: (N, N).
    scale: difference of the measure at which an order is clear.
    """
    ahead = expit((measure[..., None, :] - measure[..., :, None]) * (4.0 / scale))
    other = 1.0 - np.clip(overlap * 1.25, 0.0, 1.0)
    return np.asarray((ahead * other * member[..., None, :]).sum(axis=-1), np.float32)
