# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The depth network: which pixels are of things, where each one's middle lies, how large it is, where it ends.

A U-Net after UOIS-Net (Xie et al., "Unseen Object Instance Segmentation for Robotic Environments", T-RO 2021), which
showed that such a network, taught on simulated depth alone, holds on real sensors. Its weights come from
training/train_depth_network.py.
"""

from __future__ import annotations

import itertools

import torch
from torch import nn
from torch.nn import functional

INPUTS = 12
"""Channels of depth_features.depth_features."""
OUTPUTS = 5
"""Thing (logit), offset to the thing's middle in x and y (VOTE_UNIT pixels of the output), size (logarithm of the root
mean square distance of its pixels to its middle, in pixels of the output), outline (logit)."""
VOTE_UNIT = 16.0
WIDTHS = (16, 32, 64, 96, 128)


class DepthNetwork(nn.Module):
    """(B, INPUTS, H, W) float32 to (B, OUTPUTS, H / 2, W / 2), any H and W from 32."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = _convolved(INPUTS, WIDTHS[0], stride=2)
        self.down = nn.ModuleList(
            nn.Sequential(_convolved(before, after, stride=2), _Residual(after))
            for before, after in itertools.pairwise(WIDTHS)
        )
        self.first = _Residual(WIDTHS[0])
        self.wide = nn.Sequential(_Residual(WIDTHS[-1], dilation=2), _Residual(WIDTHS[-1], dilation=4))
        self.narrow = nn.ModuleList(nn.Conv2d(after, before, 1) for before, after in itertools.pairwise(WIDTHS))
        self.up = nn.ModuleList(_Residual(width) for width in WIDTHS[:-1])
        self.head = nn.Conv2d(WIDTHS[0], OUTPUTS, 3, padding=1)

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        """The five maps at half of the input's size."""
        features = self.first(self.stem(batch))
        levels = []
        for down in self.down:
            levels.append(features)
            features = down(features)
        features = self.wide(features)
        for level, narrow, up in reversed(list(zip(levels, self.narrow, self.up, strict=True))):
            rising = functional.interpolate(narrow(features), level.shape[-2:], mode="bilinear", align_corners=False)
            features = up(rising + level)
        result: torch.Tensor = self.head(features)
        return result


class _Residual(nn.Module):
    def __init__(self, width: int, dilation: int = 1) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        return functional.relu(batch + self.inner(batch), inplace=True)


def _convolved(before: int, after: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True)
    )
