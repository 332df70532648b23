# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Automatic masks by Segment Anything (Kirillov et al. 2023) through the segment-anything package: TAS's proposer."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
from segment_anything import SamAutomaticMaskGenerator

from tas_ros.errors import ModelError
from tas_ros.vision.checkpoints import find_weights, read_state, require_fit, unreadable
from tas_ros.vision.frame import Frame
from tas_ros.vision.half_precision import compute_in
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.proposers.sam_architecture import ARCHITECTURES, SamArchitecture
from tas_ros.vision.runtime import choose_device, choose_dtype, run_fitting

_LOG = logging.getLogger(__name__)


class SegmentAnythingProposer:
    """A grid of points, three masks a point, those of low predicted quality or stability dropped, doubles removed.

    The defaults are those of TAS (docs/method.md section 1).

    checkpoint: weights as published (sam_vit_h_4b8939.pth, ...), or the folder that holds them.
    device, precision: see vision.runtime. Half precision takes in image encoder and mask decoder; points stay in full
        precision, where a bfloat16 would move them by up to four pixels.
    architecture: `vit_h`, `vit_l` or `vit_b`, which the weights then must be; None takes what the weights are.
    points_per_side: of the grid laid over the image.
    pred_iou_thresh, stability_score_thresh: below which a mask is dropped.
    crop_n_layers: how often the image is also cut into ever smaller crops.
    min_mask_region_area: holes and islands of a mask below this many pixels are removed.
    points_per_batch: points decoded at once; halved for good when memory runs out.

    Raises ModelError when the weights are missing, damaged or of another architecture.
    """

    def __init__(
        self,
        checkpoint: Path,
        device: str = "auto",
        precision: str = "auto",
        architecture: str | None = None,
        points_per_side: int = 8,
        pred_iou_thresh: float = 0.7,
        stability_score_thresh: float = 0.7,
        crop_n_layers: int = 0,
        min_mask_region_area: int = 800,
        points_per_batch: int = 64,
    ) -> None:
        place = choose_device(device)
        dtype = choose_dtype(precision, place)
        path = find_weights(Path(checkpoint), (".pth", ".pt", ".safetensors"))
        network, self.architecture = _load(path, architecture)
        network.to(place)
        compute_in(network.image_encoder, place, dtype, convert=True)
        compute_in(network.mask_decoder, place, dtype)
        self._generator = SamAutomaticMaskGenerator(
            network,
            points_per_side=points_per_side,
            points_per_batch=points_per_batch,
            pred_iou_thresh=pred_iou_thresh,
            stability_score_thresh=stability_score_thresh,
            crop_n_layers=crop_n_layers,
            min_mask_region_area=min_mask_region_area,
        )

    def propose(self, frame: Frame) -> Proposals:
        """Masks in the generator's order; quality is the predicted IoU."""

        def generate(points: int) -> list[dict[str, Any]]:
            self._generator.points_per_batch = points
            return self._generator.generate(frame.rgb)

        found, self._generator.points_per_batch = run_fitting(self._generator.points_per_batch, generate)
        found = [each for each in found if each["segmentation"].any()]  # smoothing away islands may leave nothing
        if not found:
            return Proposals(np.zeros((0, frame.height, frame.width), np.bool_), np.zeros(0, np.float32))
        quality = np.array([each["predicted_iou"] for each in found], np.float32)
        return Proposals(np.stack([each["segmentation"] for each in found]), np.clip(quality, 1e-3, 1.0))


def _load(path: Path, architecture: str | None) -> tuple[Any, SamArchitecture]:
    state = read_state(path)
    found = SamArchitecture.of_weights(state, path)
    if architecture is not None and architecture not in ARCHITECTURES:
        raise ModelError(f"architecture {architecture!r} is unknown; give {', '.join(ARCHITECTURES)} or None")
    if architecture not in (None, found.name):
        raise ModelError(
            f"weights {path} are {found.name} ({found.depth} blocks of width {found.width}), not {architecture} as "
            f"asked for; give architecture={found.name if found.name in ARCHITECTURES else None!r}, or other weights"
        )
    network = found.build()
    try:
        misfit = network.load_state_dict(state, strict=False, assign=True)
    except RuntimeError as error:  # shapes that do not fit
        raise unreadable(path, error) from error
    require_fit(path, f"Segment Anything {found.name}", misfit.missing_keys, misfit.unexpected_keys)
    _LOG.info("segment-anything %s from %s", found.name, path)
    return network, found
