# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Renders the demo's recording anew: `python -m simulation.generate_demo OUT`. Needs pybullet, replaying does not."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.bag_writer import RecordedFrame, write_bag
from simulation.demo_tables import LAYOUTS
from simulation.layout import Layout, Viewpoint
from simulation.models import MODELS
from simulation.renderer import INTRINSICS, Rendering, render
from simulation.sensor import ColourSensor, StereoDepthSensor, measure_depth, photograph

FIRST_STAMP = 1_767_225_600_000_000_000
"""Nanoseconds: the recording says it was made on 2026-01-01."""
FRAME_PERIOD = 500_000_000


def record(layouts: Sequence[Layout] = LAYOUTS) -> Iterator[RecordedFrame]:
    """One frame for each viewpoint of each layout, in order; the same for the same layouts."""
    stamp = FIRST_STAMP
    for layout in layouts:
        for viewpoint in layout.viewpoints:
            yield observe(layout, viewpoint, stamp)
            stamp += FRAME_PERIOD


def observe(layout: Layout, viewpoint: Viewpoint, stamp: int) -> RecordedFrame:
    """What the camera at `viewpoint` records of `layout` at `stamp` nanoseconds."""
    ideal = render(layout, viewpoint)
    random = np.random.default_rng([layout.seed, zlib.crc32(f"{layout.name}/{viewpoint.name}".encode())])
    return RecordedFrame(
        stamp=stamp,
        viewpoint=viewpoint,
        intrinsics=INTRINSICS,
        rgb=photograph(ideal.rgb, ColourSensor(), layout.light.exposure, random),
        depth=measure_depth(ideal.depth, INTRINSICS.fx, StereoDepthSensor(), random),
        labels=ideal.labels,
        description=describe(layout, viewpoint, ideal, stamp),
    )


def describe(layout: Layout, viewpoint: Viewpoint, ideal: Rendering, stamp: int) -> str:
    """JSON that tells what each label is: name, noun, colour, place in base_link, pixels seen."""
    objects = [
        {
            "id": i + 1,
            "name": placed.name,
            "noun": MODELS[placed.model].noun,
            "colour": placed.colour or MODELS[placed.model].colour,
            "position": [placed.x, placed.y, placed.z],
            "yaw": placed.yaw,
            "pixels": int(np.count_nonzero(ideal.labels == i + 1)),
            "depth": _median_depth(ideal, i + 1),
        }
        for i, placed in enumerate(layout.objects)
    ]
    content: dict[str, Any] = {
        "stamp": stamp,
        "frame_id": viewpoint.optical_frame,
        "layout": layout.name,
        "viewpoint": viewpoint.name,
        "roll": viewpoint.roll,
        "objects": objects,
    }
    return json.dumps(content)


def _median_depth(ideal: Rendering, label: int) -> float | None:
    values: NDArray[np.float32] = ideal.depth[ideal.labels == label]
    return round(float(np.median(values)), 4) if values.size else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Render the demo's tabletop recording anew (needs pybullet).")
    parser.add_argument("out", type=Path, help="folder of the bag to write; replaced if it is there")
    options = parser.parse_args(arguments)
    if options.out.exists():
        if not (options.out / "metadata.yaml").is_file():
            parser.error(f"{options.out} is there and is no bag; name another folder")
        shutil.rmtree(options.out)
    count = write_bag(options.out, _announced(record()))
    size = sum(file.stat().st_size for file in options.out.iterdir()) / 1e6
    sys.stdout.write(f"{count} frames, {size:.2f} MB in {options.out}\n")
    return 0


def _announced(frames: Iterator[RecordedFrame]) -> Iterator[RecordedFrame]:
    for frame in frames:
        sys.stdout.write(f"{json.loads(frame.description)['layout']} from {frame.viewpoint.name}\n")
        sys.stdout.flush()
        yield frame


if __name__ == "__main__":
    sys.exit(main())
