# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""CLIP and its kin (Radford et al. 2021, SigLIP, MobileCLIP, ...) through open_clip, from local files alone."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
from open_clip.tokenizer import HFTokenizer, SimpleTokenizer
from open_clip.transform import PreprocessCfg, image_transform_v2
from PIL import Image

from tas_ros.arrays import FloatArray, ImageArray
from tas_ros.errors import ModelError
from tas_ros.small_files import read_json
from tas_ros.vision.checkpoints import CURE, find_weights, refuse_torchscript, unreadable
from tas_ros.vision.encoders.text_cache import TextCache
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.region_views import RegionView, cut_regions
from tas_ros.vision.runtime import PRECISIONS, choose_device, choose_dtype, in_batches

CONFIG = "open_clip_config.json"
PREFERRED_FILES = (
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.safetensors",
    "open_clip_pytorch_model.bin",
    "open_clip_pytorch_model.pth",
    "model.safetensors",
    "pytorch_model.bin",
    "pytorch_model.pth",
    "model.pth",
)
"""In open_clip's own order, so that it and we choose the same file."""
DEFAULT_VIEWS = (RegionView("blurred"), RegionView("black"))
"""Two views averaged: a black background alone is off-distribution for CLIP (docs/method.md, weakness 11: 61.8 against
67.6 mIoU on VOC in CaR). Which views are best for referring is not measured yet: no real weights were at hand."""
_TOLD_CHARACTERS = 80
_LOG = logging.getLogger(__name__)


class OpenClipEncoder:
    """Image and text encoder of any open_clip architecture.

    checkpoint: a folder as the hub serves it (open_clip_config.json, weights, and the tokenizer's files where the model
        has one of its own), or a weight file or folder of one with `architecture`. Safetensors or a state dict.
    device, precision: see vision.runtime.
    architecture: open_clip's name (`ViT-B-32`, ...); None takes what the folder's configuration says.
    quick_gelu: whether the activations are OpenAI's approximation, as its own weights need; None takes what the
        configuration says (architectures named `...-quickgelu` say so).
    views: how encode_regions shows a region.
    batch_size: pictures or texts encoded at once; halved when memory runs out.
    cached_texts: how many recent texts are kept.

    Raises ModelError when a file is missing, damaged, executable or does not fit. Never asks the network.
    """

    def __init__(
        self,
        checkpoint: Path,
        device: str = "auto",
        precision: str = "auto",
        architecture: str | None = None,
        quick_gelu: bool | None = None,
        views: Sequence[RegionView] = DEFAULT_VIEWS,
        batch_size: int = 64,
        cached_texts: int = 4096,
    ) -> None:
        self._device = choose_device(device)
        self._dtype = choose_dtype(precision, self._device)
        self._views = tuple(views)
        self._batch_size = batch_size
        checkpoint = Path(checkpoint)
        config = _read_config(checkpoint, architecture)
        self._network = _load(checkpoint, architecture, quick_gelu, self._device, self._dtype)
        self._picture = image_transform_v2(PreprocessCfg(**self._network.visual.preprocess_cfg), is_train=False)
        self._tokenizer = _load_tokenizer(checkpoint, config)
        self.dimension = int(config["embed_dim"])
        """D."""
        self._texts = TextCache(self._embed_texts, self.dimension, cached_texts)

    def encode_regions(self, rgb: ImageArray, proposals: Proposals) -> FloatArray:
        """(V, N, D) float32 L2-normalised: the regions under each of this encoder's own views."""
        return np.stack([self.encode_crops(cut_regions(rgb, proposals, view)) for view in self._views])

    def encode_crops(self, crops: Sequence[ImageArray]) -> FloatArray:
        """(N, D) float32 L2-normalised of pictures (H, W, 3) uint8 of any size, through the model's own preprocessing
        (for CLIP: short side to the input size, bicubic with antialiasing, centre crop).
        """
        return self._stack(in_batches(crops, self._batch_size, self._embed_crop_batch))

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """(T, D) float32 L2-normalised. Recent texts are remembered; over-long ones are truncated with a warning."""
        return self._texts.features(texts)

    def _embed_crop_batch(self, crops: Sequence[ImageArray]) -> list[FloatArray]:
        pictures = torch.stack([self._picture(Image.fromarray(crop)) for crop in crops])
        with torch.inference_mode():
            features = self._network.encode_image(pictures.to(self._device, self._dtype))
        return _unit(features)

    def _embed_texts(self, texts: Sequence[str]) -> FloatArray:
        for text in texts:
            self._warn_if_truncated(text)
        return self._stack(in_batches(texts, self._batch_size, self._embed_text_batch))

    def _embed_text_batch(self, texts: Sequence[str]) -> list[FloatArray]:
        with torch.inference_mode():
            return _unit(self._network.encode_text(self._tokenizer(list(texts)).to(self._device)))

    def _warn_if_truncated(self, text: str) -> None:
        tokenizer = self._tokenizer
        if isinstance(tokenizer, SimpleTokenizer):
            tokens = len(tokenizer.encode(text)) + 2  # start and end
        else:
            tokens = len(tokenizer.tokenizer(tokenizer.clean_fn(text)).input_ids)
        if tokens > tokenizer.context_length:
            told = text if len(text) <= _TOLD_CHARACTERS else f"{text[:_TOLD_CHARACTERS]}..."
            _LOG.warning("text of %d tokens is truncated to %d: %r", tokens, tokenizer.context_length, told)

    def _stack(self, rows: Sequence[FloatArray]) -> FloatArray:
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)


def _unit(features: torch.Tensor) -> list[FloatArray]:
    """Rows normalised in float32, whatever the network computes in."""
    return list(torch.nn.functional.normalize(features.float(), dim=-1).cpu().numpy())


def _read_config(checkpoint: Path, architecture: str | None) -> dict[str, Any]:
    """open_clip's model configuration. Raises ModelError when there is none, or it needs files of elsewhere."""
    if architecture is not None:
        config = open_clip.get_model_config(architecture)
        if config is None:
            raise ModelError(
                f"open_clip knows no architecture {architecture!r}; python -c 'import open_clip; "
                "print(open_clip.list_models())' names them"
            )
    else:
        path = checkpoint / CONFIG
        if not path.is_file():
            raise ModelError(
                f"checkpoint {checkpoint} has no {CONFIG}, so its architecture is unknown; give "
                f"architecture='ViT-B-32' (or what it is), or {CURE}"
            )
        try:
            config = read_json(path)["model_cfg"]
            config["embed_dim"], config["vision_cfg"], config["text_cfg"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"configuration {path} is no open_clip configuration ({error!r}); {CURE}") from error
    if config["text_cfg"].get("hf_model_name"):
        raise ModelError(
            f"the text tower of {checkpoint} is the hub's {config['text_cfg']['hf_model_name']}, which open_clip would "
            "fetch; take a model whose text tower is open_clip's own"
        )
    return dict(config)


def _load(
    checkpoint: Path, architecture: str | None, quick_gelu: bool | None, device: torch.device, dtype: torch.dtype
) -> Any:
    suffixes = (".safetensors", ".bin", ".pth") if architecture is None else (".safetensors", ".bin", ".pth", ".pt")
    weights = find_weights(checkpoint, suffixes, PREFERRED_FILES)
    refuse_torchscript(weights)
    options: dict[str, Any] = {} if quick_gelu is None else {"quick_gelu": quick_gelu}
    try:
        network = open_clip.create_model(
            architecture or f"local-dir:{checkpoint}",
            pretrained=str(weights) if architecture else None,
            precision=next(name for name, each in PRECISIONS.items() if each == dtype),
            device=device,
            pretrained_image=False,
            pretrained_text=False,
            require_pretrained=True,
            weights_only=True,
            **options,
        )
    except Exception as error:  # open_clip raises whatever reading, building or filling the network raises
        raise unreadable(weights, error) from error
    return network.eval()


def _load_tokenizer(checkpoint: Path, config: dict[str, Any]) -> Any:
    text = config["text_cfg"]
    options = dict(text.get("tokenizer_kwargs", {}))
    length = text.get("context_length", 77)
    if not text.get("hf_tokenizer_name"):
        return SimpleTokenizer(context_length=length, **options)
    folder = checkpoint if checkpoint.is_dir() else checkpoint.parent
    try:
        return HFTokenizer(
            str(folder),
            context_length=length,
            tokenizer_mode=text.get("tokenizer_mode"),
            local_files_only=True,
            **options,
        )
    except Exception as error:  # transformers raises what its many tokenizers raise
        reason = " ".join(str(error).split())[:300]
        raise ModelError(
            f"the tokenizer of {text['hf_tokenizer_name']} cannot be read from {folder} ({reason}); its files "
            f"(tokenizer.json, tokenizer_config.json) belong beside the weights; {CURE}"
        ) from error
