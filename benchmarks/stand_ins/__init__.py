# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Stand-ins: checkpoints of the true architectures with random weights, in the very format the hub serves.

They let the real loading code run whole where no hub can be reached: in tests, and in benchmarks.random_weights. What
such a model answers means nothing; its run time and its need of memory are those of the real one.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tas_ros.errors import UnknownBackendError

_HERE = "benchmarks.stand_ins"

STAND_INS: dict[str, str] = {
    "sam-vit-h": f"{_HERE}.segment_anything:write",
    "sam-vit-l": f"{_HERE}.segment_anything:write",
    "sam-vit-b": f"{_HERE}.segment_anything:write",
    "sam2.1-hiera-tiny": f"{_HERE}.transformers_sam:write",
    "sam-vit-base-transformers": f"{_HERE}.transformers_sam:write",
    "clip-rn50": f"{_HERE}.open_clip:write",
    "clip-rn101": f"{_HERE}.open_clip:write",
    "clip-vit-b-32": f"{_HERE}.open_clip:write",
    "clip-vit-b-16": f"{_HERE}.open_clip:write",
    "clip-vit-l-14": f"{_HERE}.open_clip:write",
    "siglip-vit-b-16": f"{_HERE}.open_clip:write",
    "mobileclip-s1": f"{_HERE}.open_clip:write",
    "blip-base": f"{_HERE}.blip:write",
    "blip-large": f"{_HERE}.blip:write",
    "blip2-opt-2.7b": f"{_HERE}.blip2:write",
    "florence-2-base": f"{_HERE}.florence2:write",
}
"""Catalogue model to the function that writes its stand-in; looked up lazily, so that this table costs no torch."""


def write_stand_in(directory: Path, model: str, reduced: bool = False, seed: int = 0) -> None:
    """Write a stand-in of the catalogue model `model` into `directory`, which is made where missing.

    directory: what `ModelStore.require(model)` returns for that model.
    reduced: fewer and narrower layers, for tests; else the true sizes.
    seed: of the random weights; one seed always gives the same weights, but for rounding.

    Raises UnknownBackendError for a model that has no stand-in.
    """
    try:
        target = STAND_INS[model]
    except KeyError:
        raise UnknownBackendError(f"no stand-in for {model!r}; known: {', '.join(STAND_INS)}") from None
    directory.mkdir(parents=True, exist_ok=True)
    module, _, function = target.partition(":")
    getattr(import_module(module), function)(directory, model, reduced=reduced, seed=seed)
