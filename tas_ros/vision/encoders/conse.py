# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""ConSE (Norouzi et al. 2013): a region lies where the names of the classes it looks like lie in a text space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import logsumexp

from tas_ros.vision.encoders.class_names import CLASS_COUNT, known_classes, vocabulary
from tas_ros.vision.encoders.conse_views import RegionViews, ViewRule
from tas_ros.vision.encoders.efficientnet import ImageNetClassifier
from tas_ros.vision.encoders.kind_head import load_photo_head, load_tabletop_head, load_thing_head
from tas_ros.vision.encoders.minilm import MiniLm
from tas_ros.vision.encoders.text_cache import TextCache
from tas_ros.vision.encoders.vocabulary_table import vocabulary_embeddings
from tas_ros.vision.proposals import Proposals


class ConseEncoder:
    """Zero-shot image and text encoder out of an ImageNet classifier and a sentence encoder.

    Two views of a region (V = 2): its crop with the background faded, which shows its shape, and its part of one
    pass over the whole image, which knows its surroundings. On 171 annotated objects of 17 photos the two named
    .51 rightly among 80 names, a plain and a faded crop .47, either alone .38 to .44.

    crop_size: side of the square crops in pixels (160: .38 for the crop alone; 128 .36; 224 .42 at 2.2 times the time).
    dense_long_side: the image is scaled to this long side for the dense view.
    crop_margin: side of the crop over the long side of the region's box.
    temperature: of the softmax over classes; below 1 sharpens.
    common_noun_weight: weight of a class's common nouns ("mug") against its own names ("coffee mug").
    cached_texts: how many recent texts are kept.

    Raises ModelError when weights are missing or altered.
    """

    def __init__(
        self,
        crop_size: int = 160,
        dense_long_side: int = 640,
        crop_margin: float = 1.1,
        temperature: float = 1.0,
        common_noun_weight: float = 1.0,
        cached_texts: int = 4096,
    ) -> None:
        self._classifier = ImageNetClassifier()
        self._sentences = MiniLm()
        self._views = RegionViews(self._classifier, ViewRule(crop_size, crop_margin, dense_long_side))
        self._heads = (load_tabletop_head(), load_photo_head())
        self._things = load_thing_head()
        self._temperature = temperature
        self._texts = TextCache(self._embed_texts, MiniLm.dimension, cached_texts)
        words = vocabulary()
        sentences = vocabulary_embeddings(words, self._sentences)
        self._centre, self._class_embeddings = _embed_classes(
            dict(zip(words, sentences, strict=True)), common_noun_weight
        )
        self._texts.remember(words, self._centred(sentences))  # what captions are made of

    def encode_regions(self, rgb: NDArray[np.uint8], proposals: Proposals) -> NDArray[np.float32]:
        """(2, N, 384) float32 L2-normalised: the isolated and the in-context view of each region."""
        return self.judge_regions(rgb, proposals)[0]

    def judge_regions(
        self, rgb: NDArray[np.uint8], proposals: Proposals
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """encode_regions, and (N,) float32 how far each region looks like one whole thing: log-odds up to what its
        outline tells.
        """
        features = self._views.features(rgb, proposals)
        embedded = np.stack([self._embed(view) for view in self._probabilities(features)])
        return embedded, self._things.logits(features)[:, 0]

    def class_probabilities(self, rgb: NDArray[np.uint8], proposals: Proposals) -> NDArray[np.float32]:
        """(2, N, 1000 + K) float32 of ImageNet's classes and the heads' K kinds in both views; rows sum to 1."""
        return self._probabilities(self._views.features(rgb, proposals))

    def _probabilities(self, features: torch.Tensor) -> NDArray[np.float32]:
        kinds = np.concatenate([head.logits(features) for head in self._heads], axis=1)
        views = [_joined(self._classifier.classify_features(view), kinds) for view in features]
        return _softmax(np.asarray(np.stack(views) / self._temperature, np.float32))

    def pooled_features(self, rgb: NDArray[np.uint8], proposals: Proposals) -> NDArray[np.float32]:
        """(2, N, 1280) float32 of both views: what the heads are trained on."""
        return np.asarray(self._views.features(rgb, proposals).numpy(), np.float32)

    def encode_crops(self, crops: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """(N, 384) float32 L2-normalised of pictures cut by a preset, out of ImageNet's classes alone: the heads
        know only the two views that they were trained on.
        """
        logits = self._classifier.classify_features(self._views.picture_features(crops))
        probabilities = _softmax(logits / self._temperature)
        return _unit(probabilities @ self._class_embeddings[:CLASS_COUNT])

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(T, 384) float32 L2-normalised; case does not matter. Recent texts are remembered."""
        return self._texts.features(texts)

    def _embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._centred(self._sentences.encode(texts))

    def _centred(self, sentences: NDArray[np.float32]) -> NDArray[np.float32]:
        return _unit(sentences - self._centre)

    def _embed(self, probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, 1000 + K) probabilities to (N, 384) expected class embeddings, L2-normalised."""
        return _unit(probabilities @ self._class_embeddings)


def _embed_classes(
    known: Mapping[str, NDArray[np.float32]], noun_weight: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Centre (384,) of the ImageNet names and (1000 + K, 384) centred unit embeddings of the classes, out of the
    sentence embeddings of all their names and nouns.
    """
    rows = []
    for each in known_classes():
        row = np.mean([known[name] for name in each.names], axis=0)
        if each.common_nouns:
            row = row + noun_weight * np.mean([known[noun] for noun in each.common_nouns], axis=0)
        rows.append(row)
    embeddings = _unit(np.stack(rows))
    # All short nouns share a direction in this space: without it taken out, some names are near to everything.
    centre = embeddings[:CLASS_COUNT].mean(axis=0)
    return centre, _unit(embeddings - centre)


def _joined(general: NDArray[np.float32], kinds: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, 1000 + K) logits in which the odds of any head's kind against all of ImageNet are squared.

    One kind pulls a region's place harder than the same probability spread over many classes does, so a kind that is
    improbable must hardly count.
    """
    if not len(general):
        return np.concatenate([general, kinds], axis=1)
    log_odds = logsumexp(kinds, axis=1, keepdims=True) - logsumexp(general, axis=1, keepdims=True)
    return np.concatenate([general, kinds + log_odds], axis=1)


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True), np.float32)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), np.float32)
