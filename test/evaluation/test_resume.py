# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A run that was stopped goes on, and ends in the same results as one that was not."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tas_ros.errors import TasError
from tas_ros.evaluation.report import build_report
from tas_ros.evaluation.results import read_rows
from tas_ros.evaluation.run_folder import RunFolder

REPOSITORY = Path(__file__).parents[2]
TOY_RUN = Path(__file__).with_name("toy_run.py")


def rows_without_times(folder: Path) -> list[dict[str, str]]:
    with (folder / "results.csv").open(newline="") as stream:
        return [{name: cell for name, cell in row.items() if name != "seconds"} for row in csv.DictReader(stream)]


def table(folder: Path) -> dict:
    report = build_report(RunFolder(folder).settings(), read_rows(folder / "results.csv"))
    return {name: value for name, value in report.items() if name not in ("made_at", "seconds", "machine", "engine")}


def kill_when(command: list[str], results: Path, rows: int) -> None:
    """Start it, and end it by SIGKILL as soon as the file holds that many rows."""
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 180
        while not results.is_file() or results.read_bytes().count(b"\n") <= rows:
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


def test_killed_twice_and_resumed(many_images: Path, tmp_path: Path, toy_run) -> None:
    toy_run.run(many_images, tmp_path / "unbroken")
    broken = tmp_path / "broken"
    command = [sys.executable, str(TOY_RUN), str(many_images), str(broken), "0.03"]
    for rows in (50, 230):
        kill_when(command, broken / "results.csv", rows)
        assert rows <= len(list(read_rows(broken / "results.csv"))) < 400
    counts = toy_run.run(many_images, broken)
    assert counts["resumed"] >= 46
    assert counts["resumed"] + counts["done"] == 80
    assert rows_without_times(broken) == rows_without_times(tmp_path / "unbroken")
    assert table(broken) == table(tmp_path / "unbroken")
    assert toy_run.run(many_images, broken) == {"resumed": 80, "done": 0}


def test_an_engine_that_stops_loses_nothing_that_was_done(many_images: Path, tmp_path: Path, toy_run) -> None:
    plan, folder = toy_run.make_plan(many_images), RunFolder(tmp_path / "run")
    folder.claim(plan.settings(), plan.where("toy"))
    toy_run.run(many_images, tmp_path / "unbroken")
    answers: dict[str, list] = {}
    for row in read_rows(tmp_path / "unbroken" / "results.csv"):
        answers.setdefault(row.image_id, []).append(row)

    def backwards_until_tired(plan, images):
        for image in list(images)[:-11:-1]:
            yield image.image_id, answers[image.image_id]
        raise TasError("tired")

    for done in (10, 20):
        with pytest.raises(TasError, match="tired"):
            toy_run.evaluate(plan, folder, backwards_until_tired)
        assert [row.image_id for row in read_rows(folder.results)][::10] == [str(n) for n in range(40 - done, 40)]
    report = build_report(folder.settings(), read_rows(folder.results))
    assert "not finished: 40 of 80" in report["warnings"][0]
    toy_run.run(many_images, tmp_path / "run")
    assert table(tmp_path / "run") == table(tmp_path / "unbroken")


def test_another_run_is_not_mixed_in(many_images: Path, tmp_path: Path, toy_run) -> None:
    plan, folder = toy_run.make_plan(many_images), RunFolder(tmp_path / "run")
    folder.claim(plan.settings(), plan.where("toy"))
    folder.claim(plan.settings(), plan.where("toy"))
    other = json.loads(json.dumps(plan.settings()))
    other["variants"]["base"]["score"]["positive_weight"] = 0.5
    with pytest.raises(TasError, match=r"variants\.base\.score\.positive_weight is 0\.1, now it would be 0\.5"):
        folder.claim(other, plan.where("toy"))
    del other["variants"]["base"]
    with pytest.raises(TasError, match="with the setting"):
        folder.claim({}, plan.where("toy"))
    index = json.loads((many_images / "set.json").read_text())
    index["expressions"][3]["text"] = "the other box"
    (many_images / "set.json").write_text(json.dumps(index))
    with pytest.raises(TasError, match=r"dataset\.sha256"):
        folder.claim(toy_run.make_plan(many_images).settings(), plan.where("toy"))
    folder.clear()
    folder.claim(toy_run.make_plan(many_images).settings(), plan.where("toy"))


def test_a_folder_of_something_else_is_left_alone(many_images: Path, tmp_path: Path, toy_run) -> None:
    plan = toy_run.make_plan(many_images)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("one")
    with pytest.raises(TasError, match="no folder of a run"):
        RunFolder(tmp_path / "thesis").claim(plan.settings(), plan.where("toy"))
    with pytest.raises(TasError, match="holds no run"):
        RunFolder(tmp_path / "thesis").settings()
