# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Activity: what a node has only while it is active. It begins whole or not at all, and ends without a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from rclpy.clock import JumpThreshold
from rclpy.duration import Duration

from tas_ros.errors import InvalidImageError
from tas_ros.files.poses import pose_from_text
from tas_ros.pipeline import Pipeline
from tas_ros.process_memory import GrowingHeap
from tas_ros.referral.referral import Status
from tas_ros.ros.frame_store import FrameStore
from tas_ros.ros.input_topics import InputTopics
from tas_ros.ros.inputs import Guard, Inputs
from tas_ros.ros.parameters import Settings
from tas_ros.ros.pose_source import PoseSource
from tas_ros.ros.segmenter import Answer, AnswerRule, Command, Segmenter
from tas_ros.ros.transforms import listen
from tas_ros.ros.worker import Worker

QUEUED_COMMANDS = 16
"""Commands that may wait for the worker; of more, the oldest is answered with a reason."""
TURNED_BACK = JumpThreshold(min_forward=None, min_backward=Duration(nanoseconds=-1), on_clock_change=True)
"""By however little: a clock that goes forward alone never does, and tf2's buffer is as strict."""


@dataclass(frozen=True)
class Reports:
    """Whom an activity tells what."""

    answered: Callable[[Command, Answer], None]
    """In the worker's thread."""
    refused: Callable[[Command, str], None]
    """A command that gets no answer, and why; in any thread."""
    failed: Callable[[Command, Exception], None]
    """In the worker's thread."""
    image_refused: Callable[[Any, InvalidImageError], None]
    warn: Callable[[str], None]
    """The same text may come often."""


class Activity:
    """Listens to the camera, and answers commands one after another in a thread of its own.

    rule: what of the parameters bears on a command, asked for with each. clock: what ages are counted in, seconds.
    Raises InvalidPoseError, and what rclpy raises.
    """

    def __init__(
        self,
        node: Any,
        pipeline: Pipeline,
        settings: Settings,
        rule: Callable[[], AnswerRule],
        clock: Callable[[], float],
        reports: Reports,
        guard: Guard,
    ) -> None:
        self._node = node
        self._rule = rule
        self._warn = reports.warn
        self._ended = False
        camera_pose = pose_from_text(settings.camera_pose) if settings.camera_pose.strip() else None
        with all_or_nothing(node) as undo:
            topics = InputTopics(node, settings)
            self._store = FrameStore(clock, topics.depth.announced, self._on_restart, topics.why_nothing_came)
            self._transforms = listen(node, guard, reports.warn)
            poses = PoseSource(self._transforms, settings.robot_frame, settings.speaker_frame, camera_pose)
            self._segmenter = Segmenter(pipeline, self._store, poses, reports.warn)
            self._jumps = node.get_clock().create_jump_callback(TURNED_BACK, post_callback=guard(self._on_jump))
            undo.callback(self._jumps.unregister)
            self._inputs = Inputs(node, self._store, topics, settings, reports.image_refused, guard)
            self._worker: Worker[Command, Answer] = Worker(
                self._answer,
                reports.answered,
                reports.refused,
                reports.failed,
                QUEUED_COMMANDS,
                rest=guard(GrowingHeap().tend),
            )
        self.image_topic = topics.image.name

    def submit(self, command: Command) -> None:
        """Answer the command in its turn."""
        self._worker.submit(command)

    def end(self, reason: str) -> None:
        """Listen no more, and refuse what waits and what is being worked at. Returns at once; safe to call twice."""
        if self._ended:
            return
        self._ended = True
        with ExitStack() as every:
            every.callback(self._worker.stop, reason)
            every.callback(self._store.close, reason)
            every.callback(self._transforms.destroy)
            every.callback(self._inputs.destroy)
            every.callback(self._jumps.unregister)

    def join(self, patience: float | None = None) -> bool:
        """Wait, after `end`, for the thread, which ends with the stage it is at; False if not after `patience` s."""
        return self._worker.join(patience)

    def _answer(self, command: Command) -> Answer:
        """In the worker's thread."""
        now = self._node.get_clock().now().nanoseconds * 1e-9
        if 0 < command.deadline < now:
            reason = f"its deadline passed {now - command.deadline:.1f} s ago"
            return Answer(command, Status.NOT_ANSWERED, reason, carried_out=False)
        return self._segmenter.answer(command, self._rule())

    def _on_jump(self, jump: Any) -> None:
        """Called in the executor's thread while the clock is set: must not wait for the worker."""
        self._node.get_logger().warning(
            "the clock was turned back, or changed over between simulated and real: "
            "what was remembered of frames, transforms and answers is dropped"
        )
        self._store.forget()
        self._segmenter.forget()
        self._transforms.forget()

    def _on_restart(self, behind: float) -> None:
        self._warn("stamps of the camera go back; what was remembered of earlier frames is dropped")
        self._segmenter.forget()
        self._transforms.recording_restarted(behind)


@contextmanager
def all_or_nothing(node: Any) -> Iterator[ExitStack]:
    """What was created on `node` within it is destroyed when it ends with an exception, and then its stack unwinds."""
    before = {id(entity) for entity, _ in _entities(node)}
    with ExitStack() as undo:
        try:
            yield undo
        except BaseException:
            for entity, destroy in _entities(node):
                if id(entity) not in before:
                    destroy(entity)
            raise
        undo.pop_all()


def _entities(node: Any) -> list[tuple[Any, Callable[[Any], Any]]]:
    """All that a lifecycle node has created, each with what destroys it."""
    return [
        *((timer, node.destroy_timer) for timer in node.timers),
        *((subscription, node.destroy_subscription) for subscription in node.subscriptions),
        *((publisher, _destroyer(node, publisher)) for publisher in node.publishers),
    ]


def _destroyer(node: Any, publisher: Any) -> Callable[[Any], Any]:
    return node.destroy_lifecycle_publisher if hasattr(publisher, "is_activated") else node.destroy_publisher
