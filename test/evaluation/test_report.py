# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The figures of a report, worked out by hand, and its pages."""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from tas_ros.evaluation.datasets import DatasetSelection, open_dataset
from tas_ros.evaluation.metrics import Overlap, summarise
from tas_ros.evaluation.pictures import choose_examples, picture_of
from tas_ros.evaluation.published_numbers import published_for
from tas_ros.evaluation.report import build_report, format_report
from tas_ros.evaluation.report_pages import write_pages
from tas_ros.evaluation.results import read_rows
from tas_ros.evaluation.run_folder import RunFolder
from tas_ros.evaluation.tally import Tally


@pytest.fixture
def run(many_images: Path, tmp_path: Path, toy_run) -> RunFolder:
    toy_run.run(many_images, tmp_path / "run")
    return RunFolder(tmp_path / "run")


def test_a_tally_agrees_with_the_summary_of_a_list() -> None:
    rng = np.random.default_rng(0)
    overlaps = [Overlap(*sorted(rng.integers(0, 100, 2).tolist())) for _ in range(500)]
    tally = Tally()
    for each in overlaps:
        tally.add(each)
    assert tally.metrics().to_dict() == pytest.approx(summarise(overlaps).to_dict())
    assert Tally().metrics().to_dict() == summarise([]).to_dict()


def test_figures(run: RunFolder) -> None:
    rows = list(read_rows(run.results))
    base = [row for row in rows if row.variant == "base"]
    report = build_report(run.settings(), rows)
    assert report["metrics"] == pytest.approx(summarise([row.forced for row in base]).to_dict())
    assert report["metrics"] == report["variants"]["base"] == report["metrics_by_choice"]["forced"]
    assert report["oracle"]["miou"] == 1
    # Boxes of 400, 400 and 2400 pixels: one right, one beside it, one around it.
    assert report["random"]["miou"] == pytest.approx((1 + 0 + 1 / 6) / 3)
    assert report["random"]["oiou"] == pytest.approx(800 / (400 + 800 + 2400))
    assert report["random"]["pr@0.9"] == pytest.approx(1 / 3)
    for name in ("no_positive", "text_only"):
        expected = summarise([row.forced for row in rows if row.variant == name]).to_dict()
        assert report["variants"][name] == pytest.approx(expected)
    left = summarise([row.forced for row in base if row.tags == ("left",)])
    assert report["breakdown"]["by_tag"]["left"]["miou"] == pytest.approx(left.miou)
    assert report["answers"] == {"FOUND": 80}
    assert report["proposals_per_image"] == {"median": 3, "least": 3, "most": 3}
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert "random proposal (expected)" in format_report(report)


def test_as_answered(run: RunFolder) -> None:
    rows = [replace(row, answer="NOT_FOUND", answered_intersection=0) for row in read_rows(run.results)]
    report = build_report(run.settings(), rows, forced=False)
    assert report["metrics"]["miou"] == report["metrics_by_choice"]["as_answered"]["miou"] == 0
    assert report["metrics_by_choice"]["forced"]["miou"] > 0
    assert report["settings"]["choice"] == "as_answered"


def test_published_figures_stand_beside_ours_only_where_comparable(run: RunFolder) -> None:
    assert [each.value for each in published_for(DatasetSelection("refcocog", "umd", "test"))] == [0.362]
    assert published_for(DatasetSelection("refcoco", "google", "val")) == ()
    settings = run.settings()
    settings["run"]["selection"] |= {"dataset": "refcoco+", "split_by": "unc", "split": "testA"}
    assert build_report(settings, read_rows(run.results))["published"] == []  # the masks were given
    settings["run"]["proposals"] = "own"
    report = build_report(settings, read_rows(run.results))
    (tas,) = report["published"]
    assert (tas["method"], tas["metric"], tas["value"]) == ("TAS", "oiou", 0.388)
    assert tas["ours"] == report["metrics"]["oiou"]
    assert "arXiv" in tas["source"]


def test_examples_follow_the_rule(run: RunFolder) -> None:
    rows = []
    for i, row in enumerate(read_rows(run.results)):
        # By image 0, 1, 2, ...: sentences of IoU .00 and .50, .01 and .51, ...
        share = (int(row.image_id) + 50 * (row.sentence_id == str(2 * int(row.image_id) + 1))) / 100
        rows.append(replace(row, intersection=share * 400, union=400, oracle_intersection=400 if i >= 10 else 100))
    examples = choose_examples(rows, each=3)
    assert [(each.kind, each.row.image_id) for each in examples] == [
        ("win", "39"), ("win", "38"), ("win", "37"), ("failure", "1"), ("failure", "2"), ("failure", "3"),
    ]  # fmt: skip
    assert {each.row.variant for each in examples} == {"base"}
    assert examples[0].row.forced.iou == pytest.approx(0.89)
    assert choose_examples([]) == []


def test_pages(run: RunFolder, many_images: Path) -> None:
    settings = run.settings()
    settings["where"]["warnings"] = ["counts <differ>"]
    report = build_report(settings, read_rows(run.results))
    examples = choose_examples(read_rows(run.results))
    write_pages(run.path, report, examples, run.images())
    page, text = (run.path / "report.html").read_text(), (run.path / "report.md").read_text()
    assert page.count("data:image/jpeg;base64,") == len(examples) > 0
    assert "counts &lt;differ&gt;" in page and "counts <differ>" in text
    for words in ("no_rectifier", "By what was understood", "leak class", "at most one of either an image"):
        assert words in page and words in text
    assert f"{100 * report['metrics']['oiou']:.1f}" in text
    assert "http" not in page  # self-contained
    for line in text.splitlines():
        if line.startswith("|"):
            assert line.rstrip().endswith("|")


def test_a_picture_shows_choice_and_truth(run: RunFolder, many_images: Path) -> None:
    import base64

    example = choose_examples(read_rows(run.results))[0]
    image = next(each for each in open_dataset(many_images).images() if each.image_id == example.row.image_id)
    data = np.frombuffer(base64.b64decode(picture_of(example, image)), np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert picture.shape == (40, 60, 3)
    assert np.abs(picture.astype(int) - image.read()[0].rgb[..., ::-1]).max() > 60


def test_pages_without_the_set(run: RunFolder, many_images: Path) -> None:
    many_images.rename(many_images.with_name("moved"))
    report = build_report(run.settings(), read_rows(run.results))
    write_pages(run.path, report, choose_examples(read_rows(run.results)), run.images())
    page = (run.path / "report.html").read_text()
    assert "not where they were" in page
    assert "data:image" not in page
