# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Trains the photo head: `python -m training.train_photo_head PHOTOS TABLES`.

PHOTOS is a folder that holds the photos of photo_sources.tsv and COCO's annotations of them, TABLES one of
simulation.training_tables.render_tables, whose things must keep the names that the tabletop head gives them. Writes
tas_ros/vision/encoders/photo_head.npz and its SHA-256 beside it. Needs scikit-image and pycocotools. The kinds
are those of photo_kinds.txt: what the photos show often enough and ImageNet does not know as well.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from simulation.training_tables.render_tables import read_tables
from tas_ros.vision.encoders.class_names import photo_classes, tabletop_classes
from tas_ros.vision.encoders.kind_head import KindHead, load_tabletop_head
from training.coco_photos import learnt_photos, photo_thing_regions, read_photos
from training.examples import Examples, describe, examples_of_tables
from training.fit_head import fit_head, probabilities, save_head
from training.regions import NO_KIND, LabelledRegions

RIDGE = 3e-3
"""Penalty on squared weights against the mean loss of a region."""
ROUNDS = 3
"""How often each photo is learnt from, altered anew."""
TABLE_WEIGHT = 0.5
"""Of all regions of tables together against all of photos."""
CAUTION = 1.0
"""Taken off every bias: 93 photos show few of the things that are none of the kinds. On 437 others .36 of those kept
their names with it, .32 without, and of all things .575 and .581 were named rightly; .385 without the head."""


def examples_of_things(folder: Path) -> Examples:
    """What the annotated photos teach; kinds by the photo head's numbers."""
    numbers = {kind.names[0]: i for i, kind in enumerate(photo_classes())}

    def regions() -> Iterator[LabelledRegions]:
        for photo in read_photos(folder, learnt_photos()):
            for turn in range(ROUNDS):
                yield photo_thing_regions(photo, numbers, np.random.default_rng([20261123, photo.number, turn]))

    return describe(regions())


def right_on_tables(kinds: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(R, 1 + K) that rendered things are no photo kind or, of a kind that shares a name with them, are that one, too.

    kinds: (R,) tabletop head's numbers. What is nothing may be the table.
    """
    nothing = ("dining table", "table")
    named = [{*kind.names, *kind.common_nouns} for kind in tabletop_classes()] + [set(nothing)]
    same = np.array([[bool(words & {*kind.names, *kind.common_nouns}) for kind in photo_classes()] for words in named])
    return np.concatenate([np.ones((len(kinds), 1), np.bool_), same[kinds]], axis=1)


def beside_tabletop(examples: Examples, head: KindHead) -> Examples:
    """The same, with what the tabletop head says counted to what a region is without the photo head."""
    kinds = torch.from_numpy(head.logits(torch.from_numpy(examples.features))).logsumexp(dim=1)
    return replace(examples, general=np.logaddexp(examples.general, kinds.numpy()[None]))


def main() -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Train the photo head on annotated photos.")
    parser.add_argument("photos", type=Path, help="folder with COCO's annotations and the photos of photo_sources.tsv")
    parser.add_argument("tables", type=Path, help="of simulation.training_tables.render_tables")
    options = parser.parse_args()
    torch.manual_seed(0)
    photos = examples_of_things(options.photos)
    tables = examples_of_tables(read_tables(options.tables, held_out=False), altered=True)
    share = TABLE_WEIGHT * photos.weights.sum() / tables.weights.sum()
    right = np.concatenate(
        [np.arange(NO_KIND, len(photo_classes())) == photos.kinds[:, None], right_on_tables(tables.kinds)]
    )
    both = beside_tabletop(photos + replace(tables, weights=tables.weights * np.float32(share)), load_tabletop_head())
    weight, bias = fit_head(both, right, RIDGE)
    bias = bias - np.float32(CAUTION)
    named = probabilities(both, weight, bias)
    hit = right[np.arange(len(right)), named.argmax(axis=1)]
    sys.stdout.write(f"{len(photos.kinds)} regions of photos, {hit[: len(photos.kinds)].mean():.3f} named rightly\n")
    sys.stdout.write(
        f"{len(tables.kinds)} regions of tables, {hit[len(photos.kinds) :].mean():.3f} left or rightly named\n"
    )
    sys.stdout.write(f"SHA-256 {save_head('photo', weight, bias)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
