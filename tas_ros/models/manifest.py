# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What was fetched, recorded beside the files: the commit of the repository, size and SHA-256 of every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tas_ros.errors import ModelError
from tas_ros.models.model_folder import path_inside
from tas_ros.small_files import read_json

MANIFEST_NAME = "tas_ros_manifest.json"
_CHUNK = 1 << 22


@dataclass(frozen=True)
class FileRecord:
    """One file as it was when it was recorded: size in bytes, SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """All files of one model folder, by path relative to it."""

    model: str
    repository: str = ""
    """Empty for files that a user put there."""
    commit: str = ""
    files: Mapping[str, FileRecord] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write into `folder`, whole or not at all. Raises ModelError where links lead out of it."""
        document = {
            "model": self.model,
            "repository": self.repository,
            "commit": self.commit,
            "files": {path: {"size": file.size, "sha256": file.sha256} for path, file in sorted(self.files.items())},
        }
        unfinished = path_inside(folder, f".{MANIFEST_NAME}.part")
        unfinished.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        unfinished.replace(folder / MANIFEST_NAME)

    def size_complaints(self, folder: Path) -> dict[str, str]:
        """What is wrong with recorded files that are gone or have another size, by path; reads no content.

        Raises ModelError where a path leads out of `folder`.
        """
        complaints = {}
        for path, record in self.files.items():
            file = path_inside(folder, path)
            if not file.is_file():
                complaints[path] = f"{path} is gone"
            elif (size := file.stat().st_size) != record.size:
                complaints[path] = f"{path} has {size} bytes instead of the recorded {record.size}"
        return complaints

    def complaints(self, folder: Path, on_file: Callable[[str], None]) -> dict[str, str]:
        """The same with every byte read and hashed; `on_file` hears the path about to be read."""
        complaints = self.size_complaints(folder)
        for path, record in self.files.items():
            if path not in complaints:
                on_file(path)
                if hash_file(folder / path).sha256 != record.sha256:
                    complaints[path] = f"{path} was altered: its SHA-256 is not the recorded one"
        return complaints


@dataclass(frozen=True)
class FileHash:
    """SHA-256 of a content, and the SHA-1 by which git names it (what a hub gives for files outside LFS)."""

    sha256: str
    git_blob: str


def hash_file(path: Path) -> FileHash:
    """Both hashes in one reading."""
    sha256 = hashlib.sha256()
    blob = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            sha256.update(chunk)
            blob.update(chunk)
    return FileHash(sha256.hexdigest(), blob.hexdigest())


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a model folder; None where there is none.

    Raises ModelError when it is damaged, or names what is not in the folder.
    """
    path = path_inside(folder, MANIFEST_NAME)
    if not path.is_file():
        return None
    try:
        content = read_json(path)
        files = {
            str(name): FileRecord(int(file["size"]), str(file["sha256"])) for name, file in content["files"].items()
        }
        manifest = Manifest(str(content["model"]), str(content["repository"]), str(content["commit"]), files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ModelError(f"{path} is damaged ({error!r}); delete it and fetch the model again") from error
    for name in files:
        path_inside(folder, name)
    return manifest


def record_folder(model: str, folder: Path, on_file: Callable[[str], None]) -> Manifest:
    """Hash every file of `folder` as it is now and write its manifest.

    Raises ModelError for a file that is a link out of the folder: what lies there is not the folder's to vouch for.
    """
    files: dict[str, FileRecord] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != MANIFEST_NAME and not name.startswith("."):
            on_file(name)
            files[name] = FileRecord(path.stat().st_size, hash_file(path_inside(folder, name)).sha256)
    manifest = Manifest(model, files=files)
    manifest.write(folder)
    return manifest
