# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Segment Anything from a checkpoint as published: true loading code, random weights, a reduced image encoder."""

from __future__ import annotations

import logging
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("torchvision")
pytest.importorskip("segment_anything")

from benchmarks.stand_ins import write_stand_in  # noqa: E402
from tas_ros.errors import ModelError  # noqa: E402
from tas_ros.vision.frame import Frame  # noqa: E402
from tas_ros.vision.proposers.segment_anything import SegmentAnythingProposer  # noqa: E402


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sam-vit-b")
    write_stand_in(folder, "sam-vit-b", reduced=True)
    return folder


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame(np.random.default_rng(0).integers(0, 255, (120, 160, 3), dtype=np.uint8))


@pytest.fixture(scope="module")
def proposer(checkpoint) -> SegmentAnythingProposer:
    return SegmentAnythingProposer(checkpoint, device="cpu", points_per_side=4, min_mask_region_area=20)


def best_ious(found, wanted):
    """(N,) the best IoU that any of `found` has with each of `wanted`."""
    flat, other = (each.masks.reshape(len(each), -1).astype(np.float32) for each in (found, wanted))
    shared = other @ flat.T
    return (shared / (other.sum(1)[:, None] + flat.sum(1)[None] - shared)).max(axis=1)


def test_masks_are_of_the_frame_and_not_empty(proposer, frame) -> None:
    found = proposer.propose(frame)
    assert len(found) >= 2 and found.masks.shape[1:] == (120, 160) and found.masks.dtype == np.bool_
    assert found.quality.dtype == np.float32 and ((found.quality > 0.7) & (found.quality <= 1)).all()
    again = proposer.propose(frame)
    assert np.array_equal(found.masks, again.masks) and np.array_equal(found.quality, again.quality)


def test_the_defaults_are_those_of_tas(checkpoint) -> None:
    generator = SegmentAnythingProposer(checkpoint, device="cpu")._generator
    assert len(generator.point_grids[0]) == 64
    told = (generator.pred_iou_thresh, generator.stability_score_thresh, generator.crop_n_layers)
    assert (*told, generator.min_mask_region_area) == (0.7, 0.7, 0, 800)


def test_the_network_sees_red_as_red(proposer, frame) -> None:
    seen = []
    hook = proposer._generator.predictor.model.image_encoder.register_forward_pre_hook(
        lambda _, inputs: seen.append(inputs[0])
    )
    proposer.propose(Frame(np.full((120, 160, 3), (255, 0, 0), np.uint8)))
    hook.remove()
    means = seen[0][0, :, :90, :90].mean(dim=(1, 2))
    assert torch.allclose(means, torch.tensor([(255 - 123.675) / 58.395, -116.28 / 57.12, -103.53 / 57.375]), atol=1e-3)


def test_no_mask_above_the_thresholds_is_an_answer(checkpoint, frame) -> None:
    found = SegmentAnythingProposer(checkpoint, device="cpu", points_per_side=2, pred_iou_thresh=2.0).propose(frame)
    assert len(found) == 0 and found.masks.shape == (0, 120, 160)


def test_bfloat16_sees_the_same_things(checkpoint, proposer, frame) -> None:
    lowered = SegmentAnythingProposer(
        checkpoint, device="cpu", precision="bf16", points_per_side=4, min_mask_region_area=20
    )
    network = lowered._generator.predictor.model
    assert next(network.image_encoder.parameters()).dtype == torch.bfloat16
    assert next(network.prompt_encoder.parameters()).dtype == torch.float32
    # Masks near a threshold may come and go, so the best of either set are compared.
    assert np.median(best_ious(lowered.propose(frame), proposer.propose(frame))) > 0.7


def test_out_of_memory_halves_the_points_for_good(checkpoint, proposer, frame, caplog, monkeypatch) -> None:
    small = SegmentAnythingProposer(checkpoint, device="cpu", points_per_side=4, min_mask_region_area=20)
    predict, sizes = small._generator.predictor.predict_torch, []

    def with_little_memory(points, *rest, **named):
        sizes.append(len(points))
        if len(points) > 6:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return predict(points, *rest, **named)

    monkeypatch.setattr(small._generator.predictor, "predict_torch", with_little_memory)
    with caplog.at_level(logging.WARNING):
        found = small.propose(frame)
    assert small._generator.points_per_batch == 4 and sizes[-4:] == [4] * 4 and max(sizes[-4:]) <= 6
    assert "out of memory" in caplog.text
    assert best_ious(found, proposer.propose(frame)).min() > 0.99


def test_a_file_serves_as_well_as_its_folder(checkpoint, proposer) -> None:
    (file,) = checkpoint.iterdir()
    assert SegmentAnythingProposer(file, device="cpu").architecture == proposer.architecture


def test_another_architecture_than_asked_for_is_told(checkpoint) -> None:
    with pytest.raises(ModelError, match=r"sam_vit_b.*custom \(3 blocks of width 96\), not vit_b"):
        SegmentAnythingProposer(checkpoint, device="cpu", architecture="vit_b")
    with pytest.raises(ModelError, match=r"vit_x.*vit_b, vit_l, vit_h"):
        SegmentAnythingProposer(checkpoint, device="cpu", architecture="vit_x")


class Runs:
    """A pickle that creates a file when it is executed."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self):
        return Path.touch, (self.trace,)


def broken(checkpoint: Path, folder: Path, change) -> Path:
    state = torch.load(next(checkpoint.iterdir()), weights_only=True)
    torch.save(change(state), folder / "sam.pth")
    return folder


def test_missing_and_unexpected_weights_are_named(checkpoint, tmp_path) -> None:
    def rename(state):
        state["mask_decoder.other.weight"] = state.pop("mask_decoder.iou_token.weight")
        return state

    with pytest.raises(
        ModelError, match=r"sam\.pth.*1 missing \(mask_decoder.iou_token.*1 unexpected \(mask_decoder.o"
    ):
        SegmentAnythingProposer(broken(checkpoint, tmp_path, rename), device="cpu")


def test_weights_of_another_network_are_told(checkpoint, tmp_path) -> None:
    with pytest.raises(ModelError, match="not of a Segment Anything network"):
        SegmentAnythingProposer(broken(checkpoint, tmp_path, lambda _: {"layer.weight": torch.ones(2)}), device="cpu")
    with pytest.raises(ModelError, match="no state dict"):
        SegmentAnythingProposer(broken(checkpoint, tmp_path, lambda _: [torch.ones(2)]), device="cpu")


def test_weights_of_the_wrong_shape_are_told(checkpoint, tmp_path) -> None:
    def narrow(state):
        state["mask_decoder.iou_token.weight"] = torch.zeros(1, 128)
        return state

    with pytest.raises(ModelError, match=r"sam\.pth.*iou_token"):
        SegmentAnythingProposer(broken(checkpoint, tmp_path, narrow), device="cpu")


def test_missing_truncated_and_ambiguous_files_are_told(checkpoint, tmp_path) -> None:
    (file,) = checkpoint.iterdir()
    with pytest.raises(ModelError, match=r"does not exist.*tas models fetch"):
        SegmentAnythingProposer(tmp_path / "nowhere", device="cpu")
    with pytest.raises(ModelError, match=r"holds no weights \(looked for \*\.pth"):
        SegmentAnythingProposer(tmp_path, device="cpu")
    (tmp_path / "a.pth").write_bytes(file.read_bytes()[:100_000])
    with pytest.raises(ModelError, match=r"a\.pth cannot be read"):
        SegmentAnythingProposer(tmp_path, device="cpu")
    shutil.copy(file, tmp_path / "b.pth")
    with pytest.raises(ModelError, match=r"several weight files \(a\.pth, b\.pth\)"):
        SegmentAnythingProposer(tmp_path, device="cpu")


@pytest.mark.parametrize("old_format", [False, True])
def test_a_pickle_with_code_is_refused_and_not_executed(tmp_path, old_format) -> None:
    trace = tmp_path / "executed"
    weights = tmp_path / "sam.pth"
    if old_format:
        weights.write_bytes(pickle.dumps(Runs(trace)))
    else:
        torch.save({"image_encoder.pos_embed": Runs(trace)}, weights)
    with pytest.raises(ModelError, match=r"sam\.pth"):
        SegmentAnythingProposer(tmp_path, device="cpu")
    assert not trace.exists()
    if old_format:
        pickle.loads(weights.read_bytes())
        assert trace.exists()  # it would have been


@pytest.mark.slow
def test_true_vit_b(tmp_path, frame) -> None:
    write_stand_in(tmp_path, "sam-vit-b")
    proposer = SegmentAnythingProposer(tmp_path, device="cpu", architecture="vit_b", points_per_side=2)
    assert proposer.architecture.name == "vit_b"
    assert sum(each.numel() for each in proposer._generator.predictor.model.parameters()) == 93_735_472
    found = proposer.propose(frame)
    assert found.masks.shape[1:] == (120, 160)
