# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A folder of stand-ins that a ModelStore can serve, never mixed with real models."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.stand_ins import write_stand_in
from tas_ros.errors import TasError
from tas_ros.models.store import ModelStore

MARK = ".stand_in.json"
"""In a model's folder: that its weights are random, and of which size the network is."""


def provide_stand_ins(
    directory: Path, models: Iterable[str], reduced: bool, on_step: Callable[[str], None], seed: int = 0
) -> ModelStore:
    """A store whose first place is `directory`, with a stand-in of each of `models` in it; what is missing is written.

    Raises TasError for a folder that is no stand-in or one of another size, ModelError when a model has no stand-in.
    """
    wanted = {"weights": "random", "reduced": reduced, "seed": seed}
    for model in models:
        folder = directory / model
        if folder.exists():
            _require(folder, wanted)
            continue
        on_step(f"writing random weights of {model}{' (reduced)' if reduced else ''}")
        unfinished = directory / f".{model}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        write_stand_in(unfinished, model, reduced, seed)
        (unfinished / MARK).write_text(json.dumps(wanted) + "\n", encoding="utf-8")
        unfinished.rename(folder)
    store = ModelStore(directory)
    for model in models:
        found = store.require(model)
        if not found.resolve().is_relative_to((directory / model).resolve()):
            raise TasError(f"stand-in {directory / model} is incomplete and {found} would be used; delete the first")
    return store


def _require(folder: Path, wanted: dict[str, object]) -> None:
    try:
        found = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TasError(f"{folder} is no stand-in written by this command; give an empty folder") from error
    if found != wanted:
        raise TasError(f"{folder} is another stand-in ({found}, not {wanted}); give another folder, or delete it")
