# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What nothing looks at is told of, and never counts as met."""

import pytest

from tas_ros.choices.registry import create
from tas_ros.matching.unverified import unverified_words
from tas_ros.referral.notes import unverified_notes


@pytest.fixture(scope="module")
def parser():
    return create("parser", "spacy")


@pytest.mark.parametrize(
    ("text", "words"),
    [("the empty cup", ("empty",)), ("the metal pot", ("metal",)), ("the bottle lying on its side", ("lying",)),
     ("the red mug", ()), ("the mustard bottle", ("mustard",)), ("the cereal box", ()),
     ("the can of tuna", ("tuna",)), ("the wooden block", ()), ("the plastic bottle", ())],
)  # fmt: skip
def test_words_that_nothing_looks_at(parser, text, words):
    assert unverified_words(parser.parse(text).target) == words


def test_a_note_names_them_of_every_thing(parser):
    (note,) = unverified_notes(parser.parse("the empty cup next to the metal pot"))
    assert "'empty' and 'metal' cannot be verified" in note
    assert unverified_notes(parser.parse("the cup next to the pot")) == ()
