# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Which words name the same things, by small tables and by the package's own."""

from collections import Counter

import pytest

from tas_ros.language.data.noun_vocabulary import THINGS
from tas_ros.matching.kinds_of_things import kinds_of_things, read_kinds
from tas_ros.vision.encoders.class_names import known_classes

OWN = kinds_of_things()


def test_kinds_of_kinds_are_kinds():
    names = read_kinds(["food > fruit, bread", "fruit > apple, lemon", "apple = pomme"])
    assert names.kinds("food") == ("bread", "fruit", "apple", "lemon", "pomme")
    assert names.related("food", "pomme") and names.related("pomme", "fruit")
    assert not names.related("apple", "lemon") and not names.related("bread", "fruit")
    assert names.kinds("lemon") == () and names.kinds("axolotl") == ()


def test_near_names_and_parts_hold_both_ways_and_no_further():
    names = read_kinds(["cube ~ brick", "brick ~ bar", "bottle has cap", "hat > cap", "bottle > flask"])
    assert names.related("cube", "brick") and names.related("brick", "cube") and names.related("cap", "bottle")
    assert not names.related("cube", "bar") and not names.related("flask", "cap") and not names.related("bottle", "hat")
    assert names.kinds("cube") == ()


def test_a_phrase_counts_by_its_endings():
    names = read_kinds(["container > can", "can ~ tin can", "rope > cable"])
    assert names.related("red tin can", "small container") and names.kinds("big container") == ("can",)
    assert not names.related("can opener", "container")
    assert names.name_in("red tin can") == "tin can" and names.name_in("can opener") == ""


def test_a_line_takes_back_what_another_says():
    assert read_kinds(["plant > cube, tree", "plant not cube"]).kinds("plant") == ("tree",)


def test_a_line_that_relates_nothing_is_refused():
    with pytest.raises(ValueError, match="'apple, lemon' relates no words"):
        read_kinds(["# a remark", "", "apple, lemon"])


@pytest.mark.parametrize(
    ("said", "seen"),
    [("can", "cylinder"), ("block", "cube"), ("block", "lego"), ("can", "tin"), ("cracker box", "box"),
     ("box", "tissue box"), ("fruit", "lemon"), ("tool", "power drill"), ("toy", "teddy bear"), ("mug", "cup"),
     ("container", "soda can"), ("vehicle", "truck"), ("drink", "milk"), ("cutlery", "fork"), ("hammer", "handle"),
     ("bottle", "lotion")],
)  # fmt: skip
def test_near_names_of_the_table(said, seen):
    assert OWN.related(said, seen) and OWN.related(seen, f"red {said}")


@pytest.mark.parametrize(
    ("said", "other"),
    [("apple", "lemon"), ("can", "bottle"), ("mug", "bowl"), ("hammer", "screwdriver"), ("fork", "knife"),
     ("car", "truck"), ("mug", "plate"), ("banana", "hammer"), ("plant", "cube"), ("vehicle", "tin can"),
     ("container", "bicycle")],
)  # fmt: skip
def test_different_things_speak_against_each_other(said, other):
    assert not OWN.related(said, other)


def test_a_general_word_names_what_people_speak_of():
    assert {"apple", "lemon", "banana"} <= set(OWN.kinds("fruit"))
    assert "granny smith" not in OWN.kinds("fruit") and OWN.related("fruit", "granny smith")


def test_every_class_and_everyday_thing_has_its_place():
    names = [name for each in known_classes() for name in (each.names[0], *each.common_nouns)]
    unknown = {name for name in names if not OWN.name_in(name)}
    lone = {each.names[0] for each in known_classes() if len({*each.names, *each.common_nouns}) == 1}
    assert unknown <= lone  # a class of one name that WordNet puts under no everyday word
    assert len(unknown) < 0.15 * len(known_classes())
    assert Counter(bool(OWN.name_in(thing)) for thing in THINGS)[False] < 0.3 * len(THINGS)
