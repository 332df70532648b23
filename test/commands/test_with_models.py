# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The subcommands that load models, whole: real models, files in, files out."""

import io
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tas_ros.cli import main
from tas_ros.evaluation.bench_frames import synthetic_frame
from tas_ros.evaluation.results import read_rows
from tas_ros.files.pictures import read_rgb, write_rgb


@pytest.fixture(scope="module", autouse=True)
def models() -> None:
    for package in ("torch", "spacy", "h5py"):
        pytest.importorskip(package)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    write_rgb(tmp_path / "scene.png", synthetic_frame(1).rgb)
    return tmp_path / "scene.png"


def test_segment_writes_overlay_mask_and_json(picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    overlay, mask = picture.parent / "overlay.png", picture.parent / "mask.png"
    depth, camera = picture.parent / "depth.png", picture.parent / "camera.yaml"
    cv2.imwrite(str(depth), (synthetic_frame(1).depth * 1000).astype(np.uint16))
    camera.write_text("k: [576, 0, 320, 0, 576, 240, 0, 0, 1]\n")
    options = f"--depth {depth} --camera-info {camera} --out {overlay} --mask {mask} --json"
    code = main(["segment", str(picture), "grab the leftmost ball", *options.split()])
    output = capsys.readouterr()
    answer = json.loads(output.out)
    assert "loading" in output.err
    assert code == (0 if answer["status"] == "FOUND" else 1)
    assert answer["query"]["text"] == "grab the leftmost ball"
    assert answer["candidates"]
    stored = cv2.imread(str(mask), cv2.IMREAD_UNCHANGED)
    assert stored.shape == (480, 640)
    assert set(np.unique(stored)) <= {0, 255}
    assert read_rgb(overlay).shape == (480, 640, 3)
    best = answer["candidates"][0]
    if answer["status"] == "FOUND":
        assert np.count_nonzero(stored) == best["area"]
        x0, y0, x1, y1 = best["box"]
        assert np.count_nonzero(stored[y0:y1, x0:x1]) == best["area"]
    else:
        assert not stored.any()
        assert answer["reason"]


def test_segment_of_no_reference_says_why(picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["segment", str(picture), "stop"]) == 1
    assert capsys.readouterr().out.startswith("NOT_A_REFERENCE: ")


def test_segment_refuses_an_empty_command(picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["segment", str(picture), "  "]) == 2
    assert "error:" in capsys.readouterr().err


def test_evaluate_given_on_a_toy_set(
    tmp_path: Path, toy_set, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["evaluate", str(toy_set.write(tmp_path / "toy")), "--proposals", "given"]) == 0
    output = capsys.readouterr()
    report = json.loads((tmp_path / "evaluation_toy_given" / "report.json").read_text())
    assert "oracle of the proposals" in output.out
    assert "4/4" in output.err  # the progress bar
    assert report["oracle"]["miou"] == 1
    assert report["metrics"]["count"] == 4
    assert set(report["variants"]) == {"base", "no_positive", "no_negative", "no_rectifier", "text_only"}
    first = next(read_rows(tmp_path / "evaluation_toy_given" / "results.csv"))
    assert (first.expression, first.variant) == ("left box", "base")
    assert first.forced.iou in (0, 1, pytest.approx(1 / 6))


def test_parse_reads_lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("grab the red mug on the left\n\nthe biggest box\n"))
    assert main(["parse", "-"]) == 1
    first, empty, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["target"]["head"] == "mug"
    assert first["positions"] == ["left"]
    assert empty["valid"] is False
    assert empty["reason"]
    assert last["superlatives"][0]["kind"] == "biggest"


def test_segment_chooses_among_given_masks_from_the_robots_side(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rgb = np.full((240, 320, 3), 120, np.uint8)
    labels = np.zeros((240, 320), np.uint8)
    for value, left in ((1, 60), (2, 220)):
        rgb[120:160, left : left + 40], labels[120:160, left : left + 40] = (200, 20, 20), value
    write_rgb(tmp_path / "scene.png", rgb)
    cv2.imwrite(str(tmp_path / "labels.png"), labels)
    # The camera stands opposite the robot and looks back at it and down on the table.
    facing = ["--pose", "1.5 0 0.6 -2.1 0 1.570796327"]
    chosen = {}
    for perspective in ("camera", "robot"):
        options = ["--proposals", str(tmp_path / "labels.png"), "--perspective", perspective, "--json", *facing]
        main(["segment", str(tmp_path / "scene.png"), "the red one on the left", *options])
        answer = json.loads(capsys.readouterr().out)
        assert len(answer["candidates"]) == 2
        chosen[perspective] = answer["candidates"][0]["box"][0]
    assert chosen == {"camera": 60, "robot": 220}
