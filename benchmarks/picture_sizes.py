# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Time and memory of a first command by the picture's size: `python -m benchmarks.picture_sizes --out benchmarks/FILE`.

Every case has a process of its own: one that holds a camera's message, makes a frame of it as the node does, asks about
it and draws the answer, once for the memory and, on another frame, once more for the time. `--checkout DIR` measures
the package of another checkout, as it was before a change.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from tas_ros.commands.common import write_json
from tas_ros.evaluation.machine import describe_machine, peak_rss_bytes

SIZES = {
    "VGA": (640, 480),
    "720p": (1280, 720),
    "1080p": (1920, 1080),
    "4K": (3840, 2160),
    "20 MP": (5472, 3648),
    "63 MP": (9568, 6588),
}
"""Width and height; the last is the largest sensor that is taken."""
KINDS = ("rgb", "rgbd")
COMMAND = "the leftmost one"
ROOT = Path(__file__).resolve().parents[1]


def main(argv: list[str] | None = None) -> int:
    """Measure the chosen cases one after the other and print them. 1 when one did not end well."""
    args = _arguments(argv)
    if args.case:
        name, kind = args.case
        print(json.dumps(_work(*SIZES[name], depth=kind == "rgbd")))
        return 0
    rows: list[dict[str, Any]] = []
    for name in args.sizes:
        for kind in KINDS:
            rows.append(_measured(name, kind, args.checkout, args.timeout))
            print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    report = {"command": COMMAND, "rows": rows, "machine": describe_machine()}
    if args.out:
        write_json(args.out, report)
    print(table(report))
    return 1 if any("error" in row for row in rows) else 0


def table(report: dict[str, Any]) -> str:
    """A line a case, as markdown."""
    lines = ["| picture | input | peak | first command | further command |", "|---|---|---|---|---|"]
    for row in report["rows"]:
        what = f"| {row['size']} {row['kind']} "
        if "error" in row:
            lines.append(f"{what}| | {row['error']} | | |")
            continue
        lines.append(
            f"{what}| {row['input_bytes'] / 2**20:.0f} MiB | {row['peak_rss_bytes'] / 2**20:.0f} MiB "
            f"| {row['first_seconds']:.2f} s | {1e3 * row['further_seconds']:.0f} ms |"
        )
    return "\n".join(lines)


def _measured(name: str, kind: str, checkout: Path, timeout: float) -> dict[str, Any]:
    row: dict[str, Any] = {"size": name, "kind": kind, "width": SIZES[name][0], "height": SIZES[name][1]}
    row["load_before"] = round(os.getloadavg()[0], 2)
    command = [sys.executable, __file__, "--case", name, kind]
    environment = {**os.environ, "PYTHONPATH": str(checkout.resolve())}
    try:
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, text=True, timeout=timeout, cwd=checkout, check=False
        )
    except subprocess.TimeoutExpired:
        return row | {"error": f"no answer in {timeout:.0f} s"}
    if done.returncode:
        return row | {"error": f"ended with {done.returncode}"}
    return row | json.loads(done.stdout)


def _work(width: int, height: int, depth: bool) -> dict[str, Any]:
    """What a case's process does: loads, takes a message, answers and draws; bytes and seconds."""
    from tas_ros.pipeline import Pipeline

    pipeline = Pipeline.load()
    loaded = peak_rss_bytes()
    messages = _messages(width, height, depth)
    with_input = peak_rss_bytes()
    _answer(pipeline, messages)
    peak = peak_rss_bytes()
    messages = [_message(np.ascontiguousarray(each.pixels[:, ::-1]), each.encoding) for each in messages]
    scene, first, referral = _answer(pipeline, messages)
    start = time.perf_counter()
    pipeline.refer(scene, pipeline.parse("the rightmost one"))
    further = time.perf_counter() - start
    return {
        "status": referral.status.name,
        "proposals": len(scene.working_proposals),
        "input_bytes": sum(message.data.nbytes for message in messages),
        "loaded_rss_bytes": loaded,
        "with_input_rss_bytes": with_input,
        "peak_rss_bytes": peak,
        "first_seconds": first,
        "further_seconds": further,
        "stage_seconds": {stage: round(seconds, 4) for stage, seconds in referral.timings.items()},
    }


def _answer(pipeline: Any, messages: list[Any]) -> tuple[Any, float, Any]:
    """Scene, seconds until the answer and the answer; it is drawn, too, as the node does when somebody listens."""
    from tas_ros.referral.picture import draw_referral
    from tas_ros.ros.image_conversions import depth_to_metres, image_to_rgb
    from tas_ros.vision.frame import CameraIntrinsics, Frame

    start = time.perf_counter()
    image, *depth = messages
    rgb = image_to_rgb(image)
    camera = CameraIntrinsics(image.width * 0.9, image.width * 0.9, image.width / 2, image.height / 2)
    scene = pipeline.scene(Frame(rgb, depth_to_metres(depth[0]) if depth else None, camera))
    referral = pipeline.refer(scene, pipeline.parse(COMMAND))
    seconds = time.perf_counter() - start
    draw_referral(rgb, referral)
    return scene, seconds, referral


def _messages(width: int, height: int, depth: bool) -> list[Any]:
    """rgb8 and 16UC1 with the fields of sensor_msgs/Image: a drawn VGA frame, enlarged, so that making it is cheap."""
    import cv2

    from tas_ros.evaluation.bench_frames import synthetic_frame

    small = synthetic_frame(0)
    assert small.depth is not None
    rgb = cv2.resize(small.rgb, (width, height), interpolation=cv2.INTER_LINEAR)
    found = [_message(rgb, "rgb8")]
    if depth:
        millimetres = (small.depth * 1000).astype(np.uint16)
        found.append(_message(cv2.resize(millimetres, (width, height), interpolation=cv2.INTER_NEAREST), "16UC1"))
    return found


def _message(pixels: Any, encoding: str) -> Any:
    height, width = pixels.shape[:2]
    data, step = pixels.reshape(-1).view(np.uint8), pixels.nbytes // height
    return SimpleNamespace(
        pixels=pixels, height=height, width=width, encoding=encoding, is_bigendian=0, step=step, data=data
    )


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES), help="default: all")
    parser.add_argument("--checkout", type=Path, default=ROOT, help="whose package is measured (default: this one's)")
    parser.add_argument("--timeout", type=float, default=300, help="seconds of one case (default: %(default)s)")
    parser.add_argument("--out", type=Path, help="write the result as json")
    parser.add_argument("--case", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
