# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Scenes that several laws look at, analysed once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from tas_ros.pipeline import Pipeline
from tas_ros.vision.scene import Scene

from .drawn_table import BEHIND_ROBOT, FACING_ROBOT, Drawn, draw, looking, mirrored
from .tables import TABLES

EYES = {"behind": BEHIND_ROBOT, "left": (0.55, 0.95, 0.75), "facing": FACING_ROBOT}


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    """The real models of profile `embedded`."""
    return Pipeline.load()


@pytest.fixture(scope="session")
def drawn() -> Callable[..., Drawn]:
    """A table by name, seen from one of EYES by a camera rolled by so many degrees."""

    @cache
    def draw_once(table: str, eye: str = "behind", roll: float = 0.0) -> Drawn:
        return draw(TABLES[table], looking(EYES[eye], roll=roll))

    return draw_once


@pytest.fixture(scope="session")
def scene_of(pipeline: Pipeline, drawn: Callable[..., Drawn]) -> Callable[..., Scene]:
    """The same as a Scene with the true masks; `mirror` gives its mirror image."""

    @cache
    def analyse(table: str, eye: str = "behind", roll: float = 0.0, mirror: bool = False) -> Scene:
        seen = drawn(table, eye, roll)
        seen = mirrored(seen) if mirror else seen
        return pipeline.scene(seen.frame, seen.proposals)

    return analyse
