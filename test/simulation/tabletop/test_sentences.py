# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Sentences drawn about hand-made tables: every kind, every phrasing rule, the same from the same numbers."""

import re

import numpy as np
import pytest

from simulation.tabletop.axes import axes_of
from simulation.tabletop.candidates import CANDIDATES
from simulation.tabletop.cross_check import CrossCheck
from simulation.tabletop.descriptions import Description, Extreme, Link, Ordinal, Side
from simulation.tabletop.labelling import label
from simulation.tabletop.phrasing import Phraser
from simulation.tabletop.sentences import SentenceMaker
from simulation.tabletop.truth import Judge

TABLES = 36
WHOSE = re.compile(r"\b(my|your|robot's) (left|right|point|perspective)\b|\b(to|from) (me|you|the robot)\b")


@pytest.fixture(scope="module")
def drawn(tables):
    """(observation, sentence) of many tables."""
    found = []
    for seed in range(TABLES):
        random = np.random.default_rng(seed)
        side, roll = list(tables.EYES)[seed % 4], float(random.choice([0, 0, 45, 180]))
        speaker = tables.standing_at(0.65, 1.4, -90.0)
        observation = tables.observe(tables.random_puts(random), side, roll, speaker)
        check = CrossCheck(observation, *tables.picture_of(observation))
        found += [(observation, each) for each in SentenceMaker(observation, check, random).draw(60)]
    return found


def test_every_kind_occurs(drawn):
    missing = set(CANDIDATES) - {sentence.kind for _, sentence in drawn}
    # Discs have no height: what rests on another cannot be seen to, so those kinds need renders.
    assert missing <= {"relation_on", "relation_in", "relation_above_below", "relation_with", "position_corner"}


def test_every_truth_is_what_the_judge_says(drawn):
    for observation, sentence in drawn:
        verdict = Judge(observation, axes_of(observation, sentence.perspective or "camera")).judge(sentence.description)
        assert verdict.status == sentence.expected == CANDIDATES[sentence.kind].expected
        assert tuple(observation.things[i].id for i in verdict.targets) == sentence.target_ids
        assert len(sentence.target_ids) == 1 or sentence.expected != "FOUND"


def test_extremes_keep_their_margins(drawn):
    """Of those by side, recomputed in the robot's frame from the stored centres alone."""
    checked = 0
    for observation, sentence in drawn:
        selector = sentence.description.selector
        if (
            sentence.perspective != "robot"
            or not isinstance(selector, Extreme)
            or selector.kind not in ("left", "right")
        ):
            continue
        named = sentence.description
        group = [
            thing
            for thing in observation.things
            if named.noun in ("", *thing.names) and named.colour in ("", thing.colour)
        ]
        target = observation.things[observation.index(sentence.target_ids[0])]
        sign = 1 if selector.kind == "left" else -1
        others = [thing for thing in group if thing.id != target.id]
        if not named.links:
            assert others and all(sign * (target.centre[1] - other.centre[1]) > 0.04 for other in others)
            checked += 1
    assert checked >= 10


def test_perspectives_and_depth_are_told_apart(drawn):
    perspectives = {sentence.perspective for _, sentence in drawn}
    assert perspectives == {"", "camera", "image", "robot", "speaker"}
    for _, sentence in drawn:
        assert sentence.says_perspective == bool(WHOSE.search(sentence.text)), sentence.text
    shares = np.mean([sentence.rgbd_only for _, sentence in drawn])
    assert 0.0 < shares < 0.4


def test_texts_are_what_a_recogniser_hands_over(drawn):
    for _, sentence in drawn:
        assert sentence.text == sentence.text.lower().strip()
        assert "  " not in sentence.text and "{" not in sentence.text
        assert not set(sentence.text) & set(",.?!")
    assert {sentence.form for _, sentence in drawn} == {"expression", "command"}
    assert len({sentence.text for _, sentence in drawn}) > 0.7 * len(drawn)


def test_the_same_picture_gives_the_same_sentences(tables):
    observation = tables.observe(tables.random_puts(np.random.default_rng(3)))
    depth, labels = tables.picture_of(observation)
    first, second = (label("00007_1", observation, depth, labels) for _ in range(2))
    assert first == second and first["sentences"]
    assert label("00008_1", observation, depth, labels)["sentences"] != first["sentences"]


def test_a_wrong_truth_is_disputed(tables):
    """The cross check sees masks and depth only: labels exchanged, it no longer agrees."""
    observation = tables.observe([tables.Put("mug", 0.6, 0.2, "red"), tables.Put("mug", 0.6, -0.2, "blue")])
    depth, labels = tables.picture_of(observation)
    leftmost = Description("mug", selector=Extreme("left"))
    swapped = np.choose(labels, [0, 2, 1]).astype(np.uint8)
    for perspective in ("camera", "image", "robot"):
        assert CrossCheck(observation, depth, labels).agrees(leftmost, perspective, "FOUND", (0,))
        assert not CrossCheck(observation, depth, swapped).agrees(leftmost, perspective, "FOUND", (0,))


def test_phrasings_say_what_is_meant():
    def phrasings(description, perspective="camera", spoken=False):
        return {Phraser(np.random.default_rng(seed), perspective, spoken).expression(description) for seed in range(60)}

    box = Description("box")
    assert "the second mug from the left" in phrasings(Description("mug", selector=Ordinal(2, "left")))
    assert "the red mug to the left of the box" in phrasings(Description("mug", "red", links=(Link("left", (box,)),)))
    assert phrasings(Description("mug", selector=Side(("left",))), "speaker", True) == {
        "the mug on my left",
        "the mug to my left",
    }
    assert "the ball closest to the robot" in phrasings(Description("ball", selector=Extreme("closest")), "robot", True)
    assert "the ball between the two mugs" in phrasings(
        Description("ball", links=(Link("between", (Description("mug", pair=True),)),))
    )
    assert "the mug not the red one" in phrasings(Description("mug", not_colour="red"))
    assert all(
        " from my " in text for text in phrasings(Description("mug", links=(Link("left", (box,)),)), "speaker", True)
    )
    behind_nearest = Description("mug", links=(Link("behind", (box,)),), selector=Extreme("closest"))
    assert all(text.startswith(("the closest", "the nearest")) for text in phrasings(behind_nearest))
