# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Finds the files of a model; never downloads."""

from __future__ import annotations

import os
import shlex
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tas_ros.errors import ModelError
from tas_ros.files.home_folder import expand_home
from tas_ros.models.catalogue import CATALOGUE, CatalogueModel
from tas_ros.models.manifest import read_manifest
from tas_ros.models.model_folder import usable

ENVIRONMENT_VARIABLE = "TAS_ROS_MODELS"
DEFAULT_DIRECTORY = Path("~/.cache/tas_ros/models")


@dataclass(frozen=True)
class Place:
    """A folder looked at, and what is wrong with it there (empty when the model is complete)."""

    folder: Path
    problem: str
    in_hub_cache: bool = False

    @property
    def exists(self) -> bool:
        """Whether part of the model lies there."""
        return self.problem != _NOT_THERE


_NOT_THERE = "does not exist"
_LISTED = 10
"""Files that a message names."""


class ModelStore:
    """Looks for models, one folder each, in several directories and in the hub client's own cache.

    directory: looked at first, and where `tas models fetch` writes. Then come the one that the environment variable
    TAS_ROS_MODELS names, ~/.cache/tas_ros/models where the user has a home, and the cache of huggingface_hub (HF_HOME),
    where it is installed.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._explicit = directory
        named = os.environ.get(ENVIRONMENT_VARIABLE)
        places = [directory, Path(named) if named else None, DEFAULT_DIRECTORY]
        expanded = [expand_home(place) for place in places if place]
        self.directories = tuple(dict.fromkeys(place for place in expanded if place))

    @property
    def directory(self) -> Path:
        """Where models are fetched to. Raises ModelError when none is named and the user has no home."""
        if not self.directories:
            raise ModelError(
                f"there is no folder for models: {ENVIRONMENT_VARIABLE} is not set and this user has no home folder; "
                "name one with --models-dir"
            )
        return self.directories[0]

    def require(self, model: str, fetch: str = "") -> Path:
        """Folder (or file) of the model of that catalogue name, or at that path.

        fetch: what `tas models fetch` is to be given to bring it, for the message; empty for the model itself.
        Raises ModelError when it is missing, incomplete, unreadable or of another size than recorded; the message names
        every place looked at and the cure.
        """
        if model not in CATALOGUE:
            return self._require_path(model)
        places = self.look_for(CATALOGUE[model])
        for place in places:
            if not place.problem:
                return CATALOGUE[model].files_folder(place.folder)
        told = "; ".join(f"{place.folder} {place.problem}" for place in places)
        told = told or f"nowhere to look ({ENVIRONMENT_VARIABLE} is not set, and this user has no home folder)"
        state = "incomplete, altered or unreadable" if any(place.exists for place in places) else "missing"
        raise ModelError(
            f"model {model} is {state}: {told}; run: {self.fetch_command(fetch or model)} (it goes on where an "
            "interrupted one stopped), or put the files there by hand"
        )

    def look_for(self, model: CatalogueModel) -> list[Place]:
        """Every place where the model may lie, in the order they are looked at, until it is found complete."""
        places: list[Place] = []
        for directory in self.directories:
            folder = directory / model.name
            places.append(Place(folder, _problem(model, folder)))
            if not places[-1].problem:
                return places
        return [*places, *_hub_cache(model)]

    def find(self, model: CatalogueModel) -> Place | None:
        """Where the model lies complete; None when it does nowhere."""
        return next((place for place in self.look_for(model) if not place.problem), None)

    def fetch_command(self, target: str) -> str:
        """The command that brings `target` to where this store looks first."""
        words: Sequence[str] = ["tas", "models", "fetch", target]
        if self._explicit is not None:
            words = [*words, "--models-dir", str(self._explicit)]
        return shlex.join(words)

    def _require_path(self, model: str) -> Path:
        candidates = [expand_home(model) or Path(model), *(directory / model for directory in self.directories)]
        for path in candidates:
            with usable(path):
                if path.exists():
                    return path
        told = ", ".join(str(path) for path in candidates)
        raise ModelError(
            f"model {model!r} is neither in the catalogue ({', '.join(CATALOGUE)}) nor a path: looked at {told}; "
            "correct the name or the path"
        )


def _problem(model: CatalogueModel, folder: Path) -> str:
    try:
        if not folder.is_dir():
            return _NOT_THERE
        next(folder.iterdir(), None)  # searching below it takes an unreadable folder for an empty one
        manifest = read_manifest(folder)
        if manifest and (complaints := manifest.size_complaints(folder)):
            return f"is not as it was recorded ({_listed(complaints.values(), '; ')})"
        missing = model.missing_in(folder)
    except ModelError as error:
        return f"cannot be trusted: {error}"
    except OSError as error:
        return f"cannot be read ({error.strerror or error}); make it readable for this user"
    return f"lacks {_listed(missing, ', ')}" if missing else ""


def _listed(names: Collection[str], between: str) -> str:
    more = len(names) - _LISTED
    return between.join(islice(names, _LISTED)) + (f" and {more} more" if more > 0 else "")


def _hub_cache(model: CatalogueModel) -> list[Place]:
    try:
        from huggingface_hub import constants, snapshot_download
        from huggingface_hub.errors import IncompleteSnapshotError, LocalEntryNotFoundError
    except ImportError:
        return []  # the directories work without it
    if expand_home(constants.HF_HUB_CACHE) is None:
        return []  # by default it is below a home, which this user has not got
    problem: Place | None = None
    cache = Path(constants.HF_HUB_CACHE) / f"models--{model.repository.replace('/', '--')}"
    # Someone else's download took the newest commit, ours the recorded one.
    for revision in dict.fromkeys((model.revision, "main")):
        try:
            folder = Path(snapshot_download(model.repository, revision=revision, local_files_only=True))
        except IncompleteSnapshotError as error:
            folder = Path(error.snapshot_path)  # it may lack only what we do not need
        except LocalEntryNotFoundError:
            continue
        except OSError as error:
            return [Place(cache, f"cannot be read ({error.strerror or error})", in_hub_cache=True)]
        missing = model.missing_in(folder)
        if not missing:
            return [Place(folder, "", in_hub_cache=True)]
        problem = Place(folder, f"lacks {_listed(missing, ', ')}", in_hub_cache=True)
    return [problem or Place(cache, _NOT_THERE, in_hub_cache=True)]
