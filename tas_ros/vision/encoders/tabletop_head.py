"""Logits of tabletop kinds ImageNet lacks (cube, toy duck, can, ...), from the classifier's own pooled features.

A linear head that joins the classifier's 1000 outputs in one softmax, trained on renderings by
training/train_tabletop_head.py. Its negatives were pieces of renderings and of real photos, so that what is none of its
kinds keeps its ImageNet name.
"""

from __future__ import annotations

import zipfile

import numpy as np
import torch
from numpy.typing import NDArray

from tas_ros.errors import ModelError
from tas_ros.vision.encoders.class_names import tabletop_classes
from tas_ros.vision.encoders.conse_views import VIEW_COUNT
from tas_ros.vision.encoders.efficientnet import FEATURES
from tas_ros.vision.weights import PackagedWeights

WEIGHTS = PackagedWeights(
    package="tas_ros",
    file="vision/encoders/tabletop_head.npz",
    sha256="b8ac0943bb7e004d9931dcb1dc5f24f3c95653032b8543144b512871ad0f5c73",
    requirement=".",  # the checkout: this package itself holds the file
)


class TabletopHead:
    """One linear layer on both views together. On 60 held-out tables, crowded, their things half hidden or cut by the
    picture's edge, it named .66 of them rightly and .10 of the pieces, pairs and backgrounds wrongly; one trained on
    things apart alone .58 and .09.

    Raises ModelError when the weights are missing, altered, or of other kinds than the table's.
    """

    def __init__(self, weights: PackagedWeights = WEIGHTS) -> None:
        path = weights.verified()
        try:
            with np.load(path, allow_pickle=False) as arrays:
                weight, bias = arrays["weight"].astype(np.float32), arrays["bias"].astype(np.float32)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise ModelError(f"tabletop head {path} cannot be read ({error}); run: {weights.cure}") from error
        kinds = len(tabletop_classes())
        if weight.shape != (kinds, VIEW_COUNT * FEATURES) or bias.shape != (kinds,):
            raise ModelError(
                f"tabletop head {path} holds weights {weight.shape} and biases {bias.shape}, but tabletop_kinds.txt "
                f"names {kinds} kinds; train it anew: python -m training.train_tabletop_head"
            )
        self._weight = torch.from_numpy(weight)
        self._bias = torch.from_numpy(bias)

    def logits(self, features: torch.Tensor) -> NDArray[np.float32]:
        """(N, K) float32 of the two views' (2, N, 1280) pooled features; they join the logits of either view."""
        with torch.inference_mode():
            both = features.transpose(0, 1).flatten(1)
            return np.asarray(torch.addmm(self._bias, both, self._weight.T).numpy(), np.float32)
