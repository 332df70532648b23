# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Working size: large pictures are analysed reduced, and what is found is given back in their own pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from tas_ros.arrays import FloatArray, ImageArray, IndexArray, MaskArray
from tas_ros.vision.cropped_masks import CroppedMasks
from tas_ros.vision.edge_refinement import refined_full_size
from tas_ros.vision.frame import CameraIntrinsics, Frame
from tas_ros.vision.proposals import Proposals

WORKING_PIXELS = 1 << 20
"""1280x720 and all below are analysed as they are. No model sees more: they work at 224 to 1024 pixels a side."""


@dataclass(frozen=True, eq=False)
class FullSize:
    """The picture that a reduced frame was made of. Pixel centres have whole coordinates in both.

    picture: (H, W, 3) uint8 RGB.
    height, width: of the reduced frame.
    given: masks (N, H, W) that came with the picture, None where the proposer is asked.
    """

    picture: ImageArray
    height: int
    width: int
    given: Proposals | None = None

    def boxes(self, boxes: IndexArray) -> IndexArray:
        """(N, 4) x0, y0, x1, y1 of the smallest boxes of whole pixels that cover those of the reduced frame."""
        across, down = self._scale
        first, last = boxes[:, :2] * (across, down), boxes[:, 2:] * (across, down)
        # A product that should be whole may be a hair off it.
        return np.concatenate([np.floor(first + 1e-6), np.ceil(last - 1e-6)], axis=1).astype(np.int64)

    def areas(self, areas: IndexArray) -> IndexArray:
        """(N,) pixels of the picture for those of the reduced frame, rounded."""
        across, down = self._scale
        return np.maximum(np.rint(areas * (across * down)), 1).astype(np.int64)

    def points(self, points: FloatArray) -> FloatArray:
        """(N, 2) x, y in the picture."""
        return np.asarray((points + 0.5) * self._scale - 0.5, np.float32)

    def masks(self, masks: Iterable[MaskArray], rgb: ImageArray) -> CroppedMasks:
        """(H, W) each, for masks of the reduced frame `rgb`, their edges drawn by the picture's own pixels."""
        return CroppedMasks((refined_full_size(mask, rgb, self.picture) for mask in masks), *self.picture.shape[:2])

    def reduced(self, mask: MaskArray) -> MaskArray:
        """The mask (H, W) in the reduced frame. Never empty unless it is."""
        small = mask[_sampled(mask.shape[0], self.height), :][:, _sampled(mask.shape[1], self.width)]
        if not small.any():  # what is thinner than the step leaves every pixel that it touches
            rows, columns = np.nonzero(mask)
            small = np.zeros((self.height, self.width), np.bool_)
            small[rows * self.height // mask.shape[0], columns * self.width // mask.shape[1]] = True
        return np.ascontiguousarray(small)

    @property
    def _scale(self) -> tuple[float, float]:
        return self.picture.shape[1] / self.width, self.picture.shape[0] / self.height


def reduce(
    frame: Frame, pixels: int, given: Proposals | None = None
) -> tuple[Frame, Proposals | None, FullSize | None]:
    """The frame and its given masks at `pixels` at most, and what they were made of; None where nothing is reduced.

    Colour is averaged over areas. Depth is the nearest pixel's: a mean would hang points between things and what is
    behind them. Poses stay.
    """
    if frame.height * frame.width <= pixels:
        return frame, given, None
    height, width = working_shape(frame.height, frame.width, pixels)
    full = FullSize(frame.rgb, height, width, given)
    rgb = np.asarray(cv2.resize(frame.rgb, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    depth = frame.depth
    if depth is not None:
        depth = depth[_sampled(frame.height, height), :][:, _sampled(frame.width, width)]
    intrinsics = frame.intrinsics and _scaled(frame.intrinsics, width / frame.width, height / frame.height)
    small = replace(frame, rgb=rgb, depth=depth, intrinsics=intrinsics)
    if given is not None:
        masks = np.zeros((len(given), height, width), np.bool_)
        for i, mask in enumerate(given.masks):
            masks[i] = full.reduced(mask)
        given = Proposals(masks, given.quality)
    return small, given, full


def working_shape(height: int, width: int, pixels: int) -> tuple[int, int]:
    """Rows and columns of about the same aspect that hold `pixels` at most; a line of pixels stays one."""
    scale = min(1.0, math.sqrt(pixels / (height * width)))
    rows, columns = max(1, int(height * scale)), max(1, int(width * scale))
    return min(rows, pixels // columns or 1), min(columns, pixels // rows or 1)


def _sampled(full: int, reduced: int) -> IndexArray:
    """(reduced,) the full-size row or column in which the middle of each reduced one lies."""
    return ((np.arange(reduced) + 0.5) * (full / reduced)).astype(np.int64)


def _scaled(camera: CameraIntrinsics, across: float, down: float) -> CameraIntrinsics:
    return CameraIntrinsics(
        camera.fx * across, camera.fy * down, (camera.cx + 0.5) * across - 0.5, (camera.cy + 0.5) * down - 0.5
    )
