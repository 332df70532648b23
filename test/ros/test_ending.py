# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.
"""The node ends when it is told to, with exit code 0 and nothing left unanswered.

Every moment, from loading on, is met by the part `ends` of `benchmarks/endurance`.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")

from tas_ros.msg import Referral
from tas_ros.srv import Segment

from .conftest import ROOT, wait_until

pytestmark = pytest.mark.ros
SIGNALS = (signal.SIGINT, signal.SIGTERM)
MERCY = 30.0
"""Seconds until a process counts as hung; the promise of three is measured by `python -m benchmarks.endurance`."""


def test_signals_in_any_number_and_at_any_moment_do_not_hang() -> None:
    """The main thread is interrupted a hundred times a second in the midst of asking for the end itself."""
    code = (
        "import os, sys\n"
        "from tas_ros.ros.termination import Termination, leave\n"
        "termination = Termination()\n"
        "termination.answers_are_owed()\n"
        "print('listening', flush=True)\n"
        "termination.wait()\n"
        "for _ in range(100_000): termination.request(); termination.wait()\n"
        "leave(0)\n"
    )
    draw = random.Random(1)
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            for _ in range(40):
                process.send_signal(draw.choice(SIGNALS))
                time.sleep(draw.random() * 0.003)
            assert process.wait(MERCY) == 0


def test_what_computes_for_ever_is_left() -> None:
    code = (
        "import threading, time\n"
        "from tas_ros.ros.termination import Termination\n"
        "termination = Termination()\n"
        "termination.answers_are_owed()\n"
        "termination.leave_within(0.2)\n"
        "print('listening', flush=True)\n"
        "while True: sum(range(1000))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as it:
        assert it.stdout is not None and it.stderr is not None
        it.stdout.readline()
        it.send_signal(signal.SIGTERM)
        assert it.wait(MERCY) == 0 and b"in the midst of work" in it.stderr.read()


def test_a_full_pipe_does_not_hold_it() -> None:
    """Who reads the output may be stuck."""
    code = (
        "from tas_ros.ros.termination import Termination\n"
        "termination = Termination()\n"
        "termination.answers_are_owed()\n"
        "termination.leave_within(0.2)\n"
        "termination.request()\n"
        "while True: print('x' * 1000, flush=True)\n"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.wait(MERCY) == 0


def test_open_requests_are_answered_when_it_ends(start_node: Any, make_peer: Any, tabletop: Any) -> None:
    node = start_node(threads=2)
    node.wait_for_log("ready: waiting for images")
    peer = make_peer()
    peer.wait_for_node()
    image, depth, _ = tabletop.frame()
    requests = [Segment.Request(id=str(i), command="the red box", image=image, depth=depth) for i in range(3)]
    futures = [peer.segment.call_async(request) for request in requests]
    seen = len(peer.received["referral"])
    time.sleep(0.3)  # the first is being worked at, the others wait
    for number in range(10):
        node.process.send_signal(SIGNALS[number % 2])
    wait_until(lambda: all(future.done() for future in futures), "answers to the open requests", MERCY)
    assert [future.result().referral.command_id for future in futures] == ["0", "1", "2"]
    assert node.process.wait(MERCY) == 0 and "Traceback" not in node.log, node.log
    assert all("shutting down" in future.result().message for future in futures[1:])
    assert len(peer.received["referral"]) == seen  # a request's answer is nobody else's


def test_a_command_being_worked_at_is_answered_once(start_node: Any, make_peer: Any, tabletop: Any) -> None:
    node = start_node(threads=2, frame_timeout=30.0)
    node.wait_for_log("ready: waiting for images")
    peer = make_peer()
    peer.wait_for_node()
    asked = threading.Thread(target=lambda: peer.ask("the red box"))  # no image comes: it waits for one
    asked.start()
    time.sleep(0.3)
    assert node.stop() == 0 and "Traceback" not in node.log, node.log
    asked.join(MERCY)
    (answer,) = [each for each in peer.received["referral"] if each.command == "the red box"]
    assert answer.status == Referral.NOT_ANSWERED and "shutting down" in answer.reason
