# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

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
