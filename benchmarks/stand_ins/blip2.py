# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Stand-in for Salesforce/blip2-opt-2.7b."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.stand_ins.captioner_weights import fill_captioner
from benchmarks.stand_ins.random_weights import seeded
from benchmarks.stand_ins.tokenizers import NEWLINE, byte_level_vocabulary

_SPECIALS = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
_TRUE_SIZES = {"tokens": 50265, "embeddings": 50304, "newline": 50118}
"""OPT's tokenizer; its embeddings with the image's token, rounded up; the line end, with which captions end."""
_REDUCED_SIZES = {"tokens": 1200, "embeddings": 1216, "newline": 1100}


def write(directory: Path, model: str = "blip2-opt-2.7b", reduced: bool = False, seed: int = 0) -> None:
    """Write config, weights (safetensors), generation config, processors and tokenizer into `directory`.

    The true size, 3.7 billion weights in fp32, is 15 GB on disk and as much in memory while it is made.
    """
    from transformers import (
        Blip2Config,
        Blip2ForConditionalGeneration,
        BlipImageProcessor,
        GPT2Tokenizer,
        OPTConfig,
    )

    sizes = _REDUCED_SIZES if reduced else _TRUE_SIZES
    vision: dict[str, Any] = {"image_size": 224, "patch_size": 14, "initializer_range": 0.02}
    qformer: dict[str, Any] = {"vocab_size": 30523}
    text: dict[str, Any] = {
        "hidden_size": 2560, "word_embed_proj_dim": 2560, "ffn_dim": 10240, "num_hidden_layers": 32,
        "num_attention_heads": 32,
    }  # fmt: skip
    if reduced:
        small = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
        vision |= {**small, "intermediate_size": 64}
        qformer |= {**small, "intermediate_size": 64}
        text |= {**small, "word_embed_proj_dim": 32, "ffn_dim": 64}
    language = OPTConfig(
        **text, vocab_size=sizes["embeddings"], bos_token_id=2, pad_token_id=1, eos_token_id=sizes["newline"]
    )
    config = Blip2Config(
        vision_config=vision, qformer_config=qformer, text_config=language.to_dict(), image_token_index=sizes["tokens"]
    )
    with seeded(seed):
        network = Blip2ForConditionalGeneration(config)
        fill_captioner(network)
    network.save_pretrained(directory)
    BlipImageProcessor(size={"height": 224, "width": 224}).save_pretrained(directory)
    vocabulary, merges = byte_level_vocabulary(sizes["tokens"], {**_SPECIALS, NEWLINE: sizes["newline"]})
    tokenizer = GPT2Tokenizer(
        vocab=vocabulary, merges=merges, bos_token="</s>", eos_token="</s>", unk_token="</s>", pad_token="<pad>"
    )
    tokenizer.add_special_tokens({"additional_special_tokens": ["<image>"]})
    tokenizer.save_pretrained(directory)
    processor = {"processor_class": "Blip2Processor", "num_query_tokens": config.num_query_tokens}
    (directory / "processor_config.json").write_text(json.dumps(processor, indent=2) + "\n", encoding="utf-8")
