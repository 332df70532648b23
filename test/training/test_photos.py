# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the photo head is trained on, and how a head is fitted: photos in COCO's layout, made here."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tas_ros.vision.encoders.class_names import photo_classes, tabletop_classes
from tas_ros.vision.encoders.efficientnet import FEATURES
from training import train_thing_head
from training.coco_photos import CROWD, SOURCES, learnt_photos, photo_thing_regions, read_photos
from training.examples import Examples
from training.fit_head import fit_head, probabilities
from training.regions import NO_KIND
from training.train_photo_head import right_on_tables


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """One photo: a dark person of 80 x 60 pixels with a bright tie on it, and a crowd in the corner."""
    rgb = np.full((200, 300, 3), 128, np.uint8)
    rgb[60:140, 40:100] = 20
    rgb[90:120, 60:75] = 240
    (tmp_path / "images").mkdir()
    cv2.imwrite(str(tmp_path / "images" / "000000000007.jpg"), rgb)

    def box(x0: int, y0: int, x1: int, y1: int) -> list[list[float]]:
        return [[x0, y0, x1, y0, x1, y1, x0, y1]]

    crowd = np.zeros((200, 300), np.uint8)
    crowd[:50, 250:] = 1
    runs = np.diff(np.flatnonzero(np.diff(np.concatenate([[2], crowd.ravel("F"), [2]]))))
    annotations = [
        {"image_id": 7, "category_id": 2, "iscrowd": 0, "segmentation": box(60, 90, 75, 120)},
        {"image_id": 7, "category_id": 1, "iscrowd": 0, "segmentation": box(40, 60, 100, 140)},
        {"image_id": 7, "category_id": 1, "iscrowd": 1, "segmentation": {"size": [200, 300], "counts": runs.tolist()}},
    ]
    content = {
        "images": [{"id": 7, "file_name": "000000000007.jpg"}, {"id": 8, "file_name": "000000000008.jpg"}],
        "categories": [{"id": 1, "name": "person"}, {"id": 2, "name": "tie"}],
        "annotations": annotations,
    }
    (tmp_path / "instances_val.json").write_text(json.dumps(content), "utf-8")
    return tmp_path


def test_a_photo_keeps_small_things_on_large_ones_and_its_crowds_apart(photos: Path) -> None:
    (photo,) = read_photos(photos, {7})
    assert photo.kinds == ("person", "tie")
    assert photo.labels[70, 50] == 1
    assert photo.labels[100, 65] == 2
    assert photo.labels[10, 280] == CROWD
    assert photo.labels[150, 200] == 0


def test_a_missing_photo_is_named(photos: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"lacks 2 photos of photo_sources\.tsv.*\[8, 9\]"):
        list(read_photos(photos, {7, 8, 9}))


def test_things_teach_their_kind_and_background_none(photos: Path) -> None:
    (photo,) = read_photos(photos, {7})
    found = photo_thing_regions(photo, {"person": 0}, np.random.default_rng(1))
    of_person = [mask for mask, kind in zip(found.masks, found.kinds, strict=True) if kind == 0]
    assert len(of_person) == 1
    assert 0.6 < np.count_nonzero(of_person[0]) / (80 * 60 - 30 * 15) < 1.5
    assert found.kinds.count(NO_KIND) >= 3


def test_every_photo_learnt_from_has_a_licence_that_allows_it() -> None:
    rows = [line.split("\t") for line in SOURCES.read_text("utf-8").splitlines()[1:]]
    assert len(rows) == len(learnt_photos())
    assert {row[1] for row in rows} <= {"CC BY 2.0", "no known copyright restrictions"}
    assert all(row[2].startswith("http") for row in rows)


def test_a_rendered_bottle_may_be_a_bottle_but_no_person() -> None:
    bottle = [kind.names[0] for kind in tabletop_classes()].index("bottle")
    kinds = [kind.names[0] for kind in photo_classes()]
    right = right_on_tables(np.array([bottle, NO_KIND]))
    assert right[:, 0].all()
    assert right[:, 1 + kinds.index("bottle")].tolist() == [True, False]
    assert right[:, 1 + kinds.index("dining table")].tolist() == [False, True]
    assert not right[:, 1 + kinds.index("person")].any()


def test_a_head_learns_its_kinds_and_leaves_the_rest() -> None:
    random = np.random.default_rng(0)
    kinds = np.repeat([NO_KIND, 0, 1], 40)
    features = random.normal(0.0, 0.3, (2, len(kinds), FEATURES)).astype(np.float32)
    features[:, kinds == 0, 0] += 3.0
    features[:, kinds == 1, 1] += 3.0
    weights = np.ones(len(kinds), np.float32)
    examples = Examples(features, np.full((2, len(kinds)), 5.0, np.float32), kinds, weights)
    weight, bias = fit_head(examples, np.arange(NO_KIND, 2) == kinds[:, None], ridge=1e-3)
    assert weight.shape == (2, 2 * FEATURES)
    assert ((probabilities(examples, weight, bias).argmax(axis=1) - 1) == kinds).mean() > 0.95


def test_the_thing_head_learns_from_look_and_outline_together() -> None:
    """Half of the things are told by a feature, half by the first outline feature."""
    random = np.random.default_rng(0)
    things = np.arange(400) % 2 == 1
    features = random.normal(0.0, 0.3, (400, 2 * FEATURES)).astype(np.float32)
    outlines = random.normal(0.0, 0.1, (400, 3)).astype(np.float32)
    features[things & (np.arange(400) < 200), 7] += 6.0
    outlines[things & (np.arange(400) >= 200), 0] -= 2.0
    masks = train_thing_head.Masks(features, outlines, things)
    appearance, outline = train_thing_head.fit([masks], [1.0])
    assert outline[1] < 0
    logits = features @ appearance + outlines @ outline[1:] + outline[0]
    assert ((logits > 0) == things).mean() > 0.95
