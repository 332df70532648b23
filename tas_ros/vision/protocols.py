# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a vision backend must offer. A new backend is one file that satisfies one of these, and one registry line.

A Captioner is asked about a Scene, so its protocol stands there (scene.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from tas_ros.arrays import ImageArray
from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals


class MaskProposer(Protocol):
    """Class-agnostic instance masks."""

    def propose(self, frame: Frame) -> Proposals:
        """All masks worth considering; may overlap and nest. Zero masks is a legal answer."""
        ...


class ImageTextEncoder(Protocol):
    """One space for image regions and text; rows are L2-normalised so that a dot product is a cosine."""

    def encode_regions(self, rgb: NDArray[np.uint8], proposals: Proposals) -> NDArray[np.float32]:
        """(V, N, D) float32: V views of each of N regions. `rgb` is (H, W, 3) uint8."""
        ...

    def encode_crops(self, crops: Sequence[ImageArray]) -> NDArray[np.float32]:
        """(N, D) float32 of N pictures, each (H, W, 3) uint8 of its own size; a preset may say how regions are cut."""
        ...

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(T, D) float32. Text past the model's context length is truncated with a warning."""
        ...


@runtime_checkable
class ThingJudge(Protocol):
    """An encoder that tells from what it sees of a region, too, whether that is one whole thing."""

    def judge_regions(
        self, rgb: NDArray[np.uint8], proposals: Proposals
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(V, N, D) of encode_regions, and (N,) log-odds up to what the outline tells (ThingRule.seen)."""
        ...


class ColourNamer(Protocol):
    """How much of a region people would call by each basic colour term."""

    terms: tuple[str, ...]

    def name_regions(self, rgb: NDArray[np.uint8], proposals: Proposals) -> NDArray[np.float32]:
        """(N, C) float32, rows sum to 1: share of each region's pixels in each of the C `terms`."""
        ...
