# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Evaluation sets in one COCO-style json: images, annotations (polygons or RLE), expressions; pictures in images/."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from tas_ros.errors import DatasetError
from tas_ros.evaluation.annotated_picture import AnnotatedPicture, Record
from tas_ros.evaluation.datasets import AnnotatedImage, DatasetSelection, Sentence


class CocoStyleDataset:
    """The directory's one json that holds expressions.

    Raises DatasetError when a record is missing a field or refers to one that is not there.
    """

    def __init__(self, root: Path, selection: DatasetSelection) -> None:
        if selection != DatasetSelection():
            raise DatasetError(
                f"{root} is a COCO-style set: it is one whole, without parts to select, but {selection} was asked for; "
                "leave the selection out"
            )
        self._root = root
        self.selection = selection
        self.warnings: tuple[str, ...] = ()
        self._index = _only_index(root)
        self.name = root.resolve().name
        self.source = f"{self._index.name}, field 'text'"
        content = _load(self._index)
        try:
            self._images = self._group(content)
        except (KeyError, TypeError) as error:
            raise DatasetError(
                f"{self._index} has a record without the field {error}; images need id, file_name, height, width, "
                "annotations id, image_id, segmentation, expressions id, image_id, ann_id, text"
            ) from error
        self.sentence_count = sum(len(image.sentences) for image in self._images)
        if not self.sentence_count:
            raise DatasetError(f"{self._index} holds no expressions; there is nothing to evaluate")

    @classmethod
    def recognises(cls, root: Path) -> bool:
        """Whether there is a json at the top of the directory."""
        return any(root.glob("*.json"))

    def images(self) -> Iterator[AnnotatedImage]:
        """Images that have sentences, in the order of the json."""
        return iter(self._images)

    def _group(self, content: Record) -> tuple[AnnotatedPicture, ...]:
        annotations: dict[str, list[Record]] = defaultdict(list)
        for record in content["annotations"]:
            annotations[str(record["image_id"])].append(record)
            record["segmentation"], record["id"]  # a missing field is reported now, not an hour into the run
        sentences: dict[str, list[Sentence]] = defaultdict(list)
        repeated = [name for name, n in Counter(str(each["id"]) for each in content["expressions"]).items() if n > 1]
        if repeated:
            raise DatasetError(f"{self._index} holds expression {repeated[0]} twice; give each an id of its own")
        for record in content["expressions"]:
            image_id, target = str(record["image_id"]), str(record["ann_id"])
            if target not in {str(each["id"]) for each in annotations[image_id]}:
                raise DatasetError(
                    f"{self._index}: expression {record['id']} means annotation {target}, which image {image_id} "
                    "does not have; correct its ann_id or image_id"
                )
            tags = ([record["dataset"]] if "dataset" in record else []) + list(record.get("types", ()))
            sentences[image_id].append(Sentence(str(record["id"]), record["text"], (target,), tuple(tags)))
        records = {str(record["id"]): record for record in content["images"]}
        if unknown := sorted(set(sentences) - set(records)):
            raise DatasetError(f"{self._index}: expressions refer to image {unknown[0]}, which 'images' does not list")
        return tuple(
            AnnotatedPicture(
                image_id=image_id,
                sentences=tuple(sentences[image_id]),
                path=self._root / "images" / record["file_name"],
                size=(record["height"], record["width"]),
                annotations=tuple(annotations[image_id]),
            )
            for image_id, record in records.items()
            if image_id in sentences
        )


def _only_index(root: Path) -> Path:
    found = sorted(root.glob("*.json"))
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        raise DatasetError(f"{root} must hold exactly one *.json, it holds {names}; move the others away")
    return found[0]


def _load(path: Path) -> Record:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DatasetError(f"{path} cannot be read as json ({error}); fetch it again") from error
    missing = [
        key for key in ("images", "annotations", "expressions") if not isinstance(content, dict) or key not in content
    ]
    if missing:
        raise DatasetError(
            f"{path} has no list {missing[0]!r}; a COCO-style set has images, annotations and expressions"
        )
    return dict(content)
