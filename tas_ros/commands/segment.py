# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""`tas segment IMAGE TEXT`: the thing that a text means, in one picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tas_ros.commands.common import add_model_arguments, load_pipeline, print_json, require_writable_folder, say
from tas_ros.errors import InvalidImageError, InvalidPoseError
from tas_ros.language.query import Perspective

if TYPE_CHECKING:
    from tas_ros.referral.referral import Referral
    from tas_ros.vision.frame import Frame
    from tas_ros.vision.proposals import Proposals

HELP = "mark the object that a text means in a picture"
EPILOG = "exit code: 0 found, 1 nothing matches or ambiguous or no reference, 2 error"
FOUND, NOT_FOUND = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.add_argument("image", type=Path, metavar="IMAGE", help="any picture OpenCV reads")
    parser.add_argument("text", metavar="TEXT", help='what to find, e.g. "the red mug left of the laptop"')
    parser.add_argument("--depth", type=Path, help="registered depth: 16-bit png in mm, or npy/tiff/exr in metres")
    parser.add_argument("--camera-info", type=Path, help="yaml or json with k, camera_matrix or fx, fy, cx, cy")
    parser.add_argument(
        "--perspective",
        choices=[each.value for each in Perspective],
        default=Perspective.CAMERA.value,
        help="whose left and right is meant where the text does not say (default: %(default)s)",
    )
    parser.add_argument(
        "--pose",
        metavar="POSE",
        help="camera's optical frame in the robot's base: 'x y z roll pitch yaw' or 'x y z qx qy qz qw'",
    )
    parser.add_argument("--speaker-pose", metavar="POSE", help="the speaker in the robot's base; needs --pose")
    parser.add_argument(
        "--proposals", type=Path, metavar="FILE", help="masks to choose from: npy, npz or a picture of labels"
    )
    parser.add_argument("--out", type=Path, metavar="PICTURE", help="write the answer drawn on the picture")
    parser.add_argument("--mask", type=Path, metavar="PNG", help="write the mask, 0 and 255; all 0 when not found")
    parser.add_argument("--json", action="store_true", help="print the answer with all candidates and scores as json")
    add_model_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Answer and write what was asked for."""
    for path in (args.out, args.mask):
        require_writable_folder(path)
    frame = _read_frame(args)
    given = _read_proposals(args.proposals, frame)
    pipeline = load_pipeline(args)
    query = pipeline.parse(args.text)
    referral = pipeline.refer(pipeline.scene(frame, given), query, Perspective(args.perspective))
    _write_pictures(args, frame, referral)
    if args.json:
        print_json(describe_referral(referral))
    else:
        print(summary(referral))
    return FOUND if referral.best else NOT_FOUND


def describe_referral(referral: Referral) -> dict[str, Any]:
    """The referral without its mask, ready for json; boxes are x0, y0, x1, y1 with x1 and y1 exclusive."""
    return {
        "status": referral.status.name,
        "reason": referral.reason,
        "notes": list(referral.notes),
        "query": referral.query.to_dict(),
        "candidates": [
            {
                "index": each.index,
                "box": [int(value) for value in each.box],
                "area": int(each.area),
                "score": float(each.score),
                "shares": {name: float(value) for name, value in each.shares.items()},
                "caption": each.caption,
            }
            for each in referral.candidates
        ],
        "seconds": {stage: float(value) for stage, value in referral.timings.items()},
    }


def summary(referral: Referral) -> str:
    """One line for a person."""
    best = referral.best
    if best is None:
        said = f"{referral.status.name}: {referral.reason}"
    else:
        x0, y0, x1, y1 = best.box
        place = f"x {x0}..{x1}, y {y0}..{y1} ({best.area} px)"
        said = f"FOUND: {referral.query.expression!r} at {place}, score {best.score:.2f}"
    return said + "".join(f" ({note})" for note in referral.notes)


def _read_frame(args: argparse.Namespace) -> Frame:
    import numpy as np

    from tas_ros.files.pictures import read_camera_info, read_depth, read_rgb
    from tas_ros.files.poses import pose_from_text
    from tas_ros.vision.frame import Frame

    if args.camera_info and not (args.depth or args.pose):
        raise InvalidImageError("--camera-info is used with --depth or --pose only; give one of them too")
    robot_from_camera = pose_from_text(args.pose) if args.pose else None
    speaker_from_camera = None
    if args.speaker_pose:
        if robot_from_camera is None:
            raise InvalidPoseError("--speaker-pose is given in the robot's base; give --pose too")
        speaker_from_camera = np.linalg.inv(pose_from_text(args.speaker_pose)) @ robot_from_camera
    return Frame(
        # Depth belongs to the pixels as stored, so the picture is turned upright only without it.
        rgb=read_rgb(args.image, apply_orientation=args.depth is None),
        depth=read_depth(args.depth) if args.depth else None,
        intrinsics=read_camera_info(args.camera_info) if args.camera_info else None,
        robot_from_camera=robot_from_camera,
        speaker_from_camera=speaker_from_camera,
    )


def _read_proposals(path: Path | None, frame: Frame) -> Proposals | None:
    from tas_ros.files.proposals import read_proposals

    return read_proposals(path, frame.height, frame.width) if path else None


def _write_pictures(args: argparse.Namespace, frame: Frame, referral: Referral) -> None:
    if args.out:
        from tas_ros.files.pictures import write_rgb
        from tas_ros.referral.picture import draw_referral

        write_rgb(args.out, draw_referral(frame.rgb, referral))
        say(f"wrote {args.out}")
    if args.mask:
        import numpy as np

        from tas_ros.files.pictures import write_mask

        write_mask(
            args.mask, np.zeros((frame.height, frame.width), np.bool_) if referral.mask is None else referral.mask
        )
        say(f"wrote {args.mask}")
