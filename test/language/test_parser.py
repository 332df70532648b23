# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

from __future__ import annotations

import json

import pytest

from tas_ros.errors import InvalidCommandError, ModelError
from tas_ros.language.parser import SpacyParser
from tas_ros.language.protocols import PhraseParser
from tas_ros.language.query import Perspective, Position, RelationKind

ROW_SIDES = (Position.TOP, Position.BOTTOM, Position.FRONT, Position.BACK)


@pytest.mark.parametrize(
    ("text", "needle"),
    [("", "empty"), ("  \t\n", "empty"), ("?!...", "no words"),
     ("a" * 501, "501 characters"), ("the \x00 mug", "control"),
     ("the \ufffd\ufffd mug", "undecodable"), ("the \ud800 mug", "undecodable")],
)  # fmt: skip
def test_unreadable_text_is_refused_with_its_reason(parser: SpacyParser, text: str, needle: str) -> None:
    with pytest.raises(InvalidCommandError, match=needle):
        parser.parse(text)


@pytest.mark.parametrize("value", [None, 3, b"the mug", ["the mug"]])
def test_what_is_no_text_is_refused(parser: SpacyParser, value: object) -> None:
    with pytest.raises(InvalidCommandError, match="not text"):
        parser.parse(value)  # type: ignore[arg-type]


def test_longest_command_is_settable() -> None:
    short = SpacyParser(max_characters=10)
    assert short.parse("the mug").target.head == "mug"
    with pytest.raises(InvalidCommandError, match="more than 10"):
        short.parse("the red mug")


def test_parser_follows_the_protocol(parser: SpacyParser) -> None:
    assert isinstance(parser, PhraseParser)


def test_destination_is_not_the_target(parser: SpacyParser) -> None:
    query = parser.parse("grab the red mug left of the laptop and put it in the blue bin")
    assert query.expression == "the red mug left of the laptop"
    assert query.target.phrase == "red mug" and query.target.colours == ("red",)
    assert query.destination is not None and query.destination.phrase == "blue bin"
    assert [a.head for r in query.relations for a in r.anchors] == ["laptop"]


def test_exclusions(parser: SpacyParser) -> None:
    not_red = parser.parse("the mug, not the red one")
    assert not_red.target.head == "mug" and [e.colours for e in not_red.excluded] == [("red",)]
    not_left = parser.parse("the mug that is not on the left")
    assert not_left.excluded_positions == (Position.LEFT,) and not not_left.positions
    assert parser.parse("the other cup").other and not parser.parse("the cup").other


def test_an_anchor_keeps_its_own_constraints(parser: SpacyParser) -> None:
    (relation,) = parser.parse("the mug next to the second plate from the left under the lamp").relations
    (plate,) = relation.anchors
    assert plate.head == "plate"
    assert plate.ordinal is not None and plate.ordinal.index == 2
    assert [(r.kind, r.anchors[0].head) for r in plate.relations] == [(RelationKind.BELOW, "lamp")]


def test_between_counts_a_plural(parser: SpacyParser) -> None:
    (relation,) = parser.parse("the cup between the two plates").relations
    assert relation.kind is RelationKind.BETWEEN
    assert [(a.head, a.count) for a in relation.anchors] == [("plate", 2)]


def test_several_referents_are_told_apart(parser: SpacyParser) -> None:
    query = parser.parse("grab the mug and the plate")
    assert query.target.head == "mug" and [t.head for t in query.also] == ["plate"]


def test_between_keeps_the_place_of_its_first_anchor(parser: SpacyParser) -> None:
    query = parser.parse("the cup between the plate on the left and the bowl")
    (relation,) = query.relations
    assert [a.head for a in relation.anchors] == ["plate", "bowl"] and not query.positions and not query.also
    assert relation.anchors[0].positions == (Position.LEFT,)


@pytest.mark.parametrize(
    ("text", "lines", "ordinal"),
    [
        ("the box in the second row", [(2, Position.TOP)], None),
        ("the man in the second row", [(2, Position.FRONT)], None),
        ("second row, third from the left", [(2, Position.TOP)], (3, Position.LEFT)),
        ("the third cup from the right in the second row from the bottom", [(2, Position.BOTTOM)], (3, Position.RIGHT)),
        ("the second box in the third column", [(3, Position.LEFT)], (2, Position.TOP)),
        ("row 2 third cup", [(2, Position.TOP)], (3, Position.LEFT)),
        ("the second box in the bottom row", [], (2, Position.LEFT)),
    ],
)
def test_rows_and_columns_are_counted(parser: SpacyParser, text: str, lines: list, ordinal: tuple | None) -> None:
    query = parser.parse(text)
    assert [(line.index, line.side) for line in query.lines] == lines and not query.relations
    assert (query.ordinal and (query.ordinal.index, query.ordinal.side)) == ordinal
    assert query.is_spatial and (" row from " in query.describe()) == any(side in ROW_SIDES for _, side in lines)


def test_rank_of_nearness(parser: SpacyParser) -> None:
    for text in ("the second closest ball to the box", "the ball second closest to the box"):
        (relation,) = parser.parse(text).relations
        assert relation.extreme and relation.rank == 1 and not relation.negated
        assert "second closest to the box" in parser.parse(text).describe()
    far = parser.parse("the second furthest ball from the camera")
    assert [(s.kind.value, s.rank) for s in far.superlatives] == [("farthest", 1)] and not far.positions


@pytest.mark.parametrize(
    "text", ["take the can at the back", "get the one at the very back", "bring the can on the back"]
)
def test_a_place_at_the_end_is_no_particle_of_the_verb(parser: SpacyParser, text: str) -> None:
    assert parser.parse(text).positions == (Position.BACK,)


@pytest.mark.parametrize(
    ("text", "excluded", "positions", "excluded_positions"),
    [
        ("the guy not playing the game on the right", ["game"], {Position.RIGHT}, ()),
        ("the mug that is not red on the left", [""], {Position.LEFT}, ()),
        ("the mug, not the one on the left", [], set(), (Position.LEFT,)),
        ("neither the red nor the blue mug, the green one", ["", "mug"], set(), ()),
        ("the mug other than the red one", [""], set(), ()),
    ],
)
def test_a_denial_ends_where_a_person_ends_it(
    parser: SpacyParser, text: str, excluded: list, positions: set, excluded_positions: tuple
) -> None:
    query = parser.parse(text)
    assert [e.head for e in query.excluded] == excluded
    assert set(query.positions) == positions and query.excluded_positions == excluded_positions


@pytest.mark.parametrize(
    "text",
    [
        "man bent over",
        "the elephant facing left",
        "hunched over",
        "a headlight pointed at us",
        "bus going left to right",
    ],
)
def test_posture_and_gaze_place_nothing(parser: SpacyParser, text: str) -> None:
    assert not parser.parse(text).is_spatial


def test_a_place_after_plain_colours_worn_is_the_wearers(parser: SpacyParser) -> None:
    query = parser.parse("man in black on the right")
    assert query.positions == (Position.RIGHT,) and not query.relations[0].anchors[0].positions


def test_extreme_of_a_relation(parser: SpacyParser) -> None:
    (relation,) = parser.parse("the chair farthest from the window").relations
    assert relation.kind is RelationKind.NEXT_TO and relation.negated and relation.extreme


def test_spelling_does_not_depend_on_what_was_read_before(parser: SpacyParser) -> None:
    first = parser.parse("the lefmost botle")
    assert first.target.head == "bottle" and parser.parse("the lefmost botle") == first


def test_query_prints_itself_and_turns_into_json(parser: SpacyParser) -> None:
    query = parser.parse("the second red mug from the left, behind the laptop")
    assert query.describe() == "the mug that is red; behind the laptop; the second from the left"
    plain = json.loads(json.dumps(query.to_dict()))
    assert plain["valid"] and plain["target"]["head"] == "mug" and plain["ordinal"] == {"index": 2, "side": "left"}
    assert plain["relations"][0]["kind"] == "behind"


def test_what_refers_to_nothing_says_why(parser: SpacyParser) -> None:
    for text in ("stop", "what time is it", "turn left", "pick it up", "do not touch the mug"):
        query = parser.parse(text)
        assert not query.valid and len(query.invalid_reason) > 10
        assert query.to_dict()["reason"] == query.invalid_reason


def test_noun_phrases_of_a_caption(parser: SpacyParser) -> None:
    heads = [p.head for p in parser.noun_phrases("A red mug, a laptop and two wooden chairs on a table.")]
    assert heads == ["mug", "laptop", "chair", "table"]
    assert parser.noun_phrases("") == ()


def test_missing_model_names_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spacy.util.is_package", lambda name: False)
    with pytest.raises(ModelError, match="pip install"):
        SpacyParser("en_no_such_model")


@pytest.mark.parametrize(
    ("text", "head", "positions", "perspective"),
    [
        ("the cup to the right of me", "cup", {Position.RIGHT}, Perspective.SPEAKER),
        ("the cup left of the robot", "cup", {Position.LEFT}, Perspective.ROBOT),
        ("the cup on your side of the table", "cup", {Position.FRONT}, Perspective.ROBOT),
        ("the cup at the back of the table", "cup", {Position.BACK}, None),
        ("lady on leftpurple shirt", "lady", {Position.LEFT}, None),
        ("hand holding a fork on the left", "hand", {Position.LEFT}, None),
        ("grab the cup, no wait, the bowl on the left", "bowl", {Position.LEFT}, None),
    ],
)
def test_places_by_viewer_glued_words_and_corrections(
    parser: SpacyParser, text: str, head: str, positions: set, perspective: Perspective | None
) -> None:
    query = parser.parse(text)
    assert query.target.head == head and set(query.positions) == positions and query.perspective is perspective


@pytest.mark.parametrize("text", ["bathtub", "lettuce", "tumbler on the right", "the peeler beside the pot"])
def test_a_thing_the_tagger_takes_for_a_verb_keeps_its_name(parser: SpacyParser, text: str) -> None:
    assert parser.parse(text).target.head == text.removeprefix("the ").split()[0]


def test_things_in_a_row_without_commas_are_told_apart(parser: SpacyParser) -> None:
    query = parser.parse("pick up the mug the plate and the fork")
    assert query.target.head == "mug" and [t.head for t in query.also] == ["plate", "fork"]
    apart = parser.parse("orange at far left and orange at far right")
    assert apart.positions == (Position.LEFT,) and apart.also[0].positions == (Position.RIGHT,)


@pytest.mark.parametrize(
    ("text", "kind", "anchor"),
    [
        ("the table on which the laptop stands", RelationKind.BELOW, "laptop"),
        ("the chair that the man in red is sitting on", RelationKind.BELOW, "man"),
        ("the ball which the boy is kicking", RelationKind.WITH, "boy"),
        ("the box in which the ball is", RelationKind.WITH, "ball"),
        ("the mug that lies next to the plate", RelationKind.NEXT_TO, "plate"),
        ("to the left of the laptop the mug", RelationKind.LEFT_OF, "laptop"),
    ],
)
def test_clauses_name_the_thing_before_its_relation(
    parser: SpacyParser, text: str, kind: RelationKind, anchor: str
) -> None:
    query = parser.parse(text)
    (relation,) = query.relations
    assert query.target.head and query.target.head in text.split() and query.target.head != anchor
    assert relation.kind is kind and [a.head for a in relation.anchors] == [anchor]


def test_how_many_are_meant(parser: SpacyParser) -> None:
    counts = {
        "both mugs": 2,
        "three red cubes": 3,
        "all the cups": 0,
        "every cup": 0,
        "the second of the three cups": 1,
    }
    assert {text: parser.parse(text).target.count for text in counts} == counts
    assert parser.parse("all the way left").target.count == 1


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        ("the cup without a handle next to the plate", [("with", "handle", True), ("next to", "plate", False)]),
        ("the guy not wearing a hat next to the dog", [("with", "hat", True), ("next to", "dog", False)]),
        ("the mug missing a handle", [("with", "handle", True)]),
        ("the missing mug next to the plate", [("next to", "plate", False)]),
        ("the mug not on the plate but on the table", [("on", "plate", True), ("on", "table", False)]),
        ("the mug that is not red next to the plate", [("next to", "plate", False)]),
    ],
)
def test_a_denial_reaches_one_relation(parser: SpacyParser, text: str, relations: list) -> None:
    query = parser.parse(text)
    assert [(r.kind.value, r.anchors[0].head, r.negated) for r in query.relations] == relations


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("tile dead center", "tile"),
        ("small moped behind rock", "moped"),
        ("the trellis next to the shed", "trellis"),
        ("cake without icing", "cake"),
        ("bad looking pizza", "pizza"),
    ],
)
def test_what_a_dictionary_knows_as_a_noun_names_the_thing(parser: SpacyParser, text: str, head: str) -> None:
    assert parser.parse(text).target.head == head


@pytest.mark.parametrize("text", ["pink", "the left one", "running near the wall", "closest to the lamp"])
def test_what_only_describes_is_no_name(parser: SpacyParser, text: str) -> None:
    assert parser.parse(text).target.head == ""
