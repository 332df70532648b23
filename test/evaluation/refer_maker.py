# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Rewrites a COCO-style evaluation set (the real photos, or a toy) in the layout of the public REFER interface.

From the repository's root: python test/evaluation/refer_maker.py OUT_DIR [--source DIR] [--repeat SENTENCES]
"""

import argparse
import json
import pickle
import shutil
from pathlib import Path
from typing import Any

REAL_PHOTOS = Path(__file__).parents[2].parent / "shared" / "eval" / "real_photos"
DATASET, SPLIT_BY, SPLIT = "refcoco", "unc", "val"


def make_refer_set(root: Path, source: Path = REAL_PHOTOS, repeat: int | None = None) -> Path:
    """Write `source` below `root` as refcoco, split by unc, all of it in val; returns `root`.

    Annotations and sentences are numbered by their place in the json, from 0 (published ids are numbers, the photos'
    are not all); `sent` is the text as it stands. With `repeat`, whole images come again under new ids (the picture's
    file is shared) until there are that many sentences, so that per-image work repeats as well.
    """
    index = _numbered(json.loads(next(source.glob("*.json")).read_text()))
    pictures = root / "images" / "mscoco" / "images" / "train2014"
    pictures.mkdir(parents=True)
    for image in index["images"]:
        shutil.copy(source / "images" / image["file_name"], pictures / f"COCO_train2014_{image['file_name']}")
    expressions, shifts = _repeated(index["expressions"], repeat)
    names = sorted({annotation.get("category", "thing") for annotation in index["annotations"]})
    categories = {name: number for number, name in enumerate(names, 1)}
    instances = {
        "info": {"description": f"{source.name} in the refer layout"},
        "licenses": [],
        "images": [_image(image, shift) for shift in shifts for image in index["images"]],
        "annotations": [_annotation(each, shift, categories) for shift in shifts for each in index["annotations"]],
        "categories": [{"id": number, "name": name} for name, number in categories.items()],
    }
    folder = root / DATASET
    folder.mkdir()
    (folder / "instances.json").write_text(json.dumps(instances))
    refs = _refs(expressions, instances)
    (folder / f"refs({SPLIT_BY}).p").write_bytes(pickle.dumps(refs, protocol=2))
    return root


def _numbered(index: dict[str, Any]) -> dict[str, Any]:
    """The index with numbers for its annotations' names."""
    numbers = {annotation["id"]: number for number, annotation in enumerate(index["annotations"])}
    return index | {
        "annotations": [each | {"id": numbers[each["id"]]} for each in index["annotations"]],
        "expressions": [each | {"ann_id": numbers[each["ann_id"]]} for each in index["expressions"]],
    }


def _repeated(expressions: list[dict[str, Any]], wanted: int | None) -> tuple[list[dict[str, Any]], list[int]]:
    """As many expressions as are wanted, numbered, their ids shifted by their round's shift; and the shifts."""
    length = len(expressions) if wanted is None else wanted
    # The step is larger than any id that COCO gives to an image or an annotation.
    shifts = [10_000_000_000 * number for number in range(-(-length // len(expressions)))]
    repeated = [
        each | {"image_id": each["image_id"] + shift, "ann_id": each["ann_id"] + shift}
        for shift in shifts
        for each in expressions
    ]
    return [each | {"id": number} for number, each in enumerate(repeated[:length])], shifts


def _image(image: dict[str, Any], shift: int) -> dict[str, Any]:
    return {
        "id": image["id"] + shift,
        "file_name": f"COCO_train2014_{image['file_name']}",
        "height": image["height"],
        "width": image["width"],
    }


def _annotation(annotation: dict[str, Any], shift: int, categories: dict[str, int]) -> dict[str, Any]:
    kept = {key: value for key, value in annotation.items() if key != "category"}
    return (
        {"iscrowd": 0, "category_id": categories[annotation.get("category", "thing")]}
        | kept
        | {
            "id": annotation["id"] + shift,
            "image_id": annotation["image_id"] + shift,
        }
    )


def _refs(expressions: list[dict[str, Any]], instances: dict[str, Any]) -> list[dict[str, Any]]:
    """One ref an annotation, as the published files hold them: the file name carries a number, which means nothing."""
    file_names = {image["id"]: image["file_name"] for image in instances["images"]}
    category_ids = {annotation["id"]: annotation["category_id"] for annotation in instances["annotations"]}
    refs: dict[int, dict[str, Any]] = {}
    for each in expressions:
        stem, _, ending = file_names[each["image_id"]].partition(".")
        ref = refs.setdefault(
            each["ann_id"],
            {
                "ref_id": len(refs),
                "ann_id": each["ann_id"],
                "image_id": each["image_id"],
                "category_id": category_ids[each["ann_id"]],
                "file_name": f"{stem}_{len(refs)}.{ending}",
                "split": SPLIT,
                "sent_ids": [],
                "sentences": [],
            },
        )
        ref["sent_ids"].append(each["id"])
        ref["sentences"].append(
            {
                "sent_id": each["id"],
                "sent": each["text"],
                "raw": each["text"].capitalize() + ".",
                "tokens": each["text"].split(),
            }
        )
    return list(refs.values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT_DIR", help="folder to make; must not exist or be empty")
    parser.add_argument("--source", type=Path, default=REAL_PHOTOS, metavar="DIR", help="COCO-style set to rewrite")
    parser.add_argument("--repeat", type=int, metavar="SENTENCES", help="repeat images until there are so many")
    arguments = parser.parse_args()
    print(make_refer_set(arguments.out, arguments.source, arguments.repeat))
