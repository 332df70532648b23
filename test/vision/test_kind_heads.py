# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The heads with their real weights: on the demo's recording and on photos, none of which they were trained on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from tas_ros.demo.recording import BAG, View, load_views
from tas_ros.errors import ModelError
from tas_ros.evaluation.datasets import open_dataset
from tas_ros.vision.encoders.class_names import CLASS_COUNT, known_classes, photo_classes, tabletop_classes, vocabulary
from tas_ros.vision.encoders.kind_head import TABLETOP_HEAD, load_tabletop_head
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.weights import PackagedWeights, own_weights
from training.fit_objectness import area_under_curve

REAL_PHOTOS = Path(__file__).parents[2].parent / "shared" / "eval" / "real_photos"
TABLETOP_KINDS = [kind.names[0] for kind in tabletop_classes()]
KINDS = TABLETOP_KINDS + [kind.names[0] for kind in photo_classes()]
ACCEPTED = {
    "cube": {"cube", "box"},
    "mug": {"mug", "cup"},
    "duck": {"duck"},
    "ball": {"ball", "soccer ball"},
    "bear": {"teddy bear"},
    "bunny": {"rabbit"},
    "brick": {"lego brick"},
    "can": {"can"},
    "bottle": {"bottle"},
    "bread": {"bread"},
    "box": {"cereal box", "box"},
    "cylinder": {"cylinder", "can"},
}
"""Kinds that rightly name an object of the recording, by the last word of its name there."""


@pytest.fixture(scope="module")
def rendered_views() -> list[View]:
    """The recording's frames."""
    if not BAG.is_dir():
        pytest.skip("the demo's recording is not in this checkout")
    return [view for view in load_views() if view.viewpoint != "photo"]


def _kind_probabilities(encoder, rgb: NDArray[np.uint8], masks: NDArray[np.bool_]) -> NDArray[np.float32]:
    """(N, K) mean over the views."""
    given = Proposals(masks, np.ones(len(masks), np.float32))
    return encoder.class_probabilities(rgb, given).mean(axis=0)[:, CLASS_COUNT:]


def test_the_tables_of_kinds_are_sound() -> None:
    for kinds in (tabletop_classes(), photo_classes()):
        names = [kind.names[0] for kind in kinds]
        assert len(set(names)) == len(names)
        assert all(word == word.strip() and word for kind in kinds for word in kind.names + kind.common_nouns)
    assert known_classes()[CLASS_COUNT:] == tabletop_classes() + photo_classes()
    assert {"cube", "block", "box", "duck", "can", "lego brick", "bunny", "person", "man"} <= set(vocabulary())


def test_things_of_the_recording_are_named(encoder, rendered_views) -> None:
    right, wrong = 0, []
    for view in rendered_views:
        masks = np.stack([view.labels == number for number in view.names.values()])
        best = _kind_probabilities(encoder, view.rgb, masks).argmax(axis=1)
        for name, kind in zip(view.names, best, strict=True):
            if KINDS[kind] in ACCEPTED[name.split()[-1]]:
                right += 1
            else:
                wrong.append((view.scene, name, KINDS[kind]))
    assert right >= 0.85 * (right + len(wrong)), wrong


def test_a_cube_is_a_cube_in_words_too(encoder, rendered_views) -> None:
    nouns = ["mug", "cube", "duck", "ball", "bottle", "laptop", "banana", "face powder", "band aid"]
    texts = encoder.encode_texts(nouns)
    for view in rendered_views:
        for name, number in view.names.items():
            noun = name.split()[-1]
            if noun in ("cube", "duck"):
                given = Proposals((view.labels == number)[None], np.ones(1, np.float32))
                feature = encoder.encode_regions(view.rgb, given).mean(axis=0)[0]
                assert nouns[int((texts @ feature).argmax())] == noun, (view.scene, view.viewpoint, name)


@pytest.mark.parametrize("picture", ["chelsea", "rocket"])
def test_pieces_of_a_real_photo_get_no_kind(encoder, picture: str) -> None:
    rgb = getattr(data, picture)()
    height, width = rgb.shape[:2]
    random = np.random.default_rng(0)
    masks = np.zeros((24, height, width), np.bool_)
    for mask in masks:
        y, x = random.integers(0, height - 40), random.integers(0, width - 40)
        mask[y : y + random.integers(40, height // 2), x : x + random.integers(40, width // 2)] = True
    named = _kind_probabilities(encoder, rgb, masks).sum(axis=1)
    assert (named < 0.5).mean() >= 0.9, named
    assert named.mean() < 0.2


def test_a_person_is_a_person_in_words(encoder) -> None:
    outline = [(150, 60), (225, 5), (290, 60), (300, 150), (390, 210), (440, 330), (440, 511), (20, 511), (30, 330),
               (70, 220), (160, 180)]  # fmt: skip
    rgb = data.astronaut()
    mask = cv2.fillPoly(np.zeros(rgb.shape[:2], np.uint8), [np.array(outline, np.int32)], 1).astype(bool)
    nouns = ["person", "dog", "cup", "car", "flag", "book", "space shuttle", "chair", "teddy bear"]
    feature = encoder.encode_regions(rgb, Proposals(mask[None], np.ones(1, np.float32))).mean(axis=0)[0]
    assert nouns[int((encoder.encode_texts(nouns) @ feature).argmax())] == "person"
    man, dog = encoder.encode_texts(["man", "dog"]) @ feature
    assert man > dog


@pytest.mark.skipif(not REAL_PHOTOS.is_dir(), reason="the real photos of ../shared are not here")
def test_persons_stand_out_among_the_things_of_real_photos(encoder) -> None:
    person = encoder.encode_texts(["person"])[0]
    annotations = json.loads((REAL_PHOTOS / "refer_eval.json").read_text("utf-8"))["annotations"]
    kinds = {str(each["id"]): each["category"] for each in annotations}
    likeness, is_person = [], []
    for image in open_dataset(REAL_PHOTOS).images():
        frame, instances = image.read()
        seen = instances.masks.any(axis=(1, 2))
        regions = encoder.encode_regions(frame.rgb, instances.as_proposals()).mean(axis=0)
        likeness += list(regions @ person)
        is_person += [kinds[name] == "person" for name, shown in zip(instances.ids, seen, strict=True) if shown]
    assert area_under_curve(np.array(likeness), np.array(is_person)) > 0.9


def _without_right_part(masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Each mask's left half of its box."""
    halves = masks.copy()
    for half in halves:
        columns = np.flatnonzero(half.any(axis=0))
        half[:, columns[len(columns) // 2] :] = False
    return halves


def _whole_against_half(encoder, pictures) -> float:
    """Area under the curve of telling the masks of (rgb, masks) from their halves by their look."""
    looks, whole = [], []
    for rgb, masks in pictures:
        both = np.concatenate([masks, _without_right_part(masks)])
        looks += list(encoder.judge_regions(rgb, Proposals(both, np.ones(len(both), np.float32)))[1])
        whole += [True] * len(masks) + [False] * len(masks)
    return area_under_curve(np.array(looks), np.array(whole))


def test_a_whole_thing_looks_more_like_one_than_its_half(encoder, rendered_views) -> None:
    pictures = [(v.rgb, np.stack([v.labels == number for number in v.names.values()])) for v in rendered_views]
    assert _whole_against_half(encoder, pictures) > 0.8


@pytest.mark.skipif(not REAL_PHOTOS.is_dir(), reason="the real photos of ../shared are not here")
def test_whole_things_of_real_photos_look_more_like_one_than_their_halves(encoder) -> None:
    read = [image.read() for image in open_dataset(REAL_PHOTOS).images()]
    masks = [instances.masks[instances.masks.sum(axis=(1, 2)) > 1000] for _, instances in read]
    pictures = [(frame.rgb, large) for (frame, _), large in zip(read, masks, strict=True) if len(large)]
    assert _whole_against_half(encoder, pictures) > 0.6


def test_what_is_judged_is_encoded_as_ever(encoder) -> None:
    rgb = data.astronaut()
    masks = np.zeros((2, *rgb.shape[:2]), np.bool_)
    masks[0, 100:300, 100:300] = masks[1, 200:400, 50:250] = True
    proposals = Proposals(masks, np.ones(2, np.float32))
    features, looks = encoder.judge_regions(rgb, proposals)
    np.testing.assert_array_equal(features, encoder.encode_regions(rgb, proposals))
    assert looks.shape == (2,)


@pytest.fixture
def copied_head(tmp_path, monkeypatch):
    """A package of another name that holds a copy of the head."""
    folder = tmp_path / "copied_head_package"
    folder.mkdir()
    (folder / "__init__.py").touch()
    own = own_weights(TABLETOP_HEAD)
    shutil.copy(own.verified(), folder / "head.npz")
    monkeypatch.syspath_prepend(str(tmp_path))
    return PackagedWeights(folder.name, "head.npz", own.sha256, "."), folder / "head.npz"


def test_an_altered_head_is_refused(copied_head) -> None:
    weights, path = copied_head
    load_tabletop_head(weights)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"head\.npz are altered"):
        load_tabletop_head(weights)


def test_a_head_of_other_kinds_is_refused(copied_head) -> None:
    import hashlib

    weights, path = copied_head
    np.savez(path, weight=np.zeros((3, 2560), np.float16), bias=np.zeros(3, np.float16))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(ModelError, match=rf"must tell {len(TABLETOP_KINDS)} kinds; train it anew"):
        load_tabletop_head(PackagedWeights(weights.package, weights.file, digest, "."))
