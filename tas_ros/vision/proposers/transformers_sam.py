# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Automatic masks by SAM (Kirillov et al. 2023) and SAM 2.1 (Ravi et al. 2024) through transformers.

The steps are those of transformers' mask-generation pipeline. It is not used itself: it places the points as if the
picture were padded, whereas SAM 2 squashes it to a square, so that on a 640x480 frame the grid would end at three
quarters of the height; and it takes the coordinates through half precision too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray

from tas_ros.errors import ModelError
from tas_ros.small_files import read_json
from tas_ros.vision.checkpoints import CURE, refuse_torchscript, require_fit, unreadable
from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.runtime import choose_device, choose_dtype, in_batches

CLASSES: dict[str, tuple[Any, Any]] = {
    "sam": (transformers.SamModel, transformers.SamImageProcessor),
    "sam2": (transformers.Sam2Model, transformers.Sam2ImageProcessor),
    # The hub serves SAM 2.1 as the video model; the image model takes the part of its weights that it needs.
    "sam2_video": (transformers.Sam2Model, transformers.Sam2ImageProcessor),
}
"""`model_type` of config.json to the classes that read the rest."""
_Kept = tuple[list[dict[str, Any]], torch.Tensor, torch.Tensor]
"""Run-length encoded masks, predicted IoUs and boxes that one point yields."""
_WEIGHT_FILES = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin")


class TransformersSamProposer:
    """A grid of points, three masks a point, those of low predicted quality or stability dropped, doubles removed.

    checkpoint: a folder as the hub serves it: config.json, preprocessor_config.json and weights.
    device, precision: see vision.runtime. Half precision takes in image encoder and mask decoder; points stay in full
        precision, where a bfloat16 would move them by up to four pixels.
    points_per_side: of the grid laid over the image.
    pred_iou_thresh, stability_score_thresh: below which a mask is dropped.
    box_nms_thresh: of two masks whose boxes overlap by this IoU the one of lower predicted quality is dropped.
    points_per_batch: points decoded at once; halved when memory runs out.

    Raises ModelError when a file is missing, damaged, or of a network that is none of these.
    """

    def __init__(
        self,
        checkpoint: Path,
        device: str = "auto",
        precision: str = "auto",
        points_per_side: int = 8,
        pred_iou_thresh: float = 0.7,
        stability_score_thresh: float = 0.7,
        box_nms_thresh: float = 0.7,
        points_per_batch: int = 64,
    ) -> None:
        self._device = choose_device(device)
        self._dtype = choose_dtype(precision, self._device)
        network, self._processor = _load(Path(checkpoint))
        self._network = network.eval().to(self._device)
        if self._dtype != torch.float32:
            network.vision_encoder.to(self._dtype)
            for part in (network.prompt_encoder, network.shared_image_embedding):
                part.forward = torch.autocast(self._device.type, enabled=False)(part.forward)
        self._thresholds = (pred_iou_thresh, stability_score_thresh)
        self._box_nms_thresh = box_nms_thresh
        self._points_per_batch = points_per_batch
        axis = (np.arange(points_per_side, dtype=np.float32) + 0.5) / points_per_side
        self._grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)

    @torch.inference_mode()
    def propose(self, frame: Frame) -> Proposals:
        """Masks, the best predicted quality first; quality is the predicted IoU."""
        inputs = self._processor(images=frame.rgb, return_tensors="pt", input_data_format="channels_last")
        # SAM scales the long side and pads, SAM 2 squashes: the points go where the picture went.
        picture = inputs.get("reshaped_input_sizes", torch.tensor([inputs["pixel_values"].shape[-2:]]))
        height, width = picture[0].tolist()
        points = self._grid * np.array([width, height], np.float32)
        with self._reduced():
            embeddings = self._network.get_image_embeddings(inputs["pixel_values"].to(self._device))

        def decode(batch: Sequence[NDArray[np.float32]]) -> Sequence[_Kept]:
            return self._decode(np.stack(batch), embeddings, (frame.height, frame.width), (int(height), int(width)))

        kept = [each for each in in_batches(list(points), self._points_per_batch, decode) if each[0]]
        if not kept:
            return Proposals(np.zeros((0, frame.height, frame.width), np.bool_), np.zeros(0, np.float32))
        masks, quality, *_ = self._processor.post_process_for_mask_generation(
            [mask for masks, _, _ in kept for mask in masks],
            torch.cat([scores for _, scores, _ in kept]),
            torch.cat([boxes for _, _, boxes in kept]),
            self._box_nms_thresh,
        )
        stacked, scores = np.stack([mask.numpy() for mask in masks]), quality.cpu().numpy()
        filled = stacked.any(axis=(1, 2))
        return Proposals(stacked[filled], np.clip(scores[filled], 1e-3, 1.0))

    def _reduced(self) -> torch.autocast:
        return torch.autocast(self._device.type, dtype=self._dtype, enabled=self._dtype != torch.float32)

    def _decode(
        self, points: NDArray[np.float32], embeddings: Any, size: tuple[int, int], picture: tuple[int, int]
    ) -> list[_Kept]:
        """What each of (P, 2) points yields in an image of `size`, scaled to `picture` for the network (both H, W)."""
        with self._reduced():
            outputs = self._network(
                image_embeddings=embeddings,
                input_points=torch.from_numpy(points)[None, :, None].to(self._device),
                input_labels=torch.ones(1, len(points), 1, dtype=torch.int64, device=self._device),
            )
        sizes = {"reshaped_input_sizes": [picture]}  # SAM 2's processor takes and ignores it
        logits = self._processor.post_process_masks([outputs.pred_masks[0].float()], [size], binarize=False, **sizes)[0]
        whole = torch.tensor([0, 0, size[1], size[0]], device=self._device)
        return [
            self._processor.filter_masks(masks[None], scores[None], size, whole, *self._thresholds)
            for masks, scores in zip(logits, outputs.iou_scores[0].float(), strict=True)
        ]


def _load(checkpoint: Path) -> tuple[Any, Any]:
    """Network and image processor of the folder `checkpoint`."""
    config = checkpoint / "config.json"
    try:
        content = read_json(config)
        kind = content["model_type"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"checkpoint {checkpoint} has no readable config.json with a model_type ({error!r}); {CURE}"
        ) from error
    if kind not in CLASSES:
        raise ModelError(f"checkpoint {checkpoint} is a {kind!r} model; this proposer runs {', '.join(CLASSES)}")
    weights = next((checkpoint / name for name in _WEIGHT_FILES if (checkpoint / name).is_file()), None)
    if weights is None:
        raise ModelError(f"checkpoint {checkpoint} holds no weights (looked for {', '.join(_WEIGHT_FILES)}); {CURE}")
    refuse_torchscript(weights)
    network_class, processor_class = CLASSES[kind]
    try:
        network, report = network_class.from_pretrained(
            str(checkpoint),
            config=network_class.config_class.from_dict(
                {**content, "model_type": network_class.config_class.model_type}
            ),
            local_files_only=True,
            dtype=torch.float32,
            output_loading_info=True,
        )
        processor = processor_class.from_pretrained(str(checkpoint), local_files_only=True)
    except Exception as error:  # transformers raises what reading, building or filling the network raises
        raise unreadable(weights, error) from error
    # What it does not need of the weights (the memory of SAM 2 video) transformers leaves out by itself.
    require_fit(weights, f"{network_class.__name__} as config.json describes it", report["missing_keys"], ())
    return network, processor
