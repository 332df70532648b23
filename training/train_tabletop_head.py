# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Trains the tabletop head on a folder of rendered tables: `python -m training.train_tabletop_head FOLDER`.

    python -m simulation.training_tables.render_tables FOLDER --first 0 --count 1200
    python -m simulation.training_tables.render_tables FOLDER --first 50000 --count 500
    python -m simulation.training_tables.render_tables FOLDER --first 100000 --count 60
    python -m training.train_tabletop_head FOLDER

Writes tas_ros/vision/encoders/tabletop_head.npz and its SHA-256 beside it. Needs pybullet and robosuite (to
render) and scikit-image (real photos, as what is not a kind). The kinds are those of tabletop_kinds.txt.

The head that is committed is no single run's: two thirds of one fitted by `train` to features of these tables kept in
half precision (those of the 500 tables with things apart altered by an earlier version's random numbers) and one third
of the head before it, of 480 tables with things apart. The newer one alone names more on crowded tables, but took a
plain red ball for an apple as soon as something else came into view.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from simulation.training_tables.render_tables import read_tables
from tas_ros.vision.encoders.class_names import tabletop_classes
from training.examples import (
    HELD_OUT_PHOTOS,
    PHOTOS,
    Examples,
    examples_of_photo_parts,
    examples_of_photos,
    examples_of_tables,
)
from training.fit_head import fit_head, probabilities, save_head
from training.regions import NO_KIND

RIDGE = 1.5e-3
"""Penalty on squared weights against the mean loss of a region."""
PHOTO_WEIGHT = 10.0
"""Of a piece of a real photo against a rendered thing: what photos show must keep its name."""
FREQUENT = ("cube", "ball", "mug", "box", "cylinder", "bottle", "can")
FREQUENT_WEIGHT = 2.0
"""Of kinds that stand on more tables than others: a yellow sphere is a ball rather than a lemon."""


def train(examples: Examples, ridge: float = RIDGE) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(K, 2 * 1280) weights and (K,) biases of the head on both views."""
    frequent = [i for i, kind in enumerate(tabletop_classes()) if kind.names[0] in FREQUENT]
    emphasis = np.where(np.isin(examples.kinds, frequent), FREQUENT_WEIGHT, 1.0).astype(np.float32)
    right = np.arange(NO_KIND, len(tabletop_classes())) == examples.kinds[:, None]
    return fit_head(replace(examples, weights=examples.weights * emphasis), right, ridge)


def report(examples: Examples, best: NDArray[np.int64]) -> str:
    """How many regions of a kind are named rightly and how many others are named at all.

    best: (R,) the likeliest kind, NO_KIND where that is none.
    """
    is_kind = examples.kinds != NO_KIND
    lines = [f"  others named a kind: {(best[~is_kind] != NO_KIND).sum()} of {(~is_kind).sum()}"]
    if is_kind.any():
        lines.append(f"  kinds named rightly: {(best == examples.kinds)[is_kind].mean():.3f} of {is_kind.sum()}")
        names = [kind.names[0] for kind in tabletop_classes()] + ["-"]
        for number in range(len(names) - 1):
            mine = examples.kinds == number
            wrong = ", ".join(names[i] for i in best[mine & (best != number)])
            lines.append(f"    {names[number]:14s} {(best[mine] == number).sum():3d}/{mine.sum():3d}  {wrong}")
    return "\n".join(lines)


def main() -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Train the tabletop head on rendered tables.")
    parser.add_argument("folder", type=Path, help="of simulation.training_tables.render_tables")
    options = parser.parse_args()
    torch.manual_seed(0)
    photos = examples_of_photos(PHOTOS, altered=True) + examples_of_photo_parts(PHOTOS)
    photos.weights[:] = PHOTO_WEIGHT
    examples = examples_of_tables(read_tables(options.folder, held_out=False), altered=True) + photos
    sys.stdout.write(f"{len(examples.kinds)} regions\n")
    weight, bias = train(examples)
    held_out = examples_of_tables(read_tables(options.folder, held_out=True), altered=False)
    others = examples_of_photos(HELD_OUT_PHOTOS, altered=False, rounds=1)
    for name, each in (("trained", examples), ("held-out tables", held_out), ("held-out photos", others)):
        best = probabilities(each, weight, bias).argmax(axis=1) - 1
        sys.stdout.write(f"{name}\n{report(each, best)}\n")
    sys.stdout.write(f"SHA-256 {save_head('tabletop', weight, bias)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
