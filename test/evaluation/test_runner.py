# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Rows of one image, with a system whose choices are known."""

from pathlib import Path

import numpy as np
import pytest

from tas_ros.errors import InvalidCommandError
from tas_ros.evaluation.datasets import open_dataset
from tas_ros.evaluation.runner import REJECTED, decode_mask, encode_mask, evaluate_image
from tas_ros.language.query import ObjectPhrase, Position, Query
from tas_ros.referral.referral import Candidate, Referral, Status
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.scene import Scene


class ByTextAlone:
    """Finds "left box", says not found for "right box", refuses "everything", cannot read "the box on the left"."""

    def __init__(self, first: int = 0) -> None:
        self.first = first
        self.scenes = 0

    def parse(self, text):
        if text == "the box on the left":
            raise InvalidCommandError("unreadable")
        if text == "everything":
            return Query(text, "", ObjectPhrase("", ""), invalid_reason="means nothing")
        positions = (Position.LEFT,) if "left" in text else ()
        return Query(text, text, ObjectPhrase("box", "box"), positions)

    def scene(self, frame, given=None):
        self.scenes += 1
        halves = np.zeros((2, frame.height, frame.width), bool)
        halves[0, :, :30] = halves[1, :, 30:] = True
        return Scene(frame, None, given_proposals=Proposals(halves, np.ones(2, np.float32)) if given is None else given)

    def refer(self, scene, query):
        if not query.valid:
            return Referral(Status.NOT_A_REFERENCE, query, reason=query.invalid_reason)
        masks = scene.proposals.masks
        order = np.roll(np.arange(len(masks)), -self.first)
        ranked = tuple(Candidate(int(i), (0, 0, 1, 1), 1, 0.5, {}) for i in order)
        if query.text == "left box":
            return Referral(Status.FOUND, query, ranked, masks[order[0]])
        return Referral(Status.NOT_FOUND, query, ranked, reason="nothing matches")


class SeesNothing(ByTextAlone):
    """No proposal in any frame."""

    def scene(self, frame, given=None):
        none = Proposals(np.zeros((0, frame.height, frame.width), bool), np.zeros(0, np.float32))
        return super().scene(frame, none)

    def refer(self, scene, query):
        return Referral(Status.NOT_FOUND, query, reason="nothing in view")


@pytest.fixture
def images(tmp_path: Path, toy_set):
    return list(open_dataset(toy_set.write(tmp_path / "toy")).images())


def test_given_proposals(images) -> None:
    system = ByTextAlone()
    rows = [row for image in images for row in evaluate_image({"base": system}, image, "given")]
    assert system.scenes == 2  # once an image, not once a sentence
    assert [row.answer for row in rows] == ["FOUND", "NOT_FOUND", REJECTED, "NOT_A_REFERENCE"]
    assert [row.forced.iou for row in rows] == [1, 0, 0, 0]
    assert [row.answered.iou for row in rows] == [1, 0, 0, 0]
    assert [row.oracle.iou for row in rows] == [1, 1, 1, 1]
    assert [row.chosen for row in rows] == [0, 0, None, None]
    assert [row.rank_of_oracle for row in rows] == [0, 1, None, None]
    assert rows[0].asked == ("position",)
    assert rows[0].tags == ("toy", "spatial")
    # left box 20x20: itself 1, right box 0, whole picture 400/2400
    assert rows[0].random_iou == pytest.approx((1 + 0 + 1 / 6) / 3)
    assert rows[0].random_above == pytest.approx((1 / 3,) * 5)
    assert (rows[0].random_intersection, rows[0].random_union) == pytest.approx((800 / 3, (400 + 800 + 2400) / 3))
    assert decode_mask(rows[0].mask).sum() == 400


def test_variants_share_the_scene_and_the_reading(images) -> None:
    base, other = ByTextAlone(), ByTextAlone(first=1)
    rows = evaluate_image({"base": base, "other": other}, images[0], "given")
    assert (base.scenes, other.scenes) == (1, 0)
    assert [(row.sentence_id, row.variant) for row in rows] == [
        (sentence, variant) for sentence in ("0", "1", "2") for variant in ("base", "other")
    ]
    assert [row.forced.iou for row in rows] == [1, 0, 0, 1, 0, 0]
    assert [bool(row.mask) for row in rows] == [True, False, True, False, False, False]


def test_own_proposals_that_are_no_object(images) -> None:
    rows = evaluate_image({"base": ByTextAlone()}, images[0], "own")
    # Left half (30x40) for a 20x20 box inside: 400/1200. Right box with the left half forced on it: I 0, U 1600.
    assert [(row.intersection, row.union) for row in rows] == [(400, 1200), (0, 1600), (0, 400)]
    assert [(row.answered_intersection, row.answered_union) for row in rows] == [(400, 1200), (0, 400), (0, 400)]


def test_a_frame_without_proposals_counts_as_no_prediction(images) -> None:
    (row,) = evaluate_image({"base": SeesNothing()}, images[1], "own")
    assert (row.intersection, row.union) == (row.oracle_intersection, row.oracle_union) == (0, 2400)
    assert (row.random_intersection, row.random_union, row.random_iou) == (0, 2400, 0)
    assert (row.chosen, row.oracle_proposal, row.mask) == (None, None, "")


def test_masks_survive_being_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for shape in ((1, 1), (5, 7), (33, 12)):
        for mask in (np.zeros(shape, bool), np.ones(shape, bool), rng.random(shape) > 0.5):
            np.testing.assert_array_equal(decode_mask(encode_mask(mask)), mask)
