# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.
"""The stored embeddings of the vocabulary are the sentence encoder's, and only for the words that they were made of."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime")

from tas_ros.errors import ModelError
from tas_ros.vision.encoders.class_names import vocabulary
from tas_ros.vision.encoders.minilm import MiniLm
from tas_ros.vision.encoders.vocabulary_table import TABLE, vocabulary_embeddings, write_vocabulary_table
from tas_ros.vision.weights import own_weights


@pytest.fixture(scope="module")
def sentences() -> MiniLm:
    return MiniLm()


class Deaf:
    """A sentence encoder that must not be asked."""

    def encode(self, texts: object) -> np.ndarray:
        pytest.fail("the vocabulary was embedded anew; run: python -m training.embed_vocabulary")


def test_the_table_is_of_the_vocabulary(sentences: MiniLm) -> None:
    words = vocabulary()
    stored = vocabulary_embeddings(words, Deaf())  # type: ignore[arg-type]
    some = np.random.default_rng(0).choice(len(words), 100, replace=False)
    fresh = sentences.encode([words[i] for i in some])
    # Processors round the int8 products differently.
    assert stored.shape == (len(words), 384) and ((stored[some] * fresh).sum(axis=1) > 0.98).all()


def test_another_vocabulary_is_embedded_and_said(sentences: MiniLm, caplog: pytest.LogCaptureFixture) -> None:
    words = ("mug", "a word of a stranger's")
    with caplog.at_level(logging.WARNING):
        assert np.array_equal(vocabulary_embeddings(words, sentences), sentences.encode(words))
    assert "training.embed_vocabulary" in caplog.text


def test_a_table_is_read_as_it_was_written(sentences: MiniLm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "carrier").mkdir()
    (tmp_path / "carrier" / "__init__.py").touch()
    words = ("mug", "cup")
    table = tmp_path / "carrier" / "table.npz"
    write_vocabulary_table(table, words, sentences)
    digest = (tmp_path / "carrier" / "table.npz.sha256").read_text().split()[0]
    stored = replace(own_weights(TABLE), package="carrier", file="table.npz", sha256=digest)
    assert np.array_equal(vocabulary_embeddings(words, Deaf(), stored), sentences.encode(words))  # type: ignore[arg-type]
    shutil.copy(__file__, table)
    with pytest.raises(ModelError, match="altered"):
        vocabulary_embeddings(words, sentences, stored)
