# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.stand_ins import write_stand_in
from tas_ros.vision.captioners.blip import BlipCaptioner
from tas_ros.vision.captioning import CaptionRule

pytest.importorskip("torchvision")
transformers = pytest.importorskip("transformers")


@pytest.mark.parametrize("model", ["blip-base", "blip-large"])
def test_captions_are_those_of_the_documented_use(model, tmp_path) -> None:
    write_stand_in(tmp_path / model, model, reduced=True)
    captioner = BlipCaptioner(tmp_path / model, device="cpu")
    # Of the network's size, so that no way of resizing matters.
    shown = list(np.random.default_rng(1).integers(0, 256, (3, 64, 64, 3), np.uint8))
    processor = transformers.BlipProcessor.from_pretrained(tmp_path / model)
    network = transformers.BlipForConditionalGeneration.from_pretrained(tmp_path / model)
    tokens = network.generate(**processor(images=shown, return_tensors="pt"), num_beams=3, max_new_tokens=8)
    expected = [text.strip() for text in processor.batch_decode(tokens, skip_special_tokens=True)]
    assert captioner.caption_pictures(shown, CaptionRule(beams=3, max_new_tokens=8)) == expected
    assert all(expected)


@pytest.mark.slow
def test_true_size_loads_and_captions(tmp_path) -> None:
    write_stand_in(tmp_path / "blip-base", "blip-base")
    captioner = BlipCaptioner(tmp_path / "blip-base", device="cpu")
    parameters = sum(parameter.numel() for parameter in captioner.model.parameters())
    file, table = 990e6 / 4, 30524 * 768  # fp32 on the hub, where the output table is stored beside its tied twin
    assert parameters == pytest.approx(file - table, rel=0.005)
    shown = np.random.default_rng(1).integers(0, 256, (100, 80, 3), np.uint8)
    assert len(captioner.caption_pictures([shown], CaptionRule(beams=1, max_new_tokens=2))) == 1
