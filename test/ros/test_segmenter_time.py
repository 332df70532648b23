# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a Segmenter keeps between commands: dropped when it is told to forget, mended when a transform comes late."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")
from tas_ros.choices.presets import get_preset
from tas_ros.language.query import ObjectPhrase, Perspective, Position, Query
from tas_ros.referral.referral import Candidate, Referral, Status
from tas_ros.ros.frame_store import FrameStore
from tas_ros.ros.pose_source import PoseSource
from tas_ros.ros.segmenter import AnswerRule, Command, Segmenter
from tas_ros.ros.transforms import NoTransforms

from .conftest import Tabletop
from .test_transforms import HERE, NO_TURN, Broadcaster, broadcaster, moment  # noqa: F401

pytestmark = pytest.mark.ros
HEADER_FRAME = "camera_colour_optical_frame"


@dataclass(frozen=True)
class PipelineStandIn:
    """Finds the same mask in every scene and writes down what it was given."""

    preset: Any = field(default_factory=lambda: get_preset("default"))
    frames: list[Any] = field(default_factory=list)
    previous: list[Any] = field(default_factory=list)
    judging: Callable[[], None] = lambda: None

    def parse(self, text: str) -> Query:
        positions = (Position.LEFT,) if "left" in text else ()
        return Query(text, text, ObjectPhrase("box", "box"), positions=positions)

    def scene(self, frame: Any) -> Any:
        self.frames.append(frame)
        return SimpleNamespace(frame=frame, picture=frame.rgb, depths=[1.0], centroids=np.zeros((1, 2)))

    def refer(self, scene: Any, query: Query, perspective: Perspective, previous: Any) -> Referral:
        self.previous.append(previous)
        self.judging()
        mask = np.ones(scene.frame.rgb.shape[:2], bool)
        return Referral(Status.FOUND, query, (Candidate(0, (0, 0, 9, 9), 81, 0.9, {}),), mask)


class Setting:
    """A segmenter on frames and transforms of the test's choice."""

    def __init__(self, transforms: Any, camera_pose: Any = None, **options: Any) -> None:
        self.pipeline = PipelineStandIn(**options)
        self.store = FrameStore(lambda: 1.0)
        poses = PoseSource(transforms, "base", "", camera_pose)
        self.segmenter = Segmenter(self.pipeline, self.store, poses, lambda text: None)  # type: ignore[arg-type]
        self.rule = AnswerRule(scene_reuse_age=0.0)

    def show(self, stamp: float) -> None:
        image = Tabletop().image()
        image.header.stamp = moment(stamp)
        self.store.add_image(image)

    def ask(self, text: str = "the left box") -> Any:
        return self.segmenter.answer(Command(text, 1.0, lambda answer: None), self.rule)


@pytest.fixture
def alone() -> Setting:
    return Setting(NoTransforms("nothing is heard here"))


def test_scene_and_previous_answer_are_dropped(alone: Setting) -> None:
    alone.show(10.0)
    assert not alone.ask().scene_reused and alone.ask().scene_reused
    alone.segmenter.forget()
    assert not alone.ask().scene_reused
    assert [previous is None for previous in alone.pipeline.previous] == [True, False, True]


def test_a_scene_within_its_reuse_age_does_not_outlive_a_jump(alone: Setting) -> None:
    alone.rule = AnswerRule(scene_reuse_age=600.0)
    alone.show(1000.0)
    alone.ask()
    alone.store.forget()
    alone.segmenter.forget()
    alone.show(5.0)
    answer = alone.ask()
    assert not answer.scene_reused and answer.header.stamp.sec == 5


def test_an_answer_that_a_jump_overtakes_leaves_nothing_behind() -> None:
    """`forget` comes from the executor's thread while the worker judges; it neither waits nor is undone."""
    judging, forgotten = threading.Event(), threading.Event()

    def judge() -> None:
        judging.set()
        assert forgotten.wait(60)

    setting = Setting(NoTransforms("nothing is heard here"), judging=judge)
    setting.show(1000.0)
    worker = threading.Thread(target=setting.ask)
    worker.start()
    assert judging.wait(60)
    setting.segmenter.forget()
    forgotten.set()
    worker.join()
    assert not setting.ask().scene_reused and setting.pipeline.previous == [None, None]


def test_the_reason_for_no_transforms_is_a_note_where_directions_depend_on_it(alone: Setting) -> None:
    alone.show(10.0)
    assert alone.ask("the left box").referral.notes == ("nothing is heard here",)
    assert not alone.ask("the box").referral.notes, "no direction, nothing to guess"
    alone.rule = AnswerRule(perspective=Perspective.IMAGE)
    assert not alone.ask("the left box").referral.notes, "raw pixels need no transform"


def test_a_pose_given_as_parameter_needs_no_note() -> None:
    setting = Setting(NoTransforms("nothing is heard here"), camera_pose=np.eye(4))
    setting.show(10.0)
    assert not setting.ask().referral.notes


@pytest.mark.parametrize("first", ["none", "parameter", "neighbouring"])
def test_a_transform_that_comes_late_is_taken_up(broadcaster: Broadcaster, first: str) -> None:  # noqa: F811
    b = broadcaster
    setting = Setting(b.transforms, camera_pose=np.eye(4) if first == "parameter" else None)
    setting.show(100.0)
    if first == "neighbouring":
        b.say(b.moving, ("base", HEADER_FRAME, 98.0, (0.0, 0.0, 0.0), NO_TURN))
        b.heard("base", HEADER_FRAME, 98.0, [0.0, 0.0, 0.0])
    early = setting.ask()
    assert any("2.0 s away" in note for note in early.referral.notes) == (first == "neighbouring")
    b.say(b.moving, ("base", HEADER_FRAME, 100.0, HERE, NO_TURN))
    b.heard("base", HEADER_FRAME, 100.0, list(HERE))
    late = setting.ask()
    assert not late.scene_reused and not late.referral.notes
    np.testing.assert_allclose(setting.pipeline.frames[-1].robot_from_camera[:3, 3], HERE)
    b.transforms.forget()
    kept = setting.ask()
    assert kept.scene_reused and not kept.referral.notes, "what was known of this very frame is not lost again"


def test_a_late_transform_that_changes_nothing_costs_no_analysis(broadcaster: Broadcaster) -> None:  # noqa: F811
    b = broadcaster
    setting = Setting(b.transforms)
    setting.show(100.0)
    for stamp in (98.0, 100.0):
        b.say(b.moving, ("base", HEADER_FRAME, stamp, HERE, NO_TURN))
        b.heard("base", HEADER_FRAME, stamp, list(HERE))
        answer = setting.ask()
        assert bool(answer.referral.notes) == (stamp == 98.0)
    assert answer.scene_reused and len(setting.pipeline.frames) == 1
