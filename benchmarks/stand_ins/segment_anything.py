# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Stand-ins for Meta's sam_vit_{h,l,b}_*.pth: a bare state dict, as segment-anything's own loader reads it."""

from __future__ import annotations

from pathlib import Path

import torch
from segment_anything.modeling import Sam

from benchmarks.stand_ins.local_masks import CONTENT_SCALE, make_masks_local
from benchmarks.stand_ins.random_weights import fill, seeded
from tas_ros.vision.proposers.sam_architecture import ARCHITECTURES, SamArchitecture

FILES = {
    "sam-vit-h": ("vit_h", "sam_vit_h_4b8939.pth"),
    "sam-vit-l": ("vit_l", "sam_vit_l_0b3195.pth"),
    "sam-vit-b": ("vit_b", "sam_vit_b_01ec64.pth"),
}
"""Catalogue model to architecture and published file name."""
REDUCED = SamArchitecture(width=96, depth=3, heads=3, global_blocks=(2,), image_size=128)


def write(directory: Path, model: str, reduced: bool = False, seed: int = 0) -> None:
    """Write the .pth of `model` into `directory`. `reduced` shrinks the image encoder and its input, nothing else."""
    name, file = FILES[model]
    network = (REDUCED if reduced else ARCHITECTURES[name]).build().to_empty(device="cpu")
    with seeded(seed):
        fill(network)
        torch.nn.init.normal_(network.prompt_encoder.pe_layer.positional_encoding_gaussian_matrix)
        torch.nn.init.constant_(network.image_encoder.neck[-1].weight, CONTENT_SCALE)
        _make_masks_local(network)
    torch.save(network.state_dict(), directory / file)


def _make_masks_local(network: Sam) -> None:
    prompts, decoder = network.prompt_encoder, network.mask_decoder
    embedding = CONTENT_SCALE * torch.randn(1, prompts.embed_dim, *prompts.image_embedding_size)

    def features(points: torch.Tensor) -> torch.Tensor:
        kept: list[torch.Tensor] = []
        hook = decoder.output_upscaling.register_forward_hook(lambda *call: kept.append(call[-1]))
        coordinates = points[:, None] * prompts.input_image_size[0]
        sparse, dense = prompts((coordinates, torch.ones(len(points), 1)), boxes=None, masks=None)
        decoder(embedding, prompts.get_dense_pe(), sparse, dense, multimask_output=True)
        hook.remove()
        return kept[0]

    make_masks_local(
        attentions=[layer.cross_attn_image_to_token for layer in decoder.transformer.layers],
        upscalings=[each for each in decoder.output_upscaling if isinstance(each, torch.nn.ConvTranspose2d)],
        mask_heads=[network.layers[-1] for network in decoder.output_hypernetworks_mlps],
        iou_head=decoder.iou_prediction_head.layers[-1],
        iou_bias=0.9,
        features=features,
    )
