# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What may be read and written in a model's folder: names that a hub, a manifest or an index gives are not trusted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tas_ros.errors import ModelError

MAX_NAME_BYTES = 255
"""Of each part of a path, as file systems have it."""


def name_fault(name: object) -> str:
    """Why a name is refused; empty for a relative path that stays below its folder on any system."""
    if not isinstance(name, str) or not name:
        return "is no name"
    if not name.isprintable():
        return "has characters that cannot be shown"
    if "\\" in name or ":" in name:
        return "has a character that separates folders elsewhere"
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return "leads out of its folder"
    if any(len(part.encode()) > MAX_NAME_BYTES for part in parts):
        return "is too long"
    return ""


def path_inside(folder: Path, name: str) -> Path:
    """`folder`/`name`, which need not be there yet.

    Raises ModelError when the name is refused, or links lead out of the folder. The folder itself may be a link.
    """
    if fault := name_fault(name):
        raise ModelError(f"the name {shown(name)} of a file for {folder} {fault}; nothing is read or written under it")
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (
        OSError,
        RuntimeError,
    ) as error:  # RuntimeError: how Python before 3.13 tells of links that lead in a circle
        raise ModelError(f"{path} cannot be followed ({error}); delete it and run the command again") from error
    if not inside:
        raise ModelError(
            f"{path} is a link that leads out of {folder}, to {path.resolve()}; put the file itself there, or delete "
            "the link"
        )
    return path


@contextmanager
def usable(folder: Path) -> Iterator[None]:
    """What the system refuses below `folder` becomes a ModelError with its cure."""
    try:
        yield
    except OSError as error:
        raise ModelError(
            f"{folder} cannot be read or written ({error.strerror or error}); give a folder of yours with --models-dir"
        ) from error


def shown(name: object) -> str:
    """A name as an error repeats it: escaped, in part."""
    return ascii(name)[:120] if isinstance(name, str | int | float | None) else f"a {type(name).__name__}"
