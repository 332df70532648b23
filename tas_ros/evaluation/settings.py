# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a run's results depend on: a resumed run must agree with it."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import astuple, fields, is_dataclass
from pathlib import Path
from typing import Any

from tas_ros.choices.profile import BackendChoice, Profile
from tas_ros.errors import TasError
from tas_ros.evaluation.datasets import ReferringDataset
from tas_ros.evaluation.machine import package_versions
from tas_ros.evaluation.variants import Variant
from tas_ros.models.store import ModelStore

_SAMPLE_BYTES = 1 << 20
_OWN_FILES = frozenset({".py", ".npz", ".sha256", ".txt"})


def describe_dataset(dataset: ReferringDataset, limit: int | None) -> dict[str, Any]:
    """Name, source and a digest of the images and sentences to be answered, whatever folder they lie in."""
    digest, images, sentences = hashlib.sha256(), 0, 0
    for image in dataset.images():
        if images == limit:
            break
        images += 1
        sentences += len(image.sentences)
        for each in image.sentences:
            digest.update(json.dumps([image.image_id, *astuple(each)]).encode())
    return {
        "name": dataset.name,
        "source": dataset.source,
        "images": images,
        "sentences": sentences,
        "limit": limit,
        "sha256": digest.hexdigest(),
    }


def describe_variants(variants: Sequence[Variant]) -> dict[str, Any]:
    """Every rule of every variant as plain values, so that an altered default shows."""
    return {each.name: plain(each.preset) for each in variants}


def describe_weights(profile: Profile, models_directory: Path | None) -> dict[str, str]:
    """What identifies the weights: of model files a digest, of packages their versions.

    Raises ModelError when a model's files are missing.
    """
    store = ModelStore(models_directory)
    identity = {}
    for each in fields(profile):
        choice = getattr(profile, each.name)
        if isinstance(choice, BackendChoice) and choice.model:
            identity[f"{each.name}: {choice.model}"] = fingerprint(store.require(choice.model))
    identity |= {f"package {name}": version for name, version in package_versions().items()}
    return identity | {"code and data of tas_ros": own_digest()}


def own_digest() -> str:
    """Digest of this package's modules and of the weights and tables inside: an altered rule is another run."""
    root, digest = Path(__file__).parents[1], hashlib.sha256()
    for file in sorted(file for file in root.rglob("*") if file.suffix in _OWN_FILES):
        digest.update(f"{file.relative_to(root)} {file.stat().st_size}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def fingerprint(path: Path) -> str:
    """Digest of a model's file or folder: names, sizes, first and last MiB of each file.

    Not the whole of them: SAM ViT-H and BLIP-2 together are 10 GB, which would take longer than loading them.
    """
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    for file in files:
        size = file.stat().st_size
        digest.update(f"{file.relative_to(path) if path.is_dir() else file.name} {size}\n".encode())
        with file.open("rb") as stream:
            digest.update(stream.read(_SAMPLE_BYTES))
            stream.seek(max(0, size - _SAMPLE_BYTES))
            digest.update(stream.read(_SAMPLE_BYTES))
    return digest.hexdigest()


def require_same(found: Mapping[str, Any], wanted: Mapping[str, Any], folder: Path) -> None:
    """Refuse to mix two runs in one folder. Raises TasError naming the first setting that differs."""
    for key, value in _flat(wanted).items():
        before = _flat(found).get(key)
        if before != value:
            raise TasError(
                f"{folder} holds another run: its {key} is {before!r}, now it would be {value!r}; give another --out, "
                "or --restart to throw its results away"
            )
    if gone := sorted(set(_flat(found)) - set(_flat(wanted))):
        raise TasError(
            f"{folder} holds another run, with the setting {gone[0]}; give another --out, or --restart to throw its "
            "results away"
        )


def plain(value: Any) -> Any:
    """Values of dataclasses, enums and collections as json knows them; sets in a fixed order."""
    if isinstance(value, enum.Enum):
        return value.name
    if is_dataclass(value) and not isinstance(value, type):
        content = {each.name: plain(getattr(value, each.name)) for each in fields(value)}
        return {"kind": type(value).__name__} | content
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, Set):
        return sorted((plain(each) for each in value), key=str)
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _flat(document: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in document.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat
