# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the demo calls right and wrong, and that each departure from the topic contract is noticed."""

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("rosbags")

from tas_ros.demo.commands import DemoCommand
from tas_ros.demo.recording import View
from tas_ros.demo.report import table_header, table_row
from tas_ros.demo.verdict import judge
from tas_ros.referral.referral import Status

MUG = DemoCommand("mugs", "camera", "grab the red mug", "red mug", "colour")
TEAPOT = DemoCommand("mugs", "camera", "the purple teapot", None, "absent")
STAMP = 1_700_000_000_123_456_789


@pytest.fixture
def view():
    labels = np.zeros((48, 64), np.uint8)
    labels[10:30, 10:30] = 1
    labels[10:30, 40:60] = 2
    rgb = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
    return View("mugs", "camera", STAMP, "optical", {}, rgb, labels, {"red mug": 1, "blue mug": 2})


def header(stamp=STAMP, frame_id="optical"):
    return SimpleNamespace(
        stamp=SimpleNamespace(sec=stamp // 1_000_000_000, nanosec=stamp % 1_000_000_000), frame_id=frame_id
    )


def answer(view, mask, status=Status.FOUND):
    """What a correct node says."""
    detections = []
    if status is Status.FOUND:
        rows, columns = np.nonzero(mask)
        x0, y0, x1, y1 = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        centre = SimpleNamespace(position=SimpleNamespace(x=(x0 + x1) / 2, y=(y0 + y1) / 2))
        result = SimpleNamespace(hypothesis=SimpleNamespace(score=0.8))
        box = SimpleNamespace(center=centre, size_x=x1 - x0, size_y=y1 - y0)
        detections = [SimpleNamespace(header=header(), id="7", bbox=box, results=[result])]
    height, width = mask.shape
    pixels = mask.astype(np.uint8) * 255
    return SimpleNamespace(
        referral=SimpleNamespace(
            header=header(),
            status=int(status),
            reason="",
            candidates=[SimpleNamespace(index=7)],
            latency=0.5,
            timings=[],
            scene_reused=False,
            query='{"description": "the mug that is red"}',
        ),
        mask=SimpleNamespace(
            header=header(), encoding="mono8", height=height, width=width, step=width, data=pixels.tobytes()
        ),
        detections=SimpleNamespace(header=header(), detections=detections),
        matched_image=SimpleNamespace(header=header(), data=view.rgb.tobytes()),
        round_trip=0.6,
    )


def test_the_right_mask_is_right_and_told_in_one_row(view):
    verdict = judge(MUG, view, answer(view, view.labels == 1))
    assert verdict.right and verdict.iou == 1 and verdict.chosen == "red mug"
    assert verdict.understood == "the mug that is red"
    row = table_row(verdict)
    assert row.startswith("+") and "1.00" in row and "red mug" in row and "\n" not in row
    assert len(row) <= len(table_header().splitlines()[0])


@pytest.mark.parametrize(("columns", "right"), [(20, True), (10, True), (9, False), (0, False)])
def test_iou_of_half_is_the_border(view, columns, right):
    mask = np.zeros_like(view.labels, bool)
    mask[10:30, 10 : 10 + columns] = True
    verdict = judge(MUG, view, answer(view, mask, Status.FOUND if columns else Status.NOT_FOUND))
    assert verdict.right is right
    assert table_row(verdict).startswith("+" if right else "X")


def test_the_wrong_object_is_wrong_and_named(view):
    verdict = judge(MUG, view, answer(view, view.labels == 2))
    assert verdict.chosen == "blue mug" and not verdict.right
    assert "blue mug" in verdict.faults[0]


def test_absent_things_must_be_answered_with_nothing_matches(view):
    nothing = np.zeros_like(view.labels, bool)
    assert judge(TEAPOT, view, answer(view, nothing, Status.NOT_FOUND)).right
    assert not judge(TEAPOT, view, answer(view, nothing, Status.AMBIGUOUS)).right
    assert not judge(TEAPOT, view, answer(view, view.labels == 1)).right


def test_a_refusal_is_no_answer_about_the_picture(view):
    refused = answer(view, np.zeros_like(view.labels, bool), Status.NOT_FOUND)
    refused.mask = refused.detections = refused.matched_image = None
    assert judge(TEAPOT, view, refused).faults == ("the node did not look at the image",)
    assert not judge(TEAPOT, view, None).right


BREAKAGES = {
    "mask has stamp": lambda a: setattr(a.mask, "header", header(STAMP + 1)),
    "detections has stamp": lambda a: setattr(a.detections, "header", header(frame_id="other")),
    r"detections\[0\] has stamp": lambda a: setattr(a.detections.detections[0], "header", header(0)),
    "referral has stamp": lambda a: setattr(a.referral, "header", header(0)),
    "matched/image has stamp": lambda a: setattr(a.matched_image, "header", header(0)),
    "matched/image is not": lambda a: setattr(a.matched_image, "data", bytes(48 * 64 * 3)),
    "mask is mono16": lambda a: setattr(a.mask, "encoding", "mono16"),
    "other than 0 and 255": lambda a: setattr(a.mask, "data", a.mask.data.replace(b"\xff", b"\x01")),
    "score 0.0 is not": lambda a: setattr(a.detections.detections[0].results[0].hypothesis, "score", 0.0),
    "box .* is not the mask's": lambda a: setattr(a.detections.detections[0].bbox, "size_x", 24),
    "detection has id": lambda a: setattr(a.detections.detections[0], "id", "c2"),
    "0 detections with status FOUND": lambda a: a.detections.detections.clear(),
}


@pytest.mark.parametrize("fault", BREAKAGES)
def test_each_departure_from_the_contract_is_a_fault(view, fault):
    broken = answer(view, view.labels == 1)
    BREAKAGES[fault](broken)
    verdict = judge(MUG, view, broken)
    assert not verdict.right
    with pytest.raises(AssertionError, match=fault):
        raise AssertionError("\n".join(verdict.faults))
