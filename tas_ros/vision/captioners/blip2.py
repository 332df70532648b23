# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""BLIP-2 captions (Li et al. 2023) with OPT as language model, through transformers: TAS's captioner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from tas_ros.arrays import ImageArray
from tas_ros.vision.captioners.generation import GeneratingCaptioner, search_arguments
from tas_ros.vision.captioning import CaptionRule


class Blip2Captioner(GeneratingCaptioner):
    """Salesforce/blip2-opt-2.7b, asked as LAVIS's `blip2_opt` (which TAS calls) asks it.

    The same: 224x224 bicubic without keeping the aspect, empty prompt (the sentence's first token only), the line end
    as last token, length penalty 1, no minimal length in effect (LAVIS's 1 is reached by the prompt). In half precision
    the querying transformer stays in fp32 here as there. Differences: LAVIS runs the vision network under autocast, so
    its normalisations are fp32; and a beam's score is divided by its length without the prompt here, with it there.

    Arguments as of GeneratingCaptioner.
    """

    MODEL_TYPE = "blip-2"

    def _network_class(self) -> Any:
        from transformers import Blip2ForConditionalGeneration

        return Blip2ForConditionalGeneration

    def _write(self, pictures: Sequence[ImageArray], rule: CaptionRule) -> list[str]:
        pixels = self._pixels(pictures)
        config = self.model.config
        start = [config.image_token_index] * config.num_query_tokens + [config.text_config.bos_token_id]
        prompt = torch.tensor([start] * len(pictures), device=self.device)
        tokens = self.model.generate(
            pixel_values=pixels,
            input_ids=prompt,
            attention_mask=torch.ones_like(prompt),
            eos_token_id=self._tokenizer.encode("\n", add_special_tokens=False)[0],
            **search_arguments(rule),
        )
        return self._tokenizer.batch_decode(tokens[:, len(start) :], skip_special_tokens=True)
