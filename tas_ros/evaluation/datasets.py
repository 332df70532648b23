# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What an evaluation set offers the runner, and how one is opened. A new layout is one file and one line in LAYOUTS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import DatasetError
from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals

LAYOUTS: dict[str, str] = {
    "refer": "tas_ros.evaluation.refer_layout:ReferDataset",
    "tabletop": "tas_ros.evaluation.tabletop_set:TabletopDataset",
    "phrasecut": "tas_ros.evaluation.phrasecut:PhraseCutDataset",
    "coco": "tas_ros.evaluation.coco_style:CocoStyleDataset",
}
"""Tried in this order: the last one takes any folder with a json at its top."""

TextField = Literal["sent", "raw"]


@dataclass(frozen=True)
class DatasetSelection:
    """Which part of a directory to evaluate. None: whatever there is, if there is but one."""

    dataset: str | None = None
    """refcoco, refcoco+, refcocog, phrasecut ..."""
    split_by: str | None = None
    """Who made the split, in the refer layout: unc, umd, google."""
    split: str | None = None
    """val, testA, testB, test, train, as the dataset calls them."""
    text_field: TextField | None = None
    """In the refer layout: `sent`, cleaned, as TAS evaluates (the default), or `raw`, as typed."""


@dataclass(frozen=True)
class Sentence:
    """One referring expression and the instances it means."""

    sentence_id: str
    text: str
    target_ids: tuple[str, ...]
    """Instances whose union is the truth; empty when the sentence means nothing in the image."""
    tags: tuple[str, ...] = ()
    """Groups to report apart: the source's name, the kind of expression."""
    perspective: str = ""
    """The Perspective that the truth holds in; empty where the sentence itself says it, or nothing does."""
    expected: str = ""
    """Name of the Status that is right; empty where the set does not say."""


@dataclass(frozen=True, eq=False)
class Instances:
    """The annotated things of one image. ids: N names; masks: (N, H, W) bool, some may be empty."""

    ids: tuple[str, ...]
    masks: NDArray[np.bool_]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.ids)}

    def union(self, ids: tuple[str, ...]) -> NDArray[np.bool_]:
        """(H, W) bool of all pixels of these instances; empty for no ids."""
        return np.asarray(self.masks[[self._rows[name] for name in ids]].any(axis=0))

    def as_proposals(self) -> Proposals:
        """Every instance that has pixels as a proposal of quality 1."""
        visible = self.masks[self.masks.any(axis=(1, 2))]
        return Proposals(visible, np.ones(len(visible), np.float32))


class AnnotatedImage(Protocol):
    """One image with all its sentences, so that per-image work is done once."""

    @property
    def image_id(self) -> str:
        """Unique in the dataset."""
        ...

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """At least one."""
        ...

    def read(self) -> tuple[Frame, Instances]:
        """The pixels and masks at original resolution. Raises DatasetError naming the file."""
        ...


class ReferringDataset(Protocol):
    """An evaluation set. Opening one reads its index only; pixels are read image by image."""

    name: str
    source: str
    """What was read: the index file, the split, which text field."""
    sentence_count: int
    selection: DatasetSelection
    """What was opened, complete where the layout knows such parts; to look published figures up with."""
    warnings: tuple[str, ...]
    """What a report must tell about the set: counts that differ from the published ones, records left out."""

    @classmethod
    def recognises(cls, root: Path) -> bool:
        """Whether the directory looks like this layout; costs no more than a listing."""
        ...

    def images(self) -> Iterator[AnnotatedImage]:
        """Every image that has sentences, in a fixed order."""
        ...


def open_dataset(root: Path, selection: DatasetSelection | None = None) -> ReferringDataset:
    """Open the directory with the first layout that recognises it; of several sets in it, the selected one.

    Raises DatasetError when nothing is recognised, or when the selection fits none or several (it lists what is there).
    """
    if not root.is_dir():
        raise DatasetError(f"{root} is not a directory; give the folder that holds the dataset")
    for target in LAYOUTS.values():
        module, _, attribute = target.partition(":")
        layout = getattr(import_module(module), attribute)
        if layout.recognises(root):
            dataset: ReferringDataset = layout(root, selection or DatasetSelection())
            return dataset
    raise DatasetError(
        f"{root} is in no layout that is known ({', '.join(LAYOUTS)}). refer: <dataset>/refs(<splitBy>).p and "
        "<dataset>/instances.json with images/mscoco/images/train2014/; phrasecut: refer_<split>.json and "
        "image_data_split.json with images/; tabletop: tabletop.json with rgb/ and depth/; "
        "coco: one *.json (images, annotations, expressions) with images/"
    )
