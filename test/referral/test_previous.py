# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a command owes to what was said before."""

import numpy as np

from tas_ros.language.query import ObjectPhrase, Query
from tas_ros.referral.notes import conversation_notes
from tas_ros.referral.previous import SAME_THING, other_than
from tas_ros.vision.proposals import Proposals

MUG, PLATE = ObjectPhrase("red mug", "mug"), ObjectPhrase("plate", "plate")


def square(x: int, side: int) -> np.ndarray:
    mask = np.zeros((40, 60), bool)
    mask[5 : 5 + side, x : x + side] = True
    return mask


def test_the_thing_answered_before_its_double_and_its_part_are_not_the_other_one():
    masks = np.stack([square(5, 20), square(6, 20), square(10, 4), square(35, 20)])
    factor = other_than(square(5, 20), Proposals(masks, np.ones(4, np.float32)))
    assert np.allclose(factor, [SAME_THING, SAME_THING, SAME_THING, 1.0])


def test_an_answer_of_another_image_size_tells_nothing():
    proposals = Proposals(square(5, 20)[None], np.ones(1, np.float32))
    assert other_than(np.ones((20, 20), bool), proposals).tolist() == [1.0]


def test_notes_name_what_is_left_out():
    query = Query("grab the red mug and the plate", "the red mug and the plate", MUG, also=(PLATE,))
    assert conversation_notes(query, None) == ("this answer is about 'red mug' alone; ask for 'plate' too",)
    both = Query("both mugs", "both mugs", ObjectPhrase("mugs", "mug", count=2))
    assert "one of them" in conversation_notes(both, None)[0]
    other = Query("the other mug", "the other mug", MUG, other=True)
    assert "there is none" in conversation_notes(other, None)[0]
    assert conversation_notes(other, square(5, 20)) == ()
