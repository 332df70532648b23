# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""One heap for all threads, and no holes that stay in it, where malloc is glibc's."""

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


HOLES = """
import ctypes, sys
from tas_ros.process_memory import GrowingHeap, resident_pages

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
if not hasattr(libc, "malloc_trim"):
    sys.exit(77)
heap = GrowingHeap()
heap.tend()
before = resident_pages()
large = []
for _ in range(400):
    large.append(libc.malloc(ctypes.c_size_t(100_000)))
    ctypes.memset(large[-1], 1, 100_000)
    libc.malloc(ctypes.c_size_t(20_000))
for each in large:
    libc.free(each)
unasked = resident_pages() - before
GrowingHeap().tend()
held = resident_pages() - before
heap.tend()
print(unasked, held, resident_pages() - before)
"""


def heaps(how: str, **environment: str) -> int:
    """How many heaps malloc tells of after eight threads took memory at once."""
    return printed(HEAPS_OF_EIGHT_THREADS, how, **environment).count("<heap ")


def printed(program: str, *arguments: str, **environment: str) -> str:
    """What a fresh interpreter prints; skips where that finds another malloc."""
    others = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    process = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=others | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if process.returncode == 77:
        pytest.skip("another malloc than glibc's")
    assert not process.returncode, process.stderr
    return process.stdout


def test_threads_share_one_heap():
    assert heaps("one") == 1
    assert heaps("default") > 1


def test_user_who_says_how_many_is_heard():
    assert heaps("one", MALLOC_ARENA_MAX="3") == 3


def test_holes_are_given_back_once_they_are_many():
    unasked, held, left = (int(pages) for pages in printed(HOLES).split())
    assert min(unasked, held) > 5000, "40 MB in pages of 4 KiB were taken, and one that knows no less gives none back"
    assert left < held / 5, "all but the pages of the small pieces"
