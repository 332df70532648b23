# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Every figure here was worked out by hand: the protocol's on an image of 10x10 pixels, the others on 4x4."""

import numpy as np
import pytest

from tas_ros.evaluation.coco_masks import rasterise
from tas_ros.evaluation.metrics import Overlap, ProposalOverlaps, overlap, summarise, summarise_random


def box(x0: int, y0: int, x1: int, y1: int) -> np.ndarray:
    mask = np.zeros((4, 4), bool)
    mask[y0:y1, x0:x1] = True
    return mask


def polygon(x0: int, y0: int, x1: int, y1: int) -> list[int]:
    """A COCO polygon of the pixels x0 <= x < x1, y0 <= y < y1."""
    return [x0, y0, x1, y0, x1, y1, x0, y1]


def filled(*polygons: list[int]) -> np.ndarray:
    return rasterise(list(polygons), 10, 10, "by hand")


def test_the_protocol_by_hand() -> None:
    """Five sentences; method.md, section 3.

    | sentence | truth | prediction | I | U | IoU |
    |---|---|---|---|---|---|
    | 1 | columns 0-5 and 4-9 of rows 0-3: 24 + 24 - 8 overlapping = 40 px | rows 0-1: 20 px | 20 | 40 | .5 |
    | 2 | rows 0-1: 20 px | its first 9 columns: 18 px | 18 | 20 | .9 |
    | 3 | 5x6 = 30 px | none | 0 | 30 | 0 |
    | 4 | 4x4 = 16 px | the same | 16 | 16 | 1 |
    | 5 | 4x4 = 16 px | moved by one column: 16 px | 12 | 20 | .6 |

    oIoU = (20+18+0+16+12) / (40+20+30+16+20) = 66/126 = 11/21. mIoU = (.5+.9+0+1+.6) / 5 = .6.
    Strictly above .5: sentences 2, 4, 5; above .6, .7 and .8: 2, 4; above .9: 4.
    With >= in place of > each of Pr@.5, .6 and .9 would hold one sentence more. Without sentence 3 mIoU would be .75
    and oIoU 66/96; with its overlap counted twice, sentence 1 would have U = 48; taken out (even-odd), U = 36.
    """
    truths = [
        filled(polygon(0, 0, 6, 4), polygon(4, 0, 10, 4)),
        filled(polygon(0, 0, 10, 2)),
        filled(polygon(2, 3, 7, 9)),
        filled(polygon(5, 5, 9, 9)),
        filled(polygon(0, 0, 4, 4)),
    ]
    predictions = [
        filled(polygon(0, 0, 10, 2)),
        filled(polygon(0, 0, 9, 2)),
        None,
        filled(polygon(5, 5, 9, 9)),
        filled(polygon(1, 0, 5, 4)),
    ]
    overlaps = [overlap(predicted, truth) for predicted, truth in zip(predictions, truths, strict=True)]
    assert overlaps == [Overlap(20, 40), Overlap(18, 20), Overlap(0, 30), Overlap(16, 16), Overlap(12, 20)]
    metrics = summarise(overlaps)
    assert metrics.count == 5
    assert metrics.oiou == pytest.approx(11 / 21, abs=1e-15)
    assert metrics.miou == pytest.approx(0.6, abs=1e-15)
    assert metrics.precision == {0.5: 3 / 5, 0.6: 2 / 5, 0.7: 2 / 5, 0.8: 2 / 5, 0.9: 1 / 5}
    assert metrics.to_dict() == {
        "count": 5,
        "oiou": metrics.oiou,
        "miou": metrics.miou,
        "pr@0.5": 0.6,
        "pr@0.6": 0.4,
        "pr@0.7": 0.4,
        "pr@0.8": 0.4,
        "pr@0.9": 0.2,
    }


@pytest.mark.parametrize("scale", [1, 3, 7, 1201, 30_011])
def test_an_iou_of_exactly_a_threshold_is_not_above_it(scale: int) -> None:
    """Both sides are the float nearest to the same fraction, so rounding cannot tip the comparison."""
    for threshold, tenths in ((0.5, 5), (0.6, 6), (0.7, 7), (0.8, 8), (0.9, 9)):
        assert summarise([Overlap(tenths * scale, 10 * scale)]).precision[threshold] == 0
        assert summarise([Overlap(tenths * scale + 1, 10 * scale)]).precision[threshold] == 1


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
