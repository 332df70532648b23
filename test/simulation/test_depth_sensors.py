# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The laws of simulated depth sensors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from simulation.depth_scenes.sensors import (
    SENSORS,
    Materials,
    StructuredLight,
    TimeOfFlight,
    axial_noise,
    driver,
    filled,
    measure,
    random_materials,
    random_sensor,
)

FOCAL = 290.0
SHAPE = (120, 160)


def _plain(shape: tuple[int, int] = SHAPE) -> Materials:
    nowhere = np.zeros(shape, np.bool_)
    return Materials(nowhere, nowhere, nowhere)


def _wall(distance: float) -> NDArray[np.float32]:
    return np.full(SHAPE, distance, np.float32)


def _measured(depth: NDArray[np.float32], sensor: StructuredLight, seed: int = 0) -> NDArray[np.float32]:
    return measure(depth, depth, _plain(), FOCAL, sensor, np.random.default_rng(seed))


@pytest.mark.parametrize("name", ["structured light", "active stereo"])
def test_triangulated_noise_grows_with_the_square_of_the_distance(name: str) -> None:
    sensor = replace(SENSORS[name], axial=(0.0, 0.002), step=0.0)
    near, far = (float(np.nanstd(_measured(_wall(z), sensor))) for z in (0.8, 2.4))
    assert far / near == pytest.approx(9, rel=0.25)
    assert axial_noise(_wall(2.0), sensor)[0, 0] == pytest.approx(4 * axial_noise(_wall(1.0), sensor)[0, 0])


def test_time_of_flight_is_about_as_good_near_and_far() -> None:
    near, far = (float(np.nanstd(_measured(_wall(z), TimeOfFlight()))) for z in (0.8, 2.0))
    assert far / near < 3


@pytest.mark.parametrize("name", sorted(SENSORS))
def test_what_is_nowhere_stays_unknown(name: str) -> None:
    depth = _wall(1.0)
    depth[40:60, 50:90] = np.nan
    assert np.isnan(_measured(depth, SENSORS[name])[45:55, 60:80]).all()


@pytest.mark.parametrize("name", sorted(SENSORS))
def test_most_of_a_wall_is_measured_without_bias(name: str) -> None:
    found = _measured(_wall(1.0), SENSORS[name])
    assert np.isfinite(found).mean() > 0.9
    assert float(np.nanmean(found)) == pytest.approx(1.0, abs=0.006)


def test_a_thing_casts_a_shadow_to_one_side_and_the_mirrored_sensor_to_the_other() -> None:
    depth = _wall(1.0)
    depth[40:80, 60:100] = 0.6
    sensor = replace(StructuredLight(), lateral=0.0, flying=0.0)
    right, left = (
        np.isnan(_measured(depth, replace(sensor, baseline=side * 0.075))[50:70]).mean(axis=0) > 0.5 for side in (1, -1)
    )
    assert right.any() and left.any()
    assert np.flatnonzero(right).min() >= 99 or np.flatnonzero(right).max() <= 61
    assert np.mean(right == left[::-1]) > 0.95
    # Behind the edge it reaches as far as the disparities differ.
    assert np.count_nonzero(right) == pytest.approx(FOCAL * 0.075 * (1 / 0.6 - 1), abs=4)


def test_flying_pixels_hang_between_both_surfaces() -> None:
    depth = _wall(1.0)
    depth[:, 80:] = 1.5
    sensor = replace(TimeOfFlight(), flying=1.0, lateral=0.0, axial=(0.0, 0.0))
    found = _measured(depth, sensor)
    between = (found > 1.05) & (found < 1.45)
    columns = np.flatnonzero(between.mean(axis=0) > 0.3)
    assert len(columns) and set(columns) <= {78, 79, 80, 81}


def test_steps_of_disparity_are_wider_far_away() -> None:
    sensor = replace(StructuredLight(), lateral=0.0, flying=0.0, axial=(0.0, 0.0), grazing=90.0)

    def step(low: float) -> float:
        ramp = np.broadcast_to(np.linspace(low, low + 0.5, SHAPE[1], dtype=np.float32), SHAPE).copy()
        values = np.unique(_measured(ramp, sensor)[np.isfinite(_measured(ramp, sensor))])
        return float(np.median(np.diff(values)[np.diff(values) > 1e-5]))

    assert step(3.0) > 4 * step(0.8)


@pytest.mark.parametrize("kind", ["dark", "shiny"])
def test_dark_and_shiny_surfaces_return_less(kind: str) -> None:
    there = np.zeros(SHAPE, np.bool_)
    there[30:90, 40:120] = True
    materials = replace(_plain(), **{kind: there})
    found = measure(_wall(1.0), _wall(1.0), materials, FOCAL, StructuredLight(), np.random.default_rng(1))
    assert np.isnan(found[there]).mean() > np.isnan(found[~there]).mean() + 0.2


def test_transparent_things_show_what_is_behind_in_patches() -> None:
    near, far = _wall(1.0), _wall(1.0)
    near[30:90, 40:120] = 0.8
    clear = near < 0.9
    sensor = replace(StructuredLight(), baseline=0.0)
    found = measure(near, far, replace(_plain(), transparent=clear), FOCAL, sensor, np.random.default_rng(3))
    inside = found[35:85, 45:115]
    assert np.mean(np.abs(inside - 1.0) < 0.02) + np.isnan(inside).mean() > 0.3


def test_grazing_surfaces_return_nothing() -> None:
    slope = np.broadcast_to(np.linspace(0.5, 3.0, SHAPE[0], dtype=np.float32)[:, None], SHAPE).copy()
    assert np.isnan(_measured(slope, replace(StructuredLight(), grazing=60.0))).mean() > 0.8


def test_a_driver_fills_small_holes_from_beside_and_leaves_large_ones() -> None:
    depth = _wall(1.0)
    depth[:, 80:] = 2.0
    depth[20:23, 20:23] = np.nan
    depth[60:100, 100:150] = np.nan
    found = filled(depth, 4)
    assert np.all(found[20:23, 20:23] == 1.0)
    assert np.isnan(found[75:85, 110:140]).all()
    whole = driver(depth, np.random.default_rng(0))
    assert np.allclose(whole[np.isfinite(whole)] * 1000 % 1, 0, atol=0.01) or np.isfinite(whole).any()


def test_the_same_seed_measures_the_same() -> None:
    labels = np.zeros(SHAPE, np.uint8)
    labels[30:60, 40:80] = 1

    def once() -> NDArray[np.float32]:
        random = np.random.default_rng(11)
        materials = random_materials(labels, (1,), random)
        return driver(measure(_wall(1.0), _wall(1.2), materials, FOCAL, random_sensor(random), random), random)

    assert np.array_equal(once(), once(), equal_nan=True)
