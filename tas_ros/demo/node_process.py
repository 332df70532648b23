# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The node as a process of its own: started, watched through its log, ended by SIGINT to its pid alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tas_ros.errors import TasError

TAIL_LINES = 25


class NodeError(TasError):
    """The node's process ended or does not answer; the message ends with the tail of its log."""


class NodeProcess:
    """`tas_node` in a child process; a context manager that always ends it.

    remappings: node's topic name to the name in use. parameters: name to value, as in `-p name:=value`.
    environment: variables on top of this process's own. log: file that receives all the node prints.
    """

    def __init__(
        self,
        remappings: Mapping[str, str],
        parameters: Mapping[str, str],
        environment: Mapping[str, str],
        log: Path,
    ) -> None:
        self._command = [sys.executable, "-m", "tas_ros.ros.node", "--ros-args"]
        self._command += [part for old, new in remappings.items() for part in ("-r", f"{old}:={new}")]
        self._command += [part for name, value in parameters.items() for part in ("-p", f"{name}:={value}")]
        self._environment = {
            **os.environ,
            **environment,
            "PYTHONUNBUFFERED": "1",
            "RCUTILS_LOGGING_BUFFERED_STREAM": "0",
        }
        self._log = log
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def __enter__(self) -> Self:
        # A session of its own: Ctrl-C in the terminal reaches this process only, which then ends the node in order.
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read_log, name="node log", daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def last_line(self) -> str:
        """The newest line of its log, empty before the first."""
        return self._tail[-1] if self._tail else ""

    @property
    def pid(self) -> int:
        """Process id."""
        assert self._process is not None, "the node was not started"
        return self._process.pid

    def check(self) -> None:
        """Raise NodeError with the log's tail when the process has ended."""
        assert self._process is not None, "the node was not started"
        code = self._process.poll()
        if code is not None:
            raise self.failure(f"the node ended with code {code}")

    def failure(self, reason: str) -> NodeError:
        """An error that shows the log's tail."""
        tail = "\n".join(f"    {line}" for line in self._tail) or "    (it printed nothing)"
        return NodeError(f"{reason}; full log: {self._log}; its last lines:\n{tail}")

    def stop(self) -> int | None:
        """End the process: SIGINT, and only if it does not react SIGTERM, then SIGKILL. Returns its exit code."""
        process = self._process
        if process is None:
            return None
        for number, patience in ((signal.SIGINT, 20.0), (signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)):
            if process.poll() is not None:
                break
            process.send_signal(number)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
        if self._reader is not None:
            self._reader.join(timeout=2.0)
        return process.poll()

    def _read_log(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        with self._log.open("w", encoding="utf-8") as log:
            for line in self._process.stdout:
                log.write(line)
                log.flush()
                if text := line.strip():
                    self._tail.append(text)
