# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a system scores: right answers by kind and group, and how it tells NOT_FOUND and AMBIGUOUS.

`tas evaluate SET --out RUN`, then `python -m simulation.tabletop.scores SET RUN [--json]`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from simulation.tabletop.reliability import reliability
from tas_ros.evaluation.datasets import AnnotatedImage, Sentence, open_dataset
from tas_ros.evaluation.results import ResultRow, read_rows
from tas_ros.referral.referral import Status

RIGHT_OVERLAP = 0.5
"""IoU from which a mask marks the thing."""
REPORTED_STATUSES = (Status.NOT_FOUND.name, Status.AMBIGUOUS.name)


@dataclass(frozen=True)
class Judged:
    """One answer beside what was expected."""

    sentence: Sentence
    row: ResultRow

    @property
    def right(self) -> bool:
        """The status that is true and, where a thing is meant, its mask at RIGHT_OVERLAP or more."""
        if self.row.answer != self.sentence.expected:
            return False
        return self.row.answer != Status.FOUND.name or self.row.answered.iou >= RIGHT_OVERLAP

    @property
    def chosen(self) -> bool:
        """The best candidate is the thing meant, whatever was answered."""
        return self.row.forced.iou >= RIGHT_OVERLAP


def score(rows: Iterable[ResultRow], images: Iterable[AnnotatedImage], variant: str = "base") -> dict[str, Any]:
    """Ready for json: overall, by kind, by group (perspective:, family:, rolled or not, rgbd only), by status;
    the reliability curve.

    rows: of a run over `images`; those of other variants are left out, as are sentences without an expected status.
    Raises KeyError when a row answers a sentence that the images do not have.
    """
    sentences: Mapping[str, Sentence] = {each.sentence_id: each for image in images for each in image.sentences}
    judged = [Judged(sentences[row.sentence_id], row) for row in rows if row.variant == variant]
    judged = [each for each in judged if each.sentence.expected]
    by_tag: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        for tag in each.sentence.tags:
            by_tag[tag].append(each)
    kinds = {each.sentence.tags[0] for each in judged if each.sentence.tags}
    return {
        "overall": _accuracy(judged),
        "by_kind": {tag: _accuracy(by_tag[tag]) for tag in sorted(kinds)},
        "by_group": {tag: _accuracy(by_tag[tag]) for tag in sorted(set(by_tag) - kinds)},
        "by_status": {name: _detection(judged, name) for name in REPORTED_STATUSES},
        "answers_by_expected": _confusion(judged),
        "reliability": _reliability(judged),
    }


def format_scores(scores: Mapping[str, Any]) -> str:
    """The same as aligned lines for a terminal."""
    lines = [f"{'':34}{'n':>6}{'right':>8}{'n found':>9}{'chosen':>8}", _line("overall", scores["overall"])]
    for group in ("by_kind", "by_group"):
        lines.append("")
        lines += [_line(name, values) for name, values in scores[group].items()]
    lines += ["", f"{'':34}{'true':>6}{'said':>8}{'precision':>11}{'recall':>8}"]
    for name, values in scores["by_status"].items():
        precision, recall = (_shown(values[key]) for key in ("precision", "recall"))
        lines.append(f"{name:34}{values['true']:>6}{values['said']:>8}{precision:>11}{recall:>8}")
    return "\n".join([*lines, "", *_reliability_lines(scores["reliability"])])


def _accuracy(judged: Sequence[Judged]) -> dict[str, float | None]:
    """`right` of `count` sentences, and `chosen` of the `found_count` that mean a thing; None of no sentences."""
    found = [each for each in judged if each.sentence.expected == Status.FOUND.name]
    return {
        "count": len(judged),
        "right": _share([each.right for each in judged]),
        "found_count": len(found),
        "chosen": _share([each.chosen for each in found]),
    }


def _detection(judged: Sequence[Judged], status: str) -> dict[str, float | None]:
    """How often the status is true and said; precision and recall, None where there is nothing to divide by."""
    true = sum(each.sentence.expected == status for each in judged)
    said = sum(each.row.answer == status for each in judged)
    both = sum(each.sentence.expected == status == each.row.answer for each in judged)
    return {
        "true": true,
        "said": said,
        "precision": both / said if said else None,
        "recall": both / true if true else None,
    }


def _confusion(judged: Sequence[Judged]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each in judged:
        table[each.sentence.expected][each.row.answer] += 1
    return {expected: dict(answers) for expected, answers in sorted(table.items())}


def _reliability(judged: Sequence[Judged]) -> dict[str, Any]:
    """Of the best candidate: its score against whether it is what was meant. Nothing is where nothing was meant; a
    sentence that several things fit says nothing of the score.
    """
    asked = [each for each in judged if each.sentence.expected != Status.AMBIGUOUS.name]
    meant = [each.sentence.expected == Status.FOUND.name and each.chosen for each in asked]
    return asdict(reliability([each.row.score for each in asked], meant))


def _reliability_lines(curve: Mapping[str, Any]) -> list[str]:
    lines = [f"{'score of the best candidate':34}{'n':>6}{'mean':>8}{'meant':>8}"]
    for each in curve["bins"]:
        name = f"{each['low']:.1f} to {each['high']:.1f}"
        lines.append(f"{name:34}{each['count']:>6}{_shown(each['score']):>8}{_shown(each['right']):>8}")
    return [*lines, f"expected calibration error {_shown(curve['calibration_error'])}"]


def _line(name: str, values: Mapping[str, float | None]) -> str:
    right, chosen = _shown(values["right"]), _shown(values["chosen"])
    return f"{name:34}{values['count']:>6}{right:>8}{values['found_count']:>9}{chosen:>8}"


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Score a run of `tas evaluate` on the tabletop benchmark.")
    parser.add_argument("set", type=Path, help="the benchmark's folder")
    parser.add_argument("run", type=Path, help="the folder that tas evaluate wrote")
    parser.add_argument("--json", action="store_true", help="print json instead of a table")
    options = parser.parse_args(arguments)
    results = options.run / "results.csv"
    if not results.is_file():
        parser.error(f"{results} is missing; give the --out folder of tas evaluate")
    scores = score(read_rows(results), open_dataset(options.set).images())
    sys.stdout.write((json.dumps(scores, indent=1) if options.json else format_scores(scores)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
