# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""ConSE with its real weights."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from tas_ros.vision.encoders.class_names import imagenet_classes, vocabulary
from tas_ros.vision.encoders.efficientnet import ImageNetClassifier
from tas_ros.vision.proposals import Proposals


def _whole(rgb: np.ndarray, count: int = 1) -> Proposals:
    return Proposals(np.ones((count, *rgb.shape[:2]), np.bool_), np.ones(count, np.float32))


def test_vocabulary_names_every_class() -> None:
    classes = imagenet_classes()
    assert len(classes) == 1000
    assert all(name == name.strip() and name for each in classes for name in each.names + each.common_nouns)
    assert classes[504].names[0] == "coffee mug" and "mug" in classes[504].common_nouns
    assert "dog" in classes[207].common_nouns and "dog" not in classes[281].common_nouns
    assert len(vocabulary()) == len(set(vocabulary()))


@pytest.mark.parametrize(("picture", "names"), [("coffee", {"espresso"}), ("chelsea", {"egyptian cat", "tabby"})])
def test_the_classifier_knows_plain_photos(picture: str, names: set[str]) -> None:
    import cv2

    rgb = getattr(data, picture)()
    side = min(rgb.shape[:2])
    left = (rgb.shape[1] - side) // 2
    crop = cv2.resize(rgb[:side, left : left + side], (260, 260))
    best = int(ImageNetClassifier().logits(crop[None])[0].argmax())
    assert names & set(imagenet_classes()[best].names)


@pytest.mark.parametrize(("picture", "name"), [("coffee", "cup"), ("chelsea", "cat")])
def test_regions_are_named(encoder, picture: str, name: str) -> None:
    rgb = getattr(data, picture)()
    names = ["cup", "cat", "dog", "car", "laptop", "banana", "chair", "bottle"]
    features = encoder.encode_regions(rgb, _whole(rgb)).mean(axis=0)[0]
    assert names[int((encoder.encode_texts(names) @ features).argmax())] == name
    assert names[int((encoder.encode_texts(names) @ encoder.encode_crops([rgb])[0]).argmax())] == name


def test_features_are_unit_rows_and_the_same_each_time(encoder) -> None:
    rgb = data.coffee()
    masks = np.zeros((3, *rgb.shape[:2]), np.bool_)
    masks[0, 100:300, 150:420] = masks[1, 5, 7] = masks[2, -1, -1] = True  # two of one pixel
    proposals = Proposals(masks, np.ones(3, np.float32))
    first, second = encoder.encode_regions(rgb, proposals), encoder.encode_regions(rgb, proposals)
    assert first.shape == (2, 3, 384) and first.dtype == np.float32
    assert np.allclose(np.linalg.norm(first, axis=2), 1, atol=1e-4)
    assert np.array_equal(first, second)
    probabilities = encoder.class_probabilities(rgb, proposals)
    assert probabilities.shape[:2] == (2, 3) and probabilities.shape[2] >= 1000
    assert np.allclose(probabilities.sum(axis=2), 1, atol=1e-4)


@pytest.mark.parametrize("shape", [(8, 8), (1, 1), (5, 300)])
def test_tiny_images(encoder, shape) -> None:
    rgb = np.full((*shape, 3), 90, np.uint8)
    assert np.isfinite(encoder.encode_regions(rgb, _whole(rgb))).all()
    assert np.isfinite(encoder.encode_crops([rgb])).all()


def test_nothing_to_encode(encoder) -> None:
    rgb = data.coffee()
    assert encoder.encode_regions(rgb, _whole(rgb, 0)).shape == (2, 0, 384)
    assert encoder.encode_texts([]).shape == (0, 384)


def test_texts_are_unit_rows_kept_and_independent_of_their_company(encoder) -> None:
    alone = encoder.encode_texts(["a red mug"])
    together = encoder.encode_texts(["a red mug", "the blue teapot left of the laptop", "a red mug"])
    assert alone.dtype == np.float32 and np.linalg.norm(alone[0]) == pytest.approx(1, abs=1e-4)
    assert np.array_equal(together[0], together[2])
    assert np.allclose(alone[0], together[0], atol=1e-4)


def test_the_text_cache_is_bounded() -> None:
    from tas_ros.vision.encoders.conse import ConseEncoder

    small = ConseEncoder(cached_texts=3)
    texts = [f"mug number {i}" for i in range(10)]
    assert np.allclose(small.encode_texts(texts), small.encode_texts(texts), atol=1e-4)
    assert len(small._texts) == 3
