# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The architecture of a Segment Anything network, read from the shapes of its weights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from segment_anything.modeling import ImageEncoderViT, MaskDecoder, PromptEncoder, Sam, TwoWayTransformer

from tas_ros.errors import ModelError
from tas_ros.vision.checkpoints import CURE

WINDOW = 14
"""Side in patches of the windows within which a block attends, unless it attends globally (Kirillov et al. 2023)."""
PIXEL_MEAN, PIXEL_STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
"""Of ImageNet, in RGB order."""
_DECODER_HEADS = 8


@dataclass(frozen=True)
class SamArchitecture:
    """What tells the published image encoders apart; prompt encoder and mask decoder are the same in all of them."""

    width: int
    depth: int
    heads: int
    global_blocks: tuple[int, ...]
    """Blocks that attend over the whole image."""
    image_size: int = 1024
    """Side in pixels of the square that an image is scaled and padded to."""
    patch_size: int = 16

    @classmethod
    def of_weights(cls, state: Mapping[str, torch.Tensor], path: Path) -> SamArchitecture:
        """Raises ModelError, naming `path`, when `state` is not of a Segment Anything network."""
        try:
            patch = state["image_encoder.patch_embed.proj.weight"]
            grid = state["image_encoder.pos_embed"].shape[1]
            relative = {int(m[1]): state[key].shape for key in state if (m := _RELATIVE_POSITIONS.fullmatch(key))}
            width, patch_size = patch.shape[0], patch.shape[-1]
            heads = width // relative[0][1]
        except (KeyError, IndexError, ZeroDivisionError) as error:
            raise ModelError(
                f"weights {path} are not of a Segment Anything network (no image_encoder as in the published "
                f"sam_vit_*.pth: {error}); for the transformers layout use proposer transformers_sam, else {CURE}"
            ) from error
        # A block has 2 s - 1 relative positions, where s is the side of its window, or of the whole grid of patches.
        global_blocks = tuple(block for block, (rows, _) in sorted(relative.items()) if rows == 2 * grid - 1)
        return cls(width, len(relative), heads, global_blocks, grid * patch_size, patch_size)

    @property
    def name(self) -> str:
        """`vit_b`, `vit_l`, `vit_h`, or `custom`."""
        return next((name for name, known in ARCHITECTURES.items() if known == self), "custom")

    def build(self) -> Sam:
        """The network without memory for its weights (on torch's meta device): load them with `assign=True`."""
        grid = self.image_size // self.patch_size
        with torch.device("meta"):
            network = Sam(
                image_encoder=ImageEncoderViT(
                    img_size=self.image_size,
                    patch_size=self.patch_size,
                    embed_dim=self.width,
                    depth=self.depth,
                    num_heads=self.heads,
                    out_chans=256,
                    norm_layer=partial(torch.nn.LayerNorm, eps=1e-6),
                    use_rel_pos=True,
                    window_size=WINDOW,
                    global_attn_indexes=self.global_blocks,
                ),
                prompt_encoder=PromptEncoder(
                    embed_dim=256,
                    image_embedding_size=(grid, grid),
                    input_image_size=(self.image_size, self.image_size),
                    mask_in_chans=16,
                ),
                mask_decoder=MaskDecoder(
                    transformer_dim=256,
                    transformer=TwoWayTransformer(depth=2, embedding_dim=256, mlp_dim=2048, num_heads=_DECODER_HEADS),
                ),
            )
        # These two are constants, so no checkpoint brings them.
        network.pixel_mean = torch.tensor(PIXEL_MEAN).view(-1, 1, 1)
        network.pixel_std = torch.tensor(PIXEL_STD).view(-1, 1, 1)
        return network.eval()


_RELATIVE_POSITIONS = re.compile(r"image_encoder\.blocks\.(\d+)\.attn\.rel_pos_h")

ARCHITECTURES = {
    "vit_b": SamArchitecture(768, 12, 12, (2, 5, 8, 11)),
    "vit_l": SamArchitecture(1024, 24, 16, (5, 11, 17, 23)),
    "vit_h": SamArchitecture(1280, 32, 16, (7, 15, 23, 31)),
}
"""The published ones by segment-anything's names."""
