# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Memory of the process: what is free goes back to the system, where malloc is glibc's; elsewhere it is only freed.

Giving every large block pages of its own (mallopt, M_MMAP_THRESHOLD) would keep the heap small without asking, but a
first command then takes 1.5 times as long: its pictures' pages are made anew each time.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from pathlib import Path

GROWTH = 0.1
"""Share by which a process may outgrow what it needs before free pages are looked for."""
_M_ARENA_MAX = -8
"""Of malloc.h."""


def keep_one_heap() -> None:
    """Have all threads share malloc's main heap. Call it before any thread is started.

    By default each new thread is given a heap in turn, up to eight a core, and what it frees is reused by the threads
    of that heap alone: a worker that is started anew with each activation leaves pieces in all of them.
    MALLOC_ARENA_MAX in the environment decides instead, if it is there.
    """
    if "MALLOC_ARENA_MAX" not in os.environ and (libc := _glibc()) is not None:
        libc.mallopt(_M_ARENA_MAX, 1)


def give_back_memory() -> None:
    """Free what only cycles hold, and give the free pages of every heap back to the system."""
    gc.collect()
    if (libc := _glibc()) is not None:
        libc.malloc_trim(0)


class GrowingHeap:
    """Watches the process between jobs, and gives free pages back once they are a tenth of what it needs.

    Pictures leave holes between what is kept, which grow with the hours. To look after every job would cost each the
    making of its pages anew.
    """

    def __init__(self) -> None:
        self._usual = 0

    def tend(self) -> None:
        """Call it when a job is done."""
        resident = resident_pages()
        self._usual = self._usual or resident
        libc = _glibc()
        if libc is not None and resident > (1 + GROWTH) * self._usual:
            libc.malloc_trim(0)
            self._usual = max(self._usual, resident_pages())


def resident_pages() -> int:
    """Of the process, in memory; 0 where the system does not tell."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text(encoding="ascii").split()[1]) if statm.exists() else 0


def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") else None
