# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The two views of a region as pooled features of the classifier, before anything is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from tas_ros.vision.encoders.efficientnet import FEATURES, ImageNetClassifier
from tas_ros.vision.encoders.region_crops import isolated_crops
from tas_ros.vision.proposals import Proposals

VIEW_COUNT = 2


@dataclass(frozen=True)
class ViewRule:
    """How regions are shown to the classifier."""

    crop_size: int = 160
    """Side of the square crops in pixels."""
    crop_margin: float = 1.1
    """Side of the crop over the long side of the region's box."""
    dense_long_side: int = 640
    """The image is scaled to this long side for the dense view."""


class RegionViews:
    """Pooled features of the isolated crop (view 0) and of the region's part of one pass over the image (view 1)."""

    def __init__(self, classifier: ImageNetClassifier, rule: ViewRule) -> None:
        self._classifier = classifier
        self._rule = rule

    def features(self, rgb: NDArray[np.uint8], proposals: Proposals) -> torch.Tensor:
        """(2, N, 1280) float32 of N regions of the (H, W, 3) uint8 image."""
        if not len(proposals):
            return torch.zeros((VIEW_COUNT, 0, FEATURES))
        crops = isolated_crops(rgb, proposals, self._rule.crop_size, self._rule.crop_margin)
        return torch.stack([self._classifier.pooled_features(crops), self._inside(rgb, proposals.masks)])

    def picture_features(self, pictures: Sequence[NDArray[np.uint8]]) -> torch.Tensor:
        """(N, 1280) float32 of N pictures of any size, each scaled to the crop's size."""
        if not len(pictures):
            return torch.zeros((0, FEATURES))
        side = (self._rule.crop_size, self._rule.crop_size)
        return self._classifier.pooled_features(
            np.stack([np.asarray(cv2.resize(each, side, interpolation=cv2.INTER_AREA), np.uint8) for each in pictures])
        )

    def _inside(self, rgb: NDArray[np.uint8], masks: NDArray[np.bool_]) -> torch.Tensor:
        """(N, 1280) mean feature inside each mask, from one pass over the whole image."""
        features = self._classifier.dense_features(self._scaled(rgb))
        _, rows, columns = features.shape
        shares = [cv2.resize(mask.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA) for mask in masks]
        weights = torch.from_numpy(np.stack(shares).reshape(len(masks), -1))
        weights = weights / weights.sum(dim=1, keepdim=True).clamp_min(1e-12)
        return weights @ features.flatten(1).T

    def _scaled(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The image at a size the network can read: long side as chosen, short side at least one feature cell."""
        height, width = rgb.shape[:2]
        scale = self._rule.dense_long_side / max(height, width)
        size = (max(32, round(width * scale)), max(32, round(height * scale)))
        if size == (width, height):
            return rgb
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(rgb, size, interpolation=method), np.uint8)
