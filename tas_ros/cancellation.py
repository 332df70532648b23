# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Cancellation: work that nobody waits for any more ends at its next stage or batch, in whatever it is busy with.

Who starts the work says when it is cancelled; what does it asks between two steps, without knowing who that is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.abc import MetaPathFinder

from tas_ros.errors import CancelledError

_cancelled: ContextVar[Callable[[], bool]] = ContextVar("cancelled", default=lambda: False)
"""Of the thread that asks."""


@contextmanager
def cancelled_when(cancelled: Callable[[], bool]) -> Iterator[None]:
    """Within it, check_cancelled in this thread raises as soon as `cancelled()`; that must be cheap."""
    token = _cancelled.set(cancelled)
    try:
        yield
    finally:
        _cancelled.reset(token)


@contextmanager
def cancelled_at_imports() -> Iterator[None]:
    """Within it every module that is loaded is such a step: a library of many takes seconds on a busy machine.

    Only for what is cancelled when the process ends: a library half imported can hardly be imported again.
    """
    finder = _CheckingFinder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _CheckingFinder(MetaPathFinder):
    """Finds no module, but is asked before each."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        check_cancelled()


def check_cancelled() -> None:
    """Raise CancelledError when this thread's work is not wanted any more. Call it where nothing is left half done."""
    if _cancelled.get()():
        raise CancelledError("cancelled: what asked for this is ending")
