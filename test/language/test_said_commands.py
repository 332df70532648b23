# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""How commands are taken apart: verbs, politeness, corrections, clauses, destinations, talk."""

from __future__ import annotations

import pytest

from tas_ros.language.parser import SpacyParser
from tas_ros.language.query import Perspective, Position, RelationKind


@pytest.mark.parametrize(
    ("text", "head", "destination"),
    [
        ("hurl the tennis ball into the bin", "ball", "bin"),
        ("burnish the copper plate on the stand", "plate", ""),
        ("park the trolley next to the pallet", "trolley", "pallet"),
        ("tie the rope to the post", "rope", "post"),
        ("pour the milk in the jug into the bowl", "milk", "bowl"),
        ("empty the bin under the desk into the skip", "bin", "skip"),
        ("hang the coat that's on the chair in the closet", "coat", "closet"),
        ("hang the picture on the wall above the sofa", "picture", "wall"),
        ("put the book lying on the chair back on the shelf", "book", "shelf"),
        ("put the one at the back in the box", "", "box"),
        ("carry the crate by the wall to the truck", "crate", "truck"),
        ("bring the cup on the table", "cup", ""),
        ("put the cup on the table away", "cup", ""),
        ("slide the mug towards the edge", "mug", "edge"),
        ("nudge the cube closer to the wall", "cube", "wall"),
        ("swap the cup for the glass", "cup", ""),
        ("throw out the cup on the table", "cup", ""),
        ("pick up bottle put in crate", "bottle", "crate"),
        ("take screwdriver bring to bench", "screwdriver", "bench"),
        ("the green jar, can you put it in the crate", "jar", "crate"),
        ("the red mug goes in the sink", "mug", "sink"),
        ("i want the blue bowl moved to the top shelf", "bowl", "shelf"),
        ("grab the cup and open the door", "cup", ""),
        ("leave the parcel by the door", "parcel", "door"),
        ("fill the glass with water", "glass", ""),
        ("wipe the table with the sponge", "table", ""),
    ],
)
def test_where_to_is_told_from_which_one(parser: SpacyParser, text: str, head: str, destination: str) -> None:
    query = parser.parse(text)
    assert query.target.head == head and (query.destination.head if query.destination else "") == destination


@pytest.mark.parametrize("verb", ["pick up", "grab", "take", "fetch", "get", "find"])
def test_a_place_after_verbs_of_taking_tells_which_one(parser: SpacyParser, verb: str) -> None:
    query = parser.parse(f"{verb} the book on the shelf")
    assert query.destination is None
    assert [(r.kind, r.anchors[0].head) for r in query.relations] == [(RelationKind.ON, "shelf")]


@pytest.mark.parametrize(
    "text",
    ["water bottle on the left", "park bench on the left", "tape dispenser on the left", "hook on the left",
     "lower cup on the left", "honey jar on the left", "love seat on the left", "wedge on the left"],
)  # fmt: skip
def test_nouns_that_are_verbs_as_well_name_things(parser: SpacyParser, text: str) -> None:
    query = parser.parse(text)
    assert query.target.head == text.removesuffix(" on the left").split()[-1] and Position.LEFT in query.positions


@pytest.mark.parametrize(
    "text",
    ["would you mind passing me the hammer", "i was wondering if you could hand me the hammer", "the hammer, love",
     "mate could you pass the hammer", "me need hammer", "robot i wanna have the hammer",
     "nip over and grab the hammer",
     "what i need is the hammer", "any chance you could grab the hammer", "do you know where the hammer is",
     "where did i leave my hammer", "i can't find the hammer", "you should see a hammer, grab that",
     "umm the uhh the the hammer i think", "good job now give me the hammer", "before you go, bring the hammer",
     "hold the hammer while i climb", "when you are done take the hammer", "go to the table and get the hammer",
     "first grab the hammer", "get me get me the hammer", "1) grab the hammer", "let's go with the hammer",
     "have a peek at the hammer", "pls gimme dat hamer"],
)  # fmt: skip
def test_wrapping_leaves_the_thing(parser: SpacyParser, text: str) -> None:
    query = parser.parse(text)
    assert query.target.phrase == "hammer" and not query.is_spatial and query.destination is None


@pytest.mark.parametrize(
    ("text", "head", "colours", "positions", "destination"),
    [
        ("the stool on the left, i mean your left", "stool", (), {Position.LEFT}, ""),
        ("the white cup, no, the black one", "cup", ("black",), set(), ""),
        ("grab the left mug i mean the right one", "mug", (), {Position.RIGHT}, ""),
        ("the cup on the left, no, on the right", "cup", (), {Position.RIGHT}, ""),
        ("put the cup in the sink, no wait, on the shelf", "cup", (), set(), "shelf"),
        ("put the red cup in the sink i mean the blue one", "cup", ("blue",), set(), "sink"),
        ("get the hammer no wait get the mallet", "mallet", (), set(), ""),
        ("the wrench sorry the pliers in the middle", "pliers", (), {Position.MIDDLE}, ""),
    ],
)
def test_what_is_said_anew_keeps_what_it_does_not_correct(
    parser: SpacyParser, text: str, head: str, colours: tuple, positions: set, destination: str
) -> None:
    query = parser.parse(text)
    assert query.target.head == head and query.target.colours == colours and set(query.positions) == positions
    assert (query.destination.head if query.destination else "") == destination


@pytest.mark.parametrize(
    ("phrase", "perspective"),
    [
        ("from my side of the table", Perspective.SPEAKER), ("as i'm looking at it", Perspective.SPEAKER),
        ("the way i see it", Perspective.SPEAKER), ("from over here where i am", Perspective.SPEAKER),
        ("standing where i am", Perspective.SPEAKER), ("from the operator's side", Perspective.SPEAKER),
        ("seen with your eyes", Perspective.ROBOT), ("from where you stand", Perspective.ROBOT),
        ("as you face the shelf", Perspective.ROBOT), ("if i were you", Perspective.ROBOT),
        ("robot's point of view", Perspective.ROBOT), ("from the gripper's viewpoint", Perspective.ROBOT),
        ("in the robot frame", Perspective.ROBOT), ("from the position of the robot arm", Perspective.ROBOT),
        ("from the viewpoint of the camera", Perspective.CAMERA), ("as the camera sees it", Perspective.CAMERA),
        ("through your camera", None), ("in the camera image", Perspective.IMAGE),
        ("in the picture", Perspective.IMAGE), ("as it appears in the photo", Perspective.IMAGE),
        ("according to the camera", Perspective.CAMERA), ("with respect to you", Perspective.ROBOT),
        ("as you look at the photo", Perspective.IMAGE),
    ],
)  # fmt: skip
def test_viewpoints_lead_or_trail(parser: SpacyParser, phrase: str, perspective: Perspective | None) -> None:
    if perspective is None:
        phrase, perspective = f"seen {phrase}", Perspective.CAMERA
    for text in (f"the jar on the left {phrase}", f"{phrase}, the jar on the left"):
        query = parser.parse(text)
        assert query.target.head == "jar" and query.positions == (Position.LEFT,) and not query.relations, text
        assert query.perspective is perspective, text


@pytest.mark.parametrize(
    ("text", "positions", "perspective"),
    [
        ("the jar to your immediate left", {Position.LEFT}, Perspective.ROBOT),
        ("if you look to your left there's a jar", {Position.LEFT}, Perspective.ROBOT),
        ("the jar closest to where i'm standing", set(), Perspective.SPEAKER),
        ("i'm sitting opposite you so on my right the jar", {Position.RIGHT}, Perspective.SPEAKER),
        ("on my side of the table the jar", {Position.FRONT}, Perspective.SPEAKER),
        ("when viewed from above the left jar", {Position.LEFT}, None),
    ],
)
def test_where_people_are(parser: SpacyParser, text: str, positions: set, perspective: Perspective | None) -> None:
    query = parser.parse(text)
    assert query.target.head == "jar" and not query.relations
    assert set(query.positions) == positions and query.perspective is perspective


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("the jar above and to the left of the plate", [RelationKind.ABOVE, RelationKind.LEFT_OF]),
        ("the jar in front of and to the right of the plate", [RelationKind.IN_FRONT_OF, RelationKind.RIGHT_OF]),
        ("the jar to the plate's right", [RelationKind.RIGHT_OF]),
        ("the jars either side of the plate", [RelationKind.NEXT_TO]),
        ("the drone hovering over the plate", [RelationKind.ABOVE]),
        ("the note stuck to the plate", [RelationKind.ON]),
    ],
)
def test_relations_that_share_or_turn_their_anchor(parser: SpacyParser, text: str, kinds: list) -> None:
    query = parser.parse(text)
    assert [r.kind for r in query.relations] == kinds and not query.positions
    assert {a.head for r in query.relations for a in r.anchors} == {"plate"}


def test_for_me_is_a_favour_in_a_command(parser: SpacyParser) -> None:
    assert parser.parse("the jar on the left for me").perspective is Perspective.SPEAKER
    assert parser.parse("lift the jar on the left for me").perspective is None


@pytest.mark.parametrize(
    "text",
    ["is it going to rain later", "are you tired", "that was really well done", "slow down a little would you",
     "good morning robot", "can you dance", "careful it's hot", "my name is bob", "the weather is nice today",
     "let's take a break", "wait until the light turns green", "whoa back up a little", "raise your arm",
     "let go of it", "did you get that", "tell me about yourself", "leave the glass alone"],
)  # fmt: skip
def test_talk_refers_to_nothing(parser: SpacyParser, text: str) -> None:
    assert not parser.parse(text).valid


@pytest.mark.parametrize(
    "text",
    [
        "the nice one",
        "play button",
        "dance floor",
        "the timer",
        "music box",
        "speed sign",
        "hold the door",
        "stop sign",
    ],
)
def test_things_named_like_talk_are_things(parser: SpacyParser, text: str) -> None:
    assert parser.parse(text).valid


@pytest.mark.parametrize(
    ("text", "head"),
    [("the vise on the bench", "vise"), ("the trams", "tram"), ("the thermos", "thermos"), ("the plinth", "plinth"),
     ("the yelow bottel", "bottle"), ("the skrewdriver", "screwdriver")],
)  # fmt: skip
def test_only_what_is_no_word_is_respelt(parser: SpacyParser, text: str, head: str) -> None:
    assert parser.parse(text).target.head == head


@pytest.mark.parametrize(
    ("text", "kind", "anchor", "negated"),
    [
        ("the box whose lid is open", RelationKind.WITH, "lid", False),
        ("bucket nowhere near the drain", RelationKind.NEXT_TO, "drain", True),
        ("the jar that isn't on the bottom shelf", RelationKind.ON, "shelf", True),
        ("the cup with neither a lid nor a lid", RelationKind.WITH, "lid", True),
        ("pass the biscuits from the top shelf", RelationKind.ON, "shelf", False),
        ("the bottle with its cap off", RelationKind.WITH, "cap", True),
        ("the bottle whose cap is missing", RelationKind.WITH, "cap", True),
        ("the chair with a jacket draped over it", RelationKind.WITH, "jacket", False),
        ("worker in the hi vis vest", RelationKind.WITH, "vest", False),
    ],
)
def test_further_relations(parser: SpacyParser, text: str, kind: RelationKind, anchor: str, negated: bool) -> None:
    relations = parser.parse(text).relations
    assert {(r.kind, r.anchors[0].head, r.negated) for r in relations} == {(kind, anchor, negated)}


@pytest.mark.parametrize(
    ("text", "index", "side"),
    [
        ("second shelf up from the floor", 2, Position.BOTTOM),
        ("counting from the left, pallet number four", 4, Position.LEFT),
        ("fetch the last screwdriver but one", -2, Position.LEFT),
        ("2nd tube from rhs", 2, Position.RIGHT),
        ("third along from the left", 3, Position.LEFT),
    ],
)
def test_further_counts(parser: SpacyParser, text: str, index: int, side: Position) -> None:
    query = parser.parse(text)
    assert query.ordinal is not None and (query.ordinal.index, query.ordinal.side) == (index, side)
    assert not query.relations and not query.positions


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("i want you give the spoon", "spoon"),
        ("no get the other cup", "cup"),
        ("you take small bottle", "bottle"),
        ("i told you already the towel", "towel"),
        ("on your left mate, the spanner", "spanner"),
    ],
)
def test_what_leads_up_to_a_command_is_dropped(parser: SpacyParser, text: str, head: str) -> None:
    assert parser.parse(text).target.head == head


@pytest.mark.parametrize(
    ("text", "head", "kind"),
    [
        ("parcel that somebody left in front of the lift", "parcel", RelationKind.IN_FRONT_OF),
        ("key hanging beside the calendar", "key", RelationKind.NEXT_TO),
        ("plug in the lamp behind the sofa", "lamp", RelationKind.BEHIND),
        ("tip over the bucket behind the shed", "bucket", RelationKind.BEHIND),
        ("get the hat off the hook", "hat", RelationKind.ON),
        ("take the cup what stands left from the microwave", "cup", RelationKind.LEFT_OF),
        ("be a gem and get the book under the lamp", "book", RelationKind.BELOW),
        ("forget the mug and get the glass by the jug", "glass", RelationKind.NEXT_TO),
    ],
)
def test_ways_of_saying_where_it_is(parser: SpacyParser, text: str, head: str, kind: RelationKind) -> None:
    query = parser.parse(text)
    assert query.target.head == head and not query.positions and query.destination is None
    assert [r.kind for r in query.relations] == [kind]


@pytest.mark.parametrize(
    ("text", "head", "destination"),
    [
        ("i want the doll on the bed in the toy box", "doll", "box"),
        ("i want the sandwich on the shelf in the fridge", "sandwich", ""),
        ("hang the lamp by the door from the hook", "lamp", "hook"),
        ("take the coat hanging from the chair", "coat", ""),
        ("toss whichever lime is closest to the juicer in the bin", "lime", "bin"),
        ("the trowel i said not the rake", "trowel", ""),
        ("select the specimen in the top row", "specimen", ""),
        ("smallest trowel hung left of the sickle", "trowel", ""),
    ],
)
def test_wishes_hooks_and_names(parser: SpacyParser, text: str, head: str, destination: str) -> None:
    query = parser.parse(text)
    assert (query.target.head, query.destination.head if query.destination else "") == (head, destination)


def test_parts_that_only_things_have_stay_with_the_thing(parser: SpacyParser) -> None:
    train = parser.parse("conductor beside the train with open doors")
    hat = parser.parse("the man beside the car with a hat")
    assert [r.kind for r in train.relations] == [RelationKind.NEXT_TO]
    assert [r.kind for r in hat.relations] == [RelationKind.NEXT_TO, RelationKind.WITH]
