# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Pooled features of labelled regions, the only thing the head ever sees of a picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from simulation.training_tables.render_tables import RenderedTable
from tas_ros.vision.encoders.class_names import tabletop_classes
from tas_ros.vision.encoders.conse_views import RegionViews, ViewRule
from tas_ros.vision.encoders.efficientnet import ImageNetClassifier
from tas_ros.vision.proposals import Proposals
from training.regions import LabelledRegions, photo_regions, table_regions

PHOTOS = (
    "astronaut.png", "motorcycle_left.png", "camera.png", "brick.png", "grass.png", "gravel.png",
    "coins.png", "hubble_deep_field.jpg", "retina.jpg", "ihc.png", "clock_motion.png",
)  # fmt: skip
"""Real photos in skimage.data, all CC0 or public domain."""
HELD_OUT_PHOTOS = ("chelsea.png", "rocket.jpg", "coffee.png")
"""The demo shows two of them."""


@dataclass(frozen=True, eq=False)
class Examples:
    """R regions in two views."""

    features: NDArray[np.float32]
    """(2, R, 1280) pooled."""
    general: NDArray[np.float32]
    """(2, R) log-sum-exp of the 1000 ImageNet logits: what a kind must beat."""
    kinds: NDArray[np.int64]
    """(R,) number of the kind, -1 where there is none."""
    weights: NDArray[np.float32]
    """(R,)."""

    def __add__(self, other: Examples) -> Examples:
        """Both, one after the other."""
        return Examples(
            np.concatenate([self.features, other.features], axis=1),
            np.concatenate([self.general, other.general], axis=1),
            np.concatenate([self.kinds, other.kinds]),
            np.concatenate([self.weights, other.weights]),
        )


def examples_of_tables(tables: Iterable[RenderedTable], altered: bool) -> Examples:
    """What rendered tables teach; altered: with their pictures and outlines changed at random, for training."""
    numbers = {kind.names[0]: i for i, kind in enumerate(tabletop_classes())}
    return describe(
        table_regions(table, numbers, np.random.default_rng([20260103, table.seed]), altered) for table in tables
    )


def examples_of_photos(names: Iterable[str], altered: bool, count: int = 60, rounds: int = 3) -> Examples:
    """What pieces of real photos teach: none of them is a kind."""
    return describe(_pieces(names, altered, count, rounds))


def examples_of_photo_parts(names: Iterable[str], count: int = 40, rounds: int = 6) -> Examples:
    """The same of parts of the photos, enlarged: few real photos are at hand, and many scales are needed."""
    return describe(_parts(names, count, rounds))


def _pieces(names: Iterable[str], altered: bool, count: int, rounds: int) -> Iterator[LabelledRegions]:
    for number, name in enumerate(names):
        rgb = _photo(name)
        for turn in range(rounds):
            yield photo_regions(rgb, np.random.default_rng([20260104, number, turn]), altered, count)


def _parts(names: Iterable[str], count: int, rounds: int) -> Iterator[LabelledRegions]:
    for number, name in enumerate(names):
        rgb = _photo(name)
        for turn in range(rounds):
            random = np.random.default_rng([20260106, number, turn])
            share = random.uniform(0.25, 0.8)
            height, width = (int(length * share) for length in rgb.shape[:2])
            top = int(random.integers(0, rgb.shape[0] - height + 1))
            left = int(random.integers(0, rgb.shape[1] - width + 1))
            factor = 640 / max(height, width) * float(random.uniform(0.6, 1.0))
            method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
            part = cv2.resize(
                rgb[top : top + height, left : left + width], None, fx=factor, fy=factor, interpolation=method
            )
            yield photo_regions(np.asarray(part, np.uint8), random, True, count)


def _photo(name: str) -> NDArray[np.uint8]:
    from skimage import data, io
    from skimage.color import gray2rgb

    picture = io.imread(f"{data.data_dir}/{name}")
    return np.asarray((gray2rgb(picture) if picture.ndim == 2 else picture)[..., :3], np.uint8)


def describe(pictures: Iterable[LabelledRegions]) -> Examples:
    """The regions of all pictures as the classifier sees them."""
    classifier = ImageNetClassifier()
    views = RegionViews(classifier, ViewRule())
    features, general, kinds, weights = [], [], [], []
    for regions in pictures:
        if not regions.masks:
            continue
        masks = np.stack(regions.masks)
        found = views.features(regions.rgb, Proposals(masks, np.ones(len(masks), np.float32)))
        logits = [torch.from_numpy(classifier.classify_features(view)) for view in found]
        features.append(found.numpy())
        general.append(torch.stack(logits).logsumexp(dim=2).numpy())
        kinds += regions.kinds
        weights += regions.weights
    return Examples(
        np.concatenate(features, axis=1),
        np.concatenate(general, axis=1),
        np.array(kinds, np.int64),
        np.array(weights, np.float32),
    )
