# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Stand-in for florence-community/Florence-2-base, which is microsoft/Florence-2-base in the format of transformers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.stand_ins.captioner_weights import fill_captioner
from benchmarks.stand_ins.random_weights import seeded
from benchmarks.stand_ins.tokenizers import byte_level_vocabulary

_SPECIALS = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
_TEXT_TOKENS = 50265
_PLACES = tuple(f"<loc_{i}>" for i in range(1000))
_PAIRS = ("od", "ocr", "cap", "ncap", "dcap", "grounding", "seg", "poly", "region_cap", "proposal")
_MARKS = (*(f"<{name}>" for name in _PAIRS), *(f"</{name}>" for name in _PAIRS), "<and>", "<sep>")
_SEARCH = {"num_beams": 3, "no_repeat_ngram_size": 3, "early_stopping": True}


def write(directory: Path, model: str = "florence-2-base", reduced: bool = False, seed: int = 0) -> None:
    """Write config, weights (safetensors), generation config, processors and tokenizer into `directory` (1.1 GB)."""
    from transformers import (
        BartConfig,
        BartTokenizer,
        CLIPImageProcessor,
        Florence2Config,
        Florence2ForConditionalGeneration,
    )

    vision: dict[str, Any] = {"projection_dim": 768}
    text: dict[str, Any] = {
        "d_model": 768, "encoder_layers": 6, "decoder_layers": 6, "encoder_attention_heads": 12,
        "decoder_attention_heads": 12, "encoder_ffn_dim": 3072, "decoder_ffn_dim": 3072,
        "max_position_embeddings": 1024, "dropout": 0.1,
    }  # fmt: skip
    side, text_tokens = 768, _TEXT_TOKENS
    if reduced:
        side, text_tokens = 96, 1200
        vision = {
            "projection_dim": 32, "depths": (1, 1, 1, 1), "embed_dim": (16, 16, 32, 32), "num_heads": (2, 2, 2, 2),
            "num_groups": (2, 2, 2, 2), "window_size": 6,
        }  # fmt: skip
        text |= {
            "d_model": 32, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 2,
            "decoder_attention_heads": 2, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64,
        }  # fmt: skip
    vocabulary, merges = byte_level_vocabulary(text_tokens, _SPECIALS)
    tokenizer = BartTokenizer(vocab=vocabulary, merges=merges, extra_special_tokens={"image_token": "<image>"})
    tokenizer.add_tokens([*_PLACES, *_MARKS])
    tokenizer.save_pretrained(directory)
    language = BartConfig(
        **text, vocab_size=64 * -(-len(tokenizer) // 64), bos_token_id=0, pad_token_id=1, eos_token_id=2,
        decoder_start_token_id=2, forced_eos_token_id=2, is_encoder_decoder=True,
    )  # fmt: skip
    config = Florence2Config(
        vision_config=vision, text_config=language.to_dict(), image_token_id=tokenizer.image_token_id
    )
    with seeded(seed):
        network = Florence2ForConditionalGeneration(config)
        fill_captioner(network)
    search: Any = network.generation_config
    search.update(
        **_SEARCH, bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2, forced_bos_token_id=0
    )
    network.save_pretrained(directory)

    picture = CLIPImageProcessor(
        size={"height": side, "width": side}, do_center_crop=False, resample=3,
        image_mean=[0.485, 0.456, 0.406], image_std=[0.229, 0.224, 0.225],
        image_seq_length=(side // 32) ** 2 + 1,
    )  # fmt: skip
    picture.save_pretrained(directory)
    tasks = ("ocr", "phrase_grounding", "pure_text", "description_with_bboxes", "polygons", "bboxes")
    processor = {"processor_class": "Florence2Processor", "post_processor_config": {task: {} for task in tasks}}
    (directory / "processor_config.json").write_text(json.dumps(processor, indent=2) + "\n", encoding="utf-8")
