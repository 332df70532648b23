# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a real RGB-D camera makes of an ideal picture: lens, noise and quantisation; stereo depth with its holes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ColourSensor:
    """A small rolling-shutter colour camera after its own noise reduction."""

    blur: float = 0.55
    """Sigma in pixels of the lens."""
    vignette: float = 0.16
    """Share of light lost in the corners."""
    noise: float = 1.6
    """Standard deviation of the luminance noise, grey levels."""
    noise_grain: float = 0.8
    """Sigma in pixels of the noise: cameras smooth it before they hand an image over."""
    quantum: int = 2
    """Grey levels a step; also what keeps the recording small."""


@dataclass(frozen=True)
class StereoDepthSensor:
    """An active stereo camera of the RealSense D435 kind."""

    baseline: float = 0.05
    """Metres."""
    noise: float = 0.06
    """Standard deviation of the disparity, pixels."""
    noise_grain: float = 1.6
    """Sigma in pixels over which stereo matching smooths."""
    subpixel: int = 16
    """Disparity steps a pixel."""
    speckle: float = 3.4
    """Matching fails where a unit normal field is beyond this."""
    farthest: float = 4.0
    """Metres; beyond it nothing is measured."""


def photograph(
    rgb: NDArray[np.uint8],
    sensor: ColourSensor,
    exposure: float,
    random: np.random.Generator,
) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 as `sensor` sees the ideal (H, W, 3) uint8 picture."""
    height, width = rgb.shape[:2]
    picture = cv2.GaussianBlur(rgb.astype(np.float32), (0, 0), sensor.blur)
    rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    falloff = 1 - sensor.vignette * (rows**2 + columns**2) / 2
    noise = sensor.noise * _smooth_normal((height, width), sensor.noise_grain, random)
    picture = picture * (exposure * falloff)[..., None] + noise[..., None]
    quantised: NDArray[np.float32] = np.round(picture / sensor.quantum) * sensor.quantum
    return quantised.clip(0, 255).astype(np.uint8)


def measure_depth(
    depth: NDArray[np.float32],
    focal_length: float,
    sensor: StereoDepthSensor,
    random: np.random.Generator,
) -> NDArray[np.uint16]:
    """(H, W) uint16 millimetres, 0 where unknown, as `sensor` measures the ideal (H, W) float32 metres.

    focal_length: pixels.
    """
    disparity = focal_length * sensor.baseline / depth.astype(np.float64)
    occluded = _hidden_from_second_imager(disparity)
    disparity += sensor.noise * _smooth_normal(depth.shape, sensor.noise_grain, random)
    disparity = np.round(disparity * sensor.subpixel) / sensor.subpixel
    millimetres = np.round(1000 * focal_length * sensor.baseline / np.maximum(disparity, 1e-3))
    unmatched = np.abs(_smooth_normal(depth.shape, 2.0, random)) > sensor.speckle
    millimetres[occluded | unmatched | (millimetres > 1000 * sensor.farthest)] = 0
    return millimetres.astype(np.uint16)


def _hidden_from_second_imager(disparity: NDArray[np.float64], reach: int = 40) -> NDArray[np.bool_]:
    """Where something nearer up to `reach` pixels to the right covers the pixel in the second image of the pair."""
    hidden = np.zeros(disparity.shape, bool)
    for shift in range(1, reach):
        hidden[:, :-shift] |= disparity[:, shift:] - disparity[:, :-shift] >= shift
    return hidden


def _smooth_normal(shape: tuple[int, ...], grain: float, random: np.random.Generator) -> NDArray[np.float32]:
    """A field of unit variance normal noise correlated over `grain` pixels."""
    field = cv2.GaussianBlur(random.standard_normal(shape).astype(np.float32), (0, 0), grain)
    return np.asarray(field / field.std(), np.float32)
