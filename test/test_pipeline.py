# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The whole method on the bundled recording, with the real models of profile `embedded`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tas_ros.demo.recording import BAG
from tas_ros.errors import InvalidCommandError, UnknownBackendError
from tas_ros.pipeline import Pipeline
from tas_ros.referral.referral import Status
from tas_ros.replay.bag import find_camera_topics, open_bag
from tas_ros.replay.frames import read_frames
from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals

IMAGE_STAGES = {
    "proposals", "filter", "encode", "objectness", "colours", "captions", "encode_captions", "caption_image",
}  # fmt: skip

BREAKFAST = 8
"""Number of that frame of the recording."""


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline.load()


@pytest.fixture(scope="module")
def frame() -> Frame:
    """Three mugs, a cube and a duck on a table."""
    with open_bag(BAG) as reader:
        return next(iter(read_frames(reader, find_camera_topics(reader), count=1))).frame


@pytest.fixture(scope="module")
def scene(pipeline, frame):
    return pipeline.scene(frame)


def mirrored(frame: Frame) -> Frame:
    assert frame.depth is not None and frame.intrinsics is not None
    intrinsics = replace(frame.intrinsics, cx=frame.width - 1 - frame.intrinsics.cx)
    return Frame(np.ascontiguousarray(frame.rgb[:, ::-1]), np.ascontiguousarray(frame.depth[:, ::-1]), intrinsics)


def iou(first, second) -> float:
    return float(np.count_nonzero(first & second) / np.count_nonzero(first | second))


@pytest.mark.parametrize("texts", [("the leftmost mug", "the rightmost mug"), ("mug on the right", "mug on the left")])
def test_mirroring_the_image_and_swapping_the_words_mirrors_the_mask(pipeline, frame, scene, texts):
    there = pipeline.refer(scene, pipeline.parse(texts[0]))
    back = pipeline.refer(pipeline.scene(mirrored(frame)), pipeline.parse(texts[1]))
    assert there.status is back.status is Status.FOUND
    assert iou(there.mask, back.mask[:, ::-1]) > 0.85


def test_articles_and_politeness_do_not_matter(pipeline, scene):
    plain = pipeline.refer(scene, pipeline.parse("red mug"))
    polite = pipeline.refer(scene, pipeline.parse("could you please hand me the red mug"))
    assert plain.candidates[0].index == polite.candidates[0].index
    np.testing.assert_array_equal(plain.mask, polite.mask)


def test_work_on_the_image_is_done_once(pipeline, frame):
    fresh = pipeline.scene(frame)
    assert not fresh.timings
    first = pipeline.refer(fresh, pipeline.parse("the blue mug"))
    assert set(first.timings) >= IMAGE_STAGES
    again = pipeline.refer(fresh, pipeline.parse("the yellow duck"))
    assert not IMAGE_STAGES & set(again.timings)


def test_own_masks_stand_by_their_look_and_given_ones_by_their_quality(pipeline, frame, scene):
    np.testing.assert_array_equal(scene.standing, scene.thing_likeness)
    quality = np.linspace(1.0, 0.5, len(scene.proposals)).astype(np.float32)
    given = pipeline.scene(frame, Proposals(scene.proposals.masks, quality))
    np.testing.assert_allclose(given.standing, quality)
    assert "encode" not in given.timings


def test_an_answer_ranks_every_share(pipeline, scene):
    referral = pipeline.refer(scene, pipeline.parse("the red mug on the left"))
    best = referral.best
    assert best is not None and referral.mask is not None
    assert {"visual_text", "positive", "negative", "kind", "colour", "position"} <= set(best.shares)
    assert all(0 < candidate.score <= 1 for candidate in referral.candidates)
    rows, columns = np.nonzero(referral.mask)
    assert best.box == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert best.area == len(rows)


def test_what_is_not_there_is_not_found(pipeline, scene):
    referral = pipeline.refer(scene, pipeline.parse("the purple teapot"))
    assert referral.status is Status.NOT_FOUND and referral.mask is None
    assert "purple teapot" in referral.reason


def test_two_things_that_fit_alike_are_ambiguous(pipeline, frame):
    # The same mug twice, side by side: nothing tells them apart but the place.
    doubled = Frame(np.concatenate([frame.rgb, frame.rgb], axis=1), np.concatenate([frame.depth] * 2, axis=1))
    mask = pipeline.refer(pipeline.scene(frame), pipeline.parse("the red mug")).mask
    empty = np.zeros_like(mask)
    masks = np.stack([np.concatenate([mask, empty], axis=1), np.concatenate([empty, mask], axis=1)])
    twins = pipeline.scene(doubled, Proposals(masks, np.ones(2, np.float32)))
    which_one = pipeline.refer(twins, pipeline.parse("the red mug"))
    assert which_one.status is Status.AMBIGUOUS
    np.testing.assert_array_equal(which_one.contenders, masks[[each.index for each in which_one.candidates]])
    left = pipeline.refer(twins, pipeline.parse("the left red mug"))
    assert left.status is Status.FOUND and left.candidates[0].index == 0 and not left.contenders


def test_the_contenders_of_an_ambiguous_command_lead_its_candidates(pipeline, scene):
    referral = pipeline.refer(scene, pipeline.parse("the mug"))
    assert referral.status is Status.AMBIGUOUS and "3 things" in referral.reason
    leading = [scene.proposals.masks[each.index] for each in referral.candidates[:3]]
    np.testing.assert_array_equal(referral.contenders, leading)


@pytest.mark.parametrize("text", ["stop", "thank you"])
def test_talk_refers_to_nothing(pipeline, scene, text):
    referral = pipeline.refer(scene, pipeline.parse(text))
    assert referral.status is Status.NOT_A_REFERENCE and referral.reason


def test_an_empty_command_is_refused(pipeline):
    with pytest.raises(InvalidCommandError):
        pipeline.parse("  ")


def test_a_frame_with_nothing_in_it(pipeline):
    blank = Frame(np.full((120, 160, 3), 128, np.uint8))
    nothing = Proposals(np.zeros((0, 120, 160), bool), np.zeros(0, np.float32))
    assert pipeline.refer(pipeline.scene(blank, nothing), pipeline.parse("the mug")).status is Status.NOT_FOUND
    assert pipeline.refer(pipeline.scene(blank), pipeline.parse("the mug")).status is Status.NOT_FOUND


@pytest.mark.parametrize("names", [{"profile": "cinema"}, {"preset": "secret"}])
def test_unknown_names_are_refused_before_anything_is_loaded(names):
    with pytest.raises(UnknownBackendError, match="known"):
        Pipeline.load(**names)


def test_a_word_that_nothing_looks_at_costs_score(pipeline, scene):
    believing = replace(pipeline.preset, decision=replace(pipeline.preset.decision, unverified=1.0))
    query = pipeline.parse("the empty red mug")
    told, believed = (each.refer(scene, query) for each in (pipeline, pipeline.with_preset(believing)))
    assert told.best.index == believed.best.index
    assert told.best.score == pytest.approx(0.8 * believed.best.score, rel=1e-4)
    assert any("'empty' cannot be verified" in note for note in told.notes) and not believed.notes


def test_a_general_word_means_the_kinds_below_it(pipeline, scene):
    """No class is called crockery or animal; there are three mugs, a duck and a cube, and nothing to eat or drive."""
    said = (
        "the red mug",
        "the red crockery",
        "the yellow duck",
        "the animal",
        "the crockery",
        "the fruit",
        "the vehicle",
    )
    mug, red, duck, animal, crockery, fruit, vehicle = (pipeline.refer(scene, pipeline.parse(text)) for text in said)
    assert red.status is animal.status is Status.FOUND
    assert (red.best.index, animal.best.index) == (mug.best.index, duck.best.index)
    assert crockery.status is Status.AMBIGUOUS
    assert fruit.status is vehicle.status is Status.NOT_FOUND


def test_goods_are_found_by_their_container_and_usual_colour(pipeline):
    """A cereal box, a red soda can and a green bottle; nothing is yellow or blue."""
    with open_bag(BAG) as reader:
        frames = list(read_frames(reader, find_camera_topics(reader)))
    scene = pipeline.scene(frames[BREAKFAST].frame)
    said = "the bottle", "olive oil", "the can", "the coke", "cereal box", "the cereal", "the mustard", "pepsi"
    bottle, oil, can, coke, box, cereal, mustard, pepsi = (pipeline.refer(scene, pipeline.parse(text)) for text in said)
    for thing, goods in ((bottle, oil), (can, coke), (box, cereal)):
        assert goods.status is Status.FOUND and goods.best.index == thing.best.index
    assert mustard.status is pepsi.status is Status.NOT_FOUND
    assert any("'coke' cannot be verified" in note for note in coke.notes) and not box.notes
