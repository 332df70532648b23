# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""One evaluation as data: which set, which models, which variants. Every worker makes the same of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from tas_ros.choices.presets import get_preset
from tas_ros.choices.profiles import get_profile
from tas_ros.evaluation.datasets import AnnotatedImage, DatasetSelection, ReferringDataset, open_dataset
from tas_ros.evaluation.machine import describe_machine
from tas_ros.evaluation.runner import ProposalSource, ReferringSystem
from tas_ros.evaluation.settings import describe_dataset, describe_variants, describe_weights, plain
from tas_ros.evaluation.training_data import describe_training_data
from tas_ros.evaluation.variants import BASE, Variant, variants_of


@dataclass(frozen=True)
class EvaluationPlan:
    """What is evaluated and with what."""

    directory: Path
    selection: DatasetSelection = field(default_factory=DatasetSelection)
    proposals: ProposalSource = "own"
    profile: str = "embedded"
    preset: str = "default"
    ablations: bool = False
    sweep: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    limit: int | None = None
    """Only the first images."""
    device: str = "auto"
    precision: str = "auto"
    models_directory: Path | None = None
    threads: int = 0
    """Of the CPU for one inference, in each process; 0 takes one a core."""

    @cached_property
    def dataset(self) -> ReferringDataset:
        """The set. Raises DatasetError."""
        return open_dataset(self.directory, self.selection)

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """The base first. Raises UnknownBackendError."""
        return tuple(variants_of(get_preset(self.preset), self.ablations, self.sweep))

    def images(self) -> Iterator[AnnotatedImage]:
        """The images to answer, in the dataset's order."""
        return islice(self.dataset.images(), self.limit)

    def settings(self) -> dict[str, Any]:
        """Everything that the results depend on. Raises ModelError when a model's files are missing."""
        profile = get_profile(self.profile)
        return {
            "dataset": describe_dataset(self.dataset, self.limit),
            "selection": plain(self.dataset.selection),
            "proposals": self.proposals,
            "profile": plain(profile),
            "preset": self.preset,
            "precision": self.precision,
            "variants": describe_variants(self.variants),
            "weights": describe_weights(profile, self.models_directory),
        }

    def where(self, engine: str) -> dict[str, Any]:
        """What the results do not depend on, but a report tells: places, machine, what the models have seen."""
        return {
            "directory": str(self.directory),
            "selection": asdict(self.dataset.selection),
            "device": self.device,
            "engine": engine,
            "machine": describe_machine(),
            "training_data": describe_training_data(get_profile(self.profile)),
            "warnings": list(self.dataset.warnings),
        }

    def load_systems(self, progress: Callable[[str], None] = lambda step: None) -> Mapping[str, ReferringSystem]:
        """A system for each variant, all on the same loaded models. Raises ModelError."""
        from tas_ros.models.store import ModelStore
        from tas_ros.pipeline import Pipeline

        base, *others = self.variants
        pipeline = Pipeline.load(
            profile=self.profile,
            preset=base.preset,
            progress=progress,
            store=ModelStore(self.models_directory),
            device=self.device,
            precision=self.precision,
            threads=self.threads,
        )
        return {BASE: pipeline} | {each.name: pipeline.with_preset(each.preset) for each in others}
