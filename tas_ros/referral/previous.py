# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a command owes to the answer before: "the other one"."""

from __future__ import annotations

import numpy as np

from tas_ros.arrays import FloatArray, MaskArray
from tas_ros.vision.proposals import Proposals

SAME_THING = 0.02
"""What is left of a proposal that was just answered when the other one is asked for."""


def other_than(previous: MaskArray, proposals: Proposals) -> FloatArray:
    """(N,) factor that leaves next to nothing of proposals that cover the thing answered before, or lie within it.

    previous: (H, W) bool of the last answer, in a view that has not moved far.
    """
    if previous.shape != proposals.masks.shape[1:]:
        return np.ones(len(proposals), np.float32)
    shared = np.count_nonzero(proposals.masks & previous, axis=(1, 2))
    smaller = np.minimum(proposals.areas, max(int(np.count_nonzero(previous)), 1))
    return np.where(shared > 0.5 * smaller, SAME_THING, 1.0).astype(np.float32)
