"""An evaluation as a json document and as a table for a terminal."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tas_ros.evaluation.datasets import ReferringDataset
from tas_ros.evaluation.machine import describe_machine, peak_rss_bytes
from tas_ros.evaluation.metrics import Overlap, SegmentationMetrics, summarise, summarise_random
from tas_ros.evaluation.runner import ProposalSource, SentenceResult
from tas_ros.evaluation.training_data import describe_training_data
from tas_ros.profiles import get_profile

FORMAT_VERSION = 1


def build_report(
    results: Sequence[SentenceResult],
    dataset: ReferringDataset,
    profile: str,
    preset: str,
    proposals: ProposalSource,
    forced: bool,
) -> dict[str, Any]:
    """Everything needed to judge and repeat the run, ready for json.

    forced: whether the headline `metrics` take the best candidate's mask even when the node would publish none, as the
    RefCOCO protocol asks (one prediction a sentence). The other figure is always given as well.
    """
    by_choice = {
        "forced": summarise([each.forced for each in results]),
        "as_answered": summarise([each.answered for each in results]),
    }
    headline = "forced" if forced else "as_answered"
    answers = Counter(each.answer for each in results)
    return {
        "format": FORMAT_VERSION,
        "made_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "settings": {
            "dataset": dataset.name,
            "source": dataset.source,
            "profile": profile,
            "preset": preset,
            "proposals": proposals,
            "choice": headline,
        },
        "machine": describe_machine(),
        "training_data": describe_training_data(get_profile(profile)),
        "metrics": by_choice[headline].to_dict(),
        "metrics_by_choice": {name: metrics.to_dict() for name, metrics in by_choice.items()},
        "oracle": summarise([each.oracle for each in results]).to_dict(),
        "random": summarise_random([each.offers for each in results]).to_dict(),
        "answers": dict(answers),
        "no_prediction": sum(each.chosen is None for each in results),
        "breakdown": {
            "by_tag": _breakdown(results, lambda each: each.sentence.tags, headline),
            "by_constraint": _breakdown(results, lambda each: each.asked, headline),
        },
        "proposals_per_image": _proposal_counts(results),
        "seconds": {
            "total": sum(each.seconds for each in results),
            "median_per_sentence": float(np.median([each.seconds for each in results])) if results else 0.0,
        },
        "peak_rss_bytes": peak_rss_bytes(),
        "rows": [_row(each, headline) for each in results],
    }


def format_report(report: dict[str, Any]) -> str:
    """The report's figures as aligned lines."""
    settings = report["settings"]
    lines = [
        f"{settings['dataset']} ({report['metrics']['count']} sentences), proposals: {settings['proposals']}, "
        f"profile {settings['profile']}, preset {settings['preset']}, choice {settings['choice']}",
        f"leak class: {report['training_data']['leak_class']}; {report['machine']['processor']}, "
        f"{report['machine']['device']}",
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
    for title, group in (("by kind", "by_tag"), ("by what was understood", "by_constraint")):
        lines += ["", title]
        lines += [_line(f"  {name}", metrics) for name, metrics in report["breakdown"][group].items()]
    answers = ", ".join(f"{name} {count}" for name, count in sorted(report["answers"].items()))
    lines += ["", f"answers: {answers}; {report['no_prediction']} sentences without any candidate"]
    counts = report["proposals_per_image"]
    lines.append(
        f"proposals an image: median {counts['median']:g}, {counts['least']} to {counts['most']}; "
        f"{report['seconds']['total']:.1f} s, peak memory {report['peak_rss_bytes'] / 2**30:.2f} GiB"
    )
    return "\n".join(lines)


def _line(name: str, metrics: dict[str, float]) -> str:
    return f"{name:34}{metrics['count']:>6}{metrics['oiou']:>8.3f}{metrics['miou']:>8.3f}{metrics['pr@0.5']:>8.3f}"


def _breakdown(
    results: Sequence[SentenceResult], groups_of: Callable[[SentenceResult], Sequence[str]], choice: str
) -> dict[str, dict[str, float]]:
    groups: dict[str, list[SentenceResult]] = defaultdict(list)
    for each in results:
        for name in groups_of(each):
            groups[name].append(each)
    summaries: dict[str, dict[str, float]] = {}
    for name, members in sorted(groups.items()):
        metrics: SegmentationMetrics = summarise([_overlap_of(each, choice) for each in members])
        oracle = summarise([each.oracle for each in members])
        summaries[name] = metrics.to_dict() | {"oracle_miou": oracle.miou}
    return summaries


def _overlap_of(result: SentenceResult, choice: str) -> Overlap:
    return result.forced if choice == "forced" else result.answered


def _proposal_counts(results: Sequence[SentenceResult]) -> dict[str, float]:
    counts = list({each.image_id: len(each.offers.unions) for each in results}.values()) or [0]
    return {"median": float(np.median(counts)), "least": min(counts), "most": max(counts)}


def _row(result: SentenceResult, choice: str) -> dict[str, Any]:
    measured = _overlap_of(result, choice)
    return {
        "image_id": result.image_id,
        "sentence_id": result.sentence.sentence_id,
        "text": result.sentence.text,
        "tags": list(result.sentence.tags),
        "expression": result.expression,
        "asked": list(result.asked),
        "answer": result.answer,
        "score": result.score,
        "chosen": result.chosen,
        "intersection": measured.intersection,
        "union": measured.union,
        "iou": measured.iou,
        "oracle_iou": result.oracle.iou,
        "oracle_proposal": result.offers.best,
        "rank_of_oracle": result.rank_of_best,
        "random_iou": float(result.offers.ious.mean()) if len(result.offers.unions) else 0.0,
        "proposals": len(result.offers.unions),
        "seconds": result.seconds,
    }
