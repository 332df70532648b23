# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A run's results as a json document and as a table for a terminal, made in one pass over the rows."""

from __future__ import annotations

import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from tas_ros.evaluation.datasets import DatasetSelection
from tas_ros.evaluation.published_numbers import published_for
from tas_ros.evaluation.results import ResultRow
from tas_ros.evaluation.tally import Tally
from tas_ros.evaluation.variants import BASE

FORMAT_VERSION = 2


def build_report(settings: Mapping[str, Any], rows: Iterable[ResultRow], forced: bool = True) -> dict[str, Any]:
    """Everything needed to judge and repeat the run, ready for json.

    settings: of the run's folder.
    forced: whether the headline `metrics` take the best candidate's mask even when the node would publish none, as the
    RefCOCO protocol asks (one prediction a sentence). The other figure is always given as well.
    """
    sums = _Sums(forced)
    for row in rows:
        sums.add(row)
    run, where = settings["run"], settings["where"]
    headline = "forced" if forced else "as_answered"
    metrics = sums.choices[headline].metrics().to_dict()
    return {
        "format": FORMAT_VERSION,
        "made_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "settings": {
            "dataset": run["dataset"]["name"],
            "source": run["dataset"]["source"],
            "selection": run["selection"],
            "sentences": run["dataset"]["sentences"],
            "limit": run["dataset"]["limit"],
            "profile": run["profile"]["name"],
            "preset": run["preset"],
            "proposals": run["proposals"],
            "precision": run["precision"],
            "choice": headline,
            "weights": run["weights"],
        },
        "warnings": _warnings(run, where, sums.choices[headline].count),
        "engine": where["engine"],
        "device": where["device"],
        "machine": where["machine"],
        "training_data": where["training_data"],
        "metrics": metrics,
        "metrics_by_choice": {name: tally.metrics().to_dict() for name, tally in sums.choices.items()},
        "oracle": sums.oracle.metrics().to_dict(),
        "random": sums.random.metrics().to_dict(),
        "variants": {name: sums.variants[name].metrics().to_dict() for name in run["variants"]},
        "published": _published(run["selection"], metrics) if run["proposals"] == "own" else [],
        "answers": dict(sums.answers),
        "no_prediction": sums.no_prediction,
        "breakdown": {name: _breakdown(groups) for name, groups in sums.groups.items()},
        "proposals_per_image": _spread(sums.proposals),
        "seconds": {
            "total": float(np.sum(sums.seconds)),
            "median_per_sentence": float(np.median(sums.seconds)) if sums.seconds else 0.0,
        },
    }


class _Sums:
    """What one pass over the rows leaves; a few bytes a sentence."""

    def __init__(self, forced: bool) -> None:
        self._forced = forced
        self._image_id: str | None = None
        self.choices = {"forced": Tally(), "as_answered": Tally()}
        self.oracle, self.random = Tally(), Tally()
        self.variants: dict[str, Tally] = defaultdict(Tally)
        self.groups: dict[str, dict[str, tuple[Tally, Tally]]] = {"by_tag": {}, "by_constraint": {}}
        self.answers: Counter[str] = Counter()
        self.no_prediction = 0
        self.proposals, self.seconds = array("q"), array("d")

    def add(self, row: ResultRow) -> None:
        measured = row.forced if self._forced else row.answered
        self.variants[row.variant].add(measured)
        if row.variant != BASE:
            return
        self.choices["forced"].add(row.forced)
        self.choices["as_answered"].add(row.answered)
        self.oracle.add(row.oracle)
        self.random.add_expected(row.random, row.random_iou, row.random_above)
        for kind, names in (("by_tag", row.tags), ("by_constraint", row.asked)):
            for name in names:
                ours, best = self.groups[kind].setdefault(name, (Tally(), Tally()))
                ours.add(measured)
                best.add(row.oracle)
        self.answers[row.answer] += 1
        self.no_prediction += row.chosen is None
        self.seconds.append(row.seconds)
        if row.image_id != self._image_id:
            self._image_id = row.image_id
            self.proposals.append(row.proposals)


def format_report(report: Mapping[str, Any]) -> str:
    """The report's figures as aligned lines."""
    settings = report["settings"]
    lines = [
        f"{settings['dataset']} ({report['metrics']['count']} sentences), proposals: {settings['proposals']}, "
        f"profile {settings['profile']}, preset {settings['preset']}, choice {settings['choice']}",
        f"{settings['source']}; leak class: {report['training_data']['leak_class']}; "
        f"{report['machine']['processor']}, {report['machine']['device']}",
        *(f"warning: {each}" for each in report["warnings"]),
        "",
        f"{'':34}{'n':>6}{'oIoU':>8}{'mIoU':>8}{'Pr@.5':>8}",
    ]
    choices = report["metrics_by_choice"]
    lines += [
        _line("best candidate (forced)", choices["forced"]),
        _line("only what the node answers", choices["as_answered"]),
        _line("oracle of the proposals", report["oracle"]),
        _line("random proposal (expected)", report["random"]),
    ]
    if published := report["published"]:
        lines += ["", "published, this split"]
        lines += [
            f"  {each['method']:38}" + "".join(_percent(each, name) for name in ("oiou", "miou")) for each in published
        ]
    if len(report["variants"]) > 1:
        lines += ["", "variants"]
        lines += [_line(f"  {name}", metrics) for name, metrics in report["variants"].items()]
    for title, group in (("by kind", "by_tag"), ("by what was understood", "by_constraint")):
        if report["breakdown"][group]:
            lines += ["", title]
            lines += [_line(f"  {name}", metrics) for name, metrics in report["breakdown"][group].items()]
    answers = ", ".join(f"{name} {count}" for name, count in sorted(report["answers"].items()))
    lines += ["", f"answers: {answers}; {report['no_prediction']} sentences without any candidate"]
    counts = report["proposals_per_image"]
    lines.append(
        f"proposals an image: median {counts['median']:g}, {counts['least']} to {counts['most']}; "
        f"{report['seconds']['total']:.1f} s"
        + (f", peak memory {report['peak_rss_bytes'] / 2**30:.2f} GiB" if report.get("peak_rss_bytes") else "")
    )
    return "\n".join(lines)


def _line(name: str, metrics: Mapping[str, float]) -> str:
    return f"{name:34}{metrics['count']:>6}{metrics['oiou']:>8.3f}{metrics['miou']:>8.3f}{metrics['pr@0.5']:>8.3f}"


def _percent(figure: Mapping[str, Any], metric: str) -> str:
    return f"{figure['value']:>8.3f}" if figure["metric"] == metric else f"{'':8}"


def _warnings(run: Mapping[str, Any], where: Mapping[str, Any], answered: int) -> list[str]:
    warnings = list(where["warnings"])
    if answered < run["dataset"]["sentences"]:
        warnings.append(f"the run is not finished: {answered} of {run['dataset']['sentences']} sentences are answered")
    if run["dataset"]["limit"] is not None:
        warnings.append(f"only the first {run['dataset']['images']} images; figures are not comparable")
    return warnings


def _published(selection: Mapping[str, Any], ours: Mapping[str, float]) -> list[dict[str, Any]]:
    names = ("dataset", "split_by", "split")
    figures = published_for(DatasetSelection(**{name: selection[name] for name in names}))
    return [asdict(each) | {"ours": ours[each.metric]} for each in figures]


def _breakdown(groups: Mapping[str, tuple[Tally, Tally]]) -> dict[str, dict[str, float]]:
    return {
        name: ours.metrics().to_dict() | {"oracle_miou": best.metrics().miou}
        for name, (ours, best) in sorted(groups.items())
    }


def _spread(counts: array[int]) -> dict[str, float]:
    found = counts or array("q", [0])
    return {"median": float(np.median(found)), "least": min(found), "most": max(found)}
