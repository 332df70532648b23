# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the picture of a referral shows and says."""

from dataclasses import replace

import numpy as np
import pytest

from tas_ros.files import overlay
from tas_ros.language.query import ObjectPhrase, Query
from tas_ros.referral import picture
from tas_ros.referral.referral import Candidate, Referral, Status

RGB = np.full((120, 160, 3), 200, np.uint8)
MASK = np.zeros((120, 160), bool)
MASK[20:50, 30:60] = True
TWIN = MASK[:, ::-1]
QUERY = Query("grab the red mug", "the red mug", ObjectPhrase(phrase="red mug", head="mug", colours=("red",)))
MUG = Candidate(0, (30, 20, 60, 50), 900, 0.934, {})
FOUND = Referral(Status.FOUND, QUERY, (MUG,), MASK)
ABSENT = Referral(Status.NOT_FOUND, QUERY, (MUG,), reason="nothing matches")
DOUBTFUL = Referral(
    Status.AMBIGUOUS, QUERY, (MUG, MUG), reason="the left one or the right one?", contenders=(MASK, TWIN)
)
TALK = Referral(Status.NOT_A_REFERENCE, replace(QUERY, text="stop", invalid_reason="talk"), reason="talk")


@pytest.fixture
def drawn(monkeypatch):
    """What was handed to the drawing for a referral: things, caption, colour."""

    def of(referral):
        calls = []
        monkeypatch.setattr(picture, "draw", lambda rgb, *rest: calls.append(rest) or overlay.draw(rgb, *rest))
        assert picture.draw_referral(RGB, referral).shape == RGB.shape
        return calls[0]

    return of


@pytest.mark.parametrize(
    ("referral", "things", "answer"),
    [(FOUND, (MASK,), "found, score 0.93"), (DOUBTFUL, (MASK, TWIN), DOUBTFUL.reason), (ABSENT, (), ABSENT.reason)],
)
def test_it_shows_the_things_and_says_what_was_asked_understood_and_answered(drawn, referral, things, answer):
    shown, caption, _ = drawn(referral)
    assert len(shown) == len(things) and all(a is b for a, b in zip(shown, things, strict=True))
    assert caption == ("grab the red mug", "understood: the mug that is red", answer)


def test_each_kind_of_answer_has_its_colour(drawn):
    assert len({drawn(referral)[2] for referral in (FOUND, DOUBTFUL, ABSENT)}) == 3


def test_talk_is_said_to_be_no_reference_without_an_understanding(drawn):
    assert drawn(TALK)[:2] == ((), ("stop", "talk"))


def test_what_was_guessed_is_said(drawn):
    assert drawn(replace(FOUND, notes=("left is the image's",)))[1][-1] == "found, score 0.93 (left is the image's)"


def test_only_an_ambiguous_referral_has_contenders():
    with pytest.raises(ValueError, match="contenders"):
        replace(FOUND, contenders=(MASK, TWIN))
