# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A report as a markdown and a self-contained html page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tas_ros.errors import DatasetError, TasError
from tas_ros.evaluation.datasets import AnnotatedImage
from tas_ros.evaluation.metrics import PRECISION_THRESHOLDS
from tas_ros.evaluation.pictures import COLOURS, RULE, Example, images_of, picture_of

_TEMPLATES = Path(__file__).parent / "templates"
_METRICS = {"oiou": "oIoU", "miou": "mIoU"}
_CHOICES = {
    "forced": "the best candidate is taken even where the node would answer that nothing matches",
    "as_answered": "only what the node would publish counts",
}


def write_pages(
    folder: Path, report: Mapping[str, Any], examples: Iterable[Example], images: Iterable[AnnotatedImage] | None
) -> None:
    """Write report.md and report.html into `folder`.

    images: of the set, to draw the examples on; None when they are not at hand, which the page then says.
    Raises TasError when a page cannot be written.
    """
    shown, problem = _illustrated(list(examples), images)
    content = {**report, **_tables(report), "examples": shown, "picture_problem": problem, "rule": RULE}
    for name in ("report.md", "report.html"):
        text = _template(f"{name}.j2").render(content)
        try:
            (folder / name).write_text(text, encoding="utf-8")
        except OSError as error:
            raise TasError(f"{folder / name} cannot be written ({error.strerror})") from error


def _tables(report: Mapping[str, Any]) -> dict[str, Any]:
    choices = report["metrics_by_choice"]
    variants = list(report["variants"].items())
    groups = [
        ("Ablations", [item for item in variants if "=" not in item[0]]),
        ("Weights", [item for item in variants if "=" in item[0]]),
        ("By kind", list(report["breakdown"]["by_tag"].items())),
        ("By what was understood", list(report["breakdown"]["by_constraint"].items())),
    ]
    return {
        "choice": _CHOICES[report["settings"]["choice"]],
        "thresholds": [str(each) for each in PRECISION_THRESHOLDS],
        "names": _METRICS,
        "colours": COLOURS,
        "summary": [
            ("best candidate (forced)", choices["forced"]),
            ("only what the node answers", choices["as_answered"]),
            ("oracle of the proposals", report["oracle"]),
            ("random proposal (expected)", report["random"]),
        ],
        "tables": [(title, rows) for title, rows in groups if rows and rows != variants[:1]],
    }


def _illustrated(examples: list[Example], images: Iterable[AnnotatedImage] | None) -> tuple[list[dict[str, Any]], str]:
    """What the template shows of each example, and why there are no pictures if there are none."""
    found = images_of(examples, images) if images is not None else {}
    problem = "" if images is not None else "The set's pictures are not where they were; the examples are listed only."
    shown = []
    for each in examples:
        picture = ""
        if each.row.image_id in found:
            try:
                picture = picture_of(each, found[each.row.image_id])
            except DatasetError as error:
                problem = str(error)
        shown.append(
            {
                "kind": each.kind,
                "image_id": each.row.image_id,
                "sentence_id": each.row.sentence_id,
                "caption": each.caption,
                "picture": picture,
            }
        )
    return shown, problem


def _template(name: str) -> Any:
    try:
        import jinja2
    except ImportError as error:
        raise TasError(f"report pages need jinja2 ({error}); pip install jinja2, then --report-only") from error
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=jinja2.select_autoescape(["html.j2"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["percent"] = lambda share: f"{100 * share:.1f}"
    return environment.get_template(name)
