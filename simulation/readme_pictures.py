# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The pictures of the README, answered anew: `python -m simulation.readme_pictures docs/images`.

They show the bundled recording as profile `embedded` answers it. `docs/images/contact_sheet.jpg` is the one that
`tas demo` leaves in `demo_out`.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from simulation.demo_tables import LAYOUTS
from tas_ros.arrays import ImageArray
from tas_ros.demo.recording import BAG, load_views
from tas_ros.files.pictures import write_rgb
from tas_ros.files.poses import pose_from_text
from tas_ros.pipeline import Pipeline
from tas_ros.referral.picture import draw_referral
from tas_ros.replay.bag import find_camera_topics, open_bag
from tas_ros.replay.frames import read_frames
from tas_ros.vision.frame import Frame

TABLE = "mugs", "camera"
"""Layout and viewpoint: three mugs, a cube and a duck, seen from where the robot stands."""
SPEAKER = pose_from_text("1.4 0 0 0 0 3.1416")
"""(4, 4) in the robot's base: across the table, facing the robot."""
PICTURES = {
    "relation.jpg": ("grab the mug between the white mug and the green cube",),
    "which_one.jpg": ("hand me the mug",),
    "perspective.jpg": ("the mug on my left", "the mug on your left"),
}
"""File name to the commands it shows, side by side."""
GAP = 8
"""Pixels between two."""


def main() -> None:
    """Write every picture into the folder that is named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("out", type=Path, help="a folder that exists")
    out: Path = parser.parse_args().out
    pipeline = Pipeline.load("embedded")
    scene = pipeline.scene(recorded_frame(*TABLE))
    for name, commands in PICTURES.items():
        answers = [pipeline.refer(scene, pipeline.parse(command)) for command in commands]
        write_rgb(out / name, side_by_side([draw_referral(scene.picture, answer) for answer in answers]))
        print(f"{name}: {', '.join(answer.status.name for answer in answers)}")


def recorded_frame(layout: str, viewpoint: str) -> Frame:
    """A frame of the recording with its depth, the pose its camera had, and a speaker across the table."""
    with open_bag(BAG) as reader:
        frames = [each.frame for each in read_frames(reader, find_camera_topics(reader))]
    frame = {(view.scene, view.viewpoint): each for view, each in zip(load_views(), frames, strict=False)}
    cameras = {(each.name, camera.name): camera for each in LAYOUTS for camera in each.viewpoints}
    pose = cameras[layout, viewpoint].optical_pose()
    return replace(frame[layout, viewpoint], robot_from_camera=pose, speaker_from_camera=np.linalg.inv(SPEAKER) @ pose)


def side_by_side(pictures: list[ImageArray]) -> ImageArray:
    """Pictures (H, W, 3) of one height in a row, white between them."""
    gap = np.full((pictures[0].shape[0], GAP, 3), 255, np.uint8)
    row = [part for picture in pictures for part in (gap, picture)]
    return np.hstack(row[1:])


if __name__ == "__main__":
    main()
