# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""PhraseCut in the layout of the public VGPhraseCut_v0 folder.

<root>/refer_<split>.json (task_id, image_id, phrase, Polygons), <root>/image_data_split.json (image_id, width, height),
<root>/images/<image_id>.jpg. Wu et al., "PhraseCut: Language-based Image Segmentation in the Wild", CVPR 2020.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tas_ros.errors import DatasetError
from tas_ros.evaluation.annotated_picture import AnnotatedPicture, Record
from tas_ros.evaluation.coco_masks import is_outlined
from tas_ros.evaluation.datasets import AnnotatedImage, DatasetSelection, Sentence
from tas_ros.evaluation.expected_counts import SplitCounts, compare_counts

DATASET = "phrasecut"
IMAGE_LIST = "image_data_split.json"

# refer_input_<split>.json, published for submissions, has no masks.
_REFER_FILE = re.compile(r"refer_(?P<split>[a-z]+)\.json")

Polygons = list[list[float]]
Key = tuple[tuple[float, ...], ...]


class PhraseCutDataset:
    """One split, or several joined by `_` as the public loader does (`val_miniv` is the whole validation set).

    A phrase may mean several instances: its truth is their union. Outlines are filled by pycocotools like those of
    the other datasets; the public evaluation also counts the outline's own pixels, half a pixel more at the edge.
    An instance that several phrases mean is one instance. Raises DatasetError when a file or record is unfit.
    """

    def __init__(self, root: Path, selection: DatasetSelection) -> None:
        if selection.dataset not in (None, DATASET) or selection.split_by or selection.text_field:
            raise DatasetError(
                f"{root} is PhraseCut: it has splits only, no split_by and no text fields, but {selection} was asked "
                "for; select just the split"
            )
        split = _choose_split(root, selection.split)
        self.selection = replace(selection, dataset=DATASET, split=split)
        self.name = f"{DATASET}_{split}"
        self.source = f"{' + '.join(f'refer_{part}.json' for part in split.split('_'))}, field 'phrase'"
        tasks = [task for part in split.split("_") for task in _read_list(root / f"refer_{part}.json")]
        try:
            self._images, left_out = _group(root, tasks)
        except (KeyError, TypeError, ValueError) as error:
            raise DatasetError(
                f"{root} has a record in refer_{split}.json or {IMAGE_LIST} that cannot be used ({error!r}); phrases "
                "need task_id, image_id, phrase, Polygons, images image_id, width, height"
            ) from error
        self.sentence_count = sum(len(image.sentences) for image in self._images)
        counts = SplitCounts(len({task["image_id"] for task in tasks}), None, len(tasks))
        self.warnings: tuple[str, ...] = compare_counts(self.selection, counts)
        if left_out:
            self.warnings += (f"{left_out} phrases are left out: their polygons enclose nothing",)

    @classmethod
    def recognises(cls, root: Path) -> bool:
        """Whether it holds the list of images and phrases of a split."""
        return (root / IMAGE_LIST).is_file() and bool(_splits(root))

    def images(self) -> Iterator[AnnotatedImage]:
        """Images that have phrases, in the order in which the refer files first name them."""
        return iter(self._images)


def _splits(root: Path) -> list[str]:
    return sorted(match["split"] for path in root.glob("refer_*.json") if (match := _REFER_FILE.fullmatch(path.name)))


def _choose_split(root: Path, wanted: str | None) -> str:
    available = _splits(root)
    if wanted is None and len(available) == 1:
        return available[0]
    if wanted is None or not set(wanted.split("_")) <= set(available):
        raise DatasetError(
            f"{root} holds the splits {', '.join(available)}; select one of them (or several, joined by _), "
            f"not {wanted}"
        )
    return wanted


def _group(root: Path, tasks: list[Record]) -> tuple[tuple[AnnotatedPicture, ...], int]:
    """The images with their phrases, and how many phrases have no drawable outline."""
    sentences: dict[str, list[Sentence]] = defaultdict(list)
    instances: dict[str, dict[Key, Record]] = defaultdict(dict)
    seen: set[str] = set()
    left_out = 0
    for task in tasks:
        task_id, image_id = str(task["task_id"]), str(task["image_id"])
        if task_id in seen:
            raise DatasetError(f"{root} holds phrase {task_id} twice; fetch the refer files again")
        seen.add(task_id)
        of_image = instances[image_id]
        targets = []
        for number, polygons in enumerate(map(_flatten, task["Polygons"])):
            if is_outlined(polygons):
                record = {"id": f"{task_id}.{number}", "segmentation": polygons}
                targets.append(of_image.setdefault(tuple(map(tuple, polygons)), record)["id"])
        if targets:
            sentences[image_id].append(Sentence(task_id, task["phrase"], tuple(dict.fromkeys(targets))))
        else:
            left_out += 1
    sizes = {
        str(record["image_id"]): (int(record["height"]), int(record["width"]))
        for record in _read_list(root / IMAGE_LIST)
    }
    if unknown := [image_id for image_id in sentences if image_id not in sizes]:
        raise DatasetError(f"{root / IMAGE_LIST} does not list image {unknown[0]}, which has phrases")
    return tuple(
        AnnotatedPicture(
            image_id=image_id,
            sentences=tuple(of_image),
            path=root / "images" / f"{image_id}.jpg",
            size=sizes[image_id],
            annotations=tuple(instances[image_id].values()),
        )
        for image_id, of_image in sentences.items()
    ), left_out


def _flatten(polygons: Any) -> Polygons:
    """PhraseCut's lists of [x, y] points as COCO's flat lists."""
    return [[float(value) for x, y in polygon for value in (x, y)] for polygon in polygons]


def _read_list(path: Path) -> list[Record]:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise DatasetError(f"{path} cannot be read as json ({error}); fetch it again") from error
    if not isinstance(content, list):
        raise DatasetError(f"{path} is no list of records; fetch it again")
    return content
