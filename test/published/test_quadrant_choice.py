# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

from dataclasses import fields

import pytest

from tas_ros.errors import InvalidQueryError
from tas_ros.published.quadrant_choice import Quadrant, QuadrantQuery, quadrants_of

UL, DL, UR, DR = Quadrant.UP_LEFT, Quadrant.DOWN_LEFT, Quadrant.UP_RIGHT, Quadrant.DOWN_RIGHT


@pytest.mark.parametrize(
    ("text", "quadrants"),
    [
        ("the left mug", (UL, DL)),
        ("mug on the right", (UR, DR)),
        ("top mug", (UL, UR)),
        ("the bottom left mug", (DL,)),
        ("mug in the upper right corner", (UR,)),
        ("the rightmost mug", (UR, DR)),
        ("the lowest mug", (DL, DR)),
        ("third mug from the right", (UR, DR)),
        ("the last mug from the left", (UR, DR)),
        ("the red mug", ()),
        ("mug left of the laptop", ()),
        ("the mug under the left lamp", ()),
        ("the middle mug", ()),
        ("the bright laptop", ()),
        ("stop sign", ()),
        ("the biggest mug", ()),
    ],
)
def test_the_targets_own_place_chooses(parser, text, quadrants):
    query = parser.parse(text)
    assert quadrants_of(query) == quadrants


def settled(query, *quadrants):
    """The same query, read by a parser that settles on quadrants."""
    return QuadrantQuery(**{each.name: getattr(query, each.name) for each in fields(query)}, quadrants=quadrants)


def test_what_the_parser_settled_on_wins(parser):
    query = parser.parse("the left mug")
    assert quadrants_of(settled(query, DR)) == (DR,)
    assert quadrants_of(settled(query)) == ()


def test_settled_quadrants_are_told(parser):
    query = settled(parser.parse("the left mug"), UL, UR)
    assert "quadrant: up left or up right" in query.describe()
    assert query.to_dict()["quadrants"] == ["up left", "up right"]
    assert settled(parser.parse("the mug"), UL).is_spatial


def test_three_quadrants_are_refused(parser):
    with pytest.raises(InvalidQueryError, match="3 quadrants"):
        settled(parser.parse("the left mug"), UL, UR, DL)


def test_chunks_and_nouns_stand_as_in_the_text(parser):
    assert parser.noun_chunks("A red mug and two Laptops on the table") == ("A red mug", "two Laptops", "the table")
    assert parser.nouns("two dogs near the old bench") == ("dogs", "bench")
    assert parser.noun_chunks("") == parser.nouns("") == ()
