# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the endurance benchmark counts as broken: laws of a result, growth of memory; and the picture of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")
from sensor_msgs.msg import RegionOfInterest
from std_msgs.msg import Header

from benchmarks.endurance import picture
from benchmarks.endurance.questions import Tally
from benchmarks.endurance.watch import Sample, Watch, growth, kept_promises
from tas_ros.msg import Candidate, Referral
from tas_ros.ros.messages import image_message

BOX = RegionOfInterest(x_offset=2, y_offset=1, width=3, height=2)


def result() -> tuple[Any, Any]:
    """A referral that found something, and its mask."""
    header = Header(frame_id="camera")
    referral = Referral(header=header, status=Referral.FOUND, command="the mug", command_id="7", width=8, height=6)
    referral.candidates = [Candidate(roi=BOX)]
    pixels = np.zeros((6, 8), np.uint8)
    pixels[1:3, 2:5] = 255
    return referral, image_message(pixels, "mono8", header)


def laws_broken(referral: Any, mask: Any) -> str:
    tally = Tally()
    tally.check(referral, "the mug", "7", mask)
    return "; ".join(tally.laws_broken)


def test_a_right_result_breaks_no_law() -> None:
    assert laws_broken(*result()) == ""


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("command", "the cup", "was answered as"),
        ("command_id", "8", "was answered as"),
        ("status", Referral.NOT_FOUND, "without a reason"),
        ("width", 4, "leaves the picture"),
        ("height", 7, "the mask is 8x6"),
        ("header", Header(frame_id="other"), "the mask's header"),
    ],
)
def test_each_law_is_seen_broken(field: str, value: Any, said: str) -> None:
    referral, mask = result()
    setattr(referral, field, value)
    assert said in laws_broken(referral, mask)


def test_a_box_that_the_mask_does_not_fill_is_seen() -> None:
    referral, mask = result()
    mask.data[1 * 8 + 2 : 1 * 8 + 5] = mask.data[:3]
    assert "the mask's extent" in laws_broken(referral, mask)


def test_a_mask_where_nothing_was_chosen_is_seen() -> None:
    referral, mask = result()
    referral.status, referral.reason = Referral.AMBIGUOUS, "two fit"
    assert "the mask is not empty" in laws_broken(referral, mask)


def test_growth_leaves_the_first_tenth_out() -> None:
    warm_up, then = [10.0] * 10, [100.0] * 80
    assert growth([*warm_up, *then, *[103.0] * 10]) == 3.0
    assert growth([*warm_up, *then, *[100.0] * 10]) == 0.0


def watched(last_rss: float, last_descriptors: int) -> Watch:
    flat = [Sample(float(n), 100.0, 90.0, 30, 20, 1.0) for n in range(900)]
    return Watch(1, 0.0, [*flat, *[Sample(900.0, last_rss, 90.0, last_descriptors, 20, 1.0)] * 100])


def test_growth_and_descriptors_that_are_not_flat_break_their_promises() -> None:
    assert all(kept_promises(watched(100.5, 30).report(), 1.0).values())
    kept = kept_promises(watched(102.0, 40).report(), 1.0)
    assert kept == {"RSS growth <= 1 %": False, "descriptors flat": False, "threads flat": True}


def test_a_curve_is_thinned() -> None:
    assert len(watched(100.0, 30).report()["curve"]["seconds"]) == 200


def test_the_picture_shows_every_curve(tmp_path: Path) -> None:
    report = watched(130.0, 30).report()
    results = {"frames": report, "malformed": {"raw": report, "compressed": report}, "ends": {"kept": {}}}
    (tmp_path / "endurance.json").write_text(json.dumps(results))
    assert picture.main([str(tmp_path / "endurance.json"), str(tmp_path / "curves.png")]) == 0
    drawn = cv2.imread(str(tmp_path / "curves.png"))
    assert drawn.shape == (2 * picture.HEIGHT, 2 * picture.WIDTH, 3)
    for row, column in ((0, 0), (0, 1), (1, 0)):
        panel = drawn[row * picture.HEIGHT :, column * picture.WIDTH :][: picture.HEIGHT, : picture.WIDTH]
        assert (panel == picture.CURVE[::-1]).all(axis=2).sum() > 200
