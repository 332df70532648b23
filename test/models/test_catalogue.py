# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

from dataclasses import fields
from pathlib import Path

import pytest

from benchmarks.stand_ins import STAND_INS
from tas_ros.choices.profile import BackendChoice
from tas_ros.choices.profiles import PROFILES
from tas_ros.errors import ModelError
from tas_ros.models.catalogue import CATALOGUE
from tas_ros.models.fetch import format_bytes, require_space
from tas_ros.models.listing import HubFile, Listing
from tas_ros.models.store import ModelStore

TOKENIZER = ["merges.txt", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json", "vocab.json"]
SHARDS = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
# What the repositories hold, as their pages list it.
REPOSITORIES = {
    "blip2-opt-2.7b": (
        ["config.json", "preprocessor_config.json", "model.safetensors.index.json", *SHARDS, *TOKENIZER],
        [".gitattributes", "README.md", "pytorch_model-00001-of-00002.bin", "pytorch_model.bin.index.json"],
    ),
    "blip-large": (
        ["config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json", "vocab.txt"],
        [".gitattributes", "README.md", "pytorch_model.bin", "tf_model.h5"],
    ),
    "blip-base": (
        ["config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json", "vocab.txt"],
        [".gitattributes", "README.md", "pytorch_model.bin", "tf_model.h5"],
    ),
    "sam-vit-base-transformers": (
        ["config.json", "preprocessor_config.json", "pytorch_model.bin"],
        [".gitattributes", "README.md", "tf_model.h5"],
    ),
    "clip-vit-b-32": (
        ["config.json", "open_clip_config.json", "open_clip_model.safetensors", *TOKENIZER],
        [".gitattributes", "README.md", "open_clip_pytorch_model.bin", "pytorch_model.bin", "model.safetensors"],
    ),
    "sam-vit-b": (
        ["checkpoints/sam_vit_b_01ec64.pth"],
        ["README.md", "assets/car.png", "checkpoints/sam_vit_h_4b8939.pth", "checkpoints/mobile_sam.pth"],
    ),
}


@pytest.mark.parametrize("name", REPOSITORIES)
def test_only_what_the_backend_reads_is_chosen_and_safetensors_before_pickles(name: str) -> None:
    wanted, others = REPOSITORIES[name]
    chosen, unmet = CATALOGUE[name].choose([*others, *wanted])
    assert sorted(chosen) == sorted(wanted)
    assert unmet == []


def test_what_a_repository_lacks_is_named() -> None:
    _, unmet = CATALOGUE["sam2.1-hiera-tiny"].choose(["config.json", "sam2.1_hiera_tiny.pt"])
    assert len(unmet) == 2
    assert unmet[0].startswith("model.safetensors") and unmet[1].startswith("preprocessor_config.json")


@pytest.mark.parametrize("profile", PROFILES)
def test_every_model_of_a_profile_is_in_the_catalogue_and_has_a_stand_in(profile: str) -> None:
    named = PROFILES[profile].model_files
    choices = [getattr(PROFILES[profile], each.name) for each in fields(PROFILES[profile])]
    assert set(named) == {each.model for each in choices if isinstance(each, BackendChoice)} - {""}
    assert set(named) <= set(CATALOGUE)
    assert set(named) <= set(STAND_INS)


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_entry_is_whole(name: str) -> None:
    entry = CATALOGUE[name]
    assert entry.name == name and entry.licence and entry.purpose and entry.size > 1e8
    assert entry.repository.count("/") == 1
    assert entry.revision == "main" or len(entry.revision) == 40


@pytest.mark.parametrize(("count", "text"), [(0, "0 B"), (999, "999 B"), (2_564_550_879, "2.6 GB"), (15_600, "16 kB")])
def test_sizes_for_people(count: int, text: str) -> None:
    assert format_bytes(count) == text


def test_a_full_disk_is_told_before_the_download(tmp_path: Path) -> None:
    def listing(size: int) -> list[Listing]:
        files = (HubFile("model.safetensors", size, "", ""),)
        return [Listing(CATALOGUE["sam2.1-hiera-tiny"], "0" * 40, "mit", files)]

    require_space(listing(1000), tmp_path / "not" / "yet" / "there")
    with pytest.raises(ModelError, match=r"free and .* are to come; make room"):
        require_space(listing(10**18), tmp_path)


@pytest.mark.parametrize("model", ["sam-vit-b", "sam2.1-hiera-tiny", "clip-rn50", "siglip-vit-b-16", "blip-base"])
def test_a_stand_in_is_complete_by_the_catalogues_measure(model: str, tmp_path: Path) -> None:
    for package in ("torch", "torchvision", "transformers", "open_clip", "segment_anything"):
        pytest.importorskip(package)
    from benchmarks.stand_ins import write_stand_in

    write_stand_in(tmp_path / model, model, reduced=True)
    assert ModelStore(tmp_path).require(model) == tmp_path / model
