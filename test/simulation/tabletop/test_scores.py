# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Scores of a made-up run, counted by hand; and that a run asks in the perspective of the set's truth."""

from dataclasses import fields

import pytest

from simulation.tabletop.scores import format_scores, score
from tas_ros.evaluation.datasets import Sentence
from tas_ros.evaluation.results import ResultRow
from tas_ros.evaluation.runner import _as_meant
from tas_ros.language.query import ObjectPhrase, Perspective, Query

WANTED = [
    # id, kind, tags, expected, answer, IoU of the best candidate in tenths
    ("a", "name", ("not rolled",), "FOUND", "FOUND", 8),
    ("b", "name", ("rolled",), "FOUND", "FOUND", 2),
    ("c", "name", ("rolled",), "FOUND", "AMBIGUOUS", 9),
    ("d", "not_found_name", ("rolled",), "NOT_FOUND", "NOT_FOUND", 0),
    ("e", "not_found_name", ("not rolled",), "NOT_FOUND", "FOUND", 0),
    ("f", "ambiguous_name", ("not rolled",), "AMBIGUOUS", "AMBIGUOUS", 0),
    ("g", "elsewhere", (), "", "FOUND", 10),
]


class _Image:
    image_id = "1"
    sentences = tuple(
        Sentence(name, f"text {name}", ("1",) if expected == "FOUND" else (), (kind, *tags), expected=expected)
        for name, kind, tags, expected, _, _ in WANTED
    )


def _row(name, answer, tenths, variant="base"):
    blank = {field.name: 0 for field in fields(ResultRow)}
    found = answer == "FOUND"
    return ResultRow(
        **blank
        | {
            "image_id": "1",
            "sentence_id": name,
            "variant": variant,
            "answer": answer,
            "intersection": tenths,
            "union": 10,
            "answered_intersection": tenths if found else 0,
            "answered_union": 10,
        }
    )


@pytest.fixture
def scores():
    rows = [_row(name, answer, tenths) for name, _, _, _, answer, tenths in WANTED]
    rows.append(_row("a", "NOT_FOUND", 0, variant="no_rectifier"))
    return score(rows, [_Image()])


def test_right_needs_status_and_mask(scores):
    assert scores["overall"] == {"count": 6, "right": 3 / 6, "found_count": 3, "chosen": 2 / 3}
    assert scores["by_kind"]["name"] == {"count": 3, "right": 1 / 3, "found_count": 3, "chosen": 2 / 3}
    assert scores["by_kind"]["not_found_name"] == {"count": 2, "right": 0.5, "found_count": 0, "chosen": None}
    assert set(scores["by_group"]) == {"rolled", "not rolled"}
    assert scores["by_group"]["rolled"]["count"] == 3


def test_statuses_have_precision_and_recall(scores):
    assert scores["by_status"]["NOT_FOUND"] == {"true": 2, "said": 1, "precision": 1.0, "recall": 0.5}
    assert scores["by_status"]["AMBIGUOUS"] == {"true": 1, "said": 2, "precision": 0.5, "recall": 1.0}
    assert scores["answers_by_expected"]["FOUND"] == {"FOUND": 2, "AMBIGUOUS": 1}


def test_nothing_said_has_no_precision():
    scores = score([_row("d", "FOUND", 0)], [_Image()])
    assert scores["by_status"]["NOT_FOUND"] == {"true": 1, "said": 0, "precision": None, "recall": 0.0}
    assert any(line.startswith("NOT_FOUND") and "-" in line for line in format_scores(scores).splitlines())


def test_the_table_names_every_kind_and_status(scores):
    table = format_scores(scores)
    for name in ("overall", "name", "not_found_name", "ambiguous_name", "rolled", "NOT_FOUND", "AMBIGUOUS"):
        assert any(line.startswith(name) for line in table.splitlines())


def test_a_run_asks_in_the_perspective_of_the_truth_unless_the_words_say_another():
    plain = Query("the left mug", "the left mug", ObjectPhrase("mug", "mug"))
    said = Query("on my left", "on my left", ObjectPhrase("", ""), perspective=Perspective.SPEAKER)
    robot = Sentence("1", "the left mug", ("1",), perspective="robot")
    assert _as_meant(plain, robot).perspective is Perspective.ROBOT
    assert _as_meant(said, robot).perspective is Perspective.SPEAKER
    assert _as_meant(plain, Sentence("1", "the left mug", ("1",))).perspective is None
