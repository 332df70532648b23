# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.
"""Cancelled work ends at its next step, in its own thread alone; so does an import, where that is asked for."""

from __future__ import annotations

import sys
import threading

import pytest

from tas_ros.cancellation import cancelled_at_imports, cancelled_when, check_cancelled
from tas_ros.errors import CancelledError


def test_it_holds_within_its_scope_and_thread() -> None:
    asked = threading.Event()
    asked.set()
    elsewhere: list[str] = []

    def other() -> None:
        check_cancelled()
        elsewhere.append("went on")

    with cancelled_when(asked.is_set):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        with pytest.raises(CancelledError):
            check_cancelled()
        asked.clear()
        check_cancelled()
        asked.set()
    check_cancelled()
    assert elsewhere == ["went on"]


def test_an_import_ends_before_its_next_module() -> None:
    finders = list(sys.meta_path)
    sys.modules.pop("this", None)
    with cancelled_when(lambda: True):
        with cancelled_at_imports(), pytest.raises(CancelledError):
            import this  # noqa: F401
        assert sys.meta_path == finders and "this" not in sys.modules
