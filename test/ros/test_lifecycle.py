# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The managed node: up and down, a failed configure that can be retried, namespaces, cameras of either reliability."""

from __future__ import annotations

import resource
import signal
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")
from lifecycle_msgs.msg import State, Transition
from lifecycle_msgs.srv import ChangeState, GetState
from rcl_interfaces.msg import Parameter, ParameterType, ParameterValue
from rcl_interfaces.srv import SetParameters
from rclpy.qos import QoSProfile, ReliabilityPolicy

from tas_ros.msg import Referral

from .conftest import PATIENCE, wait_until

pytestmark = pytest.mark.ros


def change(peer: Any, transition: int) -> bool:
    request = ChangeState.Request(transition=Transition(id=transition))
    return bool(peer.call(ChangeState, "change_state", request).success)


def state(peer: Any) -> int:
    return int(peer.call(GetState, "get_state", GetState.Request()).current_state.id)


def set_parameter(peer: Any, name: str, value: Any) -> Any:
    kinds = {str: ("STRING", "string_value"), int: ("INTEGER", "integer_value"), float: ("DOUBLE", "double_value")}
    kind, field = kinds[type(value)]
    typed = ParameterValue(type=getattr(ParameterType, f"PARAMETER_{kind}"), **{field: value})
    parameter = Parameter(name=name, value=typed)
    return peer.call(SetParameters, "set_parameters", SetParameters.Request(parameters=[parameter])).results[0]


def found_red_box(peer: Any, tabletop: Any) -> bool:
    peer.image.publish(tabletop.image())
    return bool(peer.ask("the red box").status == Referral.FOUND)


def test_up_and_down(start_node: Any, make_peer: Any, tabletop: Any) -> None:
    node = start_node(autostart=False, threads=2)
    peer = make_peer()
    assert state(peer) == State.PRIMARY_STATE_UNCONFIGURED
    refused = set_parameter(peer, "profile", "no_such_profile")
    assert not refused.successful and "must be one of: embedded, realtime, paper" in refused.reason
    for _ in range(2):
        assert change(peer, Transition.TRANSITION_CONFIGURE) and state(peer) == State.PRIMARY_STATE_INACTIVE
        response = peer.request(command="the red box")
        assert not response.success and response.message.startswith("the node is not active")
        for _ in range(5):
            assert change(peer, Transition.TRANSITION_ACTIVATE) and state(peer) == State.PRIMARY_STATE_ACTIVE
            assert change(peer, Transition.TRANSITION_DEACTIVATE) and state(peer) == State.PRIMARY_STATE_INACTIVE
        assert change(peer, Transition.TRANSITION_ACTIVATE)
        peer.wait_for_node()
        wait_until(lambda: found_red_box(peer, tabletop), "an answer after going up and down")
        assert change(peer, Transition.TRANSITION_DEACTIVATE)
        assert change(peer, Transition.TRANSITION_CLEANUP) and state(peer) == State.PRIMARY_STATE_UNCONFIGURED
    assert change(peer, Transition.TRANSITION_UNCONFIGURED_SHUTDOWN) and state(peer) == State.PRIMARY_STATE_FINALIZED
    assert node.stop() == 0 and "Traceback" not in node.log


def test_failed_configure_names_the_cure_and_a_retry_works(start_node: Any, make_peer: Any) -> None:
    node = start_node("-p", "profile:=no_such_profile")
    peer = make_peer()
    node.wait_for_log("cannot configure: parameter profile is 'no_such_profile'; it must be one of: embedded")
    assert state(peer) == State.PRIMARY_STATE_UNCONFIGURED
    assert set_parameter(peer, "profile", "embedded").successful
    assert change(peer, Transition.TRANSITION_CONFIGURE) and state(peer) == State.PRIMARY_STATE_INACTIVE
    assert node.stop(signal.SIGINT) == 0 and "Traceback" not in node.log


def test_failed_activate_is_said_and_undone_and_a_retry_works(start_node: Any, make_peer: Any, tabletop: Any) -> None:
    node = start_node(autostart=False, threads=2)
    peer = make_peer()
    assert change(peer, Transition.TRANSITION_CONFIGURE)
    pid = node.process.pid
    before = held(pid)
    limits = resource.prlimit(pid, resource.RLIMIT_AS)
    # Room for messages, none for the stack of the worker's thread.
    resource.prlimit(pid, resource.RLIMIT_AS, (address_space(pid) + (4 << 20), limits[1]))
    try:
        assert not change(peer, Transition.TRANSITION_ACTIVATE)
    finally:
        resource.prlimit(pid, resource.RLIMIT_AS, limits)
    assert "cannot activate" in node.log and "can't start new thread" in node.log, node.log
    assert state(peer) == State.PRIMARY_STATE_INACTIVE and held(pid) == before
    response = peer.request(command="the red box")
    assert not response.success and response.message.startswith("the node is not active")
    assert change(peer, Transition.TRANSITION_ACTIVATE)
    peer.wait_for_node()
    wait_until(lambda: found_red_box(peer, tabletop), "an answer after the retry")


def held(pid: int) -> tuple[int, list[str]]:
    """A process's threads, and the files and sockets it has open."""
    open_files = sorted(str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir())
    return len(list(Path(f"/proc/{pid}/task").iterdir())), open_files


def address_space(pid: int) -> int:
    """Bytes that RLIMIT_AS counts."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()


def test_bad_parameter_at_start_is_said_plainly(start_node: Any) -> None:
    node = start_node(frame_timeout=-3.0)
    assert node.process.wait(PATIENCE) == 2
    assert "Parameter frame_timeout out of range" in node.log and "Traceback" not in node.log
    node.process.returncode = 0  # the fixture expects 0 of nodes that a signal ended


def test_security_that_is_not_there_is_said_plainly(start_node: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It must not run unprotected where protection was asked for."""
    monkeypatch.setenv("ROS_SECURITY_ENABLE", "true")
    monkeypatch.setenv("ROS_SECURITY_STRATEGY", "Enforce")
    monkeypatch.setenv("ROS_SECURITY_KEYSTORE", "/nowhere")
    node = start_node()
    assert node.process.wait(PATIENCE) == 2
    assert "SECURITY ERROR" in node.log and "Traceback" not in node.log
    node.process.returncode = 0  # the fixture expects 0 of nodes that a signal ended


def test_namespace_and_best_effort_camera(start_node: Any, make_peer: Any, tabletop: Any) -> None:
    node = start_node(namespace="/robot1", threads=2)
    node.wait_for_log("ready: waiting for images on /robot1/image and commands on /robot1/command")
    peer = make_peer("/robot1", image_qos=QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT))
    node.wait_for_log("listening best effort")
    peer.wait_for_node()

    small = tabletop.image()
    small.width, small.height, small.step = 320, 240, 960  # below 512 KiB best effort arrives on default transports
    small.data = type(small.data)("B", tabletop.rgb[::2, ::2].tobytes())

    def answered_on_frame() -> bool:
        peer.image.publish(small)
        return bool(peer.ask("the red box").header == small.header)

    wait_until(answered_on_frame, "an answer on a best-effort frame")
    for number in (signal.SIGINT, signal.SIGINT):
        if node.alive:
            node.process.send_signal(number)  # a second Ctrl-C does not spoil the clean-up
    assert node.stop(signal.SIGINT) == 0 and "Traceback" not in node.log
