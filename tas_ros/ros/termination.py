# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Termination: SIGINT and SIGTERM end the process in order, with exit code 0, in bounded time.

A handler runs in the main thread between any two of its instructions, also in the middle of Event.set or a queue's put:
a lock that it waits for there may be the one that it interrupted, and the process then hangs for good. So the handler
only assigns, and the main thread wakes because the interpreter writes a byte into a pipe before it calls the handler.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Termination:
    """Hears both signals from construction on. To be made in the main thread."""

    requested = False
    """Whether the process is to end."""

    def __init__(self) -> None:
        self._nothing_owed = True
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for number in SIGNALS:
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: object) -> None:
        self.requested = True
        if self._nothing_owed:
            os._exit(0)

    def answers_are_owed(self) -> None:
        """From now on a signal ends the process in order; until now there was nothing to bring in order."""
        self._nothing_owed = False

    def request(self) -> None:
        """End as if a signal had come."""
        self.requested = True
        with suppress(BlockingIOError):  # full of bytes that nobody takes out
            os.write(self._write, b"\0")

    def wait(self) -> None:
        """Return once the end is requested. Any number of threads may wait: the byte stays in the pipe."""
        select.select([self._read], [], [])

    def leave_within(self, seconds: float) -> None:
        """End the process at most so many seconds after the end was requested, whatever it is busy with then."""

        def watch() -> None:
            self.wait()
            time.sleep(seconds)
            # Who reads our output may be gone or stuck, and must not be waited for.
            if select.select([], [2], [], 0)[1]:
                os.write(2, f"leaving in the midst of work that did not end in {seconds:g} s\n".encode())
            os._exit(0)

        threading.Thread(target=watch, name="termination", daemon=True).start()


def leave(code: int) -> NoReturn:
    """End the process now. The interpreter's own way out waits for threads that compute and frees memory piece by
    piece, which takes seconds on a busy machine, and gives signals back to their deadly defaults before it is done.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
