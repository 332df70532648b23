from dataclasses import replace

import pytest

from tas_ros.errors import InvalidQueryError
from tas_ros.language.describe import query_to_dict
from tas_ros.language.quadrant_choice import quadrants_of
from tas_ros.language.query import Quadrant

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
    assert query.quadrants is None
    assert quadrants_of(query) == quadrants


def test_what_the_parser_settled_on_wins(parser):
    query = parser.parse("the left mug")
    assert quadrants_of(replace(query, quadrants=(DR,))) == (DR,)
    assert quadrants_of(replace(query, quadrants=())) == ()


def test_settled_quadrants_are_told(parser):
    query = replace(parser.parse("the left mug"), quadrants=(UL, UR))
    assert "quadrant: up left or up right" in query.describe()
    assert query_to_dict(query)["quadrants"] == ["up left", "up right"]
    assert replace(parser.parse("the mug"), quadrants=(UL,)).is_spatial


def test_three_quadrants_are_refused(parser):
    with pytest.raises(InvalidQueryError, match="3 quadrants"):
        replace(parser.parse("the left mug"), quadrants=(UL, UR, DL))


def test_chunks_and_nouns_stand_as_in_the_text(parser):
    assert parser.noun_chunks("A red mug and two Laptops on the table") == ("A red mug", "two Laptops", "the table")
    assert parser.nouns("two dogs near the old bench") == ("dogs", "bench")
    assert parser.noun_chunks("") == parser.nouns("") == ()
