# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Stand-ins for Salesforce/blip-image-captioning-base and -large."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.stand_ins.captioner_weights import fill_captioner
from benchmarks.stand_ins.random_weights import seeded
from benchmarks.stand_ins.tokenizers import wordpiece_tokenizer

TRUE_VOCABULARY = 30522
"""Of the tokenizer; the model has two more, for the decoder's and the encoder's first token."""


def write(directory: Path, model: str, reduced: bool = False, seed: int = 0) -> None:
    """Write config, weights (safetensors), generation config, image processor and tokenizer into `directory`.

    model: blip-base or blip-large. True sizes: 990 MB and 1.9 GB.
    """
    from transformers import BlipConfig, BlipForConditionalGeneration, BlipImageProcessor

    vision: dict[str, Any] = {"image_size": 384, "patch_size": 16, "initializer_range": 0.02}
    text: dict[str, Any] = {"num_attention_heads": 12, "num_hidden_layers": 12}
    if model == "blip-large":
        vision |= {
            "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16
        }  # fmt: skip
    vocabulary = TRUE_VOCABULARY
    if reduced:
        layers = 3 if model == "blip-large" else 2
        small = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": layers, "num_attention_heads": 2}
        vision |= {**small, "image_size": 64}
        text |= {**small, "num_hidden_layers": 2}
        vocabulary = 600
    text |= {"vocab_size": vocabulary + 2, "bos_token_id": vocabulary}
    config = BlipConfig(vision_config=vision, text_config=text)
    with seeded(seed):
        network = BlipForConditionalGeneration(config)
        fill_captioner(network)
    network.save_pretrained(directory)
    side = vision["image_size"]
    BlipImageProcessor(size={"height": side, "width": side}).save_pretrained(directory)
    wordpiece_tokenizer(vocabulary).save_pretrained(directory)
