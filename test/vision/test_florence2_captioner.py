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
from tas_ros.errors import ModelError
from tas_ros.vision.captioners.florence2 import Florence2Captioner
from tas_ros.vision.captioning import CaptionRule

pytest.importorskip("torchvision")
transformers = pytest.importorskip("transformers")

RULE = CaptionRule(beams=2, max_new_tokens=6)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    directory = tmp_path_factory.mktemp("models") / "florence-2-base"
    write_stand_in(directory, "florence-2-base", reduced=True)
    return directory


@pytest.mark.parametrize(
    ("task", "question"),
    [
        ("<CAPTION>", "What does the image describe?"),
        ("<DETAILED_CAPTION>", "Describe in detail what is shown in the image."),
    ],
)
def test_the_task_is_put_as_the_networks_question(checkpoint, monkeypatch, task, question) -> None:
    captioner = Florence2Captioner(checkpoint, device="cpu", task=task)
    asked = {}
    generate = captioner.model.generate
    monkeypatch.setattr(captioner.model, "generate", lambda **given: asked.update(given) or generate(**given))
    captioner.caption_pictures([np.zeros((50, 70, 3), np.uint8)], RULE)
    tokens = asked["input_ids"][0]
    image = captioner.model.config.image_token_id
    assert int((tokens == image).sum()) == (96 // 32) ** 2 + 1
    assert captioner._processor.decode(tokens[tokens != image], skip_special_tokens=True).strip() == question
    assert asked["pixel_values"].shape == (1, 3, 96, 96)
    assert (asked["num_beams"], asked["max_new_tokens"], asked["do_sample"]) == (2, 6, False)


def test_places_and_brackets_are_no_words(checkpoint) -> None:
    captioner = Florence2Captioner(checkpoint, device="cpu")
    tokens = captioner._processor.tokenizer("<s>a red mug<loc_12><loc_3></od> on a table</s>").input_ids
    assert captioner._caption(tokens).split() == ["a", "red", "mug", "on", "a", "table"]


def test_another_task_is_refused(checkpoint) -> None:
    with pytest.raises(ModelError, match=r"'<OCR>'.*<CAPTION>"):
        Florence2Captioner(checkpoint, task="<OCR>")


@pytest.mark.slow
def test_true_size_loads_and_captions(tmp_path) -> None:
    write_stand_in(tmp_path / "florence", "florence-2-base")
    captioner = Florence2Captioner(tmp_path / "florence", device="cpu")
    parameters = sum(parameter.numel() for parameter in captioner.model.parameters())
    assert parameters == pytest.approx(0.23e9, rel=0.03)  # the paper's Florence-2-B
    shown = np.zeros((50, 70, 3), np.uint8)
    assert len(captioner.caption_pictures([shown], CaptionRule(beams=1, max_new_tokens=2))) == 1
