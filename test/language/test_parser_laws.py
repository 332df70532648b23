# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Laws that hold for whole families of sentences."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tas_ros.errors import InvalidCommandError
from tas_ros.language.parser import SpacyParser
from tas_ros.language.query import Position, Query, RelationKind, SuperlativeKind

THINGS = ("mug", "bottle", "box", "book", "plate", "laptop", "lamp", "ball")
COLOURS = ("red", "blue", "green", "yellow", "black", "white")
SIDES = {"left": Position.LEFT, "right": Position.RIGHT, "top": Position.TOP, "bottom": Position.BOTTOM}
RELATIONS = {
    "left of": RelationKind.LEFT_OF,
    "to the right of": RelationKind.RIGHT_OF,
    "behind": RelationKind.BEHIND,
    "in front of": RelationKind.IN_FRONT_OF,
    "under": RelationKind.BELOW,
    "above": RelationKind.ABOVE,
    "next to": RelationKind.NEXT_TO,
    "on top of": RelationKind.ON,
    "inside": RelationKind.IN,
}
OPENINGS = ("", "grab ", "please pick up ", "could you hand me ", "um show me ", "robot find ", "where is ")
SWAPPED_SIDES = {Position.LEFT: Position.RIGHT, Position.RIGHT: Position.LEFT}
SWAPPED_WORDS = {"left": "right", "right": "left", "leftmost": "rightmost", "rightmost": "leftmost"}
SWAPPED_KINDS = {
    SuperlativeKind.LEFTMOST: SuperlativeKind.RIGHTMOST,
    SuperlativeKind.RIGHTMOST: SuperlativeKind.LEFTMOST,
    RelationKind.LEFT_OF: RelationKind.RIGHT_OF,
    RelationKind.RIGHT_OF: RelationKind.LEFT_OF,
}
GRAMMAR_WORDS = (
    "the", "a", "left", "right", "of", "on", "in", "from", "second", "last", "biggest", "closest", "to", "not",
    "no", "and", "between", "with", "next", "mug", "red", "man", "one", "my", "robot", "'s", "behind", "front",
    "top", "corner", ",", "that", "is", "other", "most", "far", "by", "2", "#", "than", "but", "two", "row",
)  # fmt: skip

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
things, colours, sides = st.sampled_from(THINGS), st.sampled_from(COLOURS), st.sampled_from(sorted(SIDES))


def meaning(query: Query) -> tuple[object, ...]:
    return (
        query.target.head, query.target.colours, frozenset(query.positions), query.superlatives, query.ordinal,
        tuple((r.kind, r.negated, tuple((a.head, a.colours) for a in r.anchors)) for r in query.relations),
        query.perspective,
    )  # fmt: skip


@many
@given(thing=things, side=sides)
def test_word_order_of_a_position_does_not_matter(parser: SpacyParser, thing: str, side: str) -> None:
    forms = (
        f"{side} {thing}",
        f"{thing} {side}",
        f"{thing} on {side}",
        f"the {thing} on the {side}",
        f"{thing} at {side}",
    )
    readings = {meaning(parser.parse(form)) for form in forms}
    assert readings == {(thing, (), frozenset({SIDES[side]}), (), None, (), None)}


@many
@given(
    thing=things,
    side=st.sampled_from(["left", "right", "top", "bottom"]),
    count=st.sampled_from(["first", "second", "third", "fourth"]),
    whose=st.sampled_from(["the", "my", "your", "the robot's"]),
)
def test_the_side_of_a_count_may_come_first(parser: SpacyParser, thing: str, side: str, count: str, whose: str) -> None:
    whose = whose if side in ("left", "right") else "the"
    last = parser.parse(f"the {count} {thing} from {whose} {side}")
    first = parser.parse(f"from {whose} {side} the {count} {thing}")
    assert meaning(first) == meaning(last) and last.ordinal is not None and last.ordinal.side is SIDES[side]


@many
@given(
    thing=things,
    colour=colours,
    anchor=things,
    relation=st.sampled_from(sorted(RELATIONS)),
    opening=st.sampled_from(OPENINGS),
)
def test_a_relation_is_read_whatever_the_command(
    parser: SpacyParser, thing: str, colour: str, anchor: str, relation: str, opening: str
) -> None:
    query = parser.parse(f"{opening}the {colour} {thing} {relation} the {anchor}")
    assert query.target.head == thing and query.target.colours == (colour,)
    assert [(r.kind, [a.head for a in r.anchors]) for r in query.relations] == [(RELATIONS[relation], [anchor])]
    assert not query.positions


@many
@given(
    thing=things,
    colour=colours,
    anchor=things,
    relation=st.sampled_from(sorted(RELATIONS)),
    article=st.sampled_from(["the", "a"]),
)
def test_articles_do_not_matter(
    parser: SpacyParser, thing: str, colour: str, anchor: str, relation: str, article: str
) -> None:
    full = f"{article} {colour} {thing} {relation} {article} {anchor}"
    bare = f"{colour} {thing} {relation} {anchor}"
    assert meaning(parser.parse(full)) == meaning(parser.parse(bare))


def swap(query: Query) -> tuple[object, ...]:
    head, attributes, positions, superlatives, ordinal, relations, perspective = meaning(query)
    return (
        head,
        attributes,
        frozenset(SWAPPED_SIDES.get(p, p) for p in positions),  # type: ignore[attr-defined]
        tuple(type(s)(SWAPPED_KINDS.get(s.kind, s.kind), s.rank) for s in superlatives),  # type: ignore[attr-defined]
        ordinal and type(ordinal)(ordinal.index, SWAPPED_SIDES.get(ordinal.side, ordinal.side)),  # type: ignore[attr-defined]
        tuple((SWAPPED_KINDS.get(kind, kind), *rest) for kind, *rest in relations),  # type: ignore[attr-defined]
        perspective,
    )


@many
@given(
    thing=things,
    anchor=things,
    form=st.sampled_from(
        (
            "{t} left", "the left {t}", "leftmost {t}", "second {t} from the left", "{t} left of the {a}",
            "the {t} on the right of the {a}", "{t} on the left behind the {a}", "the third {t} from the right",
            "top left {t}", "{t} in the bottom right corner", "the {t} on my left", "last {t} on the right",
            "far left {t}", "{t} not on the left", "{t} right next to the {a}",
        )
    ),
)  # fmt: skip
def test_swapped_words_give_the_mirrored_query(parser: SpacyParser, thing: str, anchor: str, form: str) -> None:
    text = form.format(t=thing, a=anchor)
    mirrored = " ".join(SWAPPED_WORDS.get(word, word) for word in text.split())
    query = parser.parse(text)
    if "right next" in text:
        # "right" is no side there, so there is nothing to mirror.
        assert not query.positions and query.relations[0].kind is RelationKind.NEXT_TO
        return
    assert meaning(parser.parse(mirrored)) == swap(query)
    if "not on" in text:
        assert query.excluded_positions == (Position.LEFT,)
    else:
        assert query.is_spatial


@many
@given(text=st.text(max_size=80))
def test_any_text_is_read_or_refused_with_a_reason(parser: SpacyParser, text: str) -> None:
    try:
        query = parser.parse(text)
    except InvalidCommandError:
        return  # refused with a typed error, whose texts test_spacy_parser reads; any other exception fails here
    assert query.valid or query.invalid_reason
    assert query.to_dict()["description"] == query.describe()


@many
@given(
    words=st.lists(
        st.sampled_from(GRAMMAR_WORDS),
        min_size=1,
        max_size=12,
    )
)
def test_any_order_of_grammar_words_is_survived(parser: SpacyParser, words: list[str]) -> None:
    text = " ".join(words)
    try:
        query = parser.parse(text)
    except InvalidCommandError:
        assert not any(c.isalnum() for c in text)
    else:
        assert query.describe()
        assert parser.parse(text) == query


@pytest.mark.parametrize(
    "word", ["laptop", "stop sign", "bright lamp", "leftover pizza", "rightful owner", "tabletop", "copyright page"]
)
def test_letters_inside_a_word_are_no_direction(parser: SpacyParser, word: str) -> None:
    query = parser.parse(word)
    assert query.valid and not query.is_spatial
