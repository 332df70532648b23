"""`tas bench`: latency of every stage, memory and import time on this machine."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

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

HELP = "measure latency, memory and import time on this machine"
DEMO_BAG = Path(__file__).parents[1] / "demo" / "data" / "tabletop"
EPILOG = "frames come from --bag, else from the demo's recording where it is installed, else they are synthetic"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.add_argument("--bag", type=Path, help="rosbag2 recording of an RGB-D camera to take frames from")
    parser.add_argument("--synthetic", action="store_true", help="use synthetic 640x480 frames, reproducible anywhere")
    parser.add_argument("--repeats", type=int, default=10, help="measured runs of each case (default: %(default)s)")
    parser.add_argument("--out", type=Path, metavar="JSON", help="write the result, with the machine's name")
    parser.add_argument("--json", action="store_true", help="print the result as json instead of a table")
    add_model_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    from tas_ros.evaluation.bench import WARM_UP, format_bench, run_bench

    if args.repeats < 1:
        raise TasError(f"--repeats {args.repeats} measures nothing; give at least 1")
    require_writable_folder(args.out)
    source, frames = _frames(args, WARM_UP + args.repeats)
    pipeline = load_pipeline(args)
    report = {"profile": args.profile, "preset": args.preset, "frames": source}
    report |= run_bench(pipeline, frames, args.repeats, on_step=lambda step: say(f"  {step}"))
    if args.out:
        write_json(args.out, report)
        say(f"wrote {args.out}")
    if args.json:
        print_json(report)
    else:
        print(f"profile {args.profile}, preset {args.preset}, frames: {source}")
        print(format_bench(report))
    return 0


def _frames(args: argparse.Namespace, count: int) -> tuple[str, list[Frame]]:
    from tas_ros.evaluation.bench_frames import recorded_frames, synthetic_frame

    bag = args.bag or DEMO_BAG
    if args.synthetic or (args.bag is None and not bag.exists()):
        return "synthetic", [synthetic_frame(seed) for seed in range(count)]
    return bag.name, recorded_frames(bag, count)
