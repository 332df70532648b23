# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Talks to the model hub through huggingface_hub: what a repository holds, and one file of it, resumable.

huggingface_hub's own download functions throw a partial file away when the process ends (a new name each time since
2.x), which for a 10 GB file means from the start again. Its streaming function, which they use too, goes on from any
byte; so the partial file is kept here. Files always come over plain HTTP for the same reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tas_ros.errors import ModelError
from tas_ros.models.catalogue import CatalogueModel
from tas_ros.models.manifest import FileRecord, hash_file

PARTIAL_FOLDER = ".partial"


@dataclass(frozen=True)
class HubFile:
    """One file of a repository as the hub describes it: size in bytes; SHA-256 where it is in LFS, else git's SHA-1."""

    path: str
    size: int
    sha256: str
    git_blob: str

    def complaint(self, content: Path, known_sha256: str = "") -> str:
        """What is wrong with a local file that should be this one; empty when nothing is."""
        if content.stat().st_size != self.size:
            return f"has {content.stat().st_size} bytes instead of {self.size}"
        found = hash_file(content)
        if self.sha256 and found.sha256 != self.sha256:
            return "has not the SHA-256 that the hub states"
        if not self.sha256 and self.git_blob and found.git_blob != self.git_blob:
            return "has not the content hash that the hub states"
        if known_sha256 and found.sha256 != known_sha256:
            return "has not the SHA-256 that the catalogue knows"
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


def endpoint() -> str:
    """Address of the hub in use (HF_ENDPOINT)."""
    _require_client()
    from huggingface_hub import constants

    return str(constants.ENDPOINT)


def list_model(model: CatalogueModel) -> Listing:
    """Ask the hub for commit, licence and files of a model.

    Raises ModelError when the hub cannot be reached, refuses, or has not the files the catalogue expects.
    """
    _require_client()
    from huggingface_hub import HfApi

    with _explained(f"{model.repository} (revision {model.revision})", model.name):
        info = HfApi(library_name="tas_ros").model_info(
            model.repository, revision=model.revision, files_metadata=True, timeout=30
        )
    siblings = {each.rfilename: each for each in info.siblings or []}
    chosen, unmet = model.choose(siblings)
    if unmet or not info.sha:
        raise ModelError(
            f"repository {model.repository} at {model.revision} has no file {', '.join(unmet)}: it changed since the "
            "catalogue was written; put the files into the model's folder by hand, or update tas_ros"
        )
    files = tuple(
        HubFile(
            path,
            int(siblings[path].size or 0),
            str(getattr(siblings[path].lfs, "sha256", "")),
            siblings[path].blob_id or "",
        )
        for path in chosen
    )
    # The small ones first: a list of shards is then there before the shards, and tells which are still missing.
    return Listing(model, info.sha, _licence(info), tuple(sorted(files, key=lambda file: file.size)))


def fetch_file(listing: Listing, file: HubFile, folder: Path) -> FileRecord:
    """Bring one file to `folder`/its path, going on where an interrupted download stopped; checked before it counts.

    Raises ModelError when the download breaks off (what came is kept) or the content is not what the hub states.
    """
    from huggingface_hub import get_token, hf_hub_url
    from huggingface_hub.file_download import http_get

    known_sha256 = listing.model.sha256.get(Path(file.path).name, "")
    target = folder / file.path
    if target.is_file() and not file.complaint(target, known_sha256):
        return FileRecord(file.size, hash_file(target).sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = _partial(listing, file, folder)
    partial.parent.mkdir(parents=True, exist_ok=True)
    if partial.is_file() and partial.stat().st_size > file.size:
        partial.unlink()
    url = hf_hub_url(listing.model.repository, file.path, revision=listing.commit)
    headers = {"User-Agent": "tas_ros", "Accept-Encoding": "identity"}
    if token := get_token():
        headers["Authorization"] = f"Bearer {token}"
    with _explained(f"{file.path} of {listing.model.repository}", listing.model.name), partial.open("ab") as stream:
        # Opened for appending, so that its end is where the server is asked to go on.
        http_get(
            url,
            stream,
            resume_size=stream.tell(),
            headers=headers,
            expected_size=file.size,
            displayed_filename=file.path,
        )
    if complaint := file.complaint(partial, known_sha256):
        partial.unlink()
        raise ModelError(
            f"{file.path} of {listing.model.repository} arrived damaged: it {complaint}; it was thrown away, run the "
            "command again (a proxy that alters files shows itself by the same message twice)"
        )
    partial.replace(target)
    return FileRecord(file.size, hash_file(target).sha256)


def bytes_here(listing: Listing, folder: Path) -> int:
    """How much of a model an earlier fetch has left in `folder`, partial files included."""
    total = 0
    for file in listing.files:
        for path in (folder / file.path, _partial(listing, file, folder)):
            if path.is_file():
                total += min(file.size, path.stat().st_size)
                break
    return total


def _partial(listing: Listing, file: HubFile, folder: Path) -> Path:
    content = file.sha256 or file.git_blob or listing.commit
    name = hashlib.sha256(f"{file.path} {content}".encode()).hexdigest()[:32]
    return folder / PARTIAL_FOLDER / name


def _licence(info: Any) -> str:
    card = info.card_data.to_dict() if info.card_data else {}
    licence = card.get("license_name") or card.get("license")
    tags = [tag.removeprefix("license:") for tag in info.tags or [] if tag.startswith("license:")]
    return str(licence or ", ".join(tags) or "not stated")


def _require_client() -> None:
    try:
        import huggingface_hub  # noqa: F401
    except ImportError as error:
        raise ModelError(
            "models are fetched with huggingface_hub, which is not installed; run: pip install huggingface-hub, or put "
            "the files into the model's folder by hand"
        ) from error


@contextmanager
def _explained(what: str, model: str) -> Iterator[None]:
    """Whatever the hub's client raises becomes a ModelError with its cure."""
    from huggingface_hub import errors

    try:
        yield
    except errors.GatedRepoError as error:
        raise ModelError(
            f"{what} is only given to accounts that accepted its terms; accept them at {endpoint()}, then run: hf auth "
            "login"
        ) from error
    except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError, errors.EntryNotFoundError) as error:
        raise ModelError(
            f"the hub {endpoint()} has no {what}; check HF_ENDPOINT, or put the files into the model's folder by hand"
        ) from error
    except errors.OfflineModeIsEnabled as error:
        raise ModelError(f"{what} cannot be fetched: HF_HUB_OFFLINE is set; unset it and run again") from error
    except Exception as error:  # the HTTP library below, and its errors, differ between versions of the client
        reason = " ".join(str(error).split())[:200] or "no reason given"
        raise ModelError(
            f"{what} did not come from {endpoint()} ({type(error).__name__}: {reason}); what came is kept: check the "
            f"network and run the command again, or run it on a machine with network (tas models fetch {model} "
            "--models-dir DIR) and copy that folder here"
        ) from error
