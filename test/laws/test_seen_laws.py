# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Laws of the whole pipeline on drawn tables with given masks, with the real models of profile `embedded`."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tas_ros.language.query import Perspective
from tas_ros.referral.referral import Referral, Status

from .drawn_table import BEHIND_ROBOT, Thing, draw, looking, mirrored
from .tables import ALIKE, DEPTH_WORDS, MEANT, TABLES, UNRELATED, swapped

KEPT_SCENES = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
NEW_SCENES = settings(KEPT_SCENES, max_examples=3)
tables = st.sampled_from(sorted(TABLES))
perspectives = st.sampled_from([Perspective.CAMERA, Perspective.IMAGE, Perspective.ROBOT])


def answer(pipeline, scene, text: str, perspective: Perspective = Perspective.CAMERA) -> Referral:
    return pipeline.refer(scene, pipeline.parse(text), perspective)


def best(referral: Referral) -> int:
    return referral.candidates[0].index


@pytest.mark.parametrize(
    ("eye", "perspective"),
    [("behind", Perspective.CAMERA), ("behind", Perspective.ROBOT), ("facing", Perspective.ROBOT)],
)
@pytest.mark.parametrize("table", sorted(TABLES))
def test_what_a_person_means_is_found(pipeline, scene_of, table, eye, perspective) -> None:
    """The truth, so that the laws below hold of something."""
    answers = {text: answer(pipeline, scene_of(table, eye), text, perspective) for text in MEANT[table]}
    assert {text: best(each) for text, each in answers.items()} == MEANT[table]
    assert {each.status for each in answers.values()} == {Status.FOUND}


@KEPT_SCENES
@given(table=tables, data=st.data(), perspective=perspectives, eye=st.sampled_from(["behind", "facing"]))
def test_the_mirror_image_and_swapped_words_give_the_mirrored_mask(
    pipeline, scene_of, table, data, perspective, eye
) -> None:
    text = data.draw(st.sampled_from(sorted(MEANT[table])))
    there = answer(pipeline, scene_of(table, eye), text, perspective)
    if there.status is Status.FOUND:
        back = answer(pipeline, scene_of(table, eye, mirror=True), swapped(text), perspective)
        assert back.status is Status.FOUND and np.array_equal(back.mask[:, ::-1], there.mask), text


@NEW_SCENES
@given(table=tables, roll=st.floats(-180, 180), with_depth=st.booleans())
def test_a_camera_rolled_by_any_angle_means_the_same_thing(pipeline, table, roll, with_depth) -> None:
    seen = draw(TABLES[table], looking(BEHIND_ROBOT, roll=roll))
    frame = seen.frame if with_depth else replace(seen.frame, depth=None)
    rolled = pipeline.scene(frame, seen.proposals)
    for perspective in (Perspective.CAMERA, Perspective.ROBOT):
        assert {text: best(answer(pipeline, rolled, text, perspective)) for text in MEANT[table]} == MEANT[table]


@KEPT_SCENES
@given(table=tables, data=st.data(), eye=st.just("left"))
def test_a_robot_that_turns_round_swaps_left_and_right(pipeline, turned_scene, scene_of, table, data, eye) -> None:
    """It turns on the spot, and the camera with its picture stays where it is."""
    text = data.draw(st.sampled_from([s for s in sorted(MEANT[table]) if not DEPTH_WORDS.intersection(s.split())]))
    before = answer(pipeline, scene_of(table, eye), text, Perspective.ROBOT)
    after = answer(pipeline, turned_scene(table, eye), swapped(text), Perspective.ROBOT)
    assert (after.status, best(after)) == (before.status, best(before)), text
    if swapped(text) != text:
        unturned = answer(pipeline, turned_scene(table, eye), text, Perspective.ROBOT)
        assert best(unturned) != best(before) or "second" in text, text


@pytest.fixture
def turned_scene(scene_of):
    return lambda table, eye: _turned(scene_of, table, eye)


@cache
def _turned(scene_of, table: str, eye: str):
    scene = scene_of(table, eye)
    turn = np.diag([-1.0, -1.0, 1.0, 1.0])
    frame = replace(scene.frame, robot_from_camera=turn @ scene.frame.robot_from_camera)
    return replace(scene, frame=frame, timings={})


@NEW_SCENES
@given(table=tables, x=st.floats(0.42, 0.92), y=st.floats(-0.3, 0.3))
def test_an_unrelated_thing_changes_no_unambiguous_answer(pipeline, table, x, y) -> None:
    things = TABLES[table]
    assume(all(np.hypot(x - thing.x, y - thing.y) > 0.13 for thing in things))  # else it would hide or touch another
    more = draw((*things, Thing(*UNRELATED[table], x, y)), looking(BEHIND_ROBOT))
    crowded = pipeline.scene(more.frame, more.proposals)
    answers = {text: answer(pipeline, crowded, text) for text in MEANT[table]}
    assert {text: best(each) for text, each in answers.items()} == MEANT[table]
    assert {each.status for each in answers.values()} == {Status.FOUND}


@pytest.mark.parametrize("table", sorted(TABLES))
@pytest.mark.parametrize(
    "forms",
    [
        ("the {t} on the left", "left {t}", "on the left the {t}", "{t} left", "a {t} at the left", "{t}, left side"),
        ("the leftmost {t}", "leftmost {t}", "{t} leftmost", "the {t} which is leftmost", "left most {t}"),
        ("the second {t} from the right", "second {t} from right", "from the right the second {t}"),
        ("the {t} at the back", "back {t}", "{t} in the back", "at the back the {t}"),
        ("the {t} left of the {a}", "{t} left of {a}", "{t} to the left of the {a}", "a {t} on the left of a {a}"),
    ],
    ids=["position", "superlative", "ordinal", "depth", "relation"],
)
def test_word_order_and_articles_do_not_matter(pipeline, scene_of, table, forms) -> None:
    anchor = {"balls": "yellow box", "boxes": "blue ball"}[table]
    texts = [form.format(t=ALIKE[table], a=anchor) for form in forms]
    answers = {text: answer(pipeline, scene_of(table), text) for text in texts}
    assert len({best(each) for each in answers.values()}) == 1, {text: best(each) for text, each in answers.items()}
    assert {each.status for each in answers.values()} == {Status.FOUND}, answers


def test_the_mirrored_pose_is_a_camera_again() -> None:
    seen = draw(TABLES["balls"], looking((0.55, 0.95, 0.75), roll=30))
    rotation = mirrored(seen).frame.robot_from_camera[:3, :3]
    assert np.allclose(rotation @ rotation.T, np.eye(3)) and np.linalg.det(rotation) > 0
