# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A whole profile on reduced networks of random weights, through the same measuring as `tas bench`."""

import json

import pytest

from benchmarks.random_weights import main
from tas_ros.cli import ERROR


@pytest.fixture(autouse=True)
def _needs_the_models_packages():
    for package in ("torchvision", "transformers", "open_clip"):
        pytest.importorskip(package)


@pytest.mark.slow
def test_realtime_is_measured_whole_and_said_to_be_random(tmp_path, capsys) -> None:
    out, models, profile = tmp_path / "bench.json", tmp_path / "models", tmp_path / "realtime.yaml"
    proposer = "{name: transformers_sam, model: sam2.1-hiera-tiny, options: {points_per_side: 4}}"
    profile.write_text(f"base: realtime\nproposer: {proposer}\n")
    arguments = [str(models), "--profile", str(profile), "--reduced", "--masks", "3"]
    arguments += ["--repeats", "1", "--warm-up", "1", "--device", "cpu", "--precision", "fp32", "--out", str(out)]
    assert main(arguments) == 0
    printed = capsys.readouterr()
    assert "RANDOM WEIGHTS" in printed.out and "reduced size" in printed.out
    assert printed.err.count("writing random weights") == 3
    report = json.loads(out.read_text())
    assert report["weights"].startswith("RANDOM WEIGHTS")
    stages = report["seconds"]["rgb"]["first_command"]
    assert {"total", "parse", "encode", "captions", "match"} <= set(stages)
    assert report["seconds"]["rgb"]["proposer_alone"]["proposals"]["count"] == 1
    assert report["peak_vram_bytes"] is None
    written = {path: path.stat().st_mtime_ns for path in models.rglob("*.safetensors")}
    assert main(arguments) == 0
    assert {path: path.stat().st_mtime_ns for path in models.rglob("*.safetensors")} == written
    assert main([*arguments[:3], "--repeats", "1"]) == ERROR
    assert "another stand-in" in capsys.readouterr().err


def test_a_folder_with_other_models_is_left_alone(tmp_path, capsys) -> None:
    real = tmp_path / "blip-base" / "model.safetensors"
    real.parent.mkdir()
    real.write_bytes(b"real")
    (tmp_path / "sam2.1-hiera-tiny").mkdir()
    assert main([str(tmp_path), "--profile", "realtime", "--reduced"]) == ERROR
    assert "no stand-in written by this command" in capsys.readouterr().err
    assert real.read_bytes() == b"real"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["{tmp}", "--profile", "realtime", "--models-dir", "{tmp}"], "--models-dir"),
        (["{tmp}"], "realtime"),
        (["{tmp}", "--repeats", "0"], "at least 1"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, complaint, tmp_path, capsys) -> None:
    assert main([each.format(tmp=tmp_path) for each in arguments]) == ERROR
    assert complaint in capsys.readouterr().err
