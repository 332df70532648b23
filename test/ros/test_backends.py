# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Backends with model files in the real node: checkpoint directory, process of its own, image and command over DDS."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.backend_rows import ROWS, BackendRow
from benchmarks.stand_ins import STAND_INS
from tas_ros.choices.registry import BACKENDS

pytest.importorskip("rclpy")
pytest.importorskip("rosbags")
pytest.importorskip("tas_ros.msg")

from benchmarks.backends import STAGE_OF, markdown
from benchmarks.node_trial import try_backend


def test_the_table_shows_every_backend_and_only_models_that_can_be_made() -> None:
    shown = {(row.kind, row.backend) for row in ROWS}
    assert shown == {(kind, name) for kind in STAGE_OF for name in BACKENDS[kind]}
    assert {row.model for row in ROWS if row.model} <= set(STAND_INS)
    assert len({(row.kind, row.name) for row in ROWS}) == len(ROWS)


def test_markdown_tells_times_and_errors() -> None:
    good = {
        "kind": "captioner", "backend": "blip", "model": "blip-base", "weights": "random, true size", "status": "FOUND",
        "candidates": 4, "stage_seconds": {"parse": 0.001, "encode": 0.5, "captions": 2.25}, "latency_seconds": 2.9,
        "start_seconds": 7.0, "peak_rss_bytes": 3 << 30,
    }  # fmt: skip
    bad = {"kind": "encoder", "backend": "open_clip", "model": "x", "weights": "random", "error": "missing\nlog"}
    machine = {"processor": "CPU", "cores": 2}
    table = markdown({"device": "cpu", "precision": "fp32", "rows": [good, bad], "machine": machine}).splitlines()
    assert table[-2] == (
        "| captioner | blip blip-base | random, true size | FOUND, 4 | 2.25 | 2.90 | encode 0.50 | 7.0 | 3.00 |"
    )
    assert "error: missing |" in table[-1]
    assert len({line.count("|") for line in table[2:]}) == 1


@pytest.mark.ros
@pytest.mark.slow
class TestThroughTheNode:
    @pytest.fixture(autouse=True)
    def _needs_the_models_packages(self) -> None:
        for package in ("torchvision", "transformers", "open_clip", "segment_anything"):
            pytest.importorskip(package)

    @pytest.mark.parametrize("model", ["sam2.1-hiera-tiny", "clip-vit-b-32", "blip2-opt-2.7b"])
    def test_a_backend_of_each_kind_answers(self, model, tmp_path) -> None:
        row = replace(next(row for row in ROWS if row.model == model), reduced=True)
        result = try_backend(row, tmp_path / "models", tmp_path, device="cpu", precision="auto")
        assert "error" not in result, result
        assert result["status"] in ("FOUND", "NOT_FOUND", "AMBIGUOUS")
        assert result["stage_seconds"][STAGE_OF[row.kind]] > 0
        assert result["candidates"] > 0 and result["exit_code"] == 0
        assert result["peak_rss_bytes"] > 100e6
        if row.kind == "captioner":
            assert any(result["captions"])

    def test_a_backend_that_cannot_load_is_an_error_with_path_and_cure(self, tmp_path) -> None:
        folder = tmp_path / "models" / "true" / "broken"
        folder.mkdir(parents=True)
        (folder / ".stand_in.json").write_text('{"weights": "random", "reduced": false, "seed": 0}')
        result = try_backend(BackendRow("captioner", "blip", "broken"), tmp_path / "models", tmp_path, "cpu", "auto")
        assert "could not load its models" in result["error"]
        assert "broken" in result["error"] and "config.json" in result["error"]
