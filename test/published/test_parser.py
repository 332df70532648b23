# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Each quirk of the released reading by an example. test/published holds it against a second reading as a whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tas_ros.errors import InvalidCommandError
from tas_ros.language.protocols import PhraseParser
from tas_ros.published.parser import ReleasedParser
from tas_ros.published.quadrant_choice import Quadrant

UL, DL, UR, DR = Quadrant.UP_LEFT, Quadrant.DOWN_LEFT, Quadrant.UP_RIGHT, Quadrant.DOWN_RIGHT


@pytest.fixture(scope="module")
def released():
    return ReleasedParser()


def test_it_is_a_phrase_parser(released):
    assert isinstance(released, PhraseParser)
    assert released.noun_chunks("A dog and the red Mug") == ("A dog", "the red Mug")
    assert [phrase.phrase for phrase in released.noun_phrases("A dog and the red mugs")] == ["A dog", "the red mugs"]
    assert [phrase.head for phrase in released.noun_phrases("A dog and the red mugs")] == ["dog", "mug"]
    assert released.nouns("the red mugs on it") == ("mugs",)


def test_the_expression_is_the_text_in_lower_case_and_nothing_else(released):
    text = "Please grab the Red Mug,  that's on the left!"
    assert released.parse(text).expression == text.lower()


@pytest.mark.parametrize(
    ("text", "phrase"),
    [("the red mug on the left", "the red mug"), ("man with glasses", "man"), ("looking right", "looking right")],
)
def test_the_target_phrase_is_a_whole_chunk_or_the_whole_text(released, text, phrase):
    assert released.parse(text).target.phrase == phrase


@pytest.mark.parametrize(
    ("text", "quadrants"),
    [
        ("right mug", (UR, DR)),  # a superlative
        ("the right mug", ()),  # the article is a relation, so neither decides
        ("mug on the right", (UR, DR)),  # a relation to the chunk "the right"
        ("mug on the right of the table", (UR, DR)),  # the table is never looked for
        ("top left mug", (UL,)),
        ("the person on the bottom right", (UR, DR)),  # bottom is no word of its
        ("right laptop", (UR,)),  # "top" in laptop
        ("larger laptop", (UL, UR)),  # any superlative lets the substrings decide
        ("horse left of horse", (UL, DL)),  # the other chunk has the target's very text
        ("cup on the left under the cup", (DL,)),  # the second word is looked for in the whole sentence
        ("cup left of the plate", ()),
        ("biggest dog", ()),
    ],
)
def test_directions(released, text, quadrants):
    assert released.parse(text).quadrants == quadrants


@pytest.mark.parametrize("text", ["", "   ", "?!", "x" * 501, "mug\x00", None])
def test_text_that_is_none_is_refused(released, text):
    with pytest.raises(InvalidCommandError):
        released.parse(text)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_readable_text_is_a_reference(released, text):
    try:
        query = released.parse(text)
    except InvalidCommandError:
        return
    assert query.valid and query.expression == text.lower()
    assert query.target.phrase in text.lower() and len(query.quadrants) <= 2


def test_reading_twice_gives_the_same(released):
    first = released.parse("mug on the left")
    released.parse("a dog with a hat on the right")
    assert released.parse("mug on the left") == first
