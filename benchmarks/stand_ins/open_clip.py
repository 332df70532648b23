# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Stand-ins for open_clip models as the hub serves them: open_clip_config.json, weights as safetensors, tokenizer."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import open_clip
from safetensors.torch import save_file

from benchmarks.stand_ins.random_weights import seeded

ARCHITECTURES = {
    "clip-rn50": "RN50-quickgelu",
    "clip-rn101": "RN101-quickgelu",
    "clip-vit-b-32": "ViT-B-32-quickgelu",
    "clip-vit-b-16": "ViT-B-16-quickgelu",
    "clip-vit-l-14": "ViT-L-14-quickgelu",
    "siglip-vit-b-16": "ViT-B-16-SigLIP",
    "mobileclip-s1": "MobileCLIP-S1",
}
"""Catalogue model to open_clip architecture; OpenAI's own weights were trained with the quick GELU."""
_HALVES = {"mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5), "interpolation": "bicubic", "resize_mode": "squash"}
_UNIT = {"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0), "interpolation": "bilinear", "resize_mode": "shortest"}
PREPROCESSING: dict[str, dict[str, Any]] = {"siglip-vit-b-16": _HALVES, "mobileclip-s1": _UNIT}
"""Where it is not OpenAI's, which is open_clip's default."""


def write(directory: Path, model: str, reduced: bool = False, seed: int = 0) -> None:
    """Write the folder of `model`. `reduced` keeps the kinds of layers and makes fewer and narrower ones."""
    config = open_clip.get_model_config(ARCHITECTURES[model])
    if reduced:
        _reduce(config)
    if config["text_cfg"].get("hf_tokenizer_name"):
        _write_tokenizer(directory)
    built = deepcopy(config)
    kind = open_clip.CustomTextCLIP if built.pop("custom_text", False) else open_clip.CLIP
    with seeded(seed):
        network = kind(**built)
    # Tied tensors would be refused, views are not contiguous.
    save_file(
        {name: tensor.detach().clone().contiguous() for name, tensor in network.state_dict().items()},
        directory / "open_clip_model.safetensors",
    )
    content = {"model_cfg": config, "preprocess_cfg": PREPROCESSING.get(model, {})}
    (directory / "open_clip_config.json").write_text(json.dumps(content, indent=2), "utf-8")


def _reduce(config: dict[str, Any]) -> None:
    vision, text = config["vision_cfg"], config["text_cfg"]
    text |= {"width": 64, "heads": 2, "layers": 2}
    if "timm_model_name" in vision:
        siglip = vision["timm_pool"] == "map"
        vision["timm_model_name"] = "vit_tiny_patch16_224" if siglip else "fastvit_t8"
        config["embed_dim"] = 192 if siglip else 64  # a SigLIP vision tower has no projection: its width is D
    elif isinstance(vision["layers"], list):
        vision |= {"layers": [1, 1, 1, 1], "width": 16}
        config["embed_dim"] = 64
    else:
        vision |= {"layers": 2, "width": 128}
        config["embed_dim"] = 64


def _write_tokenizer(directory: Path) -> None:
    """A SentencePiece unigram model like SigLIP's, which pads with its end token, over letters and everyday words."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    from benchmarks.stand_ins.tokenizers import WORDS

    letters = "▁abcdefghijklmnopqrstuvwxyz0123456789"
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((letter, -10.0) for letter in letters)]
    pieces += [(f"▁{word}", -5.0) for word in dict.fromkeys(WORDS)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    served: Any = PreTrainedTokenizerFast
    served(tokenizer_object=tokenizer, eos_token="</s>", pad_token="</s>", unk_token="<unk>").save_pretrained(
        str(directory)
    )
