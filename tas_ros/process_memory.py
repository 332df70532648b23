# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Memory of the process: what is free goes back to the system, and freed pictures leave no holes in the heap.

glibc's malloc alone; elsewhere these do nothing but collect.
"""

from __future__ import annotations

import ctypes
import gc
import sys

_MMAP_THRESHOLD = -3
"""M_MMAP_THRESHOLD of malloc.h."""
_LARGE = 1 << 17
"""Bytes from which a block gets pages of its own, which go back to the system when it is freed. It is glibc's own
default, but unless it is set, the first large block that is freed raises it, up to 32 MiB: then pictures lie in the
heap, and a small block allocated above one keeps the whole of it."""


def keep_heap_small() -> None:
    """Give each large block pages of its own for good. To be called before there are threads."""
    if (libc := _glibc()) is not None:
        libc.mallopt(_MMAP_THRESHOLD, _LARGE)


def give_back_memory() -> None:
    """Free what only cycles hold, and give the free pages of every heap back to the system."""
    gc.collect()
    if (libc := _glibc()) is not None:
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") else None
