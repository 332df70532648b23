# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Whose view a sentence is said from: where people stand, whose a side is, and what is only owned."""

from __future__ import annotations

import pytest

from tas_ros.language.parser import SpacyParser
from tas_ros.language.query import Perspective, Position, SuperlativeKind


@pytest.mark.parametrize(
    ("phrase", "perspective"),
    [
        ("from the couch where i'm sitting", Perspective.SPEAKER),
        ("sitting here by the sink", Perspective.SPEAKER),
        ("i'm looking at the table from the window side", Perspective.SPEAKER),
        ("when i stand at the sink", Perspective.SPEAKER),
        ("seen from my stool", Perspective.SPEAKER),
        ("from where the robot is parked", Perspective.ROBOT),
        ("with your back to the door", Perspective.ROBOT),
        ("as you walk in", Perspective.ROBOT),
        ("as far as the camera is concerned", Perspective.CAMERA),
        ("through the camera", Perspective.CAMERA),
        ("as you look at the picture", Perspective.IMAGE),
        ("when looking from the entrance", None),
    ],
)
def test_any_place_to_look_from_leads_or_trails(
    parser: SpacyParser, phrase: str, perspective: Perspective | None
) -> None:
    for text in (f"the jar on the left, {phrase}", f"{phrase}, the jar on the left"):
        query = parser.parse(text)
        assert query.target.head == "jar" and query.positions == (Position.LEFT,) and not query.relations, text
        assert query.perspective is perspective, text


@pytest.mark.parametrize(
    ("text", "perspective"),
    [
        ("your rightmost tray", Perspective.ROBOT),
        ("the robot's leftmost bin", Perspective.ROBOT),
        ("pass the plate, it's off to your left", Perspective.ROBOT),
        ("the pot the camera sees on the left", Perspective.CAMERA),
        ("my mug on the left", None),
        ("the cone next to my left foot", None),
        ("take the pen from my desk", None),
        ("pick up the cone with your left arm", None),
    ],
)
def test_owning_a_side_is_a_view_and_owning_a_thing_is_none(
    parser: SpacyParser, text: str, perspective: Perspective | None
) -> None:
    assert parser.parse(text).perspective is perspective


@pytest.mark.parametrize(
    ("text", "perspective"),
    [
        ("the jar on the left, mine not yours", Perspective.SPEAKER),
        ("the jar on the left, not mine, yours", Perspective.ROBOT),
        ("the jar on the left - yours", Perspective.ROBOT),
        ("go for the jar on the left, and by left i mean yours", Perspective.ROBOT),
        ("when i say left i mean mine, so the left jar", Perspective.SPEAKER),
        ("the jar on the left, meaning the robots", Perspective.ROBOT),
        ("the jar to the left, my left not yours", Perspective.SPEAKER),
        ("not my left, your left, the jar", Perspective.ROBOT),
        ("robot left side, the jar", Perspective.ROBOT),
        ("jar on the cameras left please", Perspective.CAMERA),
        ("the left jar as you yourself see it", Perspective.ROBOT),
        ("the jar on the left is mine", None),
        ("my own jar on the left", None),
        ("robot left jar please", None),
    ],
)
def test_whose_a_side_is_told_apart(parser: SpacyParser, text: str, perspective: Perspective | None) -> None:
    query = parser.parse(text)
    assert (query.target.head, query.positions, query.perspective) == ("jar", (Position.LEFT,), perspective)
    assert not query.also


@pytest.mark.parametrize(
    ("phrase", "perspective"),
    [
        ("viewed from where i've parked my wheelchair", Perspective.SPEAKER),
        ("seen from where they've parked you", Perspective.ROBOT),
        ("from where we have mounted the camera", Perspective.CAMERA),
        ("from the spot you're at now", Perspective.ROBOT),
        ("from the seat i have taken", Perspective.SPEAKER),
        ("if you were sitting in my seat", Perspective.SPEAKER),
        ("if i stood in your place", Perspective.ROBOT),
        ("let's say you're in my chair", Perspective.SPEAKER),
        ("the way it looks to you", Perspective.ROBOT),
        ("as things appear to me", Perspective.SPEAKER),
        ("given where you are standing", Perspective.ROBOT),
        ("by my reckoning", Perspective.SPEAKER),
        ("standing as you are by the oven", Perspective.ROBOT),
    ],
)
def test_the_owner_of_a_seat_and_who_is_put_there_look(
    parser: SpacyParser, phrase: str, perspective: Perspective
) -> None:
    for text in (f"{phrase}, the basket on the right", f"the basket on the right, {phrase}"):
        query = parser.parse(text)
        read = (query.target.head, query.positions, query.perspective)
        assert read == ("basket", (Position.RIGHT,), perspective), text
        assert not query.also, text


@pytest.mark.parametrize("text", ["the cup closest to yourself", "the cup nearest to where you've been parked"])
def test_nearness_to_oneself_is_nearness_to_a_viewer(parser: SpacyParser, text: str) -> None:
    query = parser.parse(text)
    assert (query.target.head, query.perspective) == ("cup", Perspective.ROBOT)
    assert [s.kind for s in query.superlatives] == [SuperlativeKind.CLOSEST]


def test_what_is_specified_behind_a_pause_is_the_target(parser: SpacyParser) -> None:
    query = parser.parse("get me the colander, the right hand one as i look at the counter")
    assert (query.target.head, query.positions, query.also) == ("colander", (Position.RIGHT,), ())
    counted = parser.parse("count from your right and take the third tin")
    assert counted.ordinal is not None
    assert (counted.target.head, counted.ordinal.index, counted.perspective) == ("tin", 3, Perspective.ROBOT)


@pytest.mark.parametrize(
    ("text", "perspective"),
    [
        ("the cup on your right, can you pass it", Perspective.ROBOT),
        ("i have the cup on my right, take it", Perspective.SPEAKER),
        ("on my right, there's a cup", Perspective.SPEAKER),
        ("the cup to the right, i need it", None),
    ],
)
def test_a_clause_behind_the_right_keeps_the_side(
    parser: SpacyParser, text: str, perspective: Perspective | None
) -> None:
    query = parser.parse(text)
    assert (query.target.head, query.positions, query.perspective) == ("cup", (Position.RIGHT,), perspective)
