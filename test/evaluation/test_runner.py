"""The runner's arithmetic, with a system whose choices are known: it answers by the text alone."""

import json
from pathlib import Path

import numpy as np
import pytest

from tas_ros.errors import InvalidCommandError
from tas_ros.evaluation.datasets import open_dataset
from tas_ros.evaluation.report import build_report, format_report
from tas_ros.evaluation.runner import REJECTED, evaluate
from tas_ros.language.query import ObjectPhrase, Position, Query
from tas_ros.referral import Candidate, Referral, Status
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.scene import Scene


class ByTextAlone:
    """Finds "left box", says not found for "right box", refuses "everything", cannot read "the box on the left"."""

    def __init__(self) -> None:
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
        ranked = tuple(Candidate(i, (0, 0, 1, 1), 1, 0.5, {}) for i in range(len(masks)))
        if query.text == "left box":
            return Referral(Status.FOUND, query, ranked, masks[0])
        return Referral(Status.NOT_FOUND, query, ranked, reason="nothing matches")


@pytest.fixture
def dataset(tmp_path: Path, toy_set):
    return open_dataset(toy_set.write(tmp_path / "toy"))


def test_given_proposals(dataset) -> None:
    system = ByTextAlone()
    done = []
    results = evaluate(system, dataset, "given", advance=done.append)
    assert system.scenes == 2  # once an image, not once a sentence
    assert sum(done) == 4
    assert [each.answer for each in results] == ["FOUND", "NOT_FOUND", REJECTED, "NOT_A_REFERENCE"]
    assert [each.forced.iou for each in results] == [1, 0, 0, 0]
    assert [each.oracle.iou for each in results] == [1, 1, 1, 1]
    assert [each.chosen for each in results] == [0, 0, None, None]
    assert [each.rank_of_best for each in results] == [0, 1, None, None]
    assert results[0].asked == ("position",)
    # left box 20x20: itself 1, right box 0, whole picture 400/2400
    assert results[0].offers.ious.tolist() == pytest.approx([1, 0, 1 / 6])


def test_own_proposals_and_both_choices(dataset) -> None:
    report = build_report(evaluate(ByTextAlone(), dataset, "own"), dataset, "embedded", "default", "own", forced=True)
    # Left half (30x40) for a 20x20 box inside: 400/1200. Right box with the left half forced on it: I 0, U 1600.
    assert report["metrics_by_choice"]["forced"]["miou"] == pytest.approx((1 / 3 + 0 + 0 + 0) / 4)
    assert report["metrics_by_choice"]["forced"]["oiou"] == pytest.approx(400 / (1200 + 1600 + 400 + 2400))
    assert report["metrics_by_choice"]["as_answered"]["oiou"] == pytest.approx(400 / (1200 + 400 + 400 + 2400))
    assert report["metrics"] == report["metrics_by_choice"]["forced"]
    # The oracle takes a half for each box and either for the whole picture.
    assert report["oracle"]["miou"] == pytest.approx((1 / 3 + 1 / 3 + 1 / 3 + 1 / 2) / 4)
    assert report["answers"] == {"FOUND": 1, "NOT_FOUND": 1, REJECTED: 1, "NOT_A_REFERENCE": 1}
    assert report["no_prediction"] == 2
    assert report["breakdown"]["by_tag"]["spatial"]["count"] == 4
    assert report["breakdown"]["by_constraint"]["position"]["miou"] == pytest.approx(1 / 3)
    assert len(report["rows"]) == 4
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert "oracle of the proposals" in format_report(report)


def test_a_frame_without_proposals_counts_as_no_prediction(dataset) -> None:
    class SeesNothing(ByTextAlone):
        def scene(self, frame, given=None):
            return super().scene(
                frame, Proposals(np.zeros((0, frame.height, frame.width), bool), np.zeros(0, np.float32))
            )

        def refer(self, scene, query):
            return Referral(Status.NOT_FOUND, query, reason="nothing in view")

    report = build_report(evaluate(SeesNothing(), dataset, "own"), dataset, "embedded", "default", "own", forced=True)
    assert report["metrics"]["miou"] == report["oracle"]["miou"] == report["random"]["miou"] == 0
    json.dumps(report, allow_nan=False)
