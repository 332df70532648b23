# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Reading a benchmark folder, made by hand: pixels, depth, camera, poses, masks, sentences; what a broken one says."""

import json
from dataclasses import asdict

import cv2
import numpy as np
import pytest

pytest.importorskip("pycocotools")

from simulation.tabletop.labelling import label, label_anew
from simulation.tabletop.masks import encode_mask
from simulation.tabletop.observation import Observation
from tas_ros.errors import DatasetError
from tas_ros.evaluation.datasets import DatasetSelection, open_dataset
from tas_ros.evaluation.tabletop_set import FORMAT, INDEX, TabletopDataset, read_labels


@pytest.fixture(scope="module")
def made(tables, tmp_path_factory):
    """A folder of one picture, what it was made from, and its index."""
    root = tmp_path_factory.mktemp("tabletop")
    observation = tables.observe(tables.random_puts(np.random.default_rng(4)), "looks_back", 45.0)
    depth, labels = tables.picture_of(observation)
    depth[:10] = np.nan
    for folder in ("rgb", "depth"):
        (root / folder).mkdir()
    cv2.imwrite(str(root / "rgb" / "00003_0.png"), np.stack([labels * 20, labels * 0, labels * 10], axis=-1))
    millimetres = np.nan_to_num(depth * 1000).round().astype(np.uint16)
    cv2.imwrite(str(root / "depth" / "00003_0.png"), millimetres)
    record = {
        "id": "00003_0",
        "seed": 3,
        "family": "looks_back",
        "roll": 45.0,
        "width": 640,
        "height": 480,
        "intrinsics": asdict(observation.intrinsics),
        "robot_from_camera": observation.robot_from_camera.tolist(),
        "speaker_from_camera": observation.speaker_from_camera.tolist(),
        "things": [
            asdict(thing) | {"segmentation": encode_mask(labels == i + 1)} for i, thing in enumerate(observation.things)
        ],
    }
    stored = (millimetres / np.float32(1000)).astype(np.float32)
    stored[millimetres == 0] = np.nan
    record |= label("00003_0", observation, stored, labels)
    index = {"format": FORMAT, "split": "tune", "seeds": [3, 3], "images": [record]}
    (root / INDEX).write_text(json.dumps(index))
    return root, observation, depth, labels, index


def test_everything_stored_comes_back(made):
    root, observation, depth, labels, index = made
    dataset = open_dataset(root)
    assert isinstance(dataset, TabletopDataset)
    assert (dataset.name, dataset.sentence_count) == ("tabletop tune", len(index["images"][0]["sentences"]))
    (image,) = dataset.images()
    frame, instances = image.read()
    np.testing.assert_array_equal(frame.rgb[..., 0], labels * 10)
    np.testing.assert_allclose(frame.depth, depth, atol=6e-4)
    assert np.isnan(frame.depth[:10]).all()
    assert frame.intrinsics == observation.intrinsics
    np.testing.assert_array_equal(frame.robot_from_camera, observation.robot_from_camera)
    np.testing.assert_array_equal(frame.speaker_from_camera, observation.speaker_from_camera)
    assert instances.ids == tuple(thing.id for thing in observation.things)
    for i, mask in enumerate(instances.masks):
        np.testing.assert_array_equal(mask, labels == i + 1)
    again = Observation.from_record(image.record)
    assert again.things == observation.things


def test_sentences_carry_truth_and_groups(made):
    root, *_, index = made
    (image,) = TabletopDataset(root, DatasetSelection()).images()
    for sentence, record in zip(image.sentences, index["images"][0]["sentences"], strict=True):
        assert (sentence.text, sentence.expected) == (record["text"], record["expected"])
        assert sentence.tags[0] == record["kind"]
        assert {"family:looks_back", "rolled"} <= set(sentence.tags)
        assert bool(sentence.target_ids) == (sentence.expected == "FOUND")
        assert ("rgbd only" in sentence.tags) == record["rgbd_only"]
        # Where the words say whose left it is, a reader of words must find it: the perspective is not given away.
        assert sentence.perspective == ("" if record["says_perspective"] else record["perspective"])
    expected = {sentence.expected for sentence in image.sentences}
    assert expected == {"FOUND", "NOT_FOUND", "AMBIGUOUS"}


def test_colour_only_leaves_the_depth_out(made):
    (image,) = open_dataset(made[0], DatasetSelection(split="rgb")).images()
    frame, _ = image.read()
    assert frame.depth is None and frame.robot_from_camera is not None


def test_sentences_can_be_drawn_anew_from_what_is_stored(made):
    root, *_, index = made
    record = index["images"][0]
    stored = json.loads(json.dumps(record))
    assert label_anew(root, stored) == stored
    np.testing.assert_array_equal(read_labels(record), made[3])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda index: index.update(format="other"), "is not of format"),
        (lambda index: index["images"][0].pop("family"), "without the field 'family'"),
        (lambda index: index["images"][0].update(sentences=[]), "holds no sentences"),
    ],
)
def test_a_broken_index_is_named(made, tmp_path, damage, message):
    index = json.loads(json.dumps(made[-1]))
    damage(index)
    (tmp_path / INDEX).write_text(json.dumps(index))
    with pytest.raises(DatasetError, match=message):
        TabletopDataset(tmp_path, DatasetSelection())


def test_missing_pictures_and_odd_selections_are_named(made, tmp_path):
    (tmp_path / INDEX).write_text(json.dumps(made[-1]))
    (image,) = TabletopDataset(tmp_path, DatasetSelection()).images()
    with pytest.raises(DatasetError, match=r"rgb/00003_0\.png is missing"):
        image.read()
    with pytest.raises(DatasetError, match="split rgbd or rgb"):
        TabletopDataset(tmp_path, DatasetSelection(split="val"))


def test_masks_survive_their_encoding():
    from tas_ros.evaluation.coco_masks import rasterise

    random = np.random.default_rng(0)
    for mask in (random.random((7, 5)) > 0.5, np.ones((3, 4), bool), np.zeros((3, 4), bool)):
        np.testing.assert_array_equal(rasterise(encode_mask(mask), *mask.shape, source="test"), mask)
