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
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tas_ros.errors import ModelError
from tas_ros.models.catalogue import CatalogueModel
from tas_ros.models.listing import HubFile, Listing, checked_listing
from tas_ros.models.manifest import FileRecord, hash_file
from tas_ros.models.model_folder import path_inside, usable

PARTIAL_FOLDER = ".partial"


def endpoint() -> str:
    """Address of the hub in use (HF_ENDPOINT)."""
    _require_client()
    from huggingface_hub import constants

    return str(constants.ENDPOINT)


def list_model(model: CatalogueModel) -> Listing:
    """Ask the hub for commit, licence and files of a model.

    Raises ModelError when the hub cannot be reached, refuses, has not the files the catalogue expects, or lists what
    cannot be believed.
    """
    _require_client()
    from huggingface_hub import HfApi

    with _explained(f"{model.repository} (revision {model.revision})", model.name):
        info = HfApi(library_name="tas_ros").model_info(
            model.repository, revision=model.revision, files_metadata=True, timeout=30
        )
    return checked_listing(model, info.sha, _licence(info), info.siblings or [])


def fetch_file(listing: Listing, file: HubFile, folder: Path) -> FileRecord:
    """Bring one file to `folder`/its path, going on where an interrupted download stopped; checked before it counts.

    Raises ModelError when the download breaks off (what came is kept), when the content is not what it should be or
    more than the hub stated, and where links lead out of `folder`.
    """
    from huggingface_hub import get_token, hf_hub_url
    from huggingface_hub.file_download import http_get

    target = path_inside(folder, file.path)
    if target.is_file() and not file.complaint(target):
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
    what = f"{file.path} of {listing.model.repository}"
    try:
        with _explained(what, listing.model.name), _BoundedFile(partial, file.size) as stream:
            http_get(
                url,
                stream,
                resume_size=stream.tell(),
                headers=headers,
                expected_size=file.size,
                displayed_filename=file.path,
            )
    except _TooMuchError as error:
        partial.unlink()
        raise ModelError(
            f"{what} is refused: more comes than the {file.size} bytes that the hub stated; what came was thrown away, "
            "check HF_ENDPOINT and the network"
        ) from error
    if complaint := file.complaint(partial):
        partial.unlink()
        raise ModelError(
            f"{what} arrived damaged: it {complaint}; it was thrown away, run the "
            "command again (a proxy that alters files shows itself by the same message twice)"
        )
    partial.replace(target)
    return FileRecord(file.size, hash_file(target).sha256)


def bytes_here(listing: Listing, folder: Path) -> int:
    """How much of a model an earlier fetch has left in `folder`, partial files included.

    Raises ModelError when `folder` cannot be looked into, or links lead out of it.
    """
    total = 0
    with usable(folder):
        for file in listing.files:
            for path in (path_inside(folder, file.path), _partial(listing, file, folder)):
                if path.is_file():
                    total += min(file.size, path.stat().st_size)
                    break
    return total


class _TooMuchError(Exception):
    """More came than a file may hold."""


class _BoundedFile(io.BufferedWriter):
    """Goes on at the end of the file that is there, and takes no more than `limit` bytes in all."""

    def __init__(self, path: Path, limit: int) -> None:
        super().__init__(io.FileIO(path, "ab"))
        self._limit = limit

    def write(self, content: Any) -> int:
        """As any file does. Raises _TooMuchError, and then writes nothing."""
        if self.tell() + len(content) > self._limit:
            raise _TooMuchError
        return super().write(content)


def _partial(listing: Listing, file: HubFile, folder: Path) -> Path:
    content = file.sha256 or file.git_blob or listing.commit
    name = hashlib.sha256(f"{file.path} {content}".encode()).hexdigest()[:32]
    return path_inside(folder, f"{PARTIAL_FOLDER}/{name}")


def _licence(info: Any) -> str:
    card = info.card_data.to_dict() if info.card_data else {}
    licence = card.get("license_name") or card.get("license")
    tags = [tag.removeprefix("license:") for tag in info.tags or [] if tag.startswith("license:")]
    stated = str(licence or ", ".join(map(str, tags)) or "not stated")
    # A terminal obeys what it is shown, and the hub wrote this.
    return "".join(letter if letter.isprintable() else "?" for letter in stated[:80])


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
    except _TooMuchError:
        raise
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
