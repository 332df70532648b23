# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""RefCOCO, RefCOCO+ and RefCOCOg in the layout of the public REFER interface (docs/method.md, section 3).

<root>/<dataset>/refs(<splitBy>).p, <root>/<dataset>/instances.json, <root>/images/mscoco/images/train2014/.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tas_ros.errors import DatasetError
from tas_ros.evaluation.annotated_picture import AnnotatedPicture, Record
from tas_ros.evaluation.coco_masks import is_outlined
from tas_ros.evaluation.datasets import AnnotatedImage, DatasetSelection, Sentence
from tas_ros.evaluation.expected_counts import SplitCounts, compare_counts
from tas_ros.evaluation.safe_pickle import read_plain_pickle

PICTURES = Path("images", "mscoco", "images", "train2014")

_REFS_FILE = re.compile(r"refs\((?P<split_by>[^()]+)\)\.p")
_KEPT_FIELDS = ("id", "image_id", "segmentation", "iscrowd")


class ReferDataset:
    """One split of one dataset.

    Each ref means one annotation; each of its sentences is one Sentence, named by its sent_id. Images come in the
    order in which the refs file first names them. The instances of an image are all its annotations in instances.json
    except crowd regions (`iscrowd`), which are no instances, unless a ref means one.

    Raises DatasetError when the selection fits none or several of the sets there, or when a file or record is unfit.
    """

    def __init__(self, root: Path, selection: DatasetSelection) -> None:
        dataset, split_by = _choose_refs_file(root, selection)
        refs_path = root / dataset / f"refs({split_by}).p"
        instances_path = root / dataset / "instances.json"
        refs = read_plain_pickle(refs_path)
        try:
            split = _choose_split(refs_path, refs, selection.split)
            self.selection = replace(
                selection,
                dataset=dataset,
                split_by=split_by,
                split=split,
                text_field=selection.text_field or "sent",
            )
            refs = [ref for ref in refs if ref["split"] == split]
            sentences = self._sentences(refs_path, refs)
        except (KeyError, TypeError) as error:
            raise DatasetError(
                f"{refs_path} is no list of refs ({error!r}): each needs split, ann_id, image_id and sentences, these "
                "sent_id and the text field; fetch it again"
            ) from error
        self.name = f"{dataset}_{split_by}_{split}"
        self.source = f"{dataset}/{refs_path.name}, split {split}, field '{self.selection.text_field}'"
        self.sentence_count = sum(map(len, sentences.values()))
        targets = {str(ref["ann_id"]): str(ref["image_id"]) for ref in refs}
        self._images, left_out = _join(root, instances_path, sentences, targets)
        counts = SplitCounts(len(self._images), len(refs), self.sentence_count)
        self.warnings: tuple[str, ...] = compare_counts(self.selection, counts)
        if left_out:
            self.warnings += (f"{left_out} annotations that enclose nothing are left out; no sentence means them",)

    @classmethod
    def recognises(cls, root: Path) -> bool:
        """Whether a folder in it holds refs files."""
        return bool(_refs_files(root))

    def images(self) -> Iterator[AnnotatedImage]:
        """Images that have sentences, in the order of the refs file."""
        return iter(self._images)

    def _sentences(self, refs_path: Path, refs: list[Record]) -> dict[str, list[Sentence]]:
        by_image: dict[str, list[Sentence]] = defaultdict(list)
        seen: set[str] = set()
        for ref in refs:
            for record in ref["sentences"]:
                sentence = Sentence(
                    str(record["sent_id"]), record[str(self.selection.text_field)], (str(ref["ann_id"]),)
                )
                if sentence.sentence_id in seen:
                    raise DatasetError(
                        f"{refs_path} holds sentence {sentence.sentence_id} twice in this split; fetch it again"
                    )
                seen.add(sentence.sentence_id)
                by_image[str(ref["image_id"])].append(sentence)
        return by_image


def _refs_files(root: Path) -> list[tuple[str, str]]:
    """Every (dataset, split_by) there, sorted."""
    return sorted(
        (path.parent.name, match["split_by"])
        for path in root.glob("*/refs(*).p")
        if (match := _REFS_FILE.fullmatch(path.name))
    )


def _choose_refs_file(root: Path, selection: DatasetSelection) -> tuple[str, str]:
    available = _refs_files(root)
    fitting = [
        (dataset, split_by)
        for dataset, split_by in available
        if selection.dataset in (None, dataset) and selection.split_by in (None, split_by)
    ]
    if len(fitting) != 1:
        listed = ", ".join(f"{dataset} split by {split_by}" for dataset, split_by in available)
        wanted = f"{selection.dataset or 'any dataset'} split by {selection.split_by or 'anyone'}"
        raise DatasetError(
            f"{root} holds {listed}; {wanted} fits {'several' if fitting else 'none'}; "
            "select a dataset and its split_by"
        )
    return fitting[0]


def _choose_split(refs_path: Path, refs: Any, wanted: str | None) -> str:
    counts = Counter(ref["split"] for ref in refs)
    if wanted is None and len(counts) == 1:
        return str(next(iter(counts)))
    if wanted is None or wanted not in counts:
        listed = ", ".join(f"{split} ({count} refs)" for split, count in counts.items()) or "none"
        raise DatasetError(f"{refs_path} holds the splits {listed}; select one of them, not {wanted}")
    return wanted


def _join(
    root: Path, instances_path: Path, sentences: dict[str, list[Sentence]], targets: dict[str, str]
) -> tuple[tuple[AnnotatedPicture, ...], int]:
    """The images with their annotations, and how many annotations enclose nothing."""
    pictures = root / PICTURES
    if not pictures.is_dir():
        raise DatasetError(f"{pictures} is missing; COCO's train2014 pictures belong there")
    content = _read_instances(instances_path, set(sentences))
    annotations: dict[str, dict[str, Record]] = defaultdict(dict)
    left_out = 0
    try:
        for record in filter(None, content["annotations"]):
            name = str(record["id"])
            if name not in targets and not is_outlined(record["segmentation"]):
                left_out += 1
            elif name in targets or not record.get("iscrowd"):
                annotations[str(record["image_id"])][name] = record
        for target, image_id in targets.items():
            if target not in annotations[image_id]:
                raise DatasetError(
                    f"{instances_path} has no annotation {target} of image {image_id}, which a ref means; the two "
                    "files are of different versions: fetch both again"
                )
            if not is_outlined(annotations[image_id][target]["segmentation"]):
                raise DatasetError(f"{instances_path}: annotation {target} encloses nothing, but a ref means it")
        records = {str(record["id"]): record for record in content["images"]}
        if unknown := [image_id for image_id in sentences if image_id not in records]:
            raise DatasetError(f"{instances_path} does not list image {unknown[0]}, which a ref is about")
        return tuple(
            AnnotatedPicture(
                image_id=image_id,
                sentences=tuple(of_image),
                path=pictures / records[image_id]["file_name"],
                size=(records[image_id]["height"], records[image_id]["width"]),
                annotations=tuple(annotations[image_id].values()),
            )
            for image_id, of_image in sentences.items()
        ), left_out
    except (KeyError, TypeError) as error:
        raise DatasetError(
            f"{instances_path} has a record without the field {error}; images need id, file_name, height, width, "
            "annotations id, image_id, segmentation"
        ) from error


def _read_instances(path: Path, image_ids: set[str]) -> dict[str, Any]:
    """instances.json with the annotations of other images replaced by None while it is parsed.

    Whole, the polygons of 200,000 annotations take gigabytes; those of one split's images a few per cent of that.
    """

    def keep(record: dict[str, Any]) -> dict[str, Any] | None:
        if "segmentation" not in record:
            return record
        if str(record.get("image_id")) not in image_ids:
            return None
        return {field: record[field] for field in _KEPT_FIELDS if field in record}

    try:
        content = json.loads(path.read_bytes(), object_hook=keep)
    except (OSError, ValueError, RecursionError) as error:
        raise DatasetError(f"{path} cannot be read as json ({error}); fetch it again") from error
    if not isinstance(content, dict):
        raise DatasetError(f"{path} is no object of images and annotations; fetch it again")
    return content
