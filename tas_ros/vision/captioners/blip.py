"""BLIP captions (Li et al. 2022), base and large, through transformers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tas_ros.arrays import ImageArray
from tas_ros.vision.captioners.generation import GeneratingCaptioner, search_arguments
from tas_ros.vision.captioning import CaptionRule


class BlipCaptioner(GeneratingCaptioner):
    """Salesforce/blip-image-captioning-base or -large; captions without a prompt.

    Arguments as of GeneratingCaptioner.
    """

    MODEL_TYPE = "blip"

    def _network_class(self) -> Any:
        from transformers import BlipForConditionalGeneration

        return BlipForConditionalGeneration

    def _write(self, pictures: Sequence[ImageArray], rule: CaptionRule) -> list[str]:
        pixels = self._pixels(pictures)
        tokens = self.model.generate(pixel_values=pixels, **search_arguments(rule))
        # The first token starts the decoder and has no text.
        return self._tokenizer.batch_decode(tokens[:, 1:], skip_special_tokens=True)
