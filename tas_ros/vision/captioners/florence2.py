# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Florence-2 captions (Xiao et al. 2024) through the class that transformers itself has (no remote code)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tas_ros.arrays import ImageArray
from tas_ros.errors import ModelError
from tas_ros.vision.captioners.generation import GeneratingCaptioner, search_arguments
from tas_ros.vision.captioning import CaptionRule

TASKS = ("<CAPTION>", "<DETAILED_CAPTION>", "<MORE_DETAILED_CAPTION>")
_MARK = re.compile(r"</?\w+>")
"""Places and brackets of the other tasks, which the network may slip into a caption."""


class Florence2Captioner(GeneratingCaptioner):
    """florence-community/Florence-2-base and its sisters.

    task: what the network is asked for; longer tasks need a rule with more tokens. Raises ModelError for another.
    Other arguments as of GeneratingCaptioner.
    """

    MODEL_TYPE = "florence2"

    def __init__(
        self,
        checkpoint: Path,
        device: str = "auto",
        precision: str = "auto",
        batch_size: int = 8,
        task: str = "<CAPTION>",
    ) -> None:
        if task not in TASKS:
            raise ModelError(f"Florence-2 has no captioning task {task!r}; give one of {', '.join(TASKS)}")
        self._task = task
        super().__init__(checkpoint, device, precision, batch_size)

    def _network_class(self) -> Any:
        from transformers import Florence2ForConditionalGeneration

        return Florence2ForConditionalGeneration

    def _load_processors(self) -> tuple[Any, Any]:
        from transformers import Florence2Processor

        image_processor, tokenizer = super()._load_processors()
        self._processor: Any = Florence2Processor.from_pretrained(self.checkpoint, local_files_only=True)
        self._processor.image_processor = image_processor
        return image_processor, tokenizer

    def _write(self, pictures: Sequence[ImageArray], rule: CaptionRule) -> list[str]:
        inputs = self._processor(images=list(pictures), text=[self._task] * len(pictures), return_tensors="pt")
        tokens = self.model.generate(
            input_ids=inputs["input_ids"].to(self.device),
            attention_mask=inputs["attention_mask"].to(self.device),
            pixel_values=inputs["pixel_values"].to(self.device, self.dtype),
            **search_arguments(rule),
        )
        return [self._caption(row) for row in tokens]

    def _caption(self, tokens: Any) -> str:
        text = self._processor.decode(tokens, skip_special_tokens=True)
        answer = self._processor.post_process_generation(text=text, task=self._task, image_size=None)
        return _MARK.sub(" ", str(answer[self._task]))
