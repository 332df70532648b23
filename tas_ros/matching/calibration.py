"""Cosines of different kinds on one scale (method.md weakness 12).

Image-text and text-text cosines have different means and spreads, and both differ from region to region. What can be
compared is how far a text stands out from what the same region says to ordinary words: its cosine in standard
deviations over a fixed vocabulary of everyday nouns. The same numbers then mean the same in every frame, which a
min-max over the masks of one image cannot give and "nothing matches" needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import expit

from tas_ros.arrays import FloatArray

EVERYDAY_NOUNS = tuple(
    """person dog cat bird horse cow car truck bus train bicycle boat airplane tree flower grass house building road
    sky water mountain chair table sofa bed lamp window door clock mirror curtain television laptop keyboard mouse
    telephone book newspaper pen pencil scissors bag suitcase box bottle cup bowl plate fork knife spoon pan kettle oven
    refrigerator sink toilet towel brush shirt trousers shoe hat glove tie umbrella apple banana orange lemon bread
    cake pizza sandwich carrot vegetable meat egg cheese ball toy doll guitar drum camera hammer screwdriver wrench
    rope basket blanket pillow candle vase statue fence sign ladder bucket broom""".split()
)


@dataclass(frozen=True, eq=False)
class ContrastVocabulary:
    """(K, D) L2-normalised text features of the words a text is contrasted with."""

    features: FloatArray

    @cached_property
    def _mean_feature(self) -> FloatArray:
        return np.asarray(self.features.mean(axis=0), np.float32)

    def standardise(self, rows: FloatArray, text: FloatArray) -> FloatArray:
        """(N,) cosine of each of (N, D) rows with `text` (D,), in standard deviations over the vocabulary."""
        background = rows @ self.features.T
        spread = background.std(axis=1) + 1e-6
        return np.asarray((rows @ text - rows @ self._mean_feature) / spread, np.float32)

    def standardise_views(self, views: FloatArray, text: FloatArray) -> FloatArray:
        """(N,) the same averaged over V views of (V, N, D)."""
        count, regions, width = views.shape
        standardised = self.standardise(views.reshape(-1, width), text).reshape(count, regions)
        return np.asarray(standardised.mean(axis=0), np.float32)


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
