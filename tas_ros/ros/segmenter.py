# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Segmenter: one command and the frames at hand to one Answer. Runs in the worker's thread; knows no node."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import InvalidCommandError, InvalidImageError
from tas_ros.language.query import Perspective, Query
from tas_ros.referral.decision import DecisionRule
from tas_ros.referral.notes import names_direction
from tas_ros.referral.referral import Referral, Status
from tas_ros.ros.compressed_images import compressed_to_metres, compressed_to_rgb
from tas_ros.ros.frame_store import FrameSet, FrameStore, FreshnessRule, NoFrameError
from tas_ros.ros.image_conversions import depth_to_metres, image_to_rgb, intrinsics_from
from tas_ros.ros.pose_source import CameraPoses, PoseSource
from tas_ros.spatial.rectifier import RectifierRule
from tas_ros.vision.frame import CameraIntrinsics, Frame

if TYPE_CHECKING:
    from tas_ros.pipeline import Pipeline
    from tas_ros.vision.scene import Scene

_ids = itertools.count(1)


@dataclass(frozen=True, eq=False)
class Command:
    """A command as it came in. `given` holds the images of a service request, None for the newest frame."""

    text: str
    received: float
    """By the clock that the frame store counts ages in, seconds."""
    reply: Callable[[Answer], None]
    given: FrameSet | None = None
    id: str = ""
    """The client's own; one is made where it is empty."""
    perspective: str = ""
    """Whose left and right, by the name of a Perspective; empty for the configured one."""
    deadline: float = 0.0
    """Node clock, seconds; 0 is none."""
    arrived: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", str(next(_ids)))


@dataclass(frozen=True, eq=False)
class Answer:
    """What is said about one command (`command.text` is empty when an image was refused and nobody asked)."""

    command: Command
    status: Status
    reason: str = ""
    carried_out: bool = True
    """False when no frame was judged through no fault of the scene: bad image, unreadable command, time out."""
    referral: Referral | None = None
    frames: FrameSet | None = None
    """The very messages that were analysed; set exactly when a mask, empty or not, can be given."""
    rgb: NDArray[np.uint8] | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    scene_reused: bool = False
    depths: tuple[float, ...] = ()
    """Median depth of each candidate of the referral, metres, NaN where unknown."""
    centroids: tuple[tuple[float, float], ...] = ()
    notes: tuple[str, ...] = ()
    """What of the frame was left out or is doubtful, such as depth of another size; sentences for a person."""
    refused: Any = None
    """Header of an image that was turned away."""
    latency: float = field(init=False)
    """Seconds from the command's arrival to this answer."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "latency", time.monotonic() - self.command.arrived)

    @property
    def header(self) -> Any:
        """Of the image this answer is about; None when none was looked at."""
        return self.frames.image.header if self.frames is not None else self.refused

    @property
    def mask(self) -> NDArray[np.bool_] | None:
        """(H, W) bool of the chosen object, None when none was chosen."""
        return self.referral.mask if self.referral else None


@dataclass(frozen=True)
class AnswerRule:
    """What of the node's parameters bears on one command."""

    freshness: FreshnessRule = field(default_factory=FreshnessRule)
    frame_timeout: float = 5.0
    scene_reuse_age: float = 0.0
    """Seconds for which an analysed frame answers further commands although newer frames have come."""
    max_command_length: int = 500
    found_threshold: float = -1.0
    """Negative leaves it to the preset; likewise the ratio."""
    ambiguity_ratio: float = -1.0
    perspective: Perspective = Perspective.CAMERA
    """Whose left and right is meant where the command does not say."""


@dataclass(frozen=True, eq=False)
class _Analysed:
    frames: FrameSet
    scene: Scene
    intrinsics: CameraIntrinsics | None
    """Of the image as it came."""
    poses: CameraPoses
    notes: tuple[str, ...]
    """What was left out of the frame."""
    made: float
    """Monotonic seconds."""


@dataclass(eq=False)
class _Memory:
    """What one command leaves to the next."""

    last: _Analysed | None = None
    previous: NDArray[np.bool_] | None = None
    """The mask last answered, for "the other one"."""


class Segmenter:
    """Answers commands with a pipeline, keeping the last Scene so that commands on one frame share its analysis.

    `answer` is called by one worker, `forget` by any thread.
    """

    def __init__(self, pipeline: Pipeline, store: FrameStore, poses: PoseSource, warn: Callable[[str], None]) -> None:
        self._pipeline = pipeline
        self._store = store
        self._poses = poses
        self._warn = warn
        self._memory = _Memory()

    def forget(self) -> None:
        """Drop the kept scene and the previous answer: the clock was turned back. Does not wait for the worker."""
        # A command that is being answered goes on with the memory it began with, and nobody will look at that again.
        self._memory = _Memory()

    def answer(self, command: Command, rule: AnswerRule) -> Answer:
        """The answer to `command`; every error of the input becomes a reason. Anything else is raised."""
        start = time.perf_counter()
        memory = self._memory
        try:
            if len(command.text) > rule.max_command_length:
                raise InvalidCommandError(
                    f"the command has {len(command.text)} characters, max_command_length is {rule.max_command_length}"
                )
            perspective = _perspective(command.perspective) or rule.perspective
            query = self._pipeline.parse(command.text)
        except InvalidCommandError as error:
            return Answer(command, Status.NOT_A_REFERENCE, str(error), carried_out=False)
        parse = time.perf_counter() - start
        if not query.valid:
            empty = Referral(Status.NOT_A_REFERENCE, query, reason=query.invalid_reason)
            return Answer(command, empty.status, empty.reason, referral=empty, timings={"parse": parse})
        try:
            before = time.perf_counter()
            analysed, reused = self._scene(command, rule, memory)
            wait = time.perf_counter() - before
        except (InvalidImageError, NoFrameError) as error:
            return Answer(command, Status.NOT_ANSWERED, str(error), carried_out=False, timings={"parse": parse})
        scene = analysed.scene
        referral = self._with_thresholds(rule).refer(scene, query, perspective, memory.previous)
        if note := self._pose_note(query, analysed.poses, perspective):
            referral = replace(referral, notes=(*referral.notes, note))
        if referral.mask is not None:
            memory.previous = referral.mask
        rows = [candidate.index for candidate in referral.candidates]
        return Answer(
            command,
            referral.status,
            referral.reason,
            referral=referral,
            frames=analysed.frames,
            rgb=scene.picture,
            timings={"parse": parse, "frame": wait, **referral.timings},
            scene_reused=reused,
            notes=analysed.notes,
            depths=tuple(float(scene.depths[i]) for i in rows),
            centroids=tuple((float(x), float(y)) for x, y in scene.centroids[rows]),
        )

    def _scene(self, command: Command, rule: AnswerRule, memory: _Memory) -> tuple[_Analysed, bool]:
        """The scene to judge, and whether it was analysed before. Raises InvalidImageError, NoFrameError."""
        if command.given is not None:
            return self._analysed(command.given, strict=True), False
        last = memory.last
        if last is not None and time.monotonic() - last.made < rule.scene_reuse_age:
            return last, True
        frames = self._store.take(rule.freshness, command.received, rule.frame_timeout)
        if (
            last is not None
            and frames.image is last.frames.image
            and frames.depth is last.frames.depth
            and self._intrinsics(frames, last.scene.picture, False, []) == last.intrinsics
        ):
            # A transform of the image's moment may have come since, in place of none or of a neighbouring one.
            poses = last.poses.improved_by(self._poses.poses(frames.image.header))
            if poses.sees_as(last.poses):
                memory.last = replace(last, poses=poses)
                return memory.last, True
        last = memory.last = None  # the old frame's memory is free before the new one is analysed
        memory.last = self._analysed(frames, strict=False)
        return memory.last, False

    def _analysed(self, frames: FrameSet, strict: bool) -> _Analysed:
        """A scene of these messages. Raises InvalidImageError."""
        poses = self._poses.poses(frames.image.header)
        frame, notes = self._frame(frames, strict)
        posed = replace(frame, robot_from_camera=poses.robot_from_camera, speaker_from_camera=poses.speaker_from_camera)
        return _Analysed(frames, self._pipeline.scene(posed), frame.intrinsics, poses, notes, time.monotonic())

    def _pose_note(self, query: Query, poses: CameraPoses, perspective: Perspective) -> str:
        """What is to be said of the transform in use, where the command's directions depend on one."""
        if not isinstance(self._pipeline.preset.rectifier, RectifierRule) or not names_direction(query):
            return ""
        return poses.note(query.perspective or perspective)

    def _frame(self, frames: FrameSet, strict: bool) -> tuple[Frame, tuple[str, ...]]:
        """Messages to a Frame, and sentences about what of them was left out or is doubtful.

        Unless `strict`, depth or calibration that does not fit is left out. Raises InvalidImageError.
        """
        rgb = compressed_to_rgb(frames.image) if _is_compressed(frames.image) else image_to_rgb(frames.image)
        notes = list(frames.notes)
        depth = self._depth(frames, rgb, strict, notes)
        intrinsics = self._intrinsics(frames, rgb, strict, notes)
        for note in notes:
            self._warn(note)
        return Frame(rgb, depth, intrinsics), tuple(notes)

    def _depth(
        self, frames: FrameSet, rgb: NDArray[np.uint8], strict: bool, notes: list[str]
    ) -> NDArray[np.float32] | None:
        """(H, W) float32 metres of the image's size. Raises InvalidImageError, if `strict`."""
        if frames.depth is None:
            return None
        said: list[str] = []
        try:
            metres = read_depth(frames.depth, said)
            if metres.shape != rgb.shape[:2]:
                raise InvalidImageError(
                    f"depth is {metres.shape[1]}x{metres.shape[0]}, the image is {rgb.shape[1]}x{rgb.shape[0]}; "
                    "register the depth to the colour camera"
                )
        except InvalidImageError as error:
            if strict:
                raise
            notes.append(f"using colour alone: {error}")
            return None
        notes.extend(said)
        if doubt := _other_frame(frames.depth.header, frames.image.header):
            notes.append(f"depth {doubt}; it is used as if registered to the image, register it if it is not")
        return metres

    def _intrinsics(
        self, frames: FrameSet, rgb: NDArray[np.uint8], strict: bool, notes: list[str]
    ) -> CameraIntrinsics | None:
        """Of the image, None when it has no calibration that fits. Raises InvalidImageError, if `strict`."""
        info = frames.camera_info
        if info is None:
            return None
        try:
            intrinsics = intrinsics_from(info, rgb.shape[1], rgb.shape[0])
        except InvalidImageError as error:
            if strict:
                raise
            notes.append(f"using no calibration: {error}")
            return None
        if intrinsics is not None and (doubt := _other_frame(info.header, frames.image.header)):
            notes.append(
                f"camera_info {doubt}; it is used all the same, give the image its own if it is another camera's"
            )
        return intrinsics

    def _with_thresholds(self, rule: AnswerRule) -> Pipeline:
        preset = self._pipeline.preset
        chosen: DecisionRule = preset.decision
        if rule.found_threshold >= 0:
            chosen = replace(chosen, found_threshold=rule.found_threshold)
        if rule.ambiguity_ratio >= 0:
            chosen = replace(chosen, ambiguity_ratio=rule.ambiguity_ratio)
        return replace(self._pipeline, preset=replace(preset, decision=chosen))


def _perspective(name: str) -> Perspective | None:
    """The Perspective of that name, None for an empty one. Raises InvalidCommandError."""
    try:
        return Perspective(name) if name else None
    except ValueError:
        known = ", ".join(each.value for each in Perspective)
        raise InvalidCommandError(
            f"the command's perspective {name!r} is none of: {known}; or leave it empty"
        ) from None


def read_depth(msg: Any, notes: list[str] | None = None) -> NDArray[np.float32]:
    """(H, W) float32 metres of a depth message, raw or compressed; `notes` gets what was left out.

    Raises InvalidImageError.
    """
    return compressed_to_metres(msg, notes=notes) if _is_compressed(msg) else depth_to_metres(msg, notes=notes)


def _other_frame(header: Any, image_header: Any) -> str:
    """That a header names another frame than the image's (sensor_msgs/Image: then "the behavior is undefined")."""
    frame, image_frame = header.frame_id.lstrip("/"), image_header.frame_id.lstrip("/")
    if not frame or not image_frame or frame == image_frame:
        return ""
    return f"is of frame '{frame[:80]}', the image of '{image_frame[:80]}'"


def _is_compressed(msg: Any) -> bool:
    return hasattr(msg, "format")
