# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Which backends the table "every backend through the node" shows, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class BackendRow:
    """One backend with one model, put into profile `embedded` in the place of that kind."""

    kind: str
    backend: str
    model: str = ""
    """Catalogue name, of which a stand-in is made; empty for real weights that come in a package."""
    options: Mapping[str, Any] = field(default_factory=dict)
    reduced: bool = False
    """Whether the true network is too large for the CPU of a small machine: the stand-in is then a tiny one."""

    @property
    def name(self) -> str:
        """As a person would say it."""
        return f"{self.backend} {self.model}".strip()


_GRID: dict[str, Any] = {"points_per_side": 8}
"""As the method has it; segment-anything's own 32 asks 16 times as often."""

ROWS: tuple[BackendRow, ...] = (
    BackendRow("proposer", "rgbd"),
    BackendRow("proposer", "depth"),
    BackendRow("proposer", "hed"),
    BackendRow("proposer", "segment_anything", "sam-vit-b", _GRID),
    BackendRow("proposer", "transformers_sam", "sam-vit-base-transformers", _GRID),
    BackendRow("proposer", "transformers_sam", "sam2.1-hiera-tiny", _GRID),
    BackendRow("encoder", "conse"),
    BackendRow("encoder", "open_clip", "clip-rn50"),
    BackendRow("encoder", "open_clip", "clip-rn101"),
    BackendRow("encoder", "open_clip", "clip-vit-b-32"),
    BackendRow("encoder", "open_clip", "clip-vit-b-16"),
    BackendRow("encoder", "open_clip", "clip-vit-l-14", reduced=True),
    BackendRow("encoder", "open_clip", "siglip-vit-b-16"),
    BackendRow("encoder", "open_clip", "mobileclip-s1"),
    BackendRow("captioner", "template"),
    BackendRow("captioner", "blip", "blip-base"),
    BackendRow("captioner", "blip", "blip-large", reduced=True),
    BackendRow("captioner", "blip2", "blip2-opt-2.7b", reduced=True),
    BackendRow("captioner", "florence2", "florence-2-base"),
)
