# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a profile is: one backend of every kind, with its models and options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tas_ros.matching.calibration import KindCalibration


@dataclass(frozen=True)
class BackendChoice:
    """A registered backend and its constructor options, which win over the pipeline's `device` and `precision`."""

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    model: str = ""
    """Entry of the model catalogue, or path, whose files the backend gets as `checkpoint`, together with `device` and
    `precision`; empty for a backend whose weights come inside a package."""


@dataclass(frozen=True)
class Profile:
    """One choice for every kind of backend."""

    name: str
    proposer: BackendChoice
    encoder: BackendChoice
    captioner: BackendChoice
    colour_namer: BackendChoice
    parser: BackendChoice
    kind_calibration: KindCalibration
    """Fitted to the encoder: from the total score to a probability."""

    @property
    def model_files(self) -> tuple[str, ...]:
        """Catalogue names or paths of the models its backends need, each once."""
        choices = (self.proposer, self.encoder, self.captioner, self.colour_namer, self.parser)
        return tuple(dict.fromkeys(choice.model for choice in choices if choice.model))
