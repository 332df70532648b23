# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Answers commands on the frames of a recording in this process, and writes what was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tas_ros.files.pictures import write_rgb
from tas_ros.pipeline import Pipeline
from tas_ros.referral.picture import draw_referral
from tas_ros.referral.referral import Referral
from tas_ros.replay.bag import CameraTopics, find_camera_topics, open_bag
from tas_ros.replay.frames import BagFrame, read_frames


def answer_bag(
    bag: Path,
    commands: Sequence[str],
    pipeline: Pipeline,
    out: Path | None = None,
    frames: int | None = 10,
    topics: CameraTopics | None = None,
    on_answer: Callable[[dict[str, Any]], None] = lambda _: None,
) -> list[dict[str, Any]]:
    """Answer every command on each of `frames` frames spread over the recording (None: on all).

    With `out`, an overlay picture for each answer is written there. `on_answer` hears each result as it comes. A result
    holds frame, stamp, command, status, reason, score, box (x0, y0, x1, y1), seconds and picture.
    Topics whose name is empty in `topics` are found in the bag.

    Raises DatasetError for an unreadable bag, InvalidCommandError for an unreadable command, InvalidImageError.
    """
    queries = [pipeline.parse(command) for command in commands]
    results = []
    with open_bag(bag) as reader:
        given = topics or CameraTopics("")
        found = find_camera_topics(reader, given.image or None, given.depth or None, given.camera_info or None)
        for bag_frame in read_frames(reader, found, frames):
            scene = pipeline.scene(bag_frame.frame)
            for number, query in enumerate(queries):
                referral = pipeline.refer(scene, query)
                result = _describe(bag_frame, commands[number], referral)
                if out is not None:
                    result["picture"] = _write_overlay(out, bag_frame, number, commands[number], referral)
                on_answer(result)
                results.append(result)
    return results


def _describe(bag_frame: BagFrame, command: str, referral: Referral) -> dict[str, Any]:
    best = referral.best
    return {
        "frame": bag_frame.index,
        "stamp": bag_frame.stamp,
        "frame_id": bag_frame.frame_id,
        "depth": bag_frame.frame.depth is not None,
        "command": command,
        "status": referral.status.name,
        "reason": referral.reason,
        "score": None if best is None else float(best.score),
        "box": None if best is None else [int(value) for value in best.box],
        "area": None if best is None else int(best.area),
        "seconds": {stage: float(value) for stage, value in referral.timings.items()},
    }


def _write_overlay(out: Path, bag_frame: BagFrame, number: int, command: str, referral: Referral) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", command.lower()).strip("_")[:40]
    path = out / f"frame{bag_frame.index:05d}_{number:02d}_{slug}.png"
    out.mkdir(parents=True, exist_ok=True)
    write_rgb(path, draw_referral(bag_frame.frame.rgb, referral))
    return path.name
