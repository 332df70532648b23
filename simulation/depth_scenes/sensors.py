# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What depth cameras make of ideal depth: noise, flying pixels, holes, shadows, steps, and what drivers do about them.

Axial noise grows with the square of the distance where depth is triangulated, sigma = a + b z^2 (Khoshelham and
Elberink 2012, and Nguyen, Izadi and Lovell 2012, for structured light), and hardly for time of flight.
Lateral noise frays outlines by about a pixel. Near them a pixel may mix both surfaces ("flying"). Surfaces seen at a
grazing angle, dark, shiny and transparent ones return nothing. A second imager or projector casts a shadow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from tas_ros.vision.nearest_known import from_nearest_known

Depth = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Materials:
    """How surfaces answer light, by pixel: (H, W) bool each."""

    dark: Mask
    shiny: Mask
    transparent: Mask


@dataclass(frozen=True)
class StructuredLight:
    """A projected pattern and one imager, as the first Kinect, Primesense and F200/SR300 have."""

    axial: tuple[float, float] = (0.0008, 0.0020)
    """a in metres and b in 1/metres of sigma = a + b z^2."""
    grain: float = 1.2
    """Sigma in pixels over which the noise is correlated."""
    lateral: float = 0.7
    """Sigma in pixels by which outlines are displaced."""
    grazing: float = 78.0
    """Degrees between ray and normal beyond which a surface returns nothing."""
    flying: float = 0.1
    """Share of the pixels beside an outline that lie between both surfaces."""
    baseline: float = 0.075
    """Metres from imager to projector; its shadow falls to one side. 0 casts none."""
    step: float = 0.125
    """Disparity steps in pixels of an imager 640 wide; 0 for none."""
    dark_holes: float = 0.6
    """Probability that a dark surface returns nothing."""
    shiny_holes: float = 0.5
    nearest: float = 0.35
    farthest: float = 5.0


@dataclass(frozen=True)
class ActiveStereo(StructuredLight):
    """Two imagers and a projector, as RealSense D4xx: smooth errors, soft outlines, matched over windows."""

    axial: tuple[float, float] = (0.0005, 0.0030)
    grain: float = 2.2
    lateral: float = 1.3
    grazing: float = 83.0
    flying: float = 0.25
    baseline: float = 0.05
    step: float = 0.0625
    dark_holes: float = 0.25
    shiny_holes: float = 0.4
    nearest: float = 0.2


@dataclass(frozen=True)
class TimeOfFlight(StructuredLight):
    """Kinect v2, Azure Kinect, L515: no shadow, many flying pixels, dark surfaces lost or off."""

    axial: tuple[float, float] = (0.0015, 0.0006)
    grain: float = 0.8
    lateral: float = 0.6
    grazing: float = 82.0
    flying: float = 0.6
    baseline: float = 0.0
    step: float = 0.0
    dark_holes: float = 0.5
    shiny_holes: float = 0.35


@dataclass(frozen=True)
class Industrial(StructuredLight):
    """PhoXi, Zivid, Ensenso: hardly any noise, wide shadows, shiny and dark surfaces lost."""

    axial: tuple[float, float] = (0.0001, 0.0002)
    grain: float = 0.6
    lateral: float = 0.3
    grazing: float = 80.0
    flying: float = 0.03
    baseline: float = 0.25
    step: float = 0.0
    dark_holes: float = 0.5
    shiny_holes: float = 0.6


SENSORS: dict[str, StructuredLight] = {
    "structured light": StructuredLight(),
    "active stereo": ActiveStereo(),
    "time of flight": TimeOfFlight(),
    "industrial": Industrial(),
}


def random_sensor(random: np.random.Generator) -> StructuredLight:
    """A specimen of some kind: its laws hold, its numbers are its own, better or worse by half."""
    kind = list(SENSORS.values())[int(random.choice(len(SENSORS), p=[0.25, 0.4, 0.2, 0.15]))]
    a, b = kind.axial
    factor = float(np.exp(random.uniform(-1.0, 0.7)))
    return replace(
        kind,
        axial=(a * factor, b * factor),
        grain=kind.grain * float(random.uniform(0.6, 1.5)),
        lateral=kind.lateral * float(random.uniform(0.3, 1.5)),
        grazing=min(88.0, kind.grazing + float(random.uniform(-6, 6))),
        flying=kind.flying * float(random.uniform(0.2, 1.4)),
        baseline=kind.baseline * float(random.uniform(0.5, 1.5)) * float(random.choice([-1, 1])),
        nearest=kind.nearest * float(random.uniform(0.3, 1.0)),
        dark_holes=kind.dark_holes * float(random.uniform(0.3, 1.5)),
        shiny_holes=kind.shiny_holes * float(random.uniform(0.3, 1.5)),
    )


def random_materials(labels: NDArray[np.uint8], transparent: tuple[int, ...], random: np.random.Generator) -> Materials:
    """Every thing of (H, W) labels, and what is behind (label 0), is of one material; those named let light through."""
    numbers = np.arange(256)
    draw = random.random(256)
    dark, shiny = draw < 0.1, (draw >= 0.1) & (draw < 0.18)
    dark[0], shiny[0] = draw[0] < 0.04, False
    clear = np.isin(numbers, transparent)
    return Materials(dark[labels], shiny[labels], clear[labels])


def measure(
    depth: Depth,
    behind: Depth,
    materials: Materials,
    focal: float,
    sensor: StructuredLight,
    random: np.random.Generator,
) -> Depth:
    """(H, W) float32 metres, NaN where the sensor returns nothing, of ideal (H, W) float32 metres.

    behind: the same without the transparent things. focal: pixels. What is NaN in `depth` stays NaN.
    """
    slope = _grazing(depth, focal)
    seen = _through(depth, behind, materials.transparent, random)
    seen = _displaced(seen, sensor.lateral * max(1.0, depth.shape[1] / 640), random)
    lost = ~np.isfinite(depth) | ~np.isfinite(seen)
    lost |= (seen < sensor.nearest) | (seen > sensor.farthest)
    lost |= slope + random.normal(0, 2.5) + 2.5 * smooth_normal(depth.shape, 2.0, random) > sensor.grazing
    lost |= materials.dark & (_blotches(depth.shape, sensor.dark_holes, random))
    lost |= materials.shiny & _blotches(depth.shape, sensor.shiny_holes, random)
    lost |= materials.transparent & _blotches(depth.shape, float(random.uniform(0.1, 0.9)), random)
    if sensor.baseline:
        lost |= _shadowed(seen, focal * sensor.baseline)
    seen = _flying(seen, sensor.flying, random)
    sigma = axial_noise(seen, sensor)
    grain = max(0.3, sensor.grain * depth.shape[1] / 640)
    seen = seen + sigma * smooth_normal(depth.shape, grain, random)
    # Errors over tens of pixels, of calibration and of matching windows: planes are never quite flat.
    seen = seen + 0.5 * sigma * smooth_normal(depth.shape, 0.05 * depth.shape[1], random)
    if sensor.step:
        seen = _stepped(seen, abs(sensor.baseline) or 0.05, focal * 640 / depth.shape[1], sensor.step)
    lost |= np.abs(smooth_normal(depth.shape, 1.5, random)) > random.uniform(2.6, 5.0)
    return np.where(lost, np.float32(np.nan), seen).astype(np.float32)


def driver(depth: Depth, random: np.random.Generator) -> Depth:
    """What drivers hand on: as it is, with holes closed from the nearest pixel, or smoothed; in millimetres."""
    draw = random.random()
    if draw < 0.25:
        depth = filled(depth, int(random.integers(2, 12)))
    elif draw < 0.35:
        depth = filled(depth, max(depth.shape))
    if random.random() < 0.2:
        known = np.isfinite(depth)
        smooth = cv2.medianBlur(np.where(known, depth, 0).astype(np.float32), 5)
        depth = np.where(known & (smooth > 0), smooth, depth)
    return np.asarray(np.round(depth * 1000) / 1000, np.float32)


def filled(depth: Depth, reach: int) -> Depth:
    """Holes filled from the nearest known pixel up to `reach` pixels away, as drivers' hole filling does."""
    known = np.isfinite(depth)
    if known.all() or not known.any():
        return depth
    nearest, distance = from_nearest_known(depth, known)
    return np.where(~known & (distance <= reach), nearest, depth).astype(np.float32)


def axial_noise(depth: Depth, sensor: StructuredLight) -> Depth:
    """(H, W) standard deviation in metres of depth in metres."""
    a, b = sensor.axial
    return np.asarray(a + b * depth * depth, np.float32)


def smooth_normal(shape: tuple[int, ...], grain: float, random: np.random.Generator) -> NDArray[np.float32]:
    """Normal noise of unit variance correlated over `grain` pixels; coarse noise is drawn small and enlarged."""
    shrink = max(1, int(grain / 2))
    size = (-(-shape[0] // shrink), -(-shape[1] // shrink))
    field: NDArray[np.float32] = random.standard_normal(size, np.float32)
    if grain > 0.3:
        field[:] = cv2.GaussianBlur(field, (0, 0), max(grain / shrink, 0.3))
    if shrink > 1:
        field = np.asarray(cv2.resize(field, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)
    return np.asarray(field / max(float(field.std()), 1e-6), np.float32)


def _blotches(shape: tuple[int, ...], share: float, random: np.random.Generator) -> Mask:
    """(H, W) bool that holds in patches on about that share of the pixels."""
    field = smooth_normal(shape, float(random.uniform(1.0, 8.0)), random)
    return np.asarray(field < np.quantile(field[::4, ::4], min(max(share, 0.0), 1.0)))


def _through(depth: Depth, behind: Depth, transparent: Mask, random: np.random.Generator) -> Depth:
    """Transparent things show what is behind them, in patches."""
    if not transparent.any():
        return depth
    clear = transparent & _blotches(depth.shape, float(random.uniform(0.3, 1.0)), random)
    return np.where(clear, behind, depth).astype(np.float32)


def _displaced(depth: Depth, sigma: float, random: np.random.Generator) -> Depth:
    """Every pixel reads a neighbour's depth, `sigma` pixels away: outlines fray."""
    if sigma < 0.1:
        return depth
    rows, columns = np.indices(depth.shape, np.float32)
    grain = float(random.uniform(0.3, 1.5))
    moved_x = columns + sigma * smooth_normal(depth.shape, grain, random)
    moved_y = rows + sigma * smooth_normal(depth.shape, grain, random)
    return np.asarray(
        cv2.remap(depth, moved_x, moved_y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE), np.float32
    )


def _grazing(depth: Depth, focal: float) -> NDArray[np.float32]:
    """(H, W) degrees between ray and surface normal, near the optical axis; 0 where not known.

    The slope is that to the nearer of both neighbours: a step is no surface.
    """
    slopes = []
    for axis in (0, 1):
        steps = np.abs(np.diff(depth, axis=axis))
        edge = np.full_like(np.take(steps, [0], axis=axis), np.inf)
        slopes.append(np.fmin(np.concatenate([edge, steps], axis=axis), np.concatenate([steps, edge], axis=axis)))
    tangent = np.hypot(*slopes) * focal / depth
    return np.nan_to_num(np.degrees(np.arctan(tangent)), nan=0.0).astype(np.float32)


def _shadowed(depth: Depth, reach: float) -> Mask:
    """Where something nearer hides the pixel from a second imager or projector to the side.

    reach: pixels times metres: focal length times baseline, negative to the left.
    """
    if reach < 0:
        return np.asarray(_shadowed(depth[:, ::-1], -reach)[:, ::-1])
    # Seen from the side each pixel lands at column - disparity; what is nearer lands farther left.
    disparity = np.nan_to_num(reach / depth, nan=0.0, posinf=0.0)
    landed = np.arange(depth.shape[1], dtype=np.float32) - disparity
    # Hidden is what lands to the right of nothing yet seen from the far side.
    farther = np.minimum.accumulate(landed[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(landed - farther > 0.5)


def _flying(depth: Depth, share: float, random: np.random.Generator) -> Depth:
    """Pixels beside an outline, a share of them, lie anywhere between both surfaces."""
    kernel = np.ones((3, 3), np.uint8)
    known = np.nan_to_num(depth, nan=0.0)
    far = cv2.dilate(known, kernel)
    near = -cv2.dilate(np.where(known > 0, -known, -np.float32(99)), kernel)
    flies = (far - near > 0.02) & (near > 0) & (near < 99) & (random.random(depth.shape, np.float32) < share)
    mixed = near + (far - near) * random.random(depth.shape, np.float32)
    return np.where(flies & np.isfinite(depth), mixed, depth).astype(np.float32)


def _stepped(depth: Depth, baseline: float, focal: float, step: float) -> Depth:
    disparity = focal * baseline / depth
    return np.asarray(focal * baseline / np.maximum(np.round(disparity / step) * step, step), np.float32)
