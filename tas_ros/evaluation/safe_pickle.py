# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Pickles of published datasets, read as data: a pickle is a program, and this reader runs none of it."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

from tas_ros.errors import DatasetError

_PLAIN_CLASSES: dict[str, type] = {"set": set, "frozenset": frozenset}
"""Containers that a pickle can only name as a class; all other plain types have opcodes of their own."""


class _PlainUnpickler(pickle.Unpickler):
    """Builds dicts, lists, tuples, sets, text, bytes, numbers, booleans and None; refuses all else.

    Every way in which a pickle reaches code (GLOBAL, STACK_GLOBAL, INST, extension codes) passes through find_class.
    """

    def find_class(self, module: str, name: str) -> Any:
        if module in ("builtins", "__builtin__") and name in _PLAIN_CLASSES:
            return _PLAIN_CLASSES[name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}, which is no plain data")


def read_plain_pickle(path: Path) -> Any:
    """The content of a pickle of any protocol, Python 2's included (its byte strings are read as latin1).

    Raises DatasetError when the file cannot be read, is damaged, or holds anything but plain containers, text and
    numbers. Nothing in the file is executed.
    """
    try:
        with path.open("rb") as file:
            return _PlainUnpickler(file, encoding="latin1").load()
    except Exception as error:  # a damaged pickle raises nearly anything: EOFError, IndexError, UnicodeDecodeError ...
        raise DatasetError(
            f"{path} cannot be read as plain data ({error!r}); it is damaged, or not the published file: fetch it again"
        ) from error
