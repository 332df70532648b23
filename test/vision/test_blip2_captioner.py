# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

from __future__ import annotations

import cv2
import numpy as np
import pytest

from benchmarks.stand_ins import write_stand_in
from tas_ros.vision.captioners.blip2 import Blip2Captioner
from tas_ros.vision.captioning import CaptionRule

pytest.importorskip("torchvision")
transformers = pytest.importorskip("transformers")
torch = pytest.importorskip("torch")
Image = pytest.importorskip("PIL.Image")

RULE = CaptionRule(beams=5, max_new_tokens=8)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    directory = tmp_path_factory.mktemp("models") / "blip2-opt-2.7b"
    write_stand_in(directory, "blip2-opt-2.7b", reduced=True)
    return directory


def test_captions_are_those_of_the_documented_use(checkpoint) -> None:
    # Of the network's size, so that no way of resizing matters.
    shown = list(np.random.default_rng(1).integers(0, 256, (3, 224, 224, 3), np.uint8))
    shown = [cv2.GaussianBlur(picture, (0, 0), 10 * i + 0.1) for i, picture in enumerate(shown)]
    processor = transformers.Blip2Processor.from_pretrained(checkpoint)
    network = transformers.Blip2ForConditionalGeneration.from_pretrained(checkpoint)
    pixels = processor(images=shown, return_tensors="pt")["pixel_values"]
    tokens = network.generate(pixel_values=pixels, num_beams=5, max_new_tokens=8)
    expected = [text.strip() for text in processor.batch_decode(tokens, skip_special_tokens=True)]
    assert Blip2Captioner(checkpoint, device="cpu").caption_pictures(shown, RULE) == expected
    assert all(expected)


def test_the_network_sees_what_lavis_shows_it(checkpoint) -> None:
    captioner = Blip2Captioner(checkpoint, device="cpu", precision="fp16")
    shown = np.random.default_rng(2).integers(0, 256, (90, 150, 3), np.uint8)
    seen = []
    hook = captioner.model.vision_model.register_forward_pre_hook(
        lambda _, positional, named: seen.append(named.get("pixel_values", *positional)), with_kwargs=True
    )
    try:
        captioner.caption_pictures([shown], RULE)
    finally:
        hook.remove()
    squashed = np.asarray(Image.fromarray(shown).resize((224, 224), Image.Resampling.BICUBIC), np.float64) / 255
    mean, deviation = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
    expected = ((squashed - mean) / deviation).transpose(2, 0, 1)[None]
    assert seen[0].dtype == torch.float16
    np.testing.assert_allclose(seen[0].float().numpy(), expected, atol=2e-3)
    assert {each.dtype for each in captioner.model.qformer.parameters()} == {torch.float32}


def test_a_caption_ends_with_the_line(checkpoint, monkeypatch) -> None:
    captioner = Blip2Captioner(checkpoint, device="cpu")
    newline = captioner._tokenizer.encode("\n", add_special_tokens=False)
    asked = {}
    generate = captioner.model.generate
    monkeypatch.setattr(captioner.model, "generate", lambda **given: asked.update(given) or generate(**given))
    shown = np.zeros((50, 50, 3), np.uint8)
    captioner.caption_pictures([shown], RULE)
    assert [asked["eos_token_id"]] == newline == [captioner.model.config.text_config.eos_token_id]
    assert asked["input_ids"].tolist() == [[captioner.model.config.image_token_index] * 32 + [2]]
