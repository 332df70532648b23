# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Photos with annotated things in COCO's layout (Lin et al. 2014); those of photo_sources.tsv are learnt from."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tas_ros.evaluation.coco_masks import rasterise
from training.regions import (
    NO_KIND,
    SMALLEST,
    LabelledRegions,
    altered_picture,
    colour_segments,
    cut_piece,
    outlined_anew,
    random_blob,
)

SOURCES = Path(__file__).parent / "photo_sources.tsv"
CROWD = 255
BACKGROUND_PIECES = 12
BACKGROUND_WEIGHT = 0.5
"""Of a piece of background against a thing: there are many."""
PIECE_WEIGHT = 0.4


@dataclass(frozen=True, eq=False)
class LabelledPhoto:
    """One photo and its annotated things."""

    number: int
    """COCO's own."""
    rgb: NDArray[np.uint8]
    """(H, W, 3)."""
    labels: NDArray[np.uint8]
    """(H, W): 1 + index into kinds, CROWD where things are annotated together, 0 elsewhere."""
    kinds: tuple[str, ...]
    """COCO's names."""


def learnt_photos() -> frozenset[int]:
    """COCO's numbers of the photos in photo_sources.tsv: their licences allow use with attribution, which it gives."""
    with SOURCES.open(encoding="utf-8", newline="") as lines:
        return frozenset(int(row["coco"]) for row in csv.DictReader(lines, delimiter="\t"))


def read_photos(folder: Path, numbers: Collection[int]) -> Iterator[LabelledPhoto]:
    """Those photos, in the order of their numbers; annotations (instances*.json) and images lie anywhere in the folder.

    Raises FileNotFoundError when any of them is not in the folder.
    """
    pictures = {path.name: path for path in sorted(folder.rglob("*.jpg"))}
    found = {}
    for path in sorted(folder.rglob("instances*.json")):
        content = json.loads(path.read_text("utf-8"))
        names = {each["id"]: each["name"] for each in content["categories"]}
        for image in content["images"]:
            if image["id"] in numbers and image["file_name"] in pictures:
                things = [each for each in content["annotations"] if each["image_id"] == image["id"]]
                found[image["id"]] = (pictures[image["file_name"]], things, names)
    if missing := sorted(set(numbers) - set(found)):
        raise FileNotFoundError(
            f"{folder} lacks {len(missing)} photos of {SOURCES.name} or their annotations: {missing}"
        )
    for number, (path, things, names) in sorted(found.items()):
        yield _labelled(number, path, things, names)


def photo_thing_regions(photo: LabelledPhoto, numbers: dict[str, int], random: np.random.Generator) -> LabelledRegions:
    """The photo's things, altered at random, and pieces of things and of background, which are no kind.

    numbers: of the kinds by COCO's name; things of others are no kind.
    """
    rgb, labels = altered_picture(photo.rgb, photo.labels, random)
    regions = LabelledRegions(rgb)
    for i, kind in enumerate(photo.kinds):
        mask = labels == i + 1
        if np.count_nonzero(mask) < SMALLEST:
            continue
        regions.add(outlined_anew(mask, random), numbers.get(kind, NO_KIND))
        if random.random() < 0.25:
            regions.add(cut_piece(mask, float(random.uniform(0.15, 0.4)), random), NO_KIND, PIECE_WEIGHT)
    candidates = colour_segments(rgb, random) + [random_blob(labels.shape, random) for _ in range(BACKGROUND_PIECES)]
    background = [mask for mask in candidates if (labels[mask] > 0).mean() < 0.2]
    for i in random.permutation(len(background))[:BACKGROUND_PIECES]:
        regions.add(background[i], NO_KIND, BACKGROUND_WEIGHT)
    return regions


def _labelled(number: int, path: Path, things: list[dict], names: dict[int, str]) -> LabelledPhoto:
    rgb = np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
    labels = np.zeros(rgb.shape[:2], np.uint8)
    kinds = []
    masks = [(rasterise(each["segmentation"], *labels.shape, f"a thing of photo {number}"), each) for each in things]
    for mask, each in sorted(masks, key=lambda pair: (not pair[1]["iscrowd"], -np.count_nonzero(pair[0]))):
        if not each["iscrowd"]:
            kinds.append(names[each["category_id"]])
        labels[mask] = CROWD if each["iscrowd"] else len(kinds)
    return LabelledPhoto(number, rgb, labels, tuple(kinds))
