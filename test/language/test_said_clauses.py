# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What stands around a thing: sides that have it, opinions, owners, things taken back, verbs that no table has."""

from __future__ import annotations

import pytest

from tas_ros.language.parser import SpacyParser
from tas_ros.language.query import Perspective, Position, RelationKind, SuperlativeKind


@pytest.mark.parametrize(
    ("text", "perspective"),
    [
        ("your left has a jar, put that in the box", Perspective.ROBOT),
        ("my left hand side has the jar, pass it", Perspective.SPEAKER),
        ("on the robot's left there is a jar", Perspective.ROBOT),
        ("it's on your left robot, the jar", Perspective.ROBOT),
        ("the jar on the left if you ask me", Perspective.SPEAKER),
        ("if you ask me from my chair, the jar on the left", Perspective.SPEAKER),
        ("from your field of view the jar on the left", Perspective.ROBOT),
        ("well i'm sitting here and it's the left jar", Perspective.SPEAKER),
        ("facing the rack as you do, the left jar", Perspective.ROBOT),
        ("facing the rack like me, the left jar", Perspective.SPEAKER),
        ("on your left, please put the jar in the box", Perspective.ROBOT),
    ],
)
def test_who_looks_is_told_around_the_side(parser: SpacyParser, text: str, perspective: Perspective) -> None:
    query = parser.parse(text)
    assert (query.target.head, query.positions, query.perspective) == ("jar", (Position.LEFT,), perspective)
    assert not query.relations and not query.also


@pytest.mark.parametrize(
    ("text", "head", "relations"),
    [
        ("the left one has a lid", "", [(RelationKind.WITH, "lid")]),
        ("on the left side of the table there is a cup", "cup", [(RelationKind.ON, "table")]),
        ("the left robot, the tall one", "robot", []),
        ("my sister's mug", "mug", []),
        ("grandpa's pipe on the shelf", "pipe", [(RelationKind.ON, "shelf")]),
        ("the man's hat", "hat", [(RelationKind.IN, "man")]),
        ("my kettle's lid", "lid", [(RelationKind.IN, "kettle")]),
    ],
)
def test_what_has_and_who_owns(
    parser: SpacyParser, text: str, head: str, relations: list[tuple[RelationKind, str]]
) -> None:
    query = parser.parse(text)
    assert query.target.head == head
    assert [(r.kind, r.anchors[0].head) for r in query.relations] == relations


@pytest.mark.parametrize(
    ("text", "perspective"),
    [
        ("the second nearest chair to you", Perspective.ROBOT),
        ("the second closest chair to me", Perspective.SPEAKER),
        ("bring the second closest chair to me", None),
    ],
)
def test_nearness_said_around_its_noun(parser: SpacyParser, text: str, perspective: Perspective | None) -> None:
    query = parser.parse(text)
    assert [(s.kind, s.rank) for s in query.superlatives] == [(SuperlativeKind.CLOSEST, 1)]
    assert (query.target.head, query.perspective) == ("chair", perspective)


@pytest.mark.parametrize(
    ("text", "head", "destination"),
    [
        ("escort the guest to the lobby", "guest", "lobby"),
        ("relay the note next to the phone to the desk", "note", "desk"),
        ("solder the wire closest to the fan to the board", "wire", "board"),
        ("unbolt the panel attached to the wall", "panel", ""),
        ("burnish the lid next to the pot", "lid", ""),
        ("burnish the nearest mug to the pot", "mug", ""),
        ("take the lamp and carry to the porch", "lamp", "porch"),
        ("place swab in bag", "swab", "bag"),
        ("place mat in the drawer", "mat", ""),
        ("file the letter on the desk in the drawer", "letter", "drawer"),
        ("file the nail on the bench", "nail", ""),
        ("pick up the jar, then carry over to the sink", "jar", "sink"),
        ("not the drill the hammer", "hammer", ""),
        ("not the left one the right one", "", ""),
        ("take the hose, i changed my mind, take the bucket", "bucket", ""),
        ("i've changed my mind get the axe", "axe", ""),
        ("the robot's rightmost tote", "tote", ""),
    ],
)
def test_where_to_and_which_instead(parser: SpacyParser, text: str, head: str, destination: str) -> None:
    query = parser.parse(text)
    assert (query.target.head, query.destination.head if query.destination else "") == (head, destination)


@pytest.mark.parametrize(
    "text", ["give it over", "give that back", "give it here", "forget about that", "changed my mind", "whoops"]
)
def test_what_names_nothing(parser: SpacyParser, text: str) -> None:
    assert not parser.parse(text).valid


@pytest.mark.parametrize(
    ("text", "perspective"),
    [
        ("the robot's closest bin", Perspective.ROBOT),
        ("my nearest bin", Perspective.SPEAKER),
        ("the farthest bin from you", Perspective.ROBOT),
    ],
)
def test_whoever_nearness_is_measured_from_looks(parser: SpacyParser, text: str, perspective: Perspective) -> None:
    query = parser.parse(text)
    assert (query.target.head, len(query.superlatives), query.relations) == ("bin", 1, ())
    assert query.perspective is perspective


def test_a_part_is_named_by_its_last_noun(parser: SpacyParser) -> None:
    bicycle = parser.parse("man by the bike with the leather saddle").relations
    assert [(r.kind, [a.relations[0].kind for a in r.anchors]) for r in bicycle] == [
        (RelationKind.NEXT_TO, [RelationKind.WITH])
    ]


@pytest.mark.parametrize(
    ("text", "head", "index", "destination"),
    [
        ("take the second to last egg", "egg", -2, ""),
        ("put the third to the last jar on the tray", "jar", -3, "tray"),
        ("move the next to last cup to the sink", "cup", -2, "sink"),
        ("put the last but one mug on the tray", "mug", -2, "tray"),
        ("the last cup but two", "cup", -3, ""),
        ("move the second cup to the last shelf", "cup", 2, "shelf"),
    ],
)
def test_counting_to_the_last_is_no_destination(
    parser: SpacyParser, text: str, head: str, index: int, destination: str
) -> None:
    query = parser.parse(text)
    assert query.ordinal is not None
    assert (query.target.head, query.ordinal.index) == (head, index)
    assert (query.destination.head if query.destination else "") == destination


def test_next_to_the_last_thing_is_beside_it(parser: SpacyParser) -> None:
    query = parser.parse("the cup next to the last plate")
    assert query.ordinal is None
    assert [(r.kind, r.anchors[0].head) for r in query.relations] == [(RelationKind.NEXT_TO, "plate")]


@pytest.mark.parametrize(
    ("text", "head", "excluded"),
    [
        ("not the tablet, get the laptop", "laptop", ["tablet"]),
        ("not the tablet get the laptop", "laptop", ["tablet"]),
        ("not the tablet but the laptop", "laptop", ["tablet"]),
        ("not now, get the laptop", "laptop", []),
        ("get the laptop, not the tablet", "laptop", ["tablet"]),
    ],
)
def test_a_denial_before_a_command_corrects(parser: SpacyParser, text: str, head: str, excluded: list[str]) -> None:
    query = parser.parse(text)
    assert (query.target.head, [phrase.head for phrase in query.excluded]) == (head, excluded)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("the biggest bowl you can find", "bowl"),
        ("the biggest bowl that there is on the shelf", "bowl"),
        ("bring the mug you can reach on the left for now", "mug"),
        ("the phone charging on the desk", "phone"),
        ("the curtain railing behind the desk", "railing"),
    ],
)
def test_what_is_done_with_a_thing_is_not_its_name(parser: SpacyParser, text: str, phrase: str) -> None:
    assert parser.parse(text).target.head == phrase


@pytest.mark.parametrize("text", ["grab that for me", "get those for us now", "forget it for now"])
def test_pointing_at_nothing_known(parser: SpacyParser, text: str) -> None:
    assert not parser.parse(text).valid


@pytest.mark.parametrize(
    ("text", "head", "attributes", "relations"),
    [
        ("the bottle held by the robot", "bottle", ("held",), []),
        ("the mug carried by you, next to the plate", "mug", ("carried",), [(RelationKind.NEXT_TO, "plate")]),
        ("the cup held by the man", "cup", ("held",), [(RelationKind.NEXT_TO, "man")]),
        ("the box in the robot's gripper", "box", (), [(RelationKind.IN, "gripper")]),
        ("the cup on the robot's tray", "cup", (), [(RelationKind.ON, "tray")]),
    ],
)
def test_what_the_robot_holds_or_owns_is_no_view(
    parser: SpacyParser, text: str, head: str, attributes: tuple[str, ...], relations: list[tuple[RelationKind, str]]
) -> None:
    query = parser.parse(text)
    assert (query.target.head, query.target.attributes, query.perspective) == (head, attributes, None)
    assert [(each.kind, each.anchors[0].head) for each in query.relations] == relations
    assert not query.positions
