# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""open_clip encoders from checkpoint folders: true loading code, random weights, reduced towers."""

from __future__ import annotations

import json
import logging
import shutil
import socket
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("torchvision")
open_clip = pytest.importorskip("open_clip")

from PIL import Image  # noqa: E402

from benchmarks.stand_ins import write_stand_in  # noqa: E402
from benchmarks.stand_ins.open_clip import ARCHITECTURES  # noqa: E402
from tas_ros.errors import ModelError  # noqa: E402
from tas_ros.vision.encoders.open_clip import OpenClipEncoder  # noqa: E402
from tas_ros.vision.proposals import Proposals  # noqa: E402
from tas_ros.vision.region_views import RegionView, cut_regions  # noqa: E402

TEXTS = ("a red mug", "the second cup from the left", "dog")
LONG = "the red mug left of the laptop " * 30


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    made: dict[str, Path] = {}

    def folder(model: str) -> Path:
        if model not in made:
            made[model] = tmp_path_factory.mktemp("open_clip") / model
            write_stand_in(made[model], model, reduced=True)
        return made[model]

    return folder


@pytest.fixture(scope="module")
def encoder(folders) -> OpenClipEncoder:
    return OpenClipEncoder(folders("clip-vit-b-32"), device="cpu")


@pytest.fixture(scope="module")
def crops():
    random = np.random.default_rng(0)
    return [
        random.integers(0, 255, (height, width, 3), dtype=np.uint8) for height, width in ((1, 1), (40, 41), (300, 9))
    ]


@pytest.fixture
def _no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.mark.usefixtures("_no_network")
@pytest.mark.parametrize("model", ARCHITECTURES)
def test_every_architecture_gives_unit_rows_in_every_precision(folders, crops, model, caplog) -> None:
    exact = None
    for precision in ("fp32", "bf16") if model == "mobileclip-s1" else ("fp32", "bf16", "fp16"):
        encoder = OpenClipEncoder(folders(model), device="cpu", precision=precision)
        caplog.clear()
        with caplog.at_level(logging.WARNING, "tas_ros"):
            rows = encoder.encode_crops(crops), encoder.encode_texts([*TEXTS, LONG])
        assert [record.message.count("the red mug left of") > 0 for record in caplog.records] == [True]
        for each in rows:
            assert each.dtype == np.float32 and each.shape[1] == encoder.dimension
            assert np.allclose(np.linalg.norm(each, axis=1), 1, atol=1e-5)
            assert np.abs(each[0] - each[1]).max() > 1e-4  # another picture, another text: another row
        exact = exact or rows
        for half, full in zip(rows, exact, strict=True):
            assert (half * full).sum(axis=1).min() > 0.99


def test_pictures_are_prepared_as_published(encoder) -> None:
    """Short side to 224 by PIL's bicubic, centre crop, OpenAI's mean and deviation."""
    picture = np.random.default_rng(1).integers(0, 255, (120, 121, 3), dtype=np.uint8)
    seen = []
    hook = encoder._network.visual.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    encoder.encode_crops([picture])
    hook.remove()
    scaled = np.asarray(Image.fromarray(picture).resize((int(224 * 121 / 120), 224), Image.Resampling.BICUBIC))
    left = round((scaled.shape[1] - 224) / 2)
    mean, deviation = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
    wanted = (scaled[:, left : left + 224] / 255.0 - mean) / deviation
    assert np.allclose(seen[0][0].permute(1, 2, 0).numpy(), wanted, atol=1e-5)


def test_regions_are_encoded_in_each_view(encoder) -> None:
    rgb = np.random.default_rng(2).integers(0, 255, (60, 80, 3), dtype=np.uint8)
    masks = np.zeros((2, 60, 80), np.bool_)
    masks[0, 10:20, 10:40] = masks[1, 30:50, 5:10] = True
    masks[0, 12:14, 12:20] = False
    proposals = Proposals(masks, np.ones(2, np.float32))
    features = encoder.encode_regions(rgb, proposals)
    assert features.shape == (2, 2, encoder.dimension) and features.dtype == np.float32
    for view, rows in zip((RegionView("blurred"), RegionView("black")), features, strict=True):
        assert np.allclose(rows, encoder.encode_crops(cut_regions(rgb, proposals, view)), atol=1e-5)
    none = Proposals(np.zeros((0, 60, 80), np.bool_), np.zeros(0, np.float32))
    assert encoder.encode_regions(rgb, none).shape == (2, 0, encoder.dimension)


def test_texts_are_encoded_once_and_truncation_is_said(encoder, monkeypatch, caplog) -> None:
    calls = []
    encode = encoder._network.encode_text
    monkeypatch.setattr(encoder._network, "encode_text", lambda tokens: calls.append(len(tokens)) or encode(tokens))
    with caplog.at_level(logging.WARNING):
        first = encoder.encode_texts(["a cat", LONG, "a cat"])
        again = encoder.encode_texts([LONG])
    assert calls == [2] and np.array_equal(first[0], first[2]) and np.array_equal(first[1], again[0])
    (record,) = caplog.records
    assert "tokens is truncated to 77: 'the red mug left of the laptop" in record.message
    fits = " ".join(["mug"] * 75)
    assert np.array_equal(*encoder.encode_texts([f"{fits} dog", f"{fits} cat"])) and len(caplog.records) == 3
    assert encoder.encode_texts([]).shape == (0, encoder.dimension)


def test_texts_at_the_limit_are_not_truncated(encoder, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        encoder.encode_texts([" ".join(["mug"] * 75)])
    assert not caplog.records


def test_out_of_memory_halves_the_batch(folders, crops, monkeypatch) -> None:
    encoder = OpenClipEncoder(folders("clip-vit-b-32"), device="cpu", batch_size=8)
    wanted = encoder.encode_crops(crops * 3)
    encode, sizes = encoder._network.encode_image, []

    def with_little_memory(pictures):
        sizes.append(len(pictures))
        if len(pictures) > 3:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return encode(pictures)

    monkeypatch.setattr(encoder._network, "encode_image", with_little_memory)
    assert np.allclose(encoder.encode_crops(crops * 3), wanted, atol=1e-5)
    assert sizes == [8, 4, 2, 2, 2, 2, 1]


def test_a_bare_weight_file_needs_its_architecture(folders, tmp_path) -> None:
    config = open_clip.get_model_config("ViT-S-32-alt")
    network = open_clip.CLIP(**config)
    torch.save(network.state_dict(), tmp_path / "weights.pt")
    with pytest.raises(ModelError, match=r"no open_clip_config\.json.*architecture="):
        OpenClipEncoder(tmp_path / "weights.pt", device="cpu")
    for given in (tmp_path / "weights.pt", tmp_path):
        encoder = OpenClipEncoder(given, device="cpu", architecture="ViT-S-32-alt")
        assert encoder.encode_texts(["a mug"]).shape == (1, 256)
    with pytest.raises(ModelError, match=r"weights\.pt cannot be read"):
        OpenClipEncoder(tmp_path, device="cpu", architecture="RN50")
    with pytest.raises(ModelError, match="no architecture 'ViT-X'"):
        OpenClipEncoder(tmp_path, device="cpu", architecture="ViT-X")


def test_the_quick_gelu_comes_from_the_configuration_or_the_option(folders, encoder) -> None:
    def activation(made: OpenClipEncoder) -> str:
        return type(made._network.transformer.resblocks[0].mlp.gelu).__name__

    assert activation(encoder) == "QuickGELU"
    assert activation(OpenClipEncoder(folders("clip-vit-b-32"), device="cpu", quick_gelu=False)) == "GELU"


def changed(folder: Path, target: Path) -> Path:
    return Path(shutil.copytree(folder, target / "changed"))


def test_damaged_missing_and_misfitting_files_are_told(folders, tmp_path) -> None:
    folder = changed(folders("clip-vit-b-32"), tmp_path)
    weights, config = folder / "open_clip_model.safetensors", folder / "open_clip_config.json"
    content = json.loads(config.read_text())
    content["model_cfg"]["text_cfg"]["layers"] = 3
    config.write_text(json.dumps(content))
    with pytest.raises(ModelError, match=r"open_clip_model\.safetensors cannot be read.*resblocks\.2"):
        OpenClipEncoder(folder, device="cpu")
    for text in ("{}", "[" * 100_000):
        config.write_text(text)
        with pytest.raises(ModelError, match=r"open_clip_config\.json is no open_clip configuration"):
            OpenClipEncoder(folder, device="cpu")
    content["model_cfg"]["text_cfg"]["hf_model_name"] = "roberta-base"
    config.write_text(json.dumps(content))
    with pytest.raises(ModelError, match=r"roberta-base, which open_clip would fetch"):
        OpenClipEncoder(folder, device="cpu")
    shutil.copy(folders("clip-vit-b-32") / config.name, config)
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match=r"open_clip_model\.safetensors cannot be read"):
        OpenClipEncoder(folder, device="cpu")
    weights.unlink()
    with pytest.raises(ModelError, match=r"holds no weights.*tas models fetch"):
        OpenClipEncoder(folder, device="cpu")


@pytest.mark.usefixtures("_no_network")
def test_a_missing_tokenizer_is_told_and_not_fetched(folders, tmp_path) -> None:
    folder = changed(folders("siglip-vit-b-16"), tmp_path)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).unlink()
    with pytest.raises(ModelError, match=r"tokenizer of timm/ViT-B-16-SigLIP cannot be read"):
        OpenClipEncoder(folder, device="cpu")


def test_programs_are_refused_and_not_executed(folders, tmp_path) -> None:
    trace = tmp_path / "executed"

    class Runs:
        def __reduce__(self):
            return Path.touch, (trace,)

    folder = changed(folders("clip-vit-b-32"), tmp_path)
    (folder / "open_clip_model.safetensors").unlink()
    torch.save({"visual.proj": Runs()}, folder / "open_clip_pytorch_model.bin")
    with pytest.raises(ModelError, match=r"open_clip_pytorch_model\.bin"):
        OpenClipEncoder(folder, device="cpu")
    assert not trace.exists()
    archive = tmp_path / "ViT-B-32.pt"
    torch.jit.trace(torch.nn.Linear(2, 2), torch.ones(1, 2)).save(str(archive))
    with pytest.raises(ModelError, match=r"ViT-B-32\.pt are a TorchScript archive"):
        OpenClipEncoder(archive, device="cpu", architecture="ViT-B-32")


def test_the_pipeline_answers_with_it(folders) -> None:
    """Own masks, template captions, default preset: shapes and dtypes fit together whatever the encoder."""
    pytest.importorskip("spacy")
    from dataclasses import replace

    from tas_ros.choices.profile import BackendChoice
    from tas_ros.choices.profiles import get_profile
    from tas_ros.pipeline import Pipeline
    from tas_ros.vision.frame import Frame

    profile = replace(
        get_profile("embedded"),
        proposer=BackendChoice("hed"),
        encoder=BackendChoice("open_clip", {"batch_size": 16}, model=str(folders("clip-vit-b-32"))),
        captioner=BackendChoice("template", {"nouns": ("mug", "duck", "table")}),
    )
    pipeline = Pipeline.load(profile, device="cpu", precision="fp32")
    rgb = np.full((120, 160, 3), 200, np.uint8)
    rgb[40:80, 20:60], rgb[30:90, 90:140] = (200, 30, 30), (30, 60, 200)
    scene = pipeline.scene(Frame(rgb))
    referral = pipeline.refer(scene, pipeline.parse("the red mug left of the duck"))
    assert scene.region_features.shape[0] == 2 and referral.candidates
    assert all(np.isfinite(list(each.shares.values())).all() and 0 < each.score <= 1 for each in referral.candidates)
