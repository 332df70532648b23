# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Shows that something is going on: a spinner on a terminal, one line for each change elsewhere."""

from __future__ import annotations

import re
import time
from types import TracebackType
from typing import TextIO

_FRAMES = "|/-\\"
_LOG_PREFIX = re.compile(r"^\[\w+\] \[[\d.]+\] \[[\w./]+\]: ")


class Progress:
    """A context manager around a wait; `show` is called as often as one likes with what is going on."""

    def __init__(self, title: str, stream: TextIO) -> None:
        self._title = title
        self._stream = stream
        self._terminal = stream.isatty()
        self._start = time.monotonic()
        self._turns = 0
        self._last = ""

    def __enter__(self) -> Progress:
        if not self._terminal:
            self._write(f"{self._title} ...\n")
        return self

    def show(self, text: str) -> None:
        """Tell what is going on; the prefix of a ROS log line is left out."""
        text = _LOG_PREFIX.sub("", text)
        if self._terminal:
            self._turns += 1
            spinner = _FRAMES[self._turns % len(_FRAMES)]
            self._write(f"\r\033[K{spinner} {self._title} ({self._seconds():.1f} s) {text[:90]}")
        elif text and text != self._last:
            self._write(f"  {self._seconds():5.1f} s  {text[:160]}\n")
        self._last = text

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        done = "failed" if kind else "ready"
        self._write(
            f"{chr(13) + chr(27) + '[K' if self._terminal else ''}{self._title}: {done} after {self._seconds():.1f} s\n"
        )

    def _seconds(self) -> float:
        return time.monotonic() - self._start

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
