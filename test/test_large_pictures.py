# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Pictures above the working size, with the real models: what is found is told in the pixels that came."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.live.camera import BOXES, FOCAL, render_tabletop
from tas_ros.evaluation.datasets import Sentence
from tas_ros.evaluation.runner import decode_mask, evaluate_image
from tas_ros.pipeline import Pipeline
from tas_ros.referral.picture import draw_referral
from tas_ros.referral.previous import SAME_THING
from tas_ros.referral.referral import Status
from tas_ros.vision.frame import CameraIntrinsics, Frame
from tas_ros.vision.proposals import Proposals

TIMES = 4


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline.load()


@pytest.fixture(scope="module")
def small() -> Frame:
    """Three boxes on a table, 640x480."""
    return Frame(*render_tabletop(), CameraIntrinsics(FOCAL, FOCAL, 320.0, 240.0))


@pytest.fixture(scope="module")
def large(small) -> Frame:
    """The same at 2560x1920, with noise of its own."""
    rgb = small.rgb.repeat(TIMES, 0).repeat(TIMES, 1).astype(np.int16)
    rgb += np.random.default_rng(1).integers(-9, 10, rgb.shape).astype(np.int16)
    depth = small.depth.repeat(TIMES, 0).repeat(TIMES, 1)
    middle = [(value + 0.5) * TIMES - 0.5 for value in (320.0, 240.0)]
    return Frame(np.clip(rgb, 0, 255).astype(np.uint8), depth, CameraIntrinsics(FOCAL * TIMES, FOCAL * TIMES, *middle))


@pytest.fixture(scope="module", params=["rgbd", "rgb"])
def scenes(request, pipeline, small, large):
    """Of the small and of the large frame."""
    if request.param == "rgb":
        small, large = Frame(small.rgb), Frame(large.rgb)
    return pipeline.scene(small), pipeline.scene(large)


def box_of(mask: np.ndarray) -> tuple[int, ...]:
    rows, columns = np.nonzero(mask)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def iou_with(name: str, mask: np.ndarray) -> float:
    x0, y0, x1, y1 = (TIMES * value for value in BOXES[name])
    truth = np.zeros(mask.shape, bool)
    truth[y0:y1, x0:x1] = True
    return float(np.count_nonzero(truth & mask) / np.count_nonzero(truth | mask))


@pytest.mark.parametrize("name", BOXES)
def test_the_same_thing_is_found_as_in_the_small_picture(pipeline, scenes, name: str) -> None:
    there, here = (pipeline.refer(scene, pipeline.parse(f"the {name} box")) for scene in scenes)
    assert here.status is there.status is Status.FOUND and here.mask.shape == (1920, 2560)
    assert iou_with(name, here.mask) > 0.95
    best, scene = here.best, scenes[1]
    assert best.box == box_of(here.mask) and best.area == np.count_nonzero(here.mask)
    np.testing.assert_allclose(best.box, TIMES * np.array(BOXES[name]), atol=4 * TIMES)  # depth ends above the table
    x0, y0, x1, y1 = best.box
    np.testing.assert_allclose(scene.centroids[best.index], ((x0 + x1 - 1) / 2, (y0 + y1 - 1) / 2), atol=2 * TIMES)
    for candidate in here.candidates:
        x0, y0, x1, y1 = candidate.box
        assert 0 <= x0 < x1 <= 2560 and 0 <= y0 < y1 <= 1920 and 0 < candidate.area <= (x1 - x0) * (y1 - y0)
    if scene.frame.depth is not None:
        assert scene.depths[best.index] == pytest.approx(scenes[0].depths[there.best.index], rel=0.02)
    drawn = draw_referral(scene.picture, here)
    np.testing.assert_array_equal(drawn[here.mask], scene.picture[here.mask])


def test_the_analysis_stays_within_the_working_size(pipeline, scenes, small) -> None:
    here = scenes[1]
    pipeline.refer(here, pipeline.parse("the red box"))
    assert here.frame.rgb.shape[0] * here.frame.rgb.shape[1] <= pipeline.preset.vision.working_pixels
    assert here.working_proposals.masks.shape[1:] == here.frame.rgb.shape[:2]
    assert scenes[0].frame.rgb is small.rgb and scenes[0].full_size is None


@pytest.mark.parametrize(("text", "name"), [("the leftmost box", "red"), ("the rightmost box", "blue")])
def test_places_are_those_of_the_picture(pipeline, scenes, text: str, name: str) -> None:
    referral = pipeline.refer(scenes[1], pipeline.parse(text))
    assert referral.status is Status.FOUND and iou_with(name, referral.mask) > 0.95


def test_all_that_an_ambiguous_command_fits_are_masks_of_the_picture(pipeline, scenes) -> None:
    referral = pipeline.refer(scenes[1], pipeline.parse("the box"))
    assert referral.status is Status.AMBIGUOUS
    assert len(referral.contenders) == sum(candidate.contender for candidate in referral.candidates) >= 2
    for mask, candidate in zip(referral.contenders, referral.candidates, strict=False):
        assert mask.shape == (1920, 2560) and candidate.box == box_of(mask)
        assert max(iou_with(name, mask) for name in BOXES) > 0.95
    assert draw_referral(scenes[1].picture, referral).shape == (1920, 2560, 3)


def test_the_other_one_is_not_the_one_answered_before(pipeline, scenes) -> None:
    red = pipeline.refer(scenes[1], pipeline.parse("the red box"))
    other = pipeline.refer(scenes[1], pipeline.parse("the other box"), previous=red.mask)
    factors = {candidate.index: candidate.shares["other"] for candidate in other.candidates}
    assert 1.0 in factors.values()
    assert factors.get(red.best.index, SAME_THING) == pytest.approx(SAME_THING)
    assert other.mask is None or iou_with("red", other.mask) == 0


def test_given_masks_come_back_as_they_were_given(pipeline, large) -> None:
    masks = np.zeros((3, 1920, 2560), bool)
    for mask, (x0, y0, x1, y1) in zip(masks, BOXES.values(), strict=True):
        mask[TIMES * y0 + 1 : TIMES * y1 - 3, TIMES * x0 + 2 : TIMES * x1 - 1] = True
    scene = pipeline.scene(large, Proposals(masks, np.ones(3, np.float32)))
    for i, name in enumerate(BOXES):
        referral = pipeline.refer(scene, pipeline.parse(f"the {name} box"))
        assert referral.best.index == i and referral.best.box == box_of(masks[i])
        np.testing.assert_array_equal(referral.mask, masks[i])


def test_the_limit_can_be_raised(pipeline, large) -> None:
    whole = replace(pipeline.preset, vision=replace(pipeline.preset.vision, working_pixels=2560 * 1920))
    assert replace(pipeline, preset=whole).scene(large).frame is large
    less = replace(pipeline.preset, vision=replace(pipeline.preset.vision, working_pixels=1 << 18))
    scene = replace(pipeline, preset=less).scene(large)
    assert scene.frame.width * scene.frame.height <= 1 << 18
    # So few pixels may not be enough to be sure that it is a box.
    closest = pipeline.refer(scene, pipeline.parse("the red box")).candidates[0]
    (mask,) = scene.full_masks([closest.index])
    assert mask.shape == (1920, 2560) and iou_with("red", mask) > 0.9


class Annotated:
    """The red box as a set of annotated pictures has it."""

    image_id = "large"
    sentences = (Sentence("0", "the red box", ("1",)),)

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.truth = np.zeros((frame.height, frame.width), bool)
        x0, y0, x1, y1 = (TIMES * value for value in BOXES["red"])
        self.truth[y0:y1, x0:x1] = True

    def read(self):
        return self.frame, self

    def union(self, ids):
        return self.truth

    def as_proposals(self) -> Proposals:
        return Proposals(self.truth[None], np.ones(1, np.float32))


@pytest.mark.parametrize(("proposals", "least"), [("own", 0.95), ("given", 1.0)])
def test_a_large_picture_is_evaluated_against_its_own_truth(pipeline, large, proposals, least: float) -> None:
    (row,) = evaluate_image({"base": pipeline}, Annotated(large), proposals)
    assert row.answer == "FOUND" and row.intersection / row.union >= least
    assert (row.intersection, row.union) == (row.answered_intersection, row.answered_union)
    assert row.oracle_intersection / row.oracle_union >= least
    assert decode_mask(row.mask).shape == (1920, 2560)
