# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What model files there are: where they come from, under which licence, how large they are.

Each entry is one folder of the store, which a backend gets as its `checkpoint`. Revisions are commits whose file lists
were seen; `main` where none was, and then the manifest records the commit that was fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from tas_ros.models.manifest import MANIFEST_NAME
from tas_ros.models.model_folder import name_fault, shown
from tas_ros.small_files import read_json

_SHARD_LIST = ".safetensors.index.json"
_NEVER = ("pytorch_model*.index.json", "tf_model*", "flax_model*", "*.msgpack", MANIFEST_NAME)


@dataclass(frozen=True)
class CatalogueModel:
    """One downloadable model."""

    name: str
    purpose: str
    repository: str
    licence: str
    size: int
    """Bytes of all files, approximately; the hub's exact figures are shown before anything is fetched."""
    needs: tuple[tuple[str, ...], ...]
    """Each a choice of file patterns, the most wanted first: a folder is complete when every choice is met."""
    revision: str = "main"
    extras: tuple[str, ...] = ()
    """Patterns of small files that are fetched too where the repository has them."""
    subfolder: str = ""
    """Where in the repository the files lie; patterns start there."""
    sha256: Mapping[str, str] = field(default_factory=dict)
    """Known hashes by file name: of a hub, these files and no others are taken, whatever it says of them."""

    def choose(self, paths: Iterable[str]) -> tuple[list[str], list[str]]:
        """Which files of a repository or folder belong to the model: (paths, patterns that nothing meets)."""
        prefix = self._prefix
        known = {path.removeprefix(prefix): path for path in paths if path.startswith(prefix)}
        chosen: dict[str, None] = {}
        unmet: list[str] = []
        for choice in self.needs:
            for pattern in choice:
                if found := [name for name in sorted(known) if _matches(name, (pattern,))]:
                    chosen.update(dict.fromkeys(found))
                    break
            else:
                unmet.append(" or ".join(choice))
        if any(name.endswith(_SHARD_LIST) for name in chosen):
            shards = [name for name in sorted(known) if _matches(name, ("*-of-*.safetensors",))]
            chosen.update(dict.fromkeys(shards))
        chosen.update(dict.fromkeys(name for name in sorted(known) if _matches(name, self.extras)))
        return [known[name] for name in chosen], unmet

    def missing_in(self, folder: Path) -> list[str]:
        """What `folder` (with the files, or with `subfolder` in it) lacks of the model; empty when it is complete."""
        inner = self.files_folder(folder)
        names = sorted(str(path.relative_to(inner)) for path in inner.rglob("*") if path.is_file())
        chosen, unmet = self.choose(self._prefix + name for name in names)
        for path in chosen:
            if path.endswith(_SHARD_LIST):
                unmet += sorted(_shards(inner / path.removeprefix(self._prefix)) - set(names))
        return unmet

    def known_hashes(self) -> dict[str, str]:
        """The known SHA-256 by path in the repository."""
        return {self._prefix + name: sha256 for name, sha256 in self.sha256.items()}

    @property
    def _prefix(self) -> str:
        return f"{self.subfolder}/" if self.subfolder else ""

    def files_folder(self, folder: Path) -> Path:
        """The folder the backend gets: `folder`, or the `subfolder` of the repository kept in it."""
        return folder / self.subfolder if self.subfolder and (folder / self.subfolder).is_dir() else folder


def _matches(name: str, patterns: Iterable[str]) -> bool:
    # A pattern means files of the folder itself: tools keep their own files in folders below it.
    hidden_or_below = "/" in name or name.startswith(".")
    return (
        not hidden_or_below
        and any(fnmatchcase(name, pattern) for pattern in patterns)
        and not any(fnmatchcase(name, pattern) for pattern in _NEVER)
    )


def _shards(index: Path) -> set[str]:
    """Names of the files that an index names, and what is wrong with it."""
    try:
        named = set(read_json(index)["weight_map"].values())
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {f"{index.name} (unreadable)"}
    faults = {name: name_fault(name) for name in named}
    return {f"{index.name} (it names {shown(name)}, which {why})" if why else name for name, why in faults.items()}


def _sam(size: str, file: str, bytes_: int, sha256: str) -> CatalogueModel:
    return CatalogueModel(
        name=f"sam-vit-{size}",
        purpose=f"proposals: SAM ViT-{size.upper()} for segment_anything",
        # A mirror by the author of transformers' SAM, which its conversion script reads; the maker serves no hub files.
        # The hashes are those of the maker's files as several independent mirrors carry them.
        repository="ybelkada/segment-anything",
        revision="7790786db131bcdc639f24a915d9f2c331d843ee",
        subfolder="checkpoints",
        licence="Apache-2.0",
        size=bytes_,
        needs=((file, f"*vit_{size}*.pth", "*.pth", "*.safetensors"),),
        sha256={file: sha256},
    )


_TEXTS = ("*.json", "*.txt", "*.model")
_SAFETENSORS = ("model.safetensors", f"model{_SHARD_LIST}")
_PROCESSOR = ("preprocessor_config.json", "processor_config.json")
_TOKENIZER = ("tokenizer.json", "vocab.txt", "vocab.json")


def _transformers(
    name: str, purpose: str, repository: str, licence: str, size: int, revision: str = "main"
) -> CatalogueModel:
    needs = (("config.json",), (*_SAFETENSORS, "pytorch_model.bin"), _PROCESSOR)
    return CatalogueModel(name, purpose, repository, licence, size, needs, revision, extras=_TEXTS)


def _captions(
    name: str, purpose: str, repository: str, licence: str, size: int, revision: str = "main"
) -> CatalogueModel:
    # The captioners read safetensors only.
    needs = (("config.json",), _SAFETENSORS, _PROCESSOR, _TOKENIZER)
    return CatalogueModel(name, f"captions: {purpose}", repository, licence, size, needs, revision, extras=_TEXTS)


def _open_clip(
    name: str,
    architecture: str,
    repository: str,
    licence: str,
    size: int,
    revision: str = "main",
    own_tokenizer: bool = False,
) -> CatalogueModel:
    weights = ("open_clip_model.safetensors", "*.safetensors", "open_clip_pytorch_model.bin", "*.bin", "*.pt")
    purpose = f"image-text: {architecture} for open_clip"
    needs = (("open_clip_config.json",), weights, *((_TOKENIZER,) if own_tokenizer else ()))
    return CatalogueModel(name, purpose, repository, licence, size, needs, revision, extras=_TEXTS)


_OPENAI = "MIT"

CATALOGUE: dict[str, CatalogueModel] = {
    model.name: model
    for model in (
        _sam(
            "h",
            "sam_vit_h_4b8939.pth",
            2_564_550_879,
            "a7bf3b02f3ebf1267aba913ff637d9a2d5c33d3173bb679e46d9f338c26f262e",
        ),
        _sam(
            "l",
            "sam_vit_l_0b3195.pth",
            1_249_524_607,
            "3adcc4315b642a4d2101128f611684e8734c41232a17c648ed1693702a49a622",
        ),
        _sam(
            "b",
            "sam_vit_b_01ec64.pth",
            375_042_383,
            "ec2df62732614e57411cdcf32a23ffdf28910380d03139ee0f4fcbe91eb8c912",
        ),
        _transformers(
            "sam-vit-base-transformers",
            "proposals: SAM ViT-B for transformers_sam",
            "facebook/sam-vit-base",
            "Apache-2.0",
            375_000_000,
            "70c1a07f894ebb5b307fd9eaaee97b9dfc16068f",
        ),
        _transformers(
            "sam2.1-hiera-tiny",
            "proposals: SAM 2.1 tiny for transformers_sam",
            "facebook/sam2.1-hiera-tiny",
            "Apache-2.0",
            156_000_000,
        ),
        _open_clip(
            "clip-rn50",
            "RN50",
            "timm/resnet50_clip.openai",
            _OPENAI,
            412_000_000,
            "00fd56258d8020fda2c9a8b683cf883d477ad3eb",
        ),
        _open_clip("clip-rn101", "RN101", "timm/resnet101_clip.openai", _OPENAI, 483_000_000),
        _open_clip(
            "clip-vit-b-32",
            "ViT-B-32",
            "timm/vit_base_patch32_clip_224.openai",
            _OPENAI,
            611_000_000,
            "ab5b8ef490e86faa07d3523926b842c765de1de5",
        ),
        _open_clip("clip-vit-b-16", "ViT-B-16", "timm/vit_base_patch16_clip_224.openai", _OPENAI, 604_000_000),
        _open_clip("clip-vit-l-14", "ViT-L-14", "timm/vit_large_patch14_clip_224.openai", _OPENAI, 1_716_000_000),
        _open_clip(
            "siglip-vit-b-16",
            "ViT-B-16-SigLIP",
            "timm/ViT-B-16-SigLIP",
            "Apache-2.0",
            816_000_000,
            "41f575766f40e752fdd1383e9565b7f02388c1c4",
            own_tokenizer=True,
        ),
        _open_clip(
            "mobileclip-s1",
            "MobileCLIP-S1",
            "apple/MobileCLIP-S1-OpenCLIP",
            "Apple AMLR (research only)",
            344_000_000,
            "d147e67ab3c9c7a209064ec89c075e6623a47ae9",
        ),
        _captions(
            "blip-base",
            "BLIP base",
            "Salesforce/blip-image-captioning-base",
            "BSD-3-Clause",
            991_000_000,
            # A change proposed by the hub's own converter: the main branch had pickled weights only.
            "9cfcdbcaccbcadb2b53b36d4b50042c4eeaa0c25",
        ),
        _captions(
            "blip-large",
            "BLIP large",
            "Salesforce/blip-image-captioning-large",
            "BSD-3-Clause",
            1_881_000_000,
            "353689b859fcf0523410b1806dace5fb46ecdf41",
        ),
        _captions(
            "blip2-opt-2.7b",
            "BLIP-2 with OPT 2.7B",
            "Salesforce/blip2-opt-2.7b",
            "MIT (its OPT part: Meta's OPT licence, research only)",
            15_500_000_000,
        ),
        _captions(
            "florence-2-base",
            "Florence-2 base",
            "florence-community/Florence-2-base",
            "MIT",
            1_083_000_000,
        ),
    )
}
