# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""How captions are asked for: the captioning part of a preset."""

from __future__ import annotations

from dataclasses import dataclass, field

from tas_ros.vision.region_views import RegionView


@dataclass(frozen=True)
class CaptionRule:
    """What a neural captioner is shown of a region and how it searches. A template captioner has no use for it."""

    view: RegionView = field(default_factory=lambda: RegionView("blurred"))
    beams: int = 3
    max_new_tokens: int = 20
