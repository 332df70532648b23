# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Makes a Segment Anything decoder of random weights answer points with blobs around them.

Plainly random ones predict IoUs near 0 and answer every point with the same flat noise: the thresholds drop it all, and
nothing behind them would be tried or timed. So: image positions attend to the point that lies near (one projection for
both sides makes their product a kernel), the four sub-pixels of an upscaling are alike (else each needs a read-out of
its own), and the last layers are fitted to discs. What is left random
makes the masks ragged, and a few of them pass the thresholds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn

CONTENT_SCALE = 0.05
"""Of image embeddings: positions, which are of size 1, must outweigh them."""
_GAIN = 1.5
_RADII = (0.12, 0.08, 0.15, 0.25)
"""Of the discs, in sides of the image: of the single-mask token, then of the three others."""
_CONTRAST = 20.0
"""Of the logits: most must exceed the stability offset of 1."""
_POINTS = 24


def make_masks_local(
    attentions: Sequence[Any],
    upscalings: Sequence[nn.ConvTranspose2d],
    mask_heads: Sequence[nn.Linear],
    iou_head: nn.Linear,
    iou_bias: float,
    features: Callable[[torch.Tensor], torch.Tensor],
) -> None:
    """Change a decoder's weights in place.

    attentions: from the image to the tokens, with q_proj, k_proj and out_proj or o_proj.
    upscalings: of the image's features. mask_heads: last layer of each mask token's network. iou_head: last layer.
    iou_bias: what the network predicts for an IoU of about .9 or more.
    features: (P, 2) points in [0, 1] to (P, C, S, S) upscaled features, each of an image with that one point.
    """
    with torch.no_grad():
        for attention in attentions:
            query, key = attention.q_proj, attention.k_proj
            key.weight.mul_(_GAIN)
            query.weight.copy_(key.weight)
            (attention.out_proj if hasattr(attention, "out_proj") else attention.o_proj).weight.mul_(_GAIN)
        for upscaling in upscalings:
            upscaling.weight.copy_(upscaling.weight[:, :, :1, :1].expand_as(upscaling.weight).clone())
        iou_head.weight.mul_(0.1)
        iou_head.bias.fill_(iou_bias)
        points = torch.rand(_POINTS, 2)
        seen = features(points)
        axis = (torch.arange(seen.shape[-1]) + 0.5) / seen.shape[-1]
        across, down = axis - points[:, :1], axis - points[:, 1:]
        distance = (across[:, None, :] ** 2 + down[:, :, None] ** 2).sqrt().flatten()
        rows = seen.movedim(1, -1).flatten(0, -2).double()
        ridge = 1e-4 * torch.eye(rows.shape[1], dtype=torch.float64)
        for head, radius in zip(mask_heads, _RADII, strict=True):
            inside = distance < radius
            # Inside and outside count alike, however small the disc.
            weight = torch.where(inside, 1 - inside.float().mean(), inside.float().mean())[:, None].double()
            wanted = torch.where(inside, 1.0, -1.0)[:, None].double()
            # Ridge regression in double precision: the same solution whatever the order in which threads add.
            left = (rows * weight).T @ rows
            solution = torch.linalg.solve(left + ridge * left.diagonal().mean(), rows.T @ (weight * wanted))[:, 0]
            head.weight.zero_()
            head.bias.copy_(_CONTRAST * solution)
