# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""One heap for all threads, where malloc is glibc's."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="heaps are glibc's")

HEAPS_OF_EIGHT_THREADS = """
import ctypes, sys, threading
from tas_ros.process_memory import keep_one_heap

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
if not hasattr(libc, "malloc_info"):
    sys.exit(77)
if sys.argv[1] == "one":
    keep_one_heap()
all_at_once = threading.Barrier(8)

def allocate():
    all_at_once.wait()
    libc.malloc(ctypes.c_size_t(1000))
    all_at_once.wait()

threads = [threading.Thread(target=allocate) for _ in range(8)]
[each.start() for each in threads]
[each.join() for each in threads]
libc.fdopen.restype = ctypes.c_void_p
stream = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, stream)
libc.fflush(stream)
"""


def heaps(how: str, **environment: str) -> int:
    """How many heaps malloc tells of after eight threads took memory at once."""
    process = subprocess.run(
        [sys.executable, "-c", HEAPS_OF_EIGHT_THREADS, how],
        env={name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if process.returncode == 77:
        pytest.skip("heaps are glibc's")
    assert not process.returncode, process.stderr
    return process.stdout.count("<heap ")


def test_threads_share_one_heap():
    assert heaps("one") == 1
    assert heaps("default") > 1


def test_user_who_says_how_many_is_heard():
    assert heaps("one", MALLOC_ARENA_MAX="3") == 3
