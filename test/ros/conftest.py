# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The node as its own process, and a peer that talks to it over DDS (benchmarks/live)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.live.camera import Tabletop
from benchmarks.live.peer import Peer
from benchmarks.live.waiting import PATIENCE, wait_until

# A domain of this test run's own, on this machine alone; set before any ROS library looks.
os.environ["ROS_DOMAIN_ID"] = str(1 + os.getpid() % 100)
os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "LOCALHOST"

ROOT = Path(__file__).resolve().parents[2]
# Tests send single frames. On the default 512 KiB segment a frame of 900 KiB loses fragments, which reliable writers
# send again only with the next frame or heartbeat (3 s later); a streaming camera never shows this.
os.environ["FASTRTPS_DEFAULT_PROFILES_FILE"] = os.environ["FASTDDS_DEFAULT_PROFILES_FILE"] = str(
    ROOT / "config" / "fastdds_shm.xml"
)


class TasProcess:
    """`tas_node` in a process of its own."""

    def __init__(self, log: Path, *arguments: str, namespace: str = "", **parameters: Any) -> None:
        self.namespace = namespace
        command = [sys.executable, "-m", "tas_ros.ros.node", "--ros-args", *arguments]
        if namespace:
            command += ["-r", f"__ns:={namespace}"]
        for name, value in parameters.items():
            command += ["-p", f"{name}:={str(value).lower() if isinstance(value, bool) else value}"]
        self._log = log
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
        with log.open("wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment, cwd=ROOT)

    @property
    def log(self) -> str:
        """All that the process has printed."""
        return self._log.read_text(errors="replace")

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def wait_for_log(self, text: str) -> None:
        wait_until(lambda: text in self.log or not self.alive, f"{text!r} in the log:\n{self.log}")
        assert self.alive, f"the node died:\n{self.log}"

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it as a user would; the exit code."""
        if self.alive:
            self.process.send_signal(number)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            pytest.fail(f"the node did not end {PATIENCE:.0f} s after signal {number}:\n{self.log}")


@pytest.fixture(scope="session")
def tabletop() -> Tabletop:
    return Tabletop()


@pytest.fixture
def start_node(tmp_path: Path) -> Iterator[Callable[..., TasProcess]]:
    """Starts nodes and ends them; a node that dies or ends badly fails its test."""
    started: list[TasProcess] = []

    def start(*arguments: str, **options: Any) -> TasProcess:
        started.append(TasProcess(tmp_path / f"node{len(started)}.log", *arguments, **options))
        return started[-1]

    yield start
    for node in started:
        assert node.stop() == 0, node.log


@pytest.fixture
def make_peer() -> Iterator[Callable[..., Peer]]:
    made: list[Peer] = []

    def make(*arguments: Any, **options: Any) -> Peer:
        made.append(Peer(*arguments, **options))
        return made[-1]

    yield make
    for peer in made:
        peer.close()


@pytest.fixture(scope="module")
def own_parameters() -> dict[str, Any]:
    """Parameters that a module's shared node has beside the usual ones; a module overrides this fixture."""
    return {}


@pytest.fixture(scope="module")
def shared_node(tmp_path_factory: pytest.TempPathFactory, own_parameters: dict[str, Any]) -> Iterator[TasProcess]:
    """One active node for all tests of a module, so that the models load once."""
    log = tmp_path_factory.mktemp("node") / "node.log"
    node = TasProcess(log, frame_timeout=1.0, max_frame_age=0.0, threads=2, **own_parameters)
    try:
        node.wait_for_log("ready: waiting for images")
        yield node
    finally:
        code = node.stop()
    assert code == 0 and "Traceback" not in node.log, node.log


@pytest.fixture(scope="module")
def peer(shared_node: TasProcess) -> Iterator[Peer]:
    """A peer that is matched with the shared node."""
    made = Peer(shared_node.namespace)
    try:
        made.wait_for_node()
        yield made
    finally:
        made.close()
