# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Renders random tables for training and measuring.

    python -m simulation.training_tables.render_tables FOLDER --first 0 --count 500

Needs pybullet and robosuite. A picture depends on its seed alone, so that a stopped run goes on where it was, and
several runs with other seeds may share the work.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from simulation.training_tables.layouts import FIRST_HELD_OUT_SEED, random_table
from tas_ros.files.pictures import read_rgb


@dataclass(frozen=True, eq=False)
class RenderedTable:
    """One picture and what is on it."""

    seed: int
    rgb: NDArray[np.uint8]
    """(480, 640, 3)."""
    labels: NDArray[np.uint8]
    """(480, 640): 1 + index into kinds, 0 elsewhere."""
    kinds: tuple[str, ...]
    bearers: tuple[int, ...]
    """Index into kinds of the thing that each one is on or in, -1 for the table."""


def render_table(seed: int) -> RenderedTable:
    """The random table of that seed as a colour camera sees it."""
    from simulation.renderer import render
    from simulation.sensor import ColourSensor, photograph

    with tempfile.TemporaryDirectory() as folder:
        table = random_table(seed, Path(folder))
        layout = table.layout
        ideal = render(layout, layout.viewpoints[0], table.models)
    random = np.random.default_rng([20260102, seed])
    sensor = ColourSensor(blur=float(random.uniform(0.3, 1.1)), noise=float(random.uniform(0.5, 4.0)))
    rgb = photograph(ideal.rgb, sensor, layout.light.exposure, random)
    return RenderedTable(seed, rgb, ideal.labels, table.kinds, table.bearers)


def save_table(table: RenderedTable, folder: Path) -> None:
    """Write picture, labels and, last, what the things are: what has that is complete."""
    cv2.imwrite(str(folder / f"{table.seed}.png"), table.rgb[..., ::-1])
    cv2.imwrite(str(folder / f"{table.seed}.labels.png"), table.labels)
    things = {"kinds": table.kinds, "bearers": table.bearers}
    (folder / f"{table.seed}.json").write_text(json.dumps(things), "utf-8")


def read_tables(folder: Path, held_out: bool) -> Iterator[RenderedTable]:
    """The folder's tables in the order of their seeds."""
    seeds = sorted(int(path.stem) for path in folder.glob("*.json"))
    for seed in seeds:
        if (seed >= FIRST_HELD_OUT_SEED) == held_out:
            labels = cv2.imread(str(folder / f"{seed}.labels.png"), cv2.IMREAD_GRAYSCALE)
            things = json.loads((folder / f"{seed}.json").read_text("utf-8"))
            rgb = read_rgb(folder / f"{seed}.png", apply_orientation=False)
            kinds, bearers = tuple(things["kinds"]), tuple(things["bearers"])
            yield RenderedTable(seed, rgb, np.asarray(labels, np.uint8), kinds, bearers)


def main() -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, default=0, help=f"first seed; {FIRST_HELD_OUT_SEED} and more only measure")
    parser.add_argument("--count", type=int, default=400)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for seed in range(options.first, options.first + options.count):
        if not (options.folder / f"{seed}.json").is_file():
            save_table(render_table(seed), options.folder)
    sys.stdout.write(f"{len(list(options.folder.glob('*.json')))} tables in {options.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
