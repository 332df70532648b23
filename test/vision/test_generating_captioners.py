# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What all captioners with a network of transformers have in common, on reduced stand-ins with random weights."""

from __future__ import annotations

import json
import logging
import pickle
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.stand_ins import write_stand_in
from tas_ros.choices import registry
from tas_ros.errors import ModelError
from tas_ros.vision.captioning import CaptionRule
from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.scene import Scene, VisionRules

pytest.importorskip("transformers")
pytest.importorskip("torchvision")
torch = pytest.importorskip("torch")

BACKENDS = {"blip": "blip-base", "blip2": "blip2-opt-2.7b", "florence2": "florence-2-base"}
RULE = CaptionRule(beams=2, max_new_tokens=6)


@pytest.fixture(scope="module", params=BACKENDS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def checkpoint(name, tmp_path_factory):
    directory = tmp_path_factory.mktemp("models") / BACKENDS[name]
    write_stand_in(directory, BACKENDS[name], reduced=True)
    return directory


@pytest.fixture(scope="module")
def captioner(name, checkpoint):
    return make(name, checkpoint)


def make(name, checkpoint, **options):
    return registry.create("captioner", name, {"checkpoint": checkpoint, "device": "cpu", **options})


def pictures(count: int) -> list[np.ndarray]:
    noise = np.random.default_rng(0)
    sides = noise.integers(30, 120, (count, 2))
    return [noise.integers(0, 256 // (i + 1), (height, width, 3), np.uint8) for i, (height, width) in enumerate(sides)]


def scene(count: int, captioner, rule: CaptionRule = RULE) -> Scene:
    """`count` boxes of different content."""
    rgb = pictures(1)[0].repeat(3, axis=0).repeat(3, axis=1)
    masks = np.zeros((count, *rgb.shape[:2]), bool)
    for i in range(count):
        rgb[10 * i : 10 * i + 20, 20:60] = (60 * i, 250 - 60 * i, 30)
        masks[i, 10 * i : 10 * i + 20, 20:60] = True
    models = SimpleNamespace(captioner=captioner)
    return Scene(Frame(rgb), models, VisionRules(caption=rule), Proposals(masks, np.ones(count, np.float32)))


def output_layer(model):
    """The module that turns hidden states into scores of words, wherever the architecture keeps it."""
    part = getattr(model, "text_decoder", None) or getattr(model, "language_model", None) or model
    return part.get_output_embeddings()


def test_the_writer_is_repeatable_and_every_file_is_of_the_hubs_format(name, checkpoint, tmp_path) -> None:
    write_stand_in(tmp_path / "again", BACKENDS[name], reduced=True)
    files = sorted(path.name for path in checkpoint.iterdir())
    assert {"config.json", "model.safetensors", "preprocessor_config.json", "generation_config.json",
            "tokenizer.json", "tokenizer_config.json"} <= set(files)  # fmt: skip
    for file in files:
        assert (checkpoint / file).read_bytes() == (tmp_path / "again" / file).read_bytes()


def test_one_lower_case_caption_for_each_proposal_in_their_order(captioner) -> None:
    whole = scene(4, captioner)
    captions = captioner.caption_regions(whole)
    assert isinstance(captions, tuple) and len(captions) == 4
    assert all(text == text.strip().lower() and "<" not in text for text in captions)
    assert len(set(captions)) > 1, "regions that differ are told apart"
    backwards = whole.proposals.select(np.arange(4)[::-1])
    turned = Scene(whole.frame, whole.models, whole.rules, backwards)
    assert captioner.caption_regions(turned) == captions[::-1]


def test_no_proposals_no_captions_but_the_image_has_one(captioner) -> None:
    empty = scene(0, captioner)
    assert captioner.caption_regions(empty) == ()
    assert isinstance(captioner.caption_image(empty), str)
    assert captioner.caption_image(empty) == captioner.caption_pictures([empty.frame.rgb], RULE)[0]


def test_batches_do_not_change_captions(name, checkpoint, captioner) -> None:
    shown = pictures(5)
    expected = captioner.caption_pictures(shown, RULE)
    for size in (1, 2):
        assert make(name, checkpoint, batch_size=size).caption_pictures(shown, RULE) == expected


@pytest.mark.parametrize(("beams", "tokens"), [(1, 3), (4, 5)])
def test_the_rule_sets_beams_and_length(captioner, beams, tokens) -> None:
    seen = []
    hook = output_layer(captioner.model).register_forward_pre_hook(lambda _, inputs: seen.append(len(inputs[0])))
    try:
        captioner.caption_pictures(pictures(2), CaptionRule(beams=beams, max_new_tokens=tokens))
    finally:
        hook.remove()
    assert seen[-1] == 2 * beams
    assert 1 <= len(seen) <= tokens


def test_out_of_memory_halves_the_batch(name, checkpoint, captioner, monkeypatch, caplog) -> None:
    shown = pictures(5)
    expected = captioner.caption_pictures(shown, RULE)
    limited = make(name, checkpoint, batch_size=8)
    generate, sizes = limited.model.generate, []

    def generate_in_little_memory(**arguments):
        sizes.append(len(arguments["pixel_values"]))
        if sizes[-1] > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return generate(**arguments)

    monkeypatch.setattr(limited.model, "generate", generate_in_little_memory)
    with caplog.at_level(logging.WARNING):
        assert limited.caption_pictures(shown, RULE) == expected
    assert sizes == [5, 2, 2, 1]
    assert "out of memory" in caplog.text


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_half_precision_on_the_cpu(name, checkpoint, precision) -> None:
    captioner = make(name, checkpoint, precision=precision)
    assert len(captioner.caption_pictures(pictures(3), RULE)) == 3
    vision = getattr(captioner.model, "vision_model", None) or captioner.model.model.vision_tower
    assert {parameter.dtype for parameter in vision.parameters()} == {captioner.dtype}


def test_an_absent_checkpoint_names_path_and_cure(name, tmp_path) -> None:
    with pytest.raises(ModelError, match=r"absent.*tas models fetch absent"):
        make(name, tmp_path / "absent")


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "tokenizer.json", "preprocessor_config.json"])
@pytest.mark.parametrize("damage", ["missing", "cut short", "bottomless"])
def test_damaged_files_are_model_errors(name, checkpoint, tmp_path, file, damage) -> None:
    broken = shutil.copytree(checkpoint, tmp_path / "broken")
    if damage == "missing":
        (broken / file).unlink()
    elif damage == "bottomless":
        (broken / file).write_text("[" * 100_000)
    else:
        (broken / file).write_bytes((broken / file).read_bytes()[:-40])
    with pytest.raises(ModelError, match="broken"):
        make(name, broken)


def test_a_missing_weight_is_not_made_up(name, checkpoint, tmp_path) -> None:
    from safetensors.torch import load_file, save_file

    broken = shutil.copytree(checkpoint, tmp_path / "broken")
    weights = load_file(broken / "model.safetensors")
    lost = next(key for key in weights if key.endswith("fc1.weight"))
    del weights[lost]
    save_file(weights, broken / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelError, match=rf"1 weights are missing.*{lost}"):
        make(name, broken)


def test_weights_of_another_shape_are_refused(name, checkpoint, tmp_path) -> None:
    from safetensors.torch import load_file, save_file

    broken = shutil.copytree(checkpoint, tmp_path / "broken")
    weights = load_file(broken / "model.safetensors")
    key = next(key for key in weights if key.endswith("fc1.weight"))
    weights[key] = weights[key][:-1].clone()
    save_file(weights, broken / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelError, match="broken"):
        make(name, broken)


class _Trap:
    """Unpickling it leaves a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_no_pickle_is_executed(name, checkpoint, tmp_path) -> None:
    broken = shutil.copytree(checkpoint, tmp_path / "broken")
    (broken / "model.safetensors").unlink()
    sprung = tmp_path / "sprung"
    with (broken / "pytorch_model.bin").open("wb") as file:
        pickle.dump({"weight": _Trap(sprung)}, file)
    with pytest.raises(ModelError, match="pickle"):
        make(name, broken)
    assert not sprung.exists()


def test_a_model_of_another_kind_is_refused(name, checkpoint, tmp_path) -> None:
    other = shutil.copytree(checkpoint, tmp_path / "other")
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(config | {"model_type": "clip"}))
    with pytest.raises(ModelError, match=r"'clip'.*is needed"):
        make(name, other)
