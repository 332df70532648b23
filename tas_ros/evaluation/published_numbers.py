# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Published figures that a run's own are set beside. None was measured here; each names where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from tas_ros.evaluation.datasets import DatasetSelection

TAS = "Suo, Zhu, Yang: Text Augmented Spatial-aware Zero-shot Referring Image Segmentation, EMNLP Findings 2023"
HYBRID_GL = "Liu, Li: Hybrid Global-Local Representation with Augmented Spatial Guidance, CVPR 2025"


@dataclass(frozen=True)
class PublishedFigure:
    """One method's figure on one split, as a share in [0, 1]."""

    method: str
    metric: str
    """`oiou` or `miou`, as in SegmentationMetrics."""
    value: float
    source: str
    """Paper and where it can be read."""


def _figures(method: str, metric: str, source: str, **percent: float) -> dict[str, PublishedFigure]:
    return {split: PublishedFigure(method, metric, round(value / 100, 6), source) for split, value in percent.items()}


_TAS_SOURCE = f"{TAS}, arXiv 2310.18049"
_HYBRID_GL_SOURCE = f"{HYBRID_GL}, arXiv 2504.00356"

_PUBLISHED: dict[tuple[str, str], tuple[dict[str, PublishedFigure], ...]] = {
    ("refcoco", "unc"): (
        _figures("TAS", "oiou", _TAS_SOURCE, val=29.5, testA=30.3, testB=28.2),
        _figures("HybridGL", "miou", _HYBRID_GL_SOURCE, val=49.5),
    ),
    ("refcoco+", "unc"): (
        _figures("TAS", "oiou", _TAS_SOURCE, val=33.2, testA=38.8, testB=28.0),
        _figures("HybridGL", "miou", _HYBRID_GL_SOURCE, val=43.4),
    ),
    ("refcocog", "umd"): (
        _figures("TAS", "oiou", _TAS_SOURCE, val=35.8, test=36.2),
        _figures("HybridGL", "miou", _HYBRID_GL_SOURCE, val=51.3),
    ),
}


def published_for(selection: DatasetSelection) -> tuple[PublishedFigure, ...]:
    """Figures of other methods on that dataset and split; none where none is on record."""
    methods = _PUBLISHED.get((selection.dataset or "", selection.split_by or ""), ())
    return tuple(figures[selection.split] for figures in methods if selection.split in figures)
