# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Brings models into the store and checks those that are there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from tas_ros.choices.profiles import PROFILES, get_profile
from tas_ros.errors import ModelError, UnknownBackendError
from tas_ros.models.catalogue import CATALOGUE, CatalogueModel
from tas_ros.models.hub import PARTIAL_FOLDER, bytes_here, fetch_file
from tas_ros.models.listing import Listing
from tas_ros.models.manifest import FileRecord, Manifest, hash_file, read_manifest, record_folder
from tas_ros.models.model_folder import usable
from tas_ros.models.store import Place

_SPARE_BYTES = 100_000_000
_SHA256_LENGTH = 64


def resolve_targets(targets: Sequence[str]) -> list[CatalogueModel]:
    """Catalogue entries that profile names, profile files and model names stand for.

    Raises UnknownBackendError for a name that is neither, ModelError for a profile file that cannot be used.
    """
    names: list[str] = []
    for target in targets:
        if target in CATALOGUE:
            names.append(target)
        elif target in PROFILES or Path(target).suffix in (".yaml", ".yml"):
            # A model given as a path is the user's own: there is nothing to fetch.
            names += [name for name in get_profile(target).model_files if name in CATALOGUE]
        else:
            raise UnknownBackendError(
                f"no profile and no model is called {target!r}; profiles: {', '.join(PROFILES)}, or the path of a "
                f".yaml file; models: {', '.join(CATALOGUE)}"
            )
    return [CATALOGUE[name] for name in dict.fromkeys(names)]


def require_space(listings: Sequence[Listing], directory: Path) -> None:
    """Raise ModelError when the disk of `directory` cannot take what is still to come, or cannot be looked at."""
    to_come = sum(listing.size - bytes_here(listing, directory / listing.model.name) for listing in listings)
    with usable(directory):
        existing = next(parent for parent in (directory, *directory.absolute().parents) if parent.exists())
        free = shutil.disk_usage(existing).free
    if to_come + _SPARE_BYTES > free:
        raise ModelError(
            f"{directory} has {format_bytes(free)} free and {format_bytes(to_come)} are to come; make room, or give "
            "another folder with --models-dir"
        )


def fetch_model(listing: Listing, directory: Path, on_step: Callable[[str], None]) -> Path:
    """Bring one model into its folder of `directory` and record what came; returns the folder.

    Files that are there and right are kept, an interrupted one is gone on with.
    Raises ModelError when the network or the content fails, or the folder cannot be written or has links out of it.
    """
    folder = directory / listing.model.name
    with usable(folder):
        folder.mkdir(parents=True, exist_ok=True)
        records: dict[str, FileRecord] = {}
        for number, file in enumerate(listing.files, 1):
            on_step(f"{listing.model.name} {number}/{len(listing.files)}: {file.path} ({format_bytes(file.size)})")
            records[file.path] = fetch_file(listing, file, folder)
        Manifest(listing.model.name, listing.model.repository, listing.commit, records).write(folder)
    shutil.rmtree(folder / PARTIAL_FOLDER, ignore_errors=True)  # parts of files that the hub has since replaced
    return folder


def verify_model(
    model: CatalogueModel, place: Place, record: bool, on_step: Callable[[str], None]
) -> tuple[bool, list[str]]:
    """Re-hash a model: (whether anything is wrong, what there is to say about it).

    record: write down the hashes of a folder that has none.
    """

    def on_file(path: str) -> None:
        on_step(f"{model.name}: reading {path}")

    try:
        with usable(place.folder):
            return _verify(model, place, record, on_file)
    except ModelError as error:
        return True, [str(error)]


def _verify(
    model: CatalogueModel, place: Place, record: bool, on_file: Callable[[str], None]
) -> tuple[bool, list[str]]:
    if place.in_hub_cache:
        altered = _verify_hub_cache(model, place.folder, on_file)
        return bool(altered), altered or ["as the hub's cache names it"]
    manifest = read_manifest(place.folder)
    if manifest is None and record:
        written = record_folder(model.name, place.folder, on_file)
        return False, [f"recorded {len(written.files)} files as they are now"]
    if manifest is None:
        return False, ["no recorded hash: put there by hand; record it as it is with --record"]
    complaints = [*manifest.complaints(place.folder, on_file).values()]
    complaints += [f"lacks {name}" for name in model.missing_in(place.folder)]
    return bool(complaints), complaints or [f"all {len(manifest.files)} files as recorded"]


def format_bytes(count: int) -> str:
    """A size for people, in decimal units as hubs and disks count."""
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def _verify_hub_cache(model: CatalogueModel, snapshot: Path, on_file: Callable[[str], None]) -> list[str]:
    """The hub's cache keeps each content under its own hash: SHA-256 for large files, git's SHA-1 for others."""
    chosen, _ = model.choose(p.relative_to(snapshot).as_posix() for p in snapshot.rglob("*") if p.is_file())
    altered = []
    for name in chosen:
        stated = (snapshot / name).resolve().name
        on_file(name)
        found = hash_file(snapshot / name)
        if stated != (found.sha256 if len(stated) == _SHA256_LENGTH else found.git_blob):
            altered.append(f"{name} was altered: its content is not what the hub's cache names it")
    return altered
