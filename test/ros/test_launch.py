# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The launch files: what they start, and that they are guests in a robot's launch file.

They run in launch itself, on an install of this package's files in which the executables are stand-ins.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

pytest.importorskip("launch_ros", reason="launch comes with a ROS install, not with the wheels")

from launch.actions import (
    DeclareLaunchArgument,
    ExecuteProcess,
    GroupAction,
    IncludeLaunchDescription,
    OpaqueFunction,
    RegisterEventHandler,
    Shutdown,
)
from launch.event_handlers import OnProcessExit, OnProcessStart, OnShutdown
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch_ros.actions import Node, PushRosNamespace, SetParameter

from launch import LaunchDescription, LaunchService

ROOT = Path(__file__).resolve().parents[2]
WELL_ENDED = "the robot is done"


@pytest.fixture(autouse=True)
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A prefix with this checkout's launch and config files, and executables that end at once."""
    prefix = tmp_path / "prefix"
    for package, executable in {"tas_ros": "tas_node", "rviz2": "rviz2"}.items():
        marker = prefix / "share/ament_index/resource_index/packages" / package
        program = prefix / "lib" / package / executable
        for file in (marker, program):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        program.write_text(f"#!{sys.executable}\n")
        program.chmod(0o755)
    share = prefix / "share" / "tas_ros"
    share.mkdir()
    for folder in ("launch", "config"):
        (share / folder).symlink_to(ROOT / folder)
    monkeypatch.setenv("AMENT_PREFIX_PATH", f"{prefix}{os.pathsep}{os.environ.get('AMENT_PREFIX_PATH', '')}")
    monkeypatch.setenv("ROS_LOG_DIR", str(tmp_path / "log"))
    return prefix


def include(name: str = "tas", **arguments: str) -> IncludeLaunchDescription:
    source = PythonLaunchDescriptionSource(str(ROOT / "launch" / f"{name}.launch.py"))
    return IncludeLaunchDescription(source, launch_arguments=arguments.items())


def run(*entities: Any) -> str:
    """Launch them until something shuts the launch down; the first reason for it."""
    reasons: list[str] = []
    note = RegisterEventHandler(OnShutdown(on_shutdown=lambda event, _: reasons.append(event.reason)))
    service = LaunchService(noninteractive=True)
    service.include_launch_description(LaunchDescription([note, *entities]))
    service.run()
    return reasons[0]


def is_node(action: Any) -> bool:
    return isinstance(action, Node) and action.node_executable == "tas_node"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[SimpleNamespace]]:
    """Launches entities and says which commands they would have run, with the parameters that the files give."""

    def start(*entities: Any) -> list[SimpleNamespace]:
        commands = []

        def note(action: ExecuteProcess, context: Any) -> None:
            action.prepare(context)
            commands.append(describe(action.process_description.final_cmd))

        with monkeypatch.context() as patch:
            patch.setattr("launch.actions.execute_local.ExecuteLocal.execute", note)
            assert run(*entities, Shutdown(reason=WELL_ENDED)) == WELL_ENDED
        return commands

    return start


def describe(command: list[str]) -> SimpleNamespace:
    """A command line: its program, its remappings, its parameters, of which the later ones win, and the rest."""
    remaps, parameters, rest = {}, {}, []
    words = iter(command[1:])
    for word in words:
        if word == "-r":
            remaps.update([next(words).split(":=")])
        elif word == "--params-file":
            for node in yaml.safe_load(Path(next(words)).read_text()).values():
                parameters.update(node["ros__parameters"])
        elif word == "-p":
            name, value = next(words).split(":=")
            parameters[name] = yaml.safe_load(value)
        elif word != "--ros-args":
            rest.append(word)
    return SimpleNamespace(program=Path(command[0]).name, remaps=remaps, parameters=parameters, rest=rest)


def node_of(commands: list[SimpleNamespace]) -> SimpleNamespace:
    (node,) = [command for command in commands if command.program == "tas_node"]
    return node


@pytest.fixture
def robots_file(tmp_path: Path) -> str:
    """Parameters that a robot's maker wrote; none of them is a default."""
    path = tmp_path / "robot.yaml"
    values = {
        "profile": "realtime", "image_transport": "compressed", "depth_transport": "compressed", "autostart": False,
        "use_sim_time": True, "perspective": "robot", "device": "cpu", "max_frame_age": 3.0,
    }  # fmt: skip
    path.write_text(yaml.safe_dump({"/**": {"ros__parameters": values}}))
    return str(path)


# What the arguments say -----------------------------------------------------------------------------------------------


def test_what_is_not_given_stays_as_the_params_file_says(started, robots_file) -> None:
    node = node_of(started(include(params_file=robots_file)))
    assert node.parameters == yaml.safe_load(Path(robots_file).read_text())["/**"]["ros__parameters"]


def test_what_is_given_wins_over_the_params_file(started, robots_file) -> None:
    given = {
        "profile": "embedded", "image_transport": "raw", "depth_transport": "raw", "autostart": "true",
        "use_sim_time": "False", "perspective": "image", "device": "0", "camera_pose": "1 0 0 0 0 0",
    }  # fmt: skip
    node = node_of(started(include(params_file=robots_file, **given)))
    expected = given | {"autostart": True, "use_sim_time": False, "max_frame_age": 3.0}
    assert node.parameters == expected


@pytest.mark.parametrize(
    ("profile", "file"), [("", "embedded"), ("paper", "paper"), ("/home/me/my_profile.yaml", "embedded")]
)
def test_a_profile_brings_its_params_file_where_none_is_given(started, profile: str, file: str) -> None:
    node = node_of(started(include(profile=profile)))
    parameters = yaml.safe_load((ROOT / "config" / f"{file}.yaml").read_text())["/**"]["ros__parameters"]
    assert node.parameters == parameters | ({"profile": profile} if profile else {})


def test_simulated_time_of_the_whole_robot_holds_for_the_node(started) -> None:
    node = node_of(started(SetParameter("use_sim_time", value=True), include()))
    assert node.parameters["use_sim_time"] is True


@pytest.mark.parametrize(
    ("pushed", "own", "logger"),
    [("", "", "tas"), ("", "arm", "arm.tas"), ("robot", "arm", "robot.arm.tas"), ("robot", "/arm", "arm.tas")],
)
def test_log_level_is_the_nodes_in_any_namespace(started, pushed: str, own: str, logger: str) -> None:
    outer = [PushRosNamespace(pushed)] if pushed else []
    node = node_of(started(*outer, include(namespace=own, log_level="warn")))
    assert node.rest == ["--log-level", f"{logger}:=warn"]
    assert "/" + logger.removesuffix("tas").replace(".", "/").rstrip("/") == node.remaps.get("__ns", "/")


def test_no_log_level_is_set_unless_it_is_given(started) -> None:
    assert node_of(started(include())).rest == []


def test_topics_and_transforms_are_remapped(started) -> None:
    given = {"image": "/cam/color", "depth": "/cam/depth", "camera_info": "/cam/info", "command": "/ear/text"}
    node = node_of(started(include(namespace="arm", tf="tf", tf_static="tf_static", **given)))
    assert node.remaps == {"__node": "tas", "__ns": "/arm", "/tf": "tf", "/tf_static": "tf_static", **given}


def test_rviz_shows_the_transforms_in_the_frame_and_time_that_are_given(started) -> None:
    arguments = {"namespace": "arm", "tf": "tf", "use_sim_time": "true", "rviz": "true", "rviz_frame": "base_link"}
    (rviz,) = [command for command in started(include(**arguments)) if command.program == "rviz2"]
    assert [rviz.rest[0], *rviz.rest[2:]] == ["-d", "-f", "base_link"]
    assert Path(rviz.rest[1]).samefile(ROOT / "config" / "tas.rviz")
    assert rviz.parameters == {"use_sim_time": True}
    assert rviz.remaps == {"__ns": "/arm", "/tf": "tf", "/tf_static": "/tf_static"}


def test_rviz_is_left_out_unless_it_is_asked_for(started) -> None:
    assert [command.program for command in started(include())] == ["tas_node"]


@pytest.mark.parametrize(
    ("given", "clock"), [({}, True), ({"use_sim_time": "true"}, True), ({"use_sim_time": "false"}, False)]
)
def test_replay_has_the_rate_and_the_time_that_are_given(started, given: dict[str, str], clock: bool) -> None:
    commands = started(include("replay", bag="/a/bag", rate="0.5", image="/cam/color", **given))
    node, bag = node_of(commands), commands[-1]
    assert node.parameters["use_sim_time"] is clock
    assert node.remaps["image"] == "/cam/color"
    assert bag.rest == ["bag", "play", *["--clock"] * clock, "--loop", "--rate", "0.5", "/a/bag"]


def test_every_argument_names_a_parameter_of_the_node() -> None:
    parameters = pytest.importorskip("tas_ros.ros.parameters", reason="needs rclpy")
    text = (ROOT / "launch" / "tas.launch.py").read_text()
    names: dict[str, Any] = {}
    exec(compile(text, "tas.launch.py", "exec"), names)
    assert set(names["PARAMETERS"]) - {"use_sim_time"} <= set(parameters.PARAMETERS)
    assert set(names["SWITCHES"]) <= set(names["PARAMETERS"])


# A guest --------------------------------------------------------------------------------------------------------------


def end_of_launch(after: Callable[[Any], bool]) -> list[Any]:
    """Ends the launch well, by a process of the robot's own that starts once a process of the node has ended so."""
    last = ExecuteProcess(cmd=[sys.executable, "-c", ""])
    return [
        RegisterEventHandler(
            OnProcessExit(target_action=is_node, on_exit=lambda event, _: [last] if after(event) else None)
        ),
        RegisterEventHandler(OnProcessExit(target_action=last, on_exit=[Shutdown(reason=WELL_ENDED)])),
    ]


@pytest.mark.parametrize("given", [{}, {"on_exit": "nothing"}])
def test_the_robot_lives_on_when_the_node_ends(given: dict[str, str]) -> None:
    assert run(*end_of_launch(lambda _: True), include(**given)) == WELL_ENDED


def test_the_node_is_started_again_where_that_is_asked_for() -> None:
    processes: list[int] = []

    def note(event: Any, _: Any) -> list[Any] | None:
        processes.append(event.pid)
        return [Shutdown(reason=WELL_ENDED)] if len(processes) == 3 else None

    again = RegisterEventHandler(OnProcessStart(target_action=is_node, on_start=note))
    assert run(again, include(on_exit="respawn", respawn_delay="0.01")) == WELL_ENDED
    assert len(set(processes)) == 3


def test_everything_ends_with_the_node_where_that_is_asked_for() -> None:
    assert re.search("tas_node", run(include(on_exit="shutdown")))


@pytest.mark.parametrize("name", ["image", "depth_transport", "log_level", "use_sim_time", "on_exit"])
def test_defaults_do_not_reach_what_is_launched_afterwards(started, name: str) -> None:
    seen: dict[str, str] = {}
    other = [
        DeclareLaunchArgument(name, default_value="the other one's"),
        OpaqueFunction(function=lambda context: seen.update(context.launch_configurations)),
    ]
    started(include(), *other)
    assert seen[name] == "the other one's"


def test_two_arms_have_each_their_own(started) -> None:
    arms = [
        GroupAction([include(namespace="left", image="/left/image", perspective="robot")]),
        GroupAction([include(namespace="right", depth="/right/depth")]),
    ]
    left, right = started(*arms)
    assert (left.remaps["image"], left.remaps["depth"]) == ("/left/image", "depth")
    assert (right.remaps["image"], right.remaps["depth"]) == ("image", "/right/depth")
    assert (left.parameters["perspective"], right.parameters["perspective"]) == ("robot", "camera")
