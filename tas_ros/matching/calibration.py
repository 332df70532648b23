# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Cosines of different kinds on one scale (docs/method.md weakness 12).

Image-text and text-text cosines have different means and spreads, and both differ from region to region. What can be
compared is how far a text stands out from what the same region says to ordinary words: its cosine in standard
deviations over a fixed vocabulary of everyday nouns. The same numbers then mean the same in every frame, which a
min-max over the masks of one image cannot give and "nothing matches" needs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from tas_ros.arrays import FloatArray

_NOUNS = """
person dog cat bird horse cow car truck bus train bicycle boat airplane tree flower grass house building road
sky water mountain chair table sofa bed lamp window door clock mirror curtain television laptop keyboard mouse
telephone book newspaper pen pencil scissors bag suitcase box bottle cup bowl plate fork knife spoon pan kettle oven
refrigerator sink toilet towel brush shirt trousers shoe hat glove tie umbrella apple banana orange lemon bread
cake pizza sandwich carrot vegetable meat egg cheese ball toy doll guitar drum camera hammer screwdriver wrench
rope basket blanket pillow candle vase statue fence sign ladder bucket broom
"""
EVERYDAY_NOUNS = tuple(_NOUNS.split())


@dataclass(frozen=True, eq=False)
class ContrastVocabulary:
    """(K, D) L2-normalised text features of the words a text is contrasted with."""

    features: FloatArray

    def calibrate(self, views: FloatArray) -> FloatArray:
        """(N, D + 1) rows whose product with `extend(text)` is the calibrated cosine of each region, mean over views.

        (cos(r, t) - mean) / spread is linear in t, so that all that depends on the image is done once per frame.
        views: (V, N, D) L2-normalised features of V views of N regions.
        """
        spread = (views @ self.features.T).std(axis=-1, keepdims=True) + 1e-6
        mean = views @ self.features.mean(axis=0)[:, None]
        return np.asarray((np.concatenate([views, -mean], axis=-1) / spread).mean(axis=0), np.float32)

    @staticmethod
    def extend(texts: FloatArray) -> FloatArray:
        """(T, D + 1) from (T, D) text features, to be multiplied with calibrated rows."""
        return np.concatenate([texts, np.ones((len(texts), 1), np.float32)], axis=1)


@dataclass(frozen=True)
class KindCalibration:
    """Logistic from a total score to the probability that the region is the kind of thing asked for (Platt 1999).

    Belongs to an encoder, so profiles hold it.
    """

    slope: float
    midpoint: float

    def probability(self, score: FloatArray) -> FloatArray:
        """(N,) in (0, 1)."""
        return np.asarray(expit(self.slope * (score - self.midpoint)), np.float32)
