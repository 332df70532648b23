"""Every figure here was worked out by hand on a 4x4 image."""

import numpy as np
import pytest

from tas_ros.evaluation.metrics import Overlap, ProposalOverlaps, overlap, summarise, summarise_random


def box(x0: int, y0: int, x1: int, y1: int) -> np.ndarray:
    mask = np.zeros((4, 4), bool)
    mask[y0:y1, x0:x1] = True
    return mask


def test_three_sentences_by_hand() -> None:
    overlaps = [
        overlap(box(0, 0, 4, 2), box(0, 0, 2, 2)),  # I 4, U 8: IoU .5, which is not above .5
        overlap(box(0, 0, 2, 2), box(0, 0, 2, 2)),  # I 4, U 4: IoU 1
        overlap(None, box(0, 0, 4, 4)),  # no prediction: I 0, U 16
    ]
    metrics = summarise(overlaps)
    assert metrics.oiou == pytest.approx(8 / 28)
    assert metrics.miou == pytest.approx((0.5 + 1 + 0) / 3)
    assert metrics.precision == pytest.approx({0.5: 1 / 3, 0.6: 1 / 3, 0.7: 1 / 3, 0.8: 1 / 3, 0.9: 1 / 3})
    assert metrics.to_dict()["pr@0.5"] == pytest.approx(1 / 3)


def test_thresholds_are_strict() -> None:
    precision = summarise([Overlap(7, 10), Overlap(71, 100)]).precision
    assert precision == {0.5: 1.0, 0.6: 1.0, 0.7: 0.5, 0.8: 0.0, 0.9: 0.0}


def test_no_sentences_and_empty_truth_are_defined() -> None:
    assert summarise([]).to_dict() == {"count": 0, "oiou": 0, "miou": 0} | {f"pr@0.{d}": 0 for d in range(5, 10)}
    nothing = np.zeros((4, 4), bool)
    assert overlap(None, nothing).iou == 1
    assert overlap(box(0, 0, 1, 1), nothing).iou == 0


def test_oracle_and_expected_random_choice() -> None:
    truth = box(0, 0, 2, 2)
    masks = np.stack([box(0, 0, 4, 4), box(0, 0, 2, 2), box(2, 2, 4, 4), box(0, 0, 2, 1)])
    offers = ProposalOverlaps.of(masks, truth)
    assert offers.intersections.tolist() == [4, 4, 0, 2]
    assert offers.unions.tolist() == [16, 4, 8, 4]
    assert offers.best == 1
    assert offers.chosen(3) == Overlap(2, 4)
    random = summarise_random([offers])
    assert random.miou == pytest.approx((0.25 + 1 + 0 + 0.5) / 4)
    assert random.oiou == pytest.approx(2.5 / 8)
    assert random.precision[0.5] == pytest.approx(0.25)


def test_no_proposals_score_as_no_prediction() -> None:
    offers = ProposalOverlaps.of(np.zeros((0, 4, 4), bool), box(0, 0, 2, 2))
    assert offers.best is None
    assert offers.chosen(offers.best) == Overlap(0, 4)
    assert summarise_random([offers]).miou == 0
    assert np.isfinite(summarise_random([offers]).oiou)
