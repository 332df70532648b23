# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a hub says of a model: believed only as far as an honest hub's word can go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from tas_ros.errors import ModelError
from tas_ros.models.catalogue import CatalogueModel
from tas_ros.models.manifest import hash_file
from tas_ros.models.model_folder import name_fault, shown

MAX_FILES = 1000
"""Files of one model; the largest in the catalogue has some twenty."""
MAX_GROWTH = 3
"""How many times the size that the catalogue knows a model may have; it is approximate, and `main` moves on."""


@dataclass(frozen=True)
class HubFile:
    """One file of a repository: size in bytes; SHA-256 where the catalogue or the hub gives it, else git's SHA-1."""

    path: str
    size: int
    sha256: str
    git_blob: str

    def complaint(self, content: Path) -> str:
        """What is wrong with a local file that should be this one; empty when nothing is."""
        if content.stat().st_size != self.size:
            return f"has {content.stat().st_size} bytes instead of {self.size}"
        found = hash_file(content)
        if self.sha256 and found.sha256 != self.sha256:
            return "has not the SHA-256 that it should have"
        if not self.sha256 and self.git_blob and found.git_blob != self.git_blob:
            return "has not the content hash that the hub states"
        return ""


@dataclass(frozen=True)
class Listing:
    """A model as the hub has it now: the commit behind the revision and the files that belong to the model."""

    model: CatalogueModel
    commit: str
    licence: str
    files: tuple[HubFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def checked_listing(model: CatalogueModel, commit: object, licence: str, entries: Iterable[Any]) -> Listing:
    """The listing of a model, small files first: an index of shards is there before them and tells which are missing.

    entries: all files of the repository, each with rfilename, size, blob_id and lfs (None, or with sha256).
    Raises ModelError when a file that the catalogue expects is not there, when the hub states another content than the
    catalogue knows, and for names, sizes and hashes that cannot be true.
    """

    def refuse(reason: str) -> NoReturn:
        raise ModelError(
            f"the hub's listing of {model.repository} at {model.revision} is refused: {reason}; nothing was fetched: "
            "check HF_ENDPOINT, or put the files into the model's folder by hand"
        )

    by_name: dict[str, Any] = {}
    for entry in entries:
        if fault := name_fault(entry.rfilename):
            refuse(f"the name {shown(entry.rfilename)} {fault}")
        if entry.rfilename in by_name:
            refuse(f"{shown(entry.rfilename)} is there twice")
        by_name[entry.rfilename] = entry
    if not _is_hash(commit, 40):
        refuse(f"{shown(commit)} is no commit")
    chosen, unmet = model.choose(by_name)
    known = model.known_hashes()
    if unmet := unmet + sorted(known.keys() - set(chosen)):
        raise ModelError(
            f"repository {model.repository} at {model.revision} has no file {', '.join(unmet)}: it changed since the "
            "catalogue was written; put the files into the model's folder by hand, or update tas_ros"
        )
    if len(chosen) > MAX_FILES:
        refuse(f"{len(chosen)} files are no single model")
    files = []
    for path in chosen:
        entry = by_name[path]
        size, sha256, blob = entry.size, getattr(entry.lfs, "sha256", "") or "", entry.blob_id or ""
        if not isinstance(size, int) or isinstance(size, bool) or size < 0:
            refuse(f"{path} has a size of {shown(size)}")
        if (sha256 and not _is_hash(sha256, 64)) or (blob and not _is_hash(blob, 40)):
            refuse(f"{path} has a hash that is none")
        if path in known and sha256 and sha256.lower() != known[path]:
            refuse(f"it states another content of {path} than the catalogue knows (SHA-256 {sha256})")
        files.append(HubFile(path, size, known.get(path) or sha256.lower(), blob.lower()))
    listing = Listing(model, str(commit), licence, tuple(sorted(files, key=lambda file: file.size)))
    if listing.size > MAX_GROWTH * model.size:
        refuse(f"it comes to {listing.size} bytes, the model has about {model.size}")
    return listing


def _is_hash(value: object, digits: int) -> bool:
    return isinstance(value, str) and re.fullmatch(rf"[0-9a-fA-F]{{{digits}}}", value) is not None
