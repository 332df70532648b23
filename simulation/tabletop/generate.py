# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Makes the benchmark: `python -m simulation.tabletop.generate OUT_DIR --split held_out --scenes 200`.

Needs requirements/simulation.txt. A scene and its sentences depend on its seed alone: same seeds, same set.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from simulation.layout import Viewpoint
from simulation.renderer import HEIGHT, INTRINSICS, WIDTH, Stage
from simulation.sensor import ColourSensor, StereoDepthSensor, measure_depth, photograph
from simulation.solids import standing_points
from simulation.tabletop.labelling import label, label_anew
from simulation.tabletop.masks import encode_mask
from simulation.tabletop.observation import Observation, Thing
from simulation.tabletop.scenes import (
    FAMILIES,
    FIRST_HELD_OUT_SEED,
    RandomScene,
    random_scene,
    random_viewpoint,
)
from tas_ros.errors import DatasetError
from tas_ros.evaluation.tabletop_set import FORMAT, INDEX, read_index, to_metres

VIEWS = 2
"""Pictures a scene, from different sides."""
LEAST_VISIBLE = 0.55
"""Share of each thing that must show, so that nobody overlooks it."""
_VIEW_TRIES, _SCENE_TRIES = 10, 12


def seeds_of(split: str, count: int, first: int = 0) -> range:
    """`count` seeds of "tune" or "held_out" from the first-th on. Raises DatasetError where tuning would run into
    the held-out seeds.
    """
    start = first + (FIRST_HELD_OUT_SEED if split == "held_out" else 0)
    if split == "tune" and start + count > FIRST_HELD_OUT_SEED:
        raise DatasetError(
            f"{count} tuning scenes from {first} on reach the held-out seeds, which begin at {FIRST_HELD_OUT_SEED}; "
            "ask for fewer"
        )
    return range(start, start + count)


def generate(folder: Path, seeds: Sequence[int], jobs: int = 1) -> Iterator[list[dict[str, Any]]]:
    """Write the pictures of each scene and yield the records of each, in order.

    A scene whose records lie in `folder`/scenes already is not made again, so that a stopped run goes on where it was.
    jobs: processes to share the work.
    """
    for name in ("rgb", "depth", "scenes"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    make = partial(_stored_scene, folder)
    if jobs == 1:
        yield from map(make, seeds)
        return
    with get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap(make, seeds)


def _stored_scene(folder: Path, seed: int) -> list[dict[str, Any]]:
    path = folder / "scenes" / f"{seed:05}.json"
    if not path.is_file():
        text = json.dumps(list(_scene_records(folder, seed)))
        partial_path = path.with_suffix(".partial")
        partial_path.write_text(text, "utf-8")
        partial_path.rename(path)
    return list(json.loads(path.read_text("utf-8")))


def write_index(folder: Path, split: str, seeds: Sequence[int], records: Sequence[dict[str, Any]]) -> None:
    """Write the index file: without it a folder is no benchmark."""
    content = {"format": FORMAT, "split": split, "seeds": [seeds[0], seeds[-1]], "images": list(records)}
    (folder / INDEX).write_text(json.dumps(content), "utf-8")


def _scene_records(folder: Path, seed: int) -> Iterator[dict[str, Any]]:
    for attempt in range(_SCENE_TRIES):
        with tempfile.TemporaryDirectory() as meshes:
            scene = random_scene(seed, attempt, Path(meshes))
            if len(scene.kinds) < 4:
                continue
            random = np.random.default_rng([20260405, seed, attempt])
            with Stage(scene.layout, scene.models) as stage:
                views = list(_clear_views(stage, random))
                for number, (family, viewpoint, visible) in enumerate(views):
                    yield _picture(folder, scene, stage, f"{seed:05}_{number}", family, viewpoint, visible)
        if views:
            return
    raise DatasetError(f"no camera sees all things of any of {_SCENE_TRIES} scenes of seed {seed}; leave the seed out")


def _clear_views(stage: Stage, random: np.random.Generator) -> Iterator[tuple[str, Viewpoint, NDArray[np.float64]]]:
    """Up to VIEWS cameras of different families that see enough of everything."""
    found = 0
    for family in (list(FAMILIES)[i] for i in random.permutation(len(FAMILIES))):
        for _ in range(_VIEW_TRIES):
            viewpoint = random_viewpoint("camera", family, random)
            visible = stage.visible_shares(viewpoint)
            if visible.min() >= LEAST_VISIBLE:
                yield family, viewpoint, visible
                found += 1
                break
        if found == VIEWS:
            return


def _picture(
    folder: Path,
    scene: RandomScene,
    stage: Stage,
    name: str,
    family: str,
    viewpoint: Viewpoint,
    visible: NDArray[np.float64],
) -> dict[str, Any]:
    """Take the picture, write its files; its record."""
    ideal = stage.picture(viewpoint)
    random = np.random.default_rng([20260406, *(int(part) for part in name.split("_"))])
    rgb = photograph(ideal.rgb, ColourSensor(), scene.layout.light.exposure, random)
    depth = measure_depth(ideal.depth, INTRINSICS.fx, StereoDepthSensor(), random)
    cv2.imwrite(str(folder / "rgb" / f"{name}.png"), rgb[..., ::-1])
    cv2.imwrite(str(folder / "depth" / f"{name}.png"), depth)
    pose = viewpoint.optical_pose()
    observation = Observation(
        WIDTH,
        HEIGHT,
        INTRINSICS,
        np.linalg.inv(scene.robot_in_layout) @ pose,
        np.linalg.inv(scene.speaker_in_layout) @ pose,
        tuple(_things(scene, ideal.labels, visible)),
    )
    things = [
        asdict(thing) | {"segmentation": encode_mask(ideal.labels == i + 1)}
        for i, thing in enumerate(observation.things)
    ]
    return {
        "id": name,
        "seed": scene.layout.seed,
        "family": family,
        "roll": viewpoint.roll,
        "width": WIDTH,
        "height": HEIGHT,
        "intrinsics": asdict(INTRINSICS),
        "robot_from_camera": observation.robot_from_camera.tolist(),
        "speaker_from_camera": observation.speaker_from_camera.tolist(),
        "things": things,
    } | label(name, observation, to_metres(depth), ideal.labels)


def _things(scene: RandomScene, labels: NDArray[np.uint8], visible: NDArray[np.float64]) -> Iterator[Thing]:
    base_from_layout = np.linalg.inv(scene.robot_in_layout)
    for i, (placed, kind) in enumerate(zip(scene.layout.objects, scene.kinds, strict=True)):
        model = scene.models[placed.model]
        points = standing_points(placed, model)
        along = np.deg2rad(placed.yaw + model.turn)
        turn = np.array([[np.cos(along), np.sin(along)], [-np.sin(along), np.cos(along)]])
        own = np.ptp(np.concatenate([points[:, :2] @ turn.T, points[:, 2:]], axis=1), axis=0)
        in_base = points @ base_from_layout[:3, :3].T + base_from_layout[:3, 3]
        low, high = in_base.min(axis=0), in_base.max(axis=0)
        rows, columns = np.nonzero(labels == i + 1)
        yield Thing(
            id=str(i),
            kind=kind.key,
            names=kind.names,
            might_be=kind.might_be,
            colour=placed.colour if kind.paintable else kind.own_colour,
            centre=_rounded((low + high) / 2),
            extent=_rounded(high - low),
            dimensions=_rounded(own),
            support=str(scene.supports[i]) if scene.supports[i] >= 0 else "",
            visible=round(float(visible[i]), 3),
            pixels=len(rows),
            centroid=(round(float(columns.mean()), 2), round(float(rows.mean()), 2)),
            box=(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1),
        )


def _rounded(values: NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = (round(float(value), 4) for value in values)
    return x, y, z


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Render the tabletop benchmark (needs pybullet and robosuite).")
    parser.add_argument("out", type=Path, help="folder to write; a run that stopped there goes on")
    parser.add_argument("--split", choices=("tune", "held_out"), help="which seeds: they never mix")
    parser.add_argument("--scenes", type=int, default=150)
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--first", type=int, default=0, help="skip so many seeds of the split")
    parser.add_argument(
        "--sentences-only", action="store_true", help="keep the pictures of OUT and draw their sentences anew"
    )
    options = parser.parse_args(arguments)
    if options.sentences_only:
        return _draw_anew(options.out)
    if options.split is None:
        parser.error("say which seeds: --split tune or --split held_out")
    if options.out.exists() and any(options.out.iterdir()) and not (options.out / "scenes").is_dir():
        parser.error(f"{options.out} is there and holds something else; name another folder")
    try:
        seeds = seeds_of(options.split, options.scenes, options.first)
    except DatasetError as error:
        parser.error(str(error))
    records = []
    for scene in generate(options.out, seeds, options.jobs):
        records += scene
        sys.stdout.write(f"{scene[0]['id']}: {', '.join(record['family'] for record in scene)}\n")
        sys.stdout.flush()
    write_index(options.out, options.split, seeds, records)
    shutil.rmtree(options.out / "scenes")
    return 0


def _draw_anew(folder: Path) -> int:
    """What a rule changes about the sentences needs no rendering."""
    content = read_index(folder)
    records = [label_anew(folder, record) for record in content["images"]]
    first, last = content["seeds"]
    write_index(folder, content["split"], range(first, last + 1), records)
    sys.stdout.write(f"{sum(len(record['sentences']) for record in records)} sentences\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
