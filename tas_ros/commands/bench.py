# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""`tas bench`: latency of every stage, memory and import time on this machine."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tas_ros.commands.common import (
    add_model_arguments,
    load_pipeline,
    print_json,
    require_writable_folder,
    say,
    write_json,
)
from tas_ros.errors import TasError

if TYPE_CHECKING:
    from tas_ros.vision.frame import Frame

HELP = "measure latency, stage by stage, memory and import time on this machine"
DEMO_BAG = Path(__file__).parents[1] / "demo" / "data" / "tabletop"
EPILOG = "frames come from --bag, else from the demo's recording where it is installed, else they are synthetic"
OWN_WEIGHTS = "the models' own"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.add_argument("--bag", type=Path, help="rosbag2 recording of an RGB-D camera to take frames from")
    parser.add_argument("--synthetic", action="store_true", help="use synthetic 640x480 frames, reproducible anywhere")
    parser.add_argument("--repeats", type=int, default=10, help="measured runs of each case (default: %(default)s)")
    parser.add_argument("--warm-up", type=int, default=2, help="runs of each case before those (default: %(default)s)")
    parser.add_argument(
        "--masks", type=int, metavar="N", help="give N regions with each frame and time the proposer apart"
    )
    parser.add_argument("--out", type=Path, metavar="JSON", help="write the result, with the machine's name")
    parser.add_argument("--json", action="store_true", help="print the result as json instead of a table")
    add_model_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    require_measurable(args)
    return measure(args)


def measure(args: argparse.Namespace, cases: tuple[str, ...] = ("rgbd", "rgb"), weights: str = OWN_WEIGHTS) -> int:
    """Measure the profile on frames with depth, without, or both; `weights` says in words what the models are."""
    from tas_ros.evaluation.bench import BenchPlan, format_bench, run_bench
    from tas_ros.evaluation.bench_understanding import measure_grounding, measure_language
    from tas_ros.spatial.rectifier import RectifierRule

    plan = BenchPlan(args.repeats, args.warm_up, cases, args.masks)
    source, frames = _frames(args, plan.frames)
    report: dict[str, Any] = {"profile": args.profile, "preset": args.preset, "frames": source}
    report |= {"device": args.device, "precision": args.precision, "weights": weights}
    start = time.perf_counter()
    pipeline = load_pipeline(args)
    report["load_seconds"] = time.perf_counter() - start
    report |= run_bench(pipeline, frames, plan, on_step=lambda step: say(f"  {step}"))
    say("  understanding and grounding alone")
    report["language"] = measure_language(pipeline.parse, args.repeats, args.warm_up)
    if isinstance(pipeline.preset.rectifier, RectifierRule):
        report["grounding"] = measure_grounding(pipeline.parse, pipeline.preset.rectifier, args.repeats, args.warm_up)
    if args.out:
        write_json(args.out, report)
        say(f"wrote {args.out}")
    if args.json:
        print_json(report)
    else:
        print(f"profile {args.profile}, preset {args.preset}, frames: {source}")
        if weights != OWN_WEIGHTS:
            print(weights)
        print(f"device {args.device}, precision {args.precision}; models loaded in {report['load_seconds']:.1f} s")
        print(format_bench(report))
    return 0


def require_measurable(args: argparse.Namespace) -> None:
    """Refuse what cannot be measured, before anything is loaded. Raises TasError."""
    if args.repeats < 1:
        raise TasError(f"--repeats {args.repeats} measures nothing; give at least 1")
    if args.warm_up < 0:
        raise TasError(f"--warm-up {args.warm_up} is no number of runs; give 0 or more")
    if args.masks is not None and args.masks < 1:
        raise TasError(f"--masks {args.masks} is no load; give at least 1")
    require_writable_folder(args.out)


def _frames(args: argparse.Namespace, count: int) -> tuple[str, list[Frame]]:
    from tas_ros.evaluation.bench_frames import recorded_frames, synthetic_frame

    bag = args.bag or DEMO_BAG
    if args.synthetic or (args.bag is None and not bag.exists()):
        return "synthetic", [synthetic_frame(seed) for seed in range(count)]
    return bag.name, recorded_frames(bag, count)
