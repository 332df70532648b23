# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Stand-ins for facebook/sam-vit-base and facebook/sam2.1-hiera-tiny, in transformers' layout, as the hub has them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers

from benchmarks.stand_ins.local_masks import CONTENT_SCALE, make_masks_local
from benchmarks.stand_ins.random_weights import fill, seeded

Embeddings = torch.Tensor | list[torch.Tensor]
"""Of an image: for SAM one, for SAM 2 one a level, the finest first."""
REDUCED_IMAGE_SIZE = 128
"""Pixels, in place of 1024."""


def write(directory: Path, model: str, reduced: bool = False, seed: int = 0) -> None:
    """Write the folder of `model`. `reduced` shrinks the image encoder and its input, nothing else."""
    with seeded(seed):
        network, processor, embeddings = WRITERS[model](reduced)
        _make_masks_local(network, embeddings)
    network.save_pretrained(str(directory))
    processor.save_pretrained(str(directory))


def _sam(reduced: bool) -> tuple[Any, Any, Embeddings]:
    config: Any = transformers.SamConfig()
    processor = transformers.SamImageProcessor()
    if reduced:
        size = REDUCED_IMAGE_SIZE
        vision = {"hidden_size": 96, "num_hidden_layers": 3, "num_attention_heads": 3, "global_attn_indexes": [2]}
        config = transformers.SamConfig(
            vision_config={**vision, "image_size": size, "mlp_dim": 384},
            prompt_encoder_config={"image_size": size, "patch_size": 16},
        )
        processor = transformers.SamImageProcessor(
            size={"longest_edge": size}, pad_size={"height": size, "width": size}
        )
    network: Any = transformers.SamModel(config)
    network.eval()
    fill(network)
    torch.nn.init.constant_(network.vision_encoder.neck.layer_norm2.weight, CONTENT_SCALE)
    side = config.prompt_encoder_config.image_embedding_size
    return network, processor, CONTENT_SCALE * torch.randn(1, 256, side, side)


def _sam2(reduced: bool) -> tuple[Any, Any, Embeddings]:
    """The video model, since that is what the hub serves: its memory goes unused by the image model."""
    config: Any = transformers.Sam2VideoConfig()
    processor = transformers.Sam2ImageProcessor()
    if reduced:
        size = REDUCED_IMAGE_SIZE
        vision = {
            "backbone_config": {
                "model_type": "sam2_hiera_det_model",
                "image_size": [size, size],
                "hidden_size": 32,
                "blocks_per_stage": [1, 1, 2, 1],
                "embed_dim_per_stage": [32, 64, 128, 256],
                "num_attention_heads_per_stage": [1, 1, 2, 4],
                "global_attention_blocks": [3],
            },
            "backbone_channel_list": [256, 128, 64, 32],
            "backbone_feature_sizes": [[size // 4] * 2, [size // 8] * 2, [size // 16] * 2],
        }
        config = transformers.Sam2VideoConfig(
            vision_config=vision,
            prompt_encoder_config={"image_size": size},
            memory_attention_num_layers=1,
            memory_attention_rope_feat_sizes=[size // 16, size // 16],
            image_size=size,
        )
        processor = transformers.Sam2ImageProcessor(size={"height": size, "width": size})
    network: Any = transformers.Sam2VideoModel(config)
    network.eval()
    fill(network)
    # No norm bounds what the image encoder puts out, so its scale is measured on noise.
    neck, decoder = network.vision_encoder.neck, network.mask_decoder
    side = config.prompt_encoder_config.image_size
    picture = torch.randn(1, 3, side, side)
    with torch.no_grad():
        network.no_memory_embedding.zero_()
        # Points and image share one positional encoding; a checkpoint holds it twice.
        shared = network.shared_image_embedding.positional_embedding
        network.prompt_encoder.shared_embedding.positional_embedding.copy_(shared)
        size = network.get_image_embeddings(picture)[-1].std()
        for level in neck.convs:
            level.weight.mul_(CONTENT_SCALE / size)
        for finer, embedding in zip(
            (decoder.conv_s0, decoder.conv_s1), network.get_image_embeddings(picture), strict=False
        ):
            finer.weight.mul_(CONTENT_SCALE / embedding.std())
        return network, processor, network.get_image_embeddings(picture)


def _make_masks_local(network: Any, embeddings: Embeddings) -> None:
    decoder, prompts = network.mask_decoder, network.prompt_encoder

    def features(points: torch.Tensor) -> torch.Tensor:
        kept: list[torch.Tensor] = []
        # Called after either upscaling: the last call's output is what the mask heads are multiplied with.
        hook = decoder.activation.register_forward_hook(lambda *call: kept.append(call[-1]))
        side = prompts.input_image_size
        coordinates = points[None, :, None] * (side if isinstance(side, int) else side[0])
        labels = torch.ones(1, len(points), 1, dtype=torch.int64)
        sparse, dense = prompts(coordinates, labels, None, None)
        finer = {"high_resolution_features": embeddings[:-1]} if isinstance(embeddings, list) else {}
        decoder(
            image_embeddings=embeddings[-1] if isinstance(embeddings, list) else embeddings,
            image_positional_embeddings=network.get_image_wide_positional_embeddings(),
            sparse_prompt_embeddings=sparse,
            dense_prompt_embeddings=dense,
            multimask_output=True,
            **finer,
        )
        hook.remove()
        return kept[-1]

    make_masks_local(
        attentions=[layer.cross_attn_image_to_token for layer in decoder.transformer.layers],
        upscalings=[decoder.upscale_conv1, decoder.upscale_conv2],
        mask_heads=[head.proj_out for head in decoder.output_hypernetworks_mlps],
        iou_head=decoder.iou_prediction_head.proj_out,
        iou_bias=2.2 if isinstance(embeddings, list) else 0.9,  # SAM 2 passes its prediction through a sigmoid
        features=features,
    )


WRITERS: dict[str, Callable[[bool], tuple[Any, Any, Embeddings]]] = {
    "sam-vit-base-transformers": _sam,
    "sam2.1-hiera-tiny": _sam2,
}
"""Catalogue model to what makes its network, image processor and the embeddings of an example image."""
