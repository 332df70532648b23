# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""SAM and SAM 2.1 in transformers' layout: true loading code, random weights, a reduced image encoder."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("torchvision")
pytest.importorskip("transformers")

from benchmarks.stand_ins import write_stand_in  # noqa: E402
from tas_ros.errors import ModelError  # noqa: E402
from tas_ros.vision.frame import Frame  # noqa: E402
from tas_ros.vision.proposers.transformers_sam import TransformersSamProposer  # noqa: E402

MODELS = ("sam-vit-base-transformers", "sam2.1-hiera-tiny")


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory) -> dict[str, Path]:
    folders = {model: tmp_path_factory.mktemp(model) for model in MODELS}
    for model, folder in folders.items():
        write_stand_in(folder, model, reduced=True)
    return folders


@pytest.fixture(scope="module", params=MODELS)
def checkpoint(request, checkpoints) -> Path:
    return checkpoints[request.param]


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame(np.random.default_rng(0).integers(0, 255, (90, 160, 3), dtype=np.uint8))


def test_masks_are_of_the_frame_and_not_empty(checkpoint, frame) -> None:
    proposer = TransformersSamProposer(checkpoint, device="cpu", points_per_side=4)
    found = proposer.propose(frame)
    assert len(found) >= 1 and found.masks.shape[1:] == (90, 160) and found.masks.dtype == np.bool_
    assert found.quality.dtype == np.float32 and ((found.quality > 0.7) & (found.quality <= 1)).all()
    assert np.array_equal(found.masks, proposer.propose(frame).masks)


def test_the_grid_covers_the_picture_as_the_network_sees_it(checkpoints, frame) -> None:
    """SAM scales 160x90 to 128x72 and pads; SAM 2 squashes it to 128x128."""
    for model, height in zip(MODELS, (72, 128), strict=True):
        proposer = TransformersSamProposer(checkpoints[model], device="cpu", points_per_side=4)
        seen = []
        hook = proposer._network.prompt_encoder.register_forward_pre_hook(
            lambda _, args, named, seen=seen: seen.append(named["input_points"]), with_kwargs=True
        )
        proposer.propose(frame)
        hook.remove()
        points = seen[0].reshape(-1, 2).numpy()
        assert points.min(axis=0) == pytest.approx([16, height / 8])
        assert points.max(axis=0) == pytest.approx([128 - 16, height - height / 8])


def test_no_mask_above_the_thresholds_is_an_answer(checkpoint, frame) -> None:
    found = TransformersSamProposer(checkpoint, device="cpu", points_per_side=2, pred_iou_thresh=2.0).propose(frame)
    assert len(found) == 0 and found.masks.shape == (0, 90, 160)


def test_bfloat16_predicts_the_same_logits(checkpoint, frame) -> None:
    logits = []
    for precision in ("fp32", "bf16"):
        proposer = TransformersSamProposer(checkpoint, device="cpu", precision=precision, points_per_side=2)
        decoder = proposer._network.mask_decoder
        decoder.register_forward_hook(lambda _, inputs, outputs: logits.append(outputs[0].float()))
        proposer.propose(frame)
        assert next(proposer._network.vision_encoder.parameters()).dtype == proposer._dtype
    full, half = (each.flatten() for each in logits)
    assert torch.corrcoef(torch.stack([full, half]))[0, 1] > 0.98
    assert not torch.equal(full, half)


def test_out_of_memory_halves_the_points(checkpoint, frame, caplog, monkeypatch) -> None:
    proposer = TransformersSamProposer(checkpoint, device="cpu", points_per_side=4)
    wanted = proposer.propose(frame)
    forward, sizes = proposer._network.forward, []

    def with_little_memory(*rest, **named):
        sizes.append(named["input_points"].shape[1])
        if sizes[-1] > 6:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return forward(*rest, **named)

    monkeypatch.setattr(proposer._network, "forward", with_little_memory)
    with caplog.at_level(logging.WARNING):
        found = proposer.propose(frame)
    assert sizes == [16, 8, 4, 4, 4, 4] and "out of memory" in caplog.text
    assert len(found) == len(wanted) and (found.masks == wanted.masks).mean() > 0.99


def copy_of(checkpoint: Path, folder: Path) -> Path:
    return Path(shutil.copytree(checkpoint, folder / "copy"))


def test_missing_files_are_told(checkpoint, tmp_path) -> None:
    with pytest.raises(ModelError, match=r"no readable config\.json.*tas models fetch"):
        TransformersSamProposer(tmp_path, device="cpu")
    (tmp_path / "config.json").write_text("[" * 100_000)
    with pytest.raises(ModelError, match=r"no readable config\.json.*nested too deep"):
        TransformersSamProposer(tmp_path, device="cpu")
    folder = copy_of(checkpoint, tmp_path)
    (folder / "preprocessor_config.json").unlink()
    with pytest.raises(ModelError, match=r"preprocessor_config\.json|image processor"):
        TransformersSamProposer(folder, device="cpu")
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"holds no weights \(looked for model\.safetensors"):
        TransformersSamProposer(folder, device="cpu")


def test_another_kind_of_model_is_told(checkpoint, tmp_path) -> None:
    folder = copy_of(checkpoint, tmp_path)
    (folder / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(ModelError, match="'bert' model; this proposer runs sam, sam2"):
        TransformersSamProposer(folder, device="cpu")


def test_damaged_and_incomplete_weights_are_told(checkpoint, tmp_path) -> None:
    from safetensors.torch import load_file, save_file

    folder = copy_of(checkpoint, tmp_path)
    weights = folder / "model.safetensors"
    state = load_file(weights)
    state.pop("mask_decoder.iou_token.weight")
    save_file(state, weights, {"format": "pt"})
    with pytest.raises(ModelError, match=r"model\.safetensors do not fit.*1 missing \(mask_decoder.iou_token"):
        TransformersSamProposer(folder, device="cpu")
    weights.write_bytes(weights.read_bytes()[:5000])
    with pytest.raises(ModelError, match=r"model\.safetensors cannot be read"):
        TransformersSamProposer(folder, device="cpu")


def test_a_pickle_with_code_is_refused_and_not_executed(checkpoint, tmp_path) -> None:
    trace = tmp_path / "executed"

    class Runs:
        def __reduce__(self):
            return Path.touch, (trace,)

    folder = copy_of(checkpoint, tmp_path)
    (folder / "model.safetensors").unlink()
    torch.save({"mask_decoder.iou_token.weight": Runs()}, folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"pytorch_model\.bin"):
        TransformersSamProposer(folder, device="cpu")
    assert not trace.exists()


@pytest.mark.slow
def test_true_sam_2_1_tiny(tmp_path, frame) -> None:
    write_stand_in(tmp_path, "sam2.1-hiera-tiny")
    assert json.loads((tmp_path / "config.json").read_text())["model_type"] == "sam2_video"  # as the hub has it
    proposer = TransformersSamProposer(tmp_path, device="cpu", points_per_side=2)
    assert proposer.propose(frame).masks.shape[1:] == (90, 160)
