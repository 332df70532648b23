# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The node's parameters: one table that declares, describes, checks and reads them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor, SetParametersResult

from tas_ros.choices.presets import PRESETS
from tas_ros.choices.profiles import PROFILES, get_profile
from tas_ros.errors import ModelError, TasError
from tas_ros.files.poses import pose_from_text
from tas_ros.language.query import Perspective
from tas_ros.ros.frame_store import FreshnessRule
from tas_ros.ros.image_conversions import MAX_PIXELS
from tas_ros.ros.messages import MASK_FORMS
from tas_ros.ros.segmenter import AnswerRule
from tas_ros.vision.working_size import WORKING_PIXELS

NOW = "Takes effect with the next command."
CONFIGURE = "Takes effect when the node is next configured."
ACTIVATE = "Takes effect when the node is next activated."


def _check_device(name: str) -> None:
    """Raise ModelError for what is no device's name; whether it is there is seen when models load."""
    if not re.fullmatch(r"auto|cpu|mps|(cuda|xpu)(:\d+)?", name):
        raise ModelError(f"{name!r} is no device; give auto, cpu, cuda or cuda:1")


@dataclass(frozen=True)
class Parameter:
    """One row of the table."""

    default: Any
    description: str
    applies: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    read_only: bool = False
    or_file: bool = False
    """Whether the path of a YAML file may stand for a choice."""
    check: Callable[[str], object] | None = None
    """Raises TasError for a value that cannot be used."""


PARAMETERS: dict[str, Parameter] = {
    "profile": Parameter(
        "embedded",
        "Which models are loaded; a profile of your own is given as the path of its YAML file.",
        CONFIGURE,
        tuple(PROFILES),
        or_file=True,
        check=get_profile,
    ),
    "preset": Parameter("default", "Which algorithm they serve.", CONFIGURE, tuple(PRESETS)),
    "autostart": Parameter(
        True, "Configure and activate at start, without a lifecycle manager.", "Read at start.", read_only=True
    ),
    "image_transport": Parameter(
        "raw",
        "How `image` comes: raw is sensor_msgs/Image; compressed is sensor_msgs/CompressedImage, on `image`/compressed "
        "or on `image` itself where that is the compressed topic's own name.",
        CONFIGURE,
        ("raw", "compressed"),
    ),
    "depth_transport": Parameter(
        "raw",
        "How `depth` comes: raw, or compressed for compressedDepth messages on `depth`/compressedDepth.",
        CONFIGURE,
        ("raw", "compressed"),
    ),
    "image_reliability": Parameter(
        "auto",
        "QoS of `image` and `depth`: reliable loses no large frame, best_effort also hears best-effort cameras, "
        "auto begins reliable and changes over when it meets such a camera.",
        ACTIVATE,
        ("auto", "reliable", "best_effort"),
    ),
    "mask_encoding": Parameter(
        "mono8",
        "Mask as mono8 with 0 and 255, mono8_label with 0 and 1 as label_info numbers classes, or mono16 with 0 and 1.",
        NOW,
        tuple(MASK_FORMS),
    ),
    "max_frame_age": Parameter(
        10.0,
        "Frames that arrived longer than this before the command are not used, seconds; 0 is no limit. With "
        "use_sim_time the header stamp counts too.",
        NOW,
        low=0.0,
        high=3600.0,
    ),
    "frame_timeout": Parameter(5.0, "How long a command waits for a usable frame, seconds.", NOW, low=0.0, high=60.0),
    "sync_tolerance": Parameter(
        0.02,
        "Largest difference of stamps between an image and its depth and camera_info, seconds.",
        NOW,
        low=0.0,
        high=1.0,
    ),
    "scene_reuse_age": Parameter(
        0.0,
        "An analysed frame answers further commands for this long although newer frames have come, seconds. 0: only "
        "while it is the newest. Raise it for a scene that stands still, then a further command takes milliseconds.",
        NOW,
        low=0.0,
        high=600.0,
    ),
    "max_command_length": Parameter(500, "Longer commands are refused, characters.", NOW, low=1, high=10_000),
    "found_threshold": Parameter(
        -1.0,
        "Score below which nothing matches; negative leaves it to the preset.",
        NOW,
        low=-1.0,
        high=1.0,
    ),
    "ambiguity_ratio": Parameter(
        -1.0,
        "A rival that looks like the thing at least this share as much as the best one makes a command ambiguous, "
        "unless its place tells them apart; above 1 switches that off, negative leaves it to the preset.",
        NOW,
        low=-1.0,
        high=2.0,
    ),
    "perspective": Parameter(
        "camera",
        "Whose left and right is meant where the command does not say: camera is a person standing at the camera, head "
        "upright, however it is mounted; image is raw pixels; robot is robot_frame; speaker is speaker_frame.",
        NOW,
        tuple(each.value for each in Perspective),
    ),
    "robot_frame": Parameter(
        "base_link", "The robot's base in the transform tree (REP-103: x forward, y left, z up).", ACTIVATE
    ),
    "speaker_frame": Parameter(
        "", "Frame of the one who speaks, for 'my left'; x forward, y left, z up. Empty: nobody's.", ACTIVATE
    ),
    "camera_pose": Parameter(
        "",
        "Fixed pose of the camera's optical frame in robot_frame, used where the transform tree knows none: "
        "'x y z roll pitch yaw' or 'x y z qx qy qz qw', metres and radians; empty for none.",
        ACTIVATE,
        check=lambda text: text.strip() and pose_from_text(text),
    ),
    "models_dir": Parameter(
        "",
        "Folder of the model files that `tas models fetch` brought; empty for the default places. Nothing is ever "
        "downloaded by the node.",
        CONFIGURE,
    ),
    "device": Parameter(
        "auto",
        "Where models with files run: auto, cpu, cuda, cuda:1 ...; auto prefers the first CUDA device.",
        CONFIGURE,
        check=_check_device,
    ),
    "precision": Parameter(
        "auto",
        "Floating-point type of those models; auto is fp16 on CUDA and fp32 elsewhere.",
        CONFIGURE,
        ("auto", "fp32", "fp16", "bf16"),
    ),
    "working_pixels": Parameter(
        WORKING_PIXELS,
        "Larger images are analysed at so many pixels and answered at their own size; more takes memory and time.",
        CONFIGURE,
        low=1 << 16,
        high=MAX_PIXELS,
    ),
    "threads": Parameter(0, "CPU threads of one inference; 0 takes one a core.", CONFIGURE, low=0, high=256),
}


@dataclass(frozen=True)
class Settings:
    """The parameters' values at one moment; names and meaning as in PARAMETERS."""

    profile: str
    preset: str
    autostart: bool
    image_transport: str
    depth_transport: str
    image_reliability: str
    mask_encoding: str
    max_frame_age: float
    frame_timeout: float
    sync_tolerance: float
    scene_reuse_age: float
    max_command_length: int
    found_threshold: float
    ambiguity_ratio: float
    perspective: str
    robot_frame: str
    speaker_frame: str
    camera_pose: str
    models_dir: str
    device: str
    precision: str
    working_pixels: int
    threads: int

    def answer_rule(self, use_sim_time: bool) -> AnswerRule:
        """What bears on one command."""
        return AnswerRule(
            FreshnessRule(self.max_frame_age, self.sync_tolerance, by_stamp=use_sim_time),
            self.frame_timeout,
            self.scene_reuse_age,
            self.max_command_length,
            self.found_threshold,
            self.ambiguity_ratio,
            Perspective(self.perspective),
        )


def declare(node: Any) -> None:
    """Declare all parameters on an rclpy node, so that overrides are read, ranges are kept and choices are checked."""
    for name, row in PARAMETERS.items():
        node.declare_parameter(name, row.default, _descriptor(row))
    node.add_on_set_parameters_callback(_check)


def check(node: Any) -> None:
    """Raise ValueError when an override given at start cannot be used; what is set later is checked when it is set."""
    for name in PARAMETERS:
        if complaint := _complaint(name, node.get_parameter(name).value):
            raise ValueError(complaint)


def read(node: Any) -> Settings:
    """The values now, of a node that was checked when it was configured. Cheap: every command asks for them."""
    values = {field.name: node.get_parameter(field.name).value for field in fields(Settings)}
    for name, value in values.items():
        if isinstance(PARAMETERS[name].default, float):
            values[name] = float(value)
    return Settings(**values)


def _descriptor(row: Parameter) -> ParameterDescriptor:
    descriptor = ParameterDescriptor(description=f"{row.description} {row.applies}", read_only=row.read_only)
    # `max_frame_age: 10` is an integer to ROS, and would be refused for a double; _complaint refuses what is no number.
    descriptor.dynamic_typing = isinstance(row.default, float)
    if row.choices:
        descriptor.additional_constraints = _allowed(row)
    if row.low is not None and row.high is not None:
        if isinstance(row.default, int):
            descriptor.integer_range = [IntegerRange(from_value=int(row.low), to_value=int(row.high), step=1)]
        else:
            descriptor.floating_point_range = [FloatingPointRange(from_value=row.low, to_value=row.high)]
    return descriptor


def _complaint(name: str, value: Any) -> str:
    row = PARAMETERS.get(name)
    if row is None:
        return ""
    if isinstance(row.default, float):
        return _complaint_of_number(name, value, row)
    is_file = row.or_file and str(value).endswith((".yaml", ".yml"))
    if row.choices and value not in row.choices and not is_file:
        return f"parameter {name} is {value!r}; it must be {_allowed(row)}"
    if row.check is not None:
        try:
            row.check(value)
        except TasError as error:
            return f"parameter {name}: {error}"
    return ""


def _complaint_of_number(name: str, value: Any, row: Parameter) -> str:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        return f"parameter {name} is {value!r}; it must be a finite number"
    if row.low is not None and row.high is not None and not row.low <= value <= row.high:
        return f"parameter {name} is {value}; it must be from {row.low:g} to {row.high:g}"
    return ""


def _allowed(row: Parameter) -> str:
    return f"one of: {', '.join(row.choices)}" + (", or the path of a YAML file" if row.or_file else "")


def _check(parameters: Sequence[Any]) -> SetParametersResult:
    complaints = [text for parameter in parameters if (text := _complaint(parameter.name, parameter.value))]
    return SetParametersResult(successful=not complaints, reason="; ".join(complaints))
