# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Words that nobody has heard before cost no memory that stays."""

import random
import string

import pytest

from tas_ros.language.parser import SpacyParser
from tas_ros.language.words import spacy_model
from tas_ros.published.parser import ReleasedParser


@pytest.mark.parametrize("kind", [SpacyParser, ReleasedParser])
def test_new_words_leave_nothing_behind(kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacy_model, "KEPT_LEMMAS", 100)
    parser = kind()
    letters = random.Random(3)

    def sentence() -> str:
        return "grab the " + " ".join("".join(letters.choices(string.ascii_lowercase, k=9)) + "s" for _ in range(20))

    def read() -> None:
        parser.parse(sentence())
        parser.noun_phrases(sentence())
        parser.noun_chunks(sentence())
        parser.nouns(sentence())

    read()
    before = len(parser._nlp.vocab.strings)
    for _ in range(20):
        read()
    assert len(parser._nlp.vocab.strings) == before
    assert len(parser._nlp.get_pipe("lemmatizer").cache) < 200


def test_a_text_is_read_alike_before_and_after_others(parser: SpacyParser) -> None:
    texts = (
        "the red mug left of the laptop",
        "the glorpish thing behind the two zibbles",
        "the second cup from the left",
    )
    first = [(parser.parse(text), parser.noun_phrases(text), parser.nouns(text)) for text in texts]
    for text in texts:
        parser.noun_chunks(text + " and a frobnicator")
    assert [(parser.parse(text), parser.noun_phrases(text), parser.nouns(text)) for text in texts] == first
