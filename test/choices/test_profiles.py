# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

from pathlib import Path

import pytest

from tas_ros.choices.profile import BackendChoice
from tas_ros.choices.profiles import PROFILES, get_profile
from tas_ros.errors import ModelError, UnknownBackendError
from tas_ros.pipeline import Pipeline

WHOLE = """
name: mine
proposer: {name: transformers_sam, model: sam2.1-hiera-tiny, options: {points_per_side: 16}}
encoder:
  name: open_clip
  model: ./weights/my clip
  options: {architecture: ViT-B-16, precision: fp32}
captioner: template
colour_namer: tselab
parser: {name: spacy, options: null}
kind_calibration: {slope: 1, midpoint: -0.5}
"""

LAUGHS = "base: embedded\nkind_calibration: [&a0 [x, x]" + "".join(
    f", &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 40)
) + "]\n"  # fmt: skip
"""A line of which anything that walks or prints the content makes 3 ** 40 values."""


def _write(folder: Path, text: str, name: str = "my_robot.yaml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_file_can_choose_everything(tmp_path: Path) -> None:
    profile = get_profile(str(_write(tmp_path, WHOLE)))
    assert profile.name == "mine"
    assert profile.proposer == BackendChoice("transformers_sam", {"points_per_side": 16}, "sam2.1-hiera-tiny")
    assert profile.encoder.model == str(tmp_path / "weights" / "my clip")
    assert profile.encoder.options == {"architecture": "ViT-B-16", "precision": "fp32"}
    assert profile.captioner == BackendChoice("template")
    assert (profile.kind_calibration.slope, profile.kind_calibration.midpoint) == (1.0, -0.5)


def test_a_base_stands_where_the_file_says_nothing(tmp_path: Path) -> None:
    profile = get_profile(str(_write(tmp_path, "base: embedded\nproposer: depth\n")))
    assert profile.name == "my_robot"
    assert profile.proposer == BackendChoice("depth")
    for kind in ("encoder", "captioner", "colour_namer", "parser", "kind_calibration"):
        assert getattr(profile, kind) == getattr(PROFILES["embedded"], kind)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("proposer: [", ["line", "YAML"]),
        ("just words", ["top level", "proposer"]),
        ("base: embeded", ["base", "'embeded'", "embedded"]),
        ("base: embedded\nencodr: conse", ["encodr", "known", "encoder"]),
        ("base: embedded\nencoder: clipp", ["encoder.name", "'clipp'", "open_clip"]),
        ("base: embedded\nencoder: {model: x}", ["encoder", "name"]),
        ("base: embedded\nencoder: {name: conse, weights: x}", ["encoder", "weights", "model"]),
        ("base: embedded\nencoder: {name: conse, options: [1]}", ["encoder.options", "mapping"]),
        ("base: embedded\nencoder: {name: conse, options: {1: 2}}", ["encoder.options", "mapping"]),
        ("base: embedded\nencoder: {name: conse, options: {checkpoint: x}}", ["encoder.options", "encoder.model"]),
        ("base: embedded\nencoder: {name: conse, model: 3}", ["encoder.model", "3"]),
        ("base: embedded\nkind_calibration: {slope: 1}", ["kind_calibration", "midpoint"]),
        ("base: embedded\nkind_calibration: {slope: true, midpoint: .nan}", ["kind_calibration", "finite"]),
        ("base: embedded\nkind_calibration: {slope: 0, midpoint: 1}", ["kind_calibration.slope", "above 0"]),
        ("base: embedded\nname: 7", ["name", "7"]),
        ("base: embedded\nkind_calibration: {slope: " + "9" * 4000 + ", midpoint: 1}", ["kind_calibration", "finite"]),
        ("base: embedded\nname: " + "9" * 5000, ["value cannot be read", "4300"]),
        ("base: embedded\nname: 2024-13-45", ["value cannot be read"]),
        ('base: embedded\nname: !!int ""', ["value cannot be read"]),
        ('base: embedded\nencoder: {name: conse, model: "./a\\0b"}', ["encoder.model", "no name"]),
        ("base: embedded\nproposer: " + "[" * 10_000, ["nested too deep"]),
        ("base: embedded\nname: " + "x" * 70_000, ["longer than 65536 bytes"]),
        ("base: embedded\nproposer: &p {name: depth}\ncaptioner: *p", ["line 3", "aliases"]),
        (LAUGHS, ["aliases"]),
        ("proposer: depth", ["encoder, captioner, colour_namer, parser, kind_calibration", "base: embedded"]),
    ],
)
def test_a_bad_file_is_named_with_its_key_the_reason_and_the_cure(tmp_path: Path, text: str, parts: list[str]) -> None:
    path = _write(tmp_path, text)
    with pytest.raises(ModelError) as error:
        get_profile(str(path))
    assert all(part in str(error.value) for part in [str(path), *parts])
    assert len(str(error.value)) < 10_000


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nothing\.yaml cannot be read"):
        get_profile(str(tmp_path / "nothing.yaml"))
    path = tmp_path / "binary.yaml"
    path.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(ModelError, match=r"binary\.yaml is no text"):
        get_profile(str(path))


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnknownBackendError, match=r"'no_such'.*embedded"):
        get_profile("no_such")


def test_a_built_in_name_wins_over_a_folder_or_file_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, "base: embedded\nproposer: depth\n", "embedded")
    assert get_profile("embedded") is PROFILES["embedded"]


def test_a_profile_of_ones_own_loads(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    path = _write(tmp_path, "base: embedded\nproposer: depth\n")
    pipeline = Pipeline.load(str(path))
    assert type(pipeline.models.proposer).__name__ == "DepthProposer"
