# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The public REFER layout, on a toy set and on the real photos."""

import json
import pickle
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from tas_ros.errors import DatasetError
from tas_ros.evaluation.datasets import DatasetSelection, open_dataset
from tas_ros.evaluation.expected_counts import EXPECTED_COUNTS, SplitCounts, compare_counts

REAL_PHOTOS = Path(__file__).parents[2].parent / "shared" / "eval" / "real_photos"
REFS = Path("refcoco", "refs(unc).p")
INSTANCES = Path("refcoco", "instances.json")


def read_refs(root: Path) -> list[dict]:
    return pickle.loads((root / REFS).read_bytes())


def write_refs(root: Path, refs: object, name: Path = REFS) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_bytes(pickle.dumps(refs, protocol=2))


def read_instances(root: Path) -> dict:
    return json.loads((root / INSTANCES).read_text())


def write_instances(root: Path, instances: object) -> None:
    (root / INSTANCES).write_text(json.dumps(instances))


def test_sentences_masks_and_source(refer_root: Path, toy_set) -> None:
    dataset = open_dataset(refer_root)
    images = list(dataset.images())
    assert (dataset.name, dataset.sentence_count) == ("refcoco_unc_val", 4)
    assert dataset.source == "refcoco/refs(unc).p, split val, field 'sent'"
    assert dataset.selection == DatasetSelection("refcoco", "unc", "val", "sent")
    assert "sentences 4 instead of 10834" in dataset.warnings[0]
    assert [(s.sentence_id, s.text, s.target_ids) for s in images[0].sentences] == [
        ("0", "left box", ("0",)),
        ("2", "the box on the left", ("0",)),
        ("1", "right box", ("1",)),
    ]
    frame, instances = images[0].read()
    assert frame.rgb[0, 0].tolist() == [255, 0, 0]
    assert instances.ids == ("0", "1", "2")
    x0, y0, x1, y1 = toy_set.boxes[2]
    expected = np.zeros((toy_set.height, toy_set.width), bool)
    expected[y0:y1, x0:x1] = True
    np.testing.assert_array_equal(instances.union(("1",)), expected)


def test_raw_text_is_an_option_and_recorded(refer_root: Path) -> None:
    dataset = open_dataset(refer_root, DatasetSelection(text_field="raw"))
    assert next(dataset.images()).sentences[0].text == "Left box."
    assert dataset.source.endswith("field 'raw'")


def test_overlapping_polygons_and_rle_are_foreground(refer_root: Path) -> None:
    content = read_instances(refer_root)
    content["annotations"][0]["segmentation"] = [[0, 0, 20, 0, 20, 20, 0, 20], [10, 0, 30, 0, 30, 20, 10, 20]]
    content["annotations"][1]["segmentation"] = {"size": [40, 60], "counts": [1200, 1200]}  # columns 30 to 59
    write_instances(refer_root, content)
    _, instances = next(open_dataset(refer_root).images()).read()
    assert instances.masks[0].sum() == 30 * 20
    assert instances.masks[0, :20, :30].all()
    np.testing.assert_array_equal(instances.masks[1].all(axis=0), np.arange(60) >= 30)


def assert_same_truth(coco_root: Path, refer_root: Path) -> int:
    """Every expression of the json means the same pixels of the same picture in both layouts; returns how many."""
    index = json.loads(next(coco_root.glob("*.json")).read_text())
    refer = {
        s.sentence_id: (image.image_id, s, image)
        for image in open_dataset(refer_root).images()
        for s in image.sentences
    }
    number_of = {str(each["id"]): str(number) for number, each in enumerate(index["expressions"])}
    compared = 0
    for image in open_dataset(coco_root).images():
        frame, instances = image.read()
        for sentence in image.sentences:
            image_id, twin, twin_image = refer[number_of[sentence.sentence_id]]
            twin_frame, twin_instances = twin_image.read()
            assert (image_id, twin.text) == (image.image_id, sentence.text)
            np.testing.assert_array_equal(frame.rgb, twin_frame.rgb)
            np.testing.assert_array_equal(instances.union(sentence.target_ids), twin_instances.union(twin.target_ids))
            np.testing.assert_array_equal(instances.masks, twin_instances.masks)
            compared += 1
    assert compared == len(refer)
    return compared


def test_toy_set_means_the_same_in_both_layouts(tmp_path: Path, refer_root: Path) -> None:
    assert assert_same_truth(tmp_path / "toy", refer_root) == 4


@pytest.mark.skipif(not REAL_PHOTOS.is_dir(), reason="the real photos are not on this machine")
def test_real_photos_mean_the_same_in_both_layouts(tmp_path: Path, refer_maker) -> None:
    assert assert_same_truth(REAL_PHOTOS, refer_maker.make_refer_set(tmp_path / "photos")) == 39


def test_repeated_set_repeats_images_under_new_ids(tmp_path: Path, toy_set, refer_maker) -> None:
    root = refer_maker.make_refer_set(tmp_path / "refer", toy_set.write(tmp_path / "toy"), repeat=10)
    images = list(open_dataset(root).images())
    assert [len(image.sentences) for image in images] == [3, 1, 3, 1, 2]
    assert len({image.image_id for image in images}) == 5
    first, again = images[0].read()[1], images[2].read()[1]
    np.testing.assert_array_equal(first.masks, again.masks)
    assert not set(first.ids) & set(again.ids)


# --- selection ---------------------------------------------------------------------------------------------------


def test_a_partial_selection_is_enough_where_it_fits_one(refer_root: Path) -> None:
    refs = read_refs(refer_root)
    write_refs(refer_root, refs, Path("refcoco", "refs(google).p"))
    write_refs(refer_root, refs, Path("refcoco+", "refs(unc).p"))
    (refer_root / "refcoco+" / "instances.json").write_bytes((refer_root / INSTANCES).read_bytes())
    assert open_dataset(refer_root, DatasetSelection("refcoco+")).name == "refcoco+_unc_val"
    assert open_dataset(refer_root, DatasetSelection(split_by="google")).name == "refcoco_google_val"
    for selection in (None, DatasetSelection("refcoco"), DatasetSelection(split_by="unc")):
        with pytest.raises(
            DatasetError, match=r"refcoco split by google, refcoco split by unc, refcoco\+ split by unc"
        ):
            open_dataset(refer_root, selection)
    with pytest.raises(DatasetError, match="refcocog split by umd fits none"):
        open_dataset(refer_root, DatasetSelection("refcocog", "umd"))


def test_splits_are_those_of_the_refs(refer_root: Path) -> None:
    refs = read_refs(refer_root)
    refs[1]["split"], refs[2]["split"] = "testA", "train"
    write_refs(refer_root, refs)
    assert open_dataset(refer_root, DatasetSelection(split="testA")).sentence_count == 1
    dataset = open_dataset(refer_root, DatasetSelection(split="train"))
    assert [image.image_id for image in dataset.images()] == ["2"]
    for split in (None, "testB"):
        with pytest.raises(DatasetError, match=r"val \(1 refs\), testA \(1 refs\), train \(1 refs\)"):
            open_dataset(refer_root, DatasetSelection(split=split))


def test_a_coco_style_set_has_nothing_to_select(tmp_path: Path, toy_set) -> None:
    with pytest.raises(DatasetError, match="one whole"):
        open_dataset(toy_set.write(tmp_path / "toy"), DatasetSelection(split="val"))


# --- annotations -------------------------------------------------------------------------------------------------


def test_crowd_regions_are_no_instances_unless_meant(refer_root: Path) -> None:
    content = read_instances(refer_root)
    for number in (0, 2):  # a ref means 0, none means 2
        content["annotations"][number]["iscrowd"] = 1
    write_instances(refer_root, content)
    assert next(open_dataset(refer_root).images()).read()[1].ids == ("0", "1")


def test_annotations_that_enclose_nothing(refer_root: Path) -> None:
    content = read_instances(refer_root)
    content["annotations"][2]["segmentation"] = [[0, 0, 3, 3]]
    write_instances(refer_root, content)
    dataset = open_dataset(refer_root)
    assert next(dataset.images()).read()[1].ids == ("0", "1")
    assert dataset.warnings[-1].startswith("1 annotations that enclose nothing")
    content["annotations"][0]["segmentation"] = [[0, 0, 3, 3]]
    write_instances(refer_root, content)
    with pytest.raises(DatasetError, match="annotation 0 encloses nothing, but a ref means it"):
        open_dataset(refer_root)


def test_opening_reads_no_picture_and_keeps_no_other_annotations(refer_root: Path) -> None:
    content = read_instances(refer_root)
    for each in (refer_root / "images").rglob("*.png"):
        each.unlink()
    open_dataset(refer_root)  # so that imports are not counted below
    outline = [[float(number) + 0.25 for number in range(60)]]
    content["annotations"] += [
        {"id": number, "image_id": 77, "segmentation": outline, "iscrowd": 0, "bbox": [1, 2, 3, 4]}
        for number in range(10_000, 20_000)
    ]
    write_instances(refer_root, content)
    size = (refer_root / INSTANCES).stat().st_size
    tracemalloc.start()
    try:
        dataset = open_dataset(refer_root)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < size / 50
    assert peak < 3 * size  # bytes and text of the file; its numbers as Python objects would be 5 times its size
    with pytest.raises(DatasetError, match=r"COCO_train2014_1\.png is missing"):
        next(dataset.images()).read()


def _no_pictures(root: Path) -> str:
    (root / "images").rename(root / "elsewhere")
    return "train2014 is missing"


def _missing_annotation(root: Path) -> str:
    content = read_instances(root)
    del content["annotations"][1]
    write_instances(root, content)
    return "no annotation 1 of image 1"


def _missing_image(root: Path) -> str:
    content = read_instances(root)
    del content["images"][1]
    write_instances(root, content)
    return "does not list image 2"


def _image_without_height(root: Path) -> str:
    content = read_instances(root)
    del content["images"][1]["height"]
    write_instances(root, content)
    return "'height'"


def _damaged_instances(root: Path) -> str:
    (root / INSTANCES).write_text('{"images": [')
    return "instances.json cannot be read as json"


def _bottomless_instances(root: Path) -> str:
    (root / INSTANCES).write_text("[" * 100_000)
    return "instances.json cannot be read as json"


def _instances_are_a_list(root: Path) -> str:
    write_instances(root, [])
    return "no object of images"


def _no_instances(root: Path) -> str:
    (root / INSTANCES).unlink()
    return "instances.json cannot be read"


def _sentence_twice(root: Path) -> str:
    refs = read_refs(root)
    refs[1]["sentences"][0]["sent_id"] = refs[0]["sentences"][0]["sent_id"]
    write_refs(root, refs)
    return "sentence 0 twice"


def _ref_without_annotation(root: Path) -> str:
    refs = read_refs(root)
    del refs[1]["ann_id"]
    write_refs(root, refs)
    return "no list of refs.*ann_id"


def _refs_are_a_number(root: Path) -> str:
    write_refs(root, 7)
    return "no list of refs"


@pytest.mark.parametrize(
    "spoil",
    [
        _no_pictures,
        _missing_annotation,
        _missing_image,
        _image_without_height,
        _damaged_instances,
        _bottomless_instances,
        _instances_are_a_list,
        _no_instances,
        _sentence_twice,
        _ref_without_annotation,
        _refs_are_a_number,
    ],
    ids=lambda spoil: spoil.__name__,
)
def test_a_spoilt_set_is_refused_when_it_is_opened(refer_root: Path, spoil) -> None:
    message = spoil(refer_root)
    with pytest.raises(DatasetError, match=message):
        open_dataset(refer_root)


# --- counts ------------------------------------------------------------------------------------------------------


def test_published_counts_are_compared() -> None:
    selection = DatasetSelection("refcoco+", "unc", "testB", "sent")
    assert compare_counts(selection, SplitCounts(750, 1798, 4889)) == ()
    assert "refs 1797 instead of 1798" in compare_counts(selection, SplitCounts(750, 1797, 4889))[0]
    assert compare_counts(DatasetSelection("refcocog", "umd", "val"), SplitCounts(1, 1, 1)) == ()
    refer = [each for (dataset, _, _), each in EXPECTED_COUNTS.items() if dataset.startswith("refcoco")]
    # Totals of method.md's table, both datasets together.
    assert sum(each.images for each in refer) == 6000
    assert sum(each.refs or 0 for each in refer) == 3811 + 1975 + 1810 + 3805 + 1975 + 1798
    assert sum(each.sentences for each in refer) == 10_834 + 5657 + 5095 + 10_758 + 5726 + 4889
