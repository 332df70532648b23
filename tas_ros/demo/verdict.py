# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Holds an answer against the ground truth of the very frame it belongs to, and against the topic contract."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tas_ros.demo.commands import DemoCommand
from tas_ros.demo.recording import View
from tas_ros.referral.referral import Status

MIN_IOU = 0.5


@dataclass(frozen=True, eq=False)
class Verdict:
    """One command, judged."""

    command: DemoCommand
    status: str
    reason: str
    """The node's own words when it chose nothing."""
    understood: str
    """The command as the node read it, in words."""
    chosen: str
    """Ground-truth object that the mask covers best; empty when nothing was chosen."""
    iou: float | None
    """Of the mask with the expected object; None when nothing was expected or nothing was chosen."""
    score: float | None
    box: tuple[int, int, int, int] | None
    latency: float
    """Seconds in the node, from receipt of the command to its answer."""
    round_trip: float
    """Seconds seen by the asking process."""
    stages: dict[str, float]
    """Seconds per stage."""
    scene_reused: bool
    faults: tuple[str, ...]
    """Why this is wrong; empty when all is right."""
    mask: NDArray[np.bool_] | None = field(default=None, repr=False)

    @property
    def right(self) -> bool:
        """Whether the object, its mask and every header are as they must be."""
        return not self.faults


def judge(command: DemoCommand, view: View, answer: Any) -> Verdict:
    """The verdict on a tas_ros.demo.client.Answer; None as answer means that none came."""
    if answer is None:
        return Verdict(command, "NO_ANSWER", "", "", "", None, None, None, 0.0, 0.0, {}, False, ("no answer came",))
    referral = answer.referral
    status = Status(referral.status)
    mask = None if answer.mask is None else _pixels(answer.mask) > 0
    chosen = "" if mask is None or not mask.any() else _best_covered(mask, view)
    detection = answer.detections.detections[0] if answer.detections and answer.detections.detections else None
    iou = None
    if command.expected is not None and chosen and mask is not None:
        iou = _iou(mask, view.labels == view.names[command.expected])
    faults = _wrong_choice(command, status, iou, chosen, str(referral.reason))
    if answer.mask is None:
        # The node answers a failure of its own with NOT_FOUND too; that is no answer about the picture.
        faults.append("the node did not look at the image")
    else:
        faults += _broken_contract(view, status, answer, mask, detection)
    return Verdict(
        command=command,
        status=status.name,
        reason=str(referral.reason),
        understood=str(json.loads(referral.query)["description"]) if referral.query else "",
        chosen=chosen,
        iou=iou,
        score=float(detection.results[0].hypothesis.score) if detection and detection.results else None,
        box=_box(detection) if detection else None,
        latency=float(referral.latency),
        round_trip=answer.round_trip,
        stages={timing.name: float(timing.seconds) for timing in referral.timings},
        scene_reused=bool(referral.scene_reused),
        faults=tuple(faults),
        mask=mask if chosen else None,
    )


def _wrong_choice(command: DemoCommand, status: Status, iou: float | None, chosen: str, reason: str) -> list[str]:
    if command.expected is None:
        if chosen:
            return [f"nothing matches, but {chosen} was chosen"]
        return [] if status is Status.NOT_FOUND else [f"status is {status.name}, not NOT_FOUND: {reason}"]
    if not chosen:
        return [f"{command.expected} is there, but the answer is {status.name}: {reason}"]
    if iou is None or iou < MIN_IOU:
        return [f"IoU with {command.expected} is {iou or 0:.2f}, below {MIN_IOU}; the mask lies on {chosen}"]
    return [] if status is Status.FOUND else [f"a mask came with status {status.name}"]


def _broken_contract(
    view: View, status: Status, answer: Any, mask: NDArray[np.bool_] | None, detection: Any
) -> list[str]:
    """What in the messages is not as documented: headers, sizes, encodings, tight box, score."""
    faults = []
    headers = {
        "mask": answer.mask.header,
        "detections": answer.detections.header,
        "referral": answer.referral.header,
        "matched/image": answer.matched_image.header,
        **({"detections[0]": detection.header} if detection else {}),
    }
    for name, header in headers.items():
        if (_nanoseconds(header), header.frame_id) != (view.stamp, view.frame_id):
            faults.append(
                f"{name} has stamp {_nanoseconds(header)} {header.frame_id}, the image {view.stamp} {view.frame_id}"
            )
    if answer.mask.encoding != "mono8" or (answer.mask.height, answer.mask.width) != view.rgb.shape[:2]:
        faults.append(f"mask is {answer.mask.encoding} {answer.mask.width}x{answer.mask.height}")
    if not set(np.unique(_pixels(answer.mask))) <= {0, 255}:
        faults.append("mask holds values other than 0 and 255")
    if bytes(answer.matched_image.data) != view.rgb.tobytes():
        faults.append("matched/image is not the image that was sent")
    if (detection is not None) != (status is Status.FOUND):
        faults.append(f"{len(answer.detections.detections)} detections with status {status.name}")
    if detection is not None and mask is not None:
        first = answer.referral.candidates[0].index
        if detection.id != str(first):
            faults.append(f"detection has id {detection.id!r}, the first candidate is {first}")
        if _box(detection) != _tight_box(mask):
            faults.append(f"box {_box(detection)} is not the mask's {_tight_box(mask)}")
        if not 0 < detection.results[0].hypothesis.score <= 1:
            faults.append(f"score {detection.results[0].hypothesis.score} is not in (0, 1]")
    return faults


def _pixels(image: Any) -> NDArray[np.uint8]:
    return np.frombuffer(image.data, np.uint8).reshape(image.height, image.step)[:, : image.width]


def _iou(mask: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    if mask.shape != truth.shape:
        return 0.0
    union = int(np.count_nonzero(mask | truth))
    return int(np.count_nonzero(mask & truth)) / union if union else 0.0


def _best_covered(mask: NDArray[np.bool_], view: View) -> str:
    """The object whose IoU with the mask is highest; "background" when it touches none."""
    ious = {name: _iou(mask, view.labels == label) for name, label in view.names.items()}
    name = max(ious, key=lambda each: ious[each])
    return name if ious[name] > 0 else "background"


def _box(detection: Any) -> tuple[int, int, int, int]:
    centre: Any = detection.bbox.center.position
    width, height = float(detection.bbox.size_x), float(detection.bbox.size_y)
    return (
        round(centre.x - width / 2),
        round(centre.y - height / 2),
        round(centre.x + width / 2),
        round(centre.y + height / 2),
    )


def _tight_box(mask: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _nanoseconds(header: Any) -> int:
    return int(header.stamp.sec) * 1_000_000_000 + int(header.stamp.nanosec)
