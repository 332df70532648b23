# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Linear heads on the classifier's own pooled features: kinds that ImageNet lacks (cube, toy duck, person, ...), and
whether a region is one whole thing.

Those of kinds join the classifier's 1000 outputs in one softmax. The tabletop head is trained on renderings by
training/train_tabletop_head.py, the photo head on photos by training/train_photo_head.py, the thing head on both by
training/train_thing_head.py. What is none of the kinds was among their examples, so that it keeps its ImageNet name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from tas_ros.errors import ModelError
from tas_ros.vision.encoders.class_names import photo_classes, tabletop_classes
from tas_ros.vision.encoders.conse_views import VIEW_COUNT
from tas_ros.vision.encoders.efficientnet import FEATURES
from tas_ros.vision.weights import PackagedWeights, load_arrays, own_weights

TABLETOP_HEAD = "vision/encoders/tabletop_head.npz"
PHOTO_HEAD = "vision/encoders/photo_head.npz"
THING_HEAD = "vision/encoders/thing_head.npz"


@dataclass(frozen=True, eq=False)
class KindHead:
    """One linear layer on both views together, a row for each of K kinds; of things and no things one row."""

    weight: torch.Tensor
    """(K, 2 * 1280) float32."""
    bias: torch.Tensor
    """(K,) float32."""

    def logits(self, features: torch.Tensor) -> NDArray[np.float32]:
        """(N, K) float32 of the two views' (2, N, 1280) pooled features; they join the logits of either view."""
        with torch.inference_mode():
            both = features.transpose(0, 1).flatten(1)
            return np.asarray(torch.addmm(self.bias, both, self.weight.T).numpy(), np.float32)


def load_tabletop_head(weights: PackagedWeights | None = None) -> KindHead:
    """The head of tabletop_kinds.txt. On 60 held-out tables, crowded, their things half hidden or cut by the picture's
    edge, it named .66 of them rightly and .10 of the pieces, pairs and backgrounds wrongly; one trained on things apart
    alone .58 and .09.

    Raises ModelError when the weights are missing, altered, or of other kinds than the table's.
    """
    return _load(weights or own_weights(TABLETOP_HEAD), len(tabletop_classes()), "tabletop")


def load_photo_head(weights: PackagedWeights | None = None) -> KindHead:
    """The head of photo_kinds.txt. Of 3336 annotated things on 437 COCO photos, which were not learnt from, the encoder
    names .58 rightly among COCO's 80 names with it and .39 without; of the 772 persons .90 and .35.

    Raises ModelError as load_tabletop_head does.
    """
    return _load(weights or own_weights(PHOTO_HEAD), len(photo_classes()), "photo")


def load_thing_head(weights: PackagedWeights | None = None) -> KindHead:
    """The head of one row: the log-odds, up to what the outline tells (ThingRule), that a region is one whole thing.

    Of the 7800 masks that the proposer cuts from 130 COCO photos, which were not learnt from, the two together tell
    those that are an annotated thing with an area under the curve of .82, the proposer's quality alone .67.

    Raises ModelError as load_tabletop_head does.
    """
    return _load(weights or own_weights(THING_HEAD), 1, "thing")


def _load(weights: PackagedWeights, count: int, name: str) -> KindHead:
    weight, bias = (each.astype(np.float32) for each in load_arrays(weights, f"{name} head", "weight", "bias"))
    if weight.shape != (count, VIEW_COUNT * FEATURES) or bias.shape != (count,):
        raise ModelError(
            f"{name} head {weights.locate()} holds weights {weight.shape} and biases {bias.shape}, but must tell "
            f"{count} kinds; train it anew: python -m training.train_{name}_head"
        )
    return KindHead(torch.from_numpy(weight), torch.from_numpy(bias))
