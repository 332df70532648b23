# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What captioners with a generating network share: loading through transformers, region pictures, batched search."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import torch

from tas_ros.arrays import ImageArray
from tas_ros.errors import ModelError
from tas_ros.small_files import read_json
from tas_ros.vision.captioning import CaptionRule
from tas_ros.vision.region_views import cut_regions
from tas_ros.vision.runtime import choose_device, choose_dtype, in_batches, is_out_of_memory
from tas_ros.vision.scene import Scene


class GeneratingCaptioner(ABC):
    """A captioner that shows pictures to a network of transformers and lets it write.

    checkpoint: directory in the hub's layout: config.json, weights as safetensors, image processor, tokenizer.
    device, precision: as in vision.runtime.
    batch_size: pictures at a time; fewer when memory runs out. The memory of a batch grows with the rule's beams.

    Raises ModelError when files are missing, altered or of another model. Nothing is downloaded, no pickle is read.
    """

    MODEL_TYPE: ClassVar[str]
    """What config.json must say."""

    def __init__(self, checkpoint: Path, device: str = "auto", precision: str = "auto", batch_size: int = 8) -> None:
        self.checkpoint = Path(checkpoint)
        self.device = choose_device(device)
        self.dtype = choose_dtype(precision, self.device)
        self.batch_size = batch_size
        require_model_type(self.checkpoint, self.MODEL_TYPE)
        self.model = self._load_model()
        try:
            self._image_processor, self._tokenizer = self._load_processors()
        except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
            raise broken_checkpoint(self.checkpoint, f"image processor or tokenizer unreadable: {error}") from error
        # Without its files transformers makes an empty tokenizer. Embeddings are rounded up, never by a whole hundred.
        words, known = self.model.get_input_embeddings().num_embeddings, len(self._tokenizer)
        if known < words - 100:
            raise broken_checkpoint(self.checkpoint, f"the tokenizer knows {known} words, the network {words}")

    def caption_regions(self, scene: Scene) -> tuple[str, ...]:
        """One caption for each proposal: lower case, stripped; none for no proposals."""
        rule = scene.rules.caption
        return tuple(self.caption_pictures(cut_regions(*scene.shown, rule.view), rule))

    def caption_image(self, scene: Scene) -> str:
        """A caption of the whole frame, lower case, stripped."""
        return self.caption_pictures([scene.shown[0]], scene.rules.caption)[0]

    def caption_pictures(self, pictures: Sequence[ImageArray], rule: CaptionRule) -> list[str]:
        """One caption for each of N pictures, (H, W, 3) uint8 RGB, each of its own size."""

        def run(batch: Sequence[ImageArray]) -> list[str]:
            with torch.inference_mode():
                return self._write(batch, rule)

        return [" ".join(text.lower().split()) for text in in_batches(pictures, self.batch_size, run)]

    @abstractmethod
    def _network_class(self) -> Any:
        """The model class of transformers."""

    @abstractmethod
    def _write(self, pictures: Sequence[ImageArray], rule: CaptionRule) -> list[str]:
        """Raw captions of one batch."""

    def _load_model(self) -> Any:
        try:
            return load_network(self._network_class().from_pretrained, self.checkpoint, self.dtype).to(self.device)
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            raise ModelError(
                f"captioner model at {self.checkpoint} does not fit into the memory of {self.device}; give precision "
                "fp16 or bf16, another device, or a smaller model"
            ) from error

    def _load_processors(self) -> tuple[Any, Any]:
        import transformers

        image_processors: Any = transformers.AutoImageProcessor
        # PIL's bicubic, as the networks were trained with; torchvision's differs by rounding.
        image_processor = image_processors.from_pretrained(self.checkpoint, local_files_only=True, backend="pil")
        return image_processor, transformers.AutoTokenizer.from_pretrained(self.checkpoint, local_files_only=True)

    def _pixels(self, pictures: Sequence[ImageArray]) -> torch.Tensor:
        """(N, 3, S, S) in the network's own precision: a network in half precision must not be fed single."""
        pixels: torch.Tensor = self._image_processor(images=list(pictures), return_tensors="pt")["pixel_values"]
        return pixels.to(self.device, self.dtype)


def search_arguments(rule: CaptionRule) -> dict[str, Any]:
    """The rule as `generate` takes it. Never sampled, so that a frame is always described by the same words."""
    return {"num_beams": rule.beams, "max_new_tokens": rule.max_new_tokens, "do_sample": False}


def load_network(from_pretrained: Callable[..., Any], checkpoint: Path, dtype: torch.dtype) -> Any:
    """The network with its weights, for inference. Raises ModelError unless every weight is in the files."""
    from safetensors import SafetensorError

    try:
        network, report = from_pretrained(
            checkpoint, dtype=dtype, local_files_only=True, use_safetensors=True, output_loading_info=True
        )
    except (OSError, ValueError, RuntimeError, KeyError, TypeError, SafetensorError) as error:
        if is_out_of_memory(error):
            raise
        raise broken_checkpoint(checkpoint, f"weights unreadable: {error}") from error
    # transformers would go on with random values in their place.
    if missing := sorted(report["missing_keys"]):
        raise broken_checkpoint(checkpoint, f"{len(missing)} weights are missing, the first is {missing[0]}")
    return network.eval()


def require_model_type(checkpoint: Path, model_type: str) -> None:
    """Raise ModelError unless `checkpoint` is a directory whose config.json names that model type."""
    config = checkpoint / "config.json"
    try:
        found = read_json(config).get("model_type")
    except (OSError, ValueError, AttributeError) as error:
        raise broken_checkpoint(checkpoint, f"{config} unreadable: {error}") from error
    if found != model_type:
        raise ModelError(
            f"captioner model at {checkpoint} is of type {found!r}, but {model_type!r} is needed; name the captioner "
            "that fits the model, or another model, in the profile"
        )


def broken_checkpoint(checkpoint: Path, reason: str) -> ModelError:
    """The error of a checkpoint directory that cannot be used as it is."""
    if any(checkpoint.glob("*.bin")) and not any(checkpoint.glob("*.safetensors")):
        reason += " (pytorch_model.bin is a pickle, which is never read; model.safetensors is needed)"
    return ModelError(
        f"captioner model at {checkpoint} cannot be loaded: {reason}; run: tas models fetch {checkpoint.name}"
    )
