# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The public VGPhraseCut_v0 layout, on a set of two pictures."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tas_ros.errors import DatasetError
from tas_ros.evaluation.datasets import DatasetSelection, open_dataset

HEIGHT, WIDTH = 20, 30


def square(x: int, y: int, side: int = 5) -> list[list[int]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side]]


def task(number: int, image_id: int, phrase: str, polygons: list[Any]) -> dict[str, Any]:
    return {
        "task_id": f"{image_id}__{number}",
        "image_id": image_id,
        "ann_ids": [number],
        "phrase": phrase,
        "phrase_structure": {"name": phrase.rpartition(" ")[2], "attributes": [], "relation_descriptions": []},
        "instance_boxes": [[0, 0, 5, 5]] * len(polygons),
        "Polygons": polygons,
    }


CUP, PLATE = [square(0, 0)], [square(10, 0), square(12, 2)]  # the plate's two polygons overlap in 3x3 pixels
VAL = [
    task(1, 7, "two things", [CUP, PLATE]),
    task(2, 8, "a box", [[square(20, 10)]]),
    task(3, 7, "white plate", [PLATE]),
]
MINIV = [task(4, 9, "a lamp", [[square(1, 1)]])]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    for image_id in (7, 8, 9):
        cv2.imwrite(str(tmp_path / "images" / f"{image_id}.jpg"), np.full((HEIGHT, WIDTH, 3), 128, np.uint8))
    images = [{"image_id": number, "height": HEIGHT, "width": WIDTH, "split": "val"} for number in (7, 8, 9)]
    (tmp_path / "image_data_split.json").write_text(json.dumps(images))
    write(tmp_path, VAL)
    (tmp_path / "refer_input_test.json").write_text("[]")
    (tmp_path / "skip.json").write_text("[]")
    return tmp_path


def write(root: Path, tasks: list[dict[str, Any]], split: str = "val") -> None:
    (root / f"refer_{split}.json").write_text(json.dumps(tasks))


def test_a_phrase_means_the_union_of_its_instances(root: Path) -> None:
    dataset = open_dataset(root)
    images = list(dataset.images())
    assert (dataset.name, dataset.sentence_count) == ("phrasecut_val", 3)
    assert dataset.source == "refer_val.json, field 'phrase'"
    assert dataset.selection == DatasetSelection("phrasecut", None, "val")
    assert [image.image_id for image in images] == ["7", "8"]
    both, plate = images[0].sentences
    assert (both.sentence_id, both.text) == ("7__1", "two things")
    frame, instances = images[0].read()
    assert frame.rgb.shape == (HEIGHT, WIDTH, 3)
    # The plate stands in two phrases and is one instance; 25 pixels a square, 25 + 25 - 9 where two overlap.
    assert instances.ids == both.target_ids == ("7__1.0", "7__1.1")
    assert plate.target_ids == ("7__1.1",)
    assert instances.union(plate.target_ids).sum() == 41
    expected = np.zeros((HEIGHT, WIDTH), bool)
    expected[0:5, 0:5] = expected[0:5, 10:15] = expected[2:7, 12:17] = True
    np.testing.assert_array_equal(instances.union(both.target_ids), expected)


def test_splits_can_be_joined(root: Path) -> None:
    write(root, MINIV, "miniv")
    dataset = open_dataset(root, DatasetSelection(split="val_miniv"))
    assert [image.image_id for image in dataset.images()] == ["7", "8", "9"]
    assert dataset.source == "refer_val.json + refer_miniv.json, field 'phrase'"
    assert "images 3 instead of 2971, sentences 4 instead of 20316" in dataset.warnings[0]
    assert open_dataset(root, DatasetSelection("phrasecut", split="miniv")).sentence_count == 1
    for split in (None, "test", "val_test"):
        with pytest.raises(DatasetError, match="holds the splits miniv, val"):
            open_dataset(root, DatasetSelection(split=split))


@pytest.mark.parametrize(
    "selection", [DatasetSelection("refcoco"), DatasetSelection(split_by="unc"), DatasetSelection(text_field="raw")]
)
def test_what_phrasecut_does_not_have_cannot_be_selected(root: Path, selection: DatasetSelection) -> None:
    with pytest.raises(DatasetError, match="select just the split"):
        open_dataset(root, selection)


def test_polygons_that_enclose_nothing(root: Path) -> None:
    line = [[0, 0], [5, 5]]
    write(root, [*VAL, task(5, 8, "a line", [[line]]), task(6, 8, "a dot and box", [[[]], [square(1, 1), line]])])
    dataset = open_dataset(root)
    assert dataset.sentence_count == 4
    assert dataset.warnings == ("1 phrases are left out: their polygons enclose nothing",)
    image = list(dataset.images())[1]
    assert image.sentences[1].target_ids == ("8__6.1",)
    assert image.read()[1].union(("8__6.1",)).sum() == 25


def _phrase_twice(root: Path) -> str:
    write(root, [*VAL, VAL[0]])
    return "7__1 twice"


def _unlisted_image(root: Path) -> str:
    write(root, [*VAL, task(9, 99, "a ghost", [CUP])])
    return "image 99"


def _no_phrase(root: Path) -> str:
    write(root, [{key: value for key, value in VAL[0].items() if key != "phrase"}])
    return "'phrase'"


def _points_of_three(root: Path) -> str:
    write(root, [task(1, 7, "solid", [[[[0, 0, 0], [5, 0, 0], [5, 5, 0]]]])])
    return "cannot be used"


def _no_list(root: Path) -> str:
    (root / "refer_val.json").write_text("{}")
    return "no list"


def _damaged(root: Path) -> str:
    (root / "image_data_split.json").write_text("[")
    return "cannot be read as json"


def _bottomless(root: Path) -> str:
    (root / "image_data_split.json").write_text("[" * 100_000)
    return "cannot be read as json"


def _no_picture(root: Path) -> str:
    (root / "images" / "8.jpg").unlink()
    return r"8\.jpg is missing"


@pytest.mark.parametrize(
    "spoil",
    [_phrase_twice, _unlisted_image, _no_phrase, _points_of_three, _no_list, _damaged, _bottomless, _no_picture],
    ids=lambda spoil: spoil.__name__,
)
def test_a_spoilt_set_is_told_apart(root: Path, spoil) -> None:
    message = spoil(root)
    with pytest.raises(DatasetError, match=message):
        _read_all(root)


def _read_all(root: Path) -> None:
    for image in open_dataset(root).images():
        image.read()
