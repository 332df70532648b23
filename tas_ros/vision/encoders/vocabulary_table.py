# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.
"""The sentence embeddings of the vocabulary, computed once: at each start they would take most of the time."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tas_ros.vision.encoders import minilm
from tas_ros.vision.weights import PackagedWeights, load_arrays, own_weights, write_digest

TABLE = "vision/encoders/vocabulary_table.npz"
_LOG = logging.getLogger(__name__)


def vocabulary_embeddings(
    words: Sequence[str], sentences: minilm.MiniLm, table: PackagedWeights | None = None
) -> NDArray[np.float32]:
    """(V, 384) float32 L2-normalised embeddings of `words`, as `sentences` gives them.

    From the table, if it was written for these words and this model: who adds a word waits for all of them, and is
    told.
    Raises ModelError when the table is missing or altered.
    """
    stored = table or own_weights(TABLE)
    key, embeddings = load_arrays(stored, "vocabulary table", "key", "embeddings")
    if str(key) == key_of(words):
        return np.asarray(embeddings, np.float32)
    _LOG.warning(
        "the vocabulary is another than when %s was written: each start takes some seconds more until it is written "
        "anew (python -m training.embed_vocabulary)",
        stored.file,
    )
    return sentences.encode(words)


def write_vocabulary_table(path: Path, words: Sequence[str], sentences: minilm.MiniLm) -> None:
    """Write the table, and its digest beside it."""
    with path.open("wb") as stream:
        np.savez_compressed(stream, key=np.array(key_of(words)), embeddings=sentences.encode(words))
    write_digest(path)


def key_of(words: Sequence[str]) -> str:
    """What the embeddings depend on."""
    of = (minilm.MODEL.sha256, minilm.TOKENIZER.sha256, *words)
    return hashlib.sha256("\n".join(of).encode()).hexdigest()
