# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Weight files in checkpoint directories: found, and read without executing what a pickle may carry."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Collection, Sequence
from pathlib import Path

import torch

from tas_ros.errors import ModelError

CURE = "fetch the model again (tas models fetch), or give the path of another checkpoint"


def find_weights(checkpoint: Path, suffixes: Sequence[str], preferred: Sequence[str] = ()) -> Path:
    """The weight file that `checkpoint` is or holds.

    suffixes: of weight files, the most wanted first. preferred: file names that win whatever else lies beside them.
    Raises ModelError when there is none, or several of one kind and no rule to tell which.
    """
    if checkpoint.is_file():
        return checkpoint
    if not checkpoint.is_dir():
        raise ModelError(f"checkpoint {checkpoint} does not exist; {CURE}")
    for name in preferred:
        if (checkpoint / name).is_file():
            return checkpoint / name
    for suffix in suffixes:
        found = sorted(checkpoint.glob(f"*{suffix}"))
        if len(found) > 1:
            names = ", ".join(path.name for path in found)
            raise ModelError(f"checkpoint {checkpoint} holds several weight files ({names}); give the path of one")
        if found:
            return found[0]
    kinds = ", ".join(f"*{suffix}" for suffix in suffixes)
    raise ModelError(f"checkpoint {checkpoint} holds no weights (looked for {kinds}); {CURE}")


def read_state(path: Path) -> dict[str, torch.Tensor]:
    """State dict of a .safetensors file or of a torch checkpoint, on the CPU; only tensors are unpickled, never code.

    Raises ModelError when the file is damaged, carries code, is a TorchScript archive or no state dict.
    """
    refuse_torchscript(path)
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            state = load_file(path)
        else:
            state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file may raise anything the unpickler stumbles on
        raise unreadable(path, error) from error
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise ModelError(f"weights {path} are no state dict (name to tensor); {CURE}")
    return state


def refuse_torchscript(path: Path) -> None:
    """Raise ModelError when `path` is a TorchScript archive: that is a program, not a table of weights."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return  # no zip: safetensors, the older torch format, or damaged, which reading it tells
    if any("/code/" in f"/{name}" for name in names):
        raise ModelError(
            f"weights {path} are a TorchScript archive (as OpenAI served CLIP), which would be executed; take the same "
            "weights as safetensors or as a state dict"
        )


def unreadable(path: Path, error: Exception) -> ModelError:
    """The ModelError to raise for weights that could not be read, or that do not fit the network."""
    if isinstance(error, pickle.UnpicklingError) and "weights_only" in str(error).lower().replace(" ", "_"):
        return ModelError(f"weights {path} hold more than tensors and are not executed; take them as safetensors")
    reason = " ".join(str(error).split())
    return ModelError(f"weights {path} cannot be read ({type(error).__name__}: {reason[:300]}); {CURE}")


def require_fit(path: Path, network: str, missing: Collection[str], unexpected: Collection[str]) -> None:
    """Raise ModelError, naming the first few, when the weights at `path` lack or exceed what `network` is made of."""
    if missing or unexpected:
        told = [
            f"{len(names)} {kind} ({', '.join(sorted(names)[:3])}{', ...' if len(names) > 3 else ''})"
            for kind, names in (("missing", missing), ("unexpected", unexpected))
            if names
        ]
        raise ModelError(f"weights {path} do not fit {network}: {' and '.join(told)} tensors; {CURE}")
