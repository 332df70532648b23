# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Pictures of wins and failures for a report, chosen by a rule and drawn from what a run left on the disk."""

from __future__ import annotations

import base64
import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count, groupby
from typing import Literal

import cv2
import numpy as np

from tas_ros.arrays import ImageArray, MaskArray
from tas_ros.evaluation.datasets import AnnotatedImage
from tas_ros.evaluation.results import ResultRow
from tas_ros.evaluation.runner import decode_mask
from tas_ros.evaluation.variants import BASE
from tas_ros.files.overlay import FOUND_COLOUR, draw, resize_mask

ANSWERABLE = 0.5
"""IoU of the best proposal from which a sentence counts as answerable: below, the choice is not to blame."""
RULE = (
    "Of the sentences for which some proposal overlaps the truth with an IoU of at least "
    f"{ANSWERABLE:g}: wins are those with the highest IoU of the choice, failures those with the lowest; at most one "
    "of either an image, the first of equals in the dataset's order."
)
TRUTH_COLOUR = (255, 0, 220)
LONG_SIDE = 480
"""Pixels of a picture's longer side in the report."""


@dataclass(frozen=True)
class Example:
    """A sentence worth showing."""

    kind: Literal["win", "failure"]
    row: ResultRow

    @property
    def caption(self) -> str:
        """What it shows, in words."""
        return f"“{self.row.text}”: IoU {self.row.forced.iou:.2f}, best proposal {self.row.oracle.iou:.2f}"


def choose_examples(rows: Iterable[ResultRow], each: int = 6) -> list[Example]:
    """Up to `each` wins and as many failures by RULE, best and worst first. Holds no more rows than it returns."""
    order = count()
    wins: list[tuple[float, int, ResultRow]] = []
    failures: list[tuple[float, int, ResultRow]] = []
    for _, group in groupby(rows, key=lambda row: row.image_id):
        candidates = [row for row in group if row.variant == BASE and row.oracle.iou >= ANSWERABLE and row.mask]
        if not candidates:
            continue
        place = -next(order)
        best = max(candidates, key=lambda row: row.forced.iou)
        worst = min(candidates, key=lambda row: row.forced.iou)
        if best.forced.iou >= ANSWERABLE:
            _keep(wins, (best.forced.iou, place, best), each)
        if worst.forced.iou < ANSWERABLE:
            _keep(failures, (-worst.forced.iou, place, worst), each)
    return [Example("win", row) for *_, row in sorted(wins, key=_rank)] + [
        Example("failure", row) for *_, row in sorted(failures, key=_rank)
    ]


def picture_of(example: Example, image: AnnotatedImage) -> str:
    """The picture as a jpeg in base64: the choice in green, the truth in magenta. Raises DatasetError."""
    frame, instances = image.read()
    targets = {each.sentence_id: each.target_ids for each in image.sentences}[example.row.sentence_id]
    return _jpeg(_draw(frame.rgb, decode_mask(example.row.mask), instances.union(targets)))


def images_of(examples: Iterable[Example], images: Iterable[AnnotatedImage]) -> Mapping[str, AnnotatedImage]:
    """By id, the images that the examples show."""
    wanted = {example.row.image_id for example in examples}
    return {image.image_id: image for image in images if image.image_id in wanted}


def _keep(heap: list[tuple[float, int, ResultRow]], item: tuple[float, int, ResultRow], most: int) -> None:
    # Places differ, so that rows are never compared.
    if len(heap) < most:
        heapq.heappush(heap, item)
    else:
        heapq.heappushpop(heap, item)


def _rank(item: tuple[float, int, ResultRow]) -> tuple[float, int]:
    return -item[0], -item[1]


def _draw(rgb: ImageArray, chosen: MaskArray, truth: MaskArray) -> ImageArray:
    scale = min(1.0, LONG_SIDE / max(rgb.shape[:2]))
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    small = np.asarray(cv2.resize(np.ascontiguousarray(rgb), size, interpolation=cv2.INTER_AREA), np.uint8)
    picture = draw(small, [resize_mask(chosen, size)])
    contours, _ = cv2.findContours(resize_mask(truth, size).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(picture, contours, -1, TRUTH_COLOUR, 1, cv2.LINE_AA)
    return picture


def _jpeg(rgb: ImageArray) -> str:
    done, data = cv2.imencode(".jpg", np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, 85])
    if not done:
        raise ValueError(f"a picture of {rgb.shape} cannot be encoded")
    return base64.b64encode(data.tobytes()).decode("ascii")


COLOURS = {"choice": FOUND_COLOUR, "truth": TRUTH_COLOUR}
"""RGB, for the report's legend."""
