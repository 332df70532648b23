# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A node that is watched: its log, its memory, how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.live.waiting import PATIENCE, wait_until
from tas_ros.demo.node_process import NodeProcess

ROOT = Path(__file__).resolve().parents[2]
READY = "ready: waiting for images"
HUNG = 60.0
"""Seconds after the first signal at which a node counts as hung and is killed."""


class WatchedNode(NodeProcess):
    """`tas_node` of this checkout.

    folder: gets its log. parameters: of the node. environment: variables on top of this process's own.
    """

    def __init__(
        self,
        folder: Path,
        parameters: Mapping[str, object] | None = None,
        namespace: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        given = environment or {}
        search = os.pathsep.join([*filter(None, [given.get("PYTHONPATH")]), str(ROOT)])
        self.log_file = folder / f"node_{time.monotonic_ns()}.log"
        self.namespace = namespace
        super().__init__(
            {"__ns": namespace} if namespace else {},
            {name: _as_parameter(value) for name, value in (parameters or {}).items()},
            {**given, "PYTHONPATH": search},
            self.log_file,
        )

    @property
    def log(self) -> str:
        """All that it has printed."""
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.exit_code(0.0) is None

    def wait_for_log(self, text: str, patience: float = PATIENCE) -> None:
        """Until it has printed `text`. Raises NodeError when it dies before, NothingCameError after `patience` s."""

        def printed() -> bool:
            self.check()
            return text in self.log

        wait_until(printed, f"{text!r} in {self.log_file}", patience)

    def wait_until_ready(self, patience: float = PATIENCE) -> None:
        """Until it is active."""
        self.wait_for_log(READY, patience)

    def send(self, number: int) -> None:
        """A signal to its process alone."""
        if self._process is not None:
            self._process.send_signal(number)

    def exit_code(self, patience: float) -> int | None:
        """How it ended, None when it has not within `patience` s; -9 of one that SIGKILL ended."""
        assert self._process is not None, "the node was not started"
        try:
            return self._process.wait(patience)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> tuple[int | None, float]:
        """SIGINT; the exit code, None of one that had to be killed, and the seconds it took."""
        self.send(signal.SIGINT)
        return self.await_end(time.monotonic())

    def await_end(self, since: float) -> tuple[int | None, float]:
        """The exit code, None of one that hangs and was killed, and the seconds from `since` (monotonic)."""
        code = self.exit_code(HUNG)
        seconds = time.monotonic() - since
        if code is None:
            self.send(signal.SIGKILL)
            self.exit_code(PATIENCE)
        return code, seconds

    def wait_for_handlers(self) -> None:
        """Until the process itself cares for SIGTERM.

        Before that, in the interpreter's and the first imports' time, a signal ends it as it ends any process. Python
        has a handler for SIGINT from its start; the node installs both at once, so SIGTERM tells.
        """

        def cares() -> bool:
            self.check()
            return bool(int(_status(self.pid)["SigCgt"], 16) >> (signal.SIGTERM - 1) & 1)

        wait_until(cares, f"handlers of process {self.pid}")


def _as_parameter(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _status(pid: int) -> dict[str, str]:
    """/proc/PID/status by field, units left on."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def memory_of(pid: int, field: str) -> float:
    """A field of /proc/PID/status such as VmRSS, VmSize, RssAnon, in MiB."""
    return int(_status(pid)[field].split()[0]) / 1024


def thread_count(pid: int) -> int:
    """Threads of the process."""
    return int(_status(pid)["Threads"])


def descriptor_count(pid: int) -> int:
    """Open file descriptors of the process."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
