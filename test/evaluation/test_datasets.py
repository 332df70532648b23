# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

import json
from pathlib import Path

import numpy as np
import pytest

from tas_ros.errors import DatasetError
from tas_ros.evaluation.datasets import open_dataset

REAL_PHOTOS = Path(__file__).parents[2].parent / "shared" / "eval" / "real_photos"


def test_sentences_are_grouped_by_image(tmp_path: Path, toy_set) -> None:
    dataset = open_dataset(toy_set.write(tmp_path / "toy"))
    images = list(dataset.images())
    assert dataset.name == "toy"
    assert dataset.sentence_count == 4
    assert [len(image.sentences) for image in images] == [3, 1]
    frame, instances = images[0].read()
    assert (frame.height, frame.width) == (toy_set.height, toy_set.width)
    assert frame.rgb[0, 0].tolist() == [255, 0, 0]  # red, so the channels are RGB
    assert instances.ids == ("11", "12", "13")
    assert images[0].sentences[0].tags == ("toy", "spatial")
    x0, y0, x1, y1 = toy_set.boxes[2]
    target = instances.union(("12",))
    assert target.sum() == (x1 - x0) * (y1 - y0)
    assert target[y0:y1, x0:x1].all()
    assert not instances.union(()).any()
    assert instances.union(("11", "12")).sum() == 2 * target.sum()


def test_instances_without_pixels_are_not_offered(tmp_path: Path, toy_set) -> None:
    index = toy_set.content()
    index["annotations"][1]["segmentation"] = {"size": [40, 60], "counts": [2400]}
    _, instances = next(iter(open_dataset(toy_set.write(tmp_path / "toy", index)).images())).read()
    assert len(instances.masks) == 3
    assert len(instances.as_proposals()) == 2


def _without_picture(root: Path) -> str:
    (root / "images" / "1.png").unlink()
    return "1.png is missing"


def _resized_picture(root: Path) -> str:
    index = json.loads((root / "set.json").read_text())
    index["images"][0]["height"] = 30
    (root / "set.json").write_text(json.dumps(index))
    return "resized"


def _damaged_json(root: Path) -> str:
    (root / "set.json").write_text("{")
    return "set.json cannot be read"


def _bottomless_json(root: Path) -> str:
    (root / "set.json").write_text("[" * 100_000)
    return "set.json cannot be read"


def _second_json(root: Path) -> str:
    (root / "other.json").write_text("{}")
    return "exactly one"


def _no_json(root: Path) -> str:
    (root / "set.json").unlink()
    return "no layout"


def _unknown_annotation(root: Path) -> str:
    index = json.loads((root / "set.json").read_text())
    index["expressions"][0]["ann_id"] = 99
    (root / "set.json").write_text(json.dumps(index))
    return "annotation 99"


def _unlisted_image(root: Path) -> str:
    index = json.loads((root / "set.json").read_text())
    del index["images"][1]
    (root / "set.json").write_text(json.dumps(index))
    return "image 2"


def _missing_field(root: Path) -> str:
    index = json.loads((root / "set.json").read_text())
    del index["expressions"][0]["text"]
    (root / "set.json").write_text(json.dumps(index))
    return "'text'"


def _expression_twice(root: Path) -> str:
    index = json.loads((root / "set.json").read_text())
    index["expressions"][1]["id"] = index["expressions"][0]["id"]
    (root / "set.json").write_text(json.dumps(index))
    return "expression 0 twice"


def _no_expressions(root: Path) -> str:
    (root / "set.json").write_text('{"images": [], "annotations": [], "expressions": []}')
    return "no expressions"


def _list_at_the_top(root: Path) -> str:
    (root / "set.json").write_text("[]")
    return "'images'"


def _unknown_folder(root: Path) -> str:
    root.rename(root.parent / "elsewhere")
    return "not a directory"


@pytest.mark.parametrize(
    "spoil",
    [
        _without_picture,
        _resized_picture,
        _damaged_json,
        _bottomless_json,
        _second_json,
        _no_json,
        _unknown_annotation,
        _unlisted_image,
        _missing_field,
        _expression_twice,
        _no_expressions,
        _list_at_the_top,
        _unknown_folder,
    ],
    ids=lambda spoil: spoil.__name__,
)
def test_a_spoilt_set_is_told_apart(tmp_path: Path, toy_set, spoil) -> None:
    root = toy_set.write(tmp_path / "toy")
    message = spoil(root)
    with pytest.raises(DatasetError, match=message):
        _read_all(root)


def _read_all(root: Path) -> None:
    for image in open_dataset(root).images():
        image.read()


@pytest.mark.skipif(not REAL_PHOTOS.is_dir(), reason="the real photos are not on this machine")
def test_real_photos_agree_with_their_annotated_areas_and_boxes() -> None:
    dataset = open_dataset(REAL_PHOTOS)
    records = {
        str(each["id"]): each for each in json.loads(next(REAL_PHOTOS.glob("*.json")).read_text())["annotations"]
    }
    assert dataset.sentence_count == 39
    for image in dataset.images():
        _, instances = image.read()
        for name, mask in zip(instances.ids, instances.masks, strict=True):
            area = records[name]["area"]
            # COCO's areas are of the polygon, pixels differ along its edge.
            assert abs(mask.sum() - area) <= 0.05 * area + 2 * np.sqrt(area) + 30
