# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Profiles whose models are files: told when missing, loaded when there, with what the profile says of each."""

from pathlib import Path

import numpy as np
import pytest

from tas_ros.choices.profiles import PROFILES
from tas_ros.errors import ModelError
from tas_ros.models.store import ModelStore
from tas_ros.pipeline import Pipeline


@pytest.mark.parametrize("profile", ["realtime", "paper"])
def test_a_missing_model_is_told_before_anything_is_loaded(profile: str, tmp_path: Path) -> None:
    steps: list[str] = []
    store = ModelStore(tmp_path / "models")
    for model in PROFILES[profile].model_files:
        with pytest.raises(ModelError) as error:
            Pipeline.load(profile, store=store, progress=steps.append)
        assert f"{tmp_path / 'models' / model} does not exist" in str(error.value)
        assert f"tas models fetch {profile} --models-dir {tmp_path / 'models'}" in str(error.value)
        _pretend(tmp_path / "models" / model)
    assert steps == []


def test_a_missing_model_of_a_profile_file_is_cured_by_fetching_that_file(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("base: embedded\nproposer: {name: segment_anything, model: sam-vit-b}\n")
    with pytest.raises(ModelError, match=rf"run: tas models fetch {own} "):
        Pipeline.load(str(own))


@pytest.mark.parametrize("profile", ["realtime", "paper"])
def test_a_retry_loads_once_the_files_are_there(profile: str, tmp_path: Path) -> None:
    for package in ("torch", "torchvision", "transformers", "open_clip", "segment_anything"):
        pytest.importorskip(package)
    from benchmarks.stand_ins import write_stand_in

    store = ModelStore(tmp_path)
    with pytest.raises(ModelError, match="missing"):
        Pipeline.load(profile, store=store)
    for model in PROFILES[profile].model_files:
        write_stand_in(tmp_path / model, model, reduced=True)
    models = Pipeline.load(profile, store=store, device="cpu").models
    assert [type(each).__name__ for each in (models.proposer, models.encoder, models.captioner)] == {
        "realtime": ["TransformersSamProposer", "OpenClipEncoder", "BlipCaptioner"],
        "paper": ["SegmentAnythingProposer", "OpenClipEncoder", "Blip2Captioner"],
    }[profile]


def test_the_papers_clip_stays_in_full_precision(tmp_path: Path) -> None:
    for package in ("torch", "torchvision", "transformers", "open_clip", "segment_anything"):
        pytest.importorskip(package)
    from benchmarks.stand_ins import write_stand_in

    for model in PROFILES["paper"].model_files:
        write_stand_in(tmp_path / model, model, reduced=True)
    models = Pipeline.load("paper", store=ModelStore(tmp_path), device="cpu", precision="bf16").models
    assert models.encoder.encode_texts(["a mug"]).dtype == np.float32
    assert {str(each.dtype) for each in _parameters(models.encoder)} == {"torch.float32"}
    assert "torch.bfloat16" in {str(each.dtype) for each in _parameters(models.captioner)}


def _parameters(backend: object) -> list:
    import torch

    networks = [each for each in vars(backend).values() if isinstance(each, torch.nn.Module)]
    return [parameter for network in networks for parameter in network.parameters()]


def _pretend(folder: Path) -> None:
    """Files of the right names, enough to be found and too little to be loaded."""
    folder.mkdir(parents=True)
    texts = ("config.json", "open_clip_config.json", "preprocessor_config.json", "tokenizer.json")
    for name in (*texts, "model.safetensors", "weights.pth"):
        (folder / name).write_bytes(b"")
