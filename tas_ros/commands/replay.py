# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""`tas replay BAG --command TEXT`: commands on a recording, answered here or given to a running node."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tas_ros.commands.common import add_model_arguments, load_pipeline, print_json, say
from tas_ros.errors import TasError

if TYPE_CHECKING:
    from tas_ros.replay.bag import CameraTopics

HELP = "answer commands on a recorded bag, or play it over DDS to a running node"
EPILOG = "exit code: 0 every command was found in some frame (or all was published), 1 some was not, 2 error"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.add_argument("bag", type=Path, metavar="BAG", help="rosbag2 folder, .mcap or .db3 file")
    parser.add_argument(
        "--command", dest="commands", metavar="TEXT", action="append", default=[], help="may be given several times"
    )
    parser.add_argument(
        "--frames", type=int, default=10, help="frames spread over the bag (default: %(default)s; 0: all)"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write a picture of every answer there")
    parser.add_argument("--json", action="store_true", help="print one json a line and answer")
    for topic in ("image", "depth", "camera-info"):
        parser.add_argument(f"--{topic}-topic", default="", help="found in the bag when not given")
    parser.add_argument("--publish", action="store_true", help="play over DDS to a running node instead (needs ROS 2)")
    parser.add_argument("--rate", type=float, default=1.0, help="speed of --publish (default: %(default)s)")
    parser.add_argument("--clock", action="store_true", help="with --publish, publish /clock too")
    parser.add_argument(
        "--wait",
        type=float,
        metavar="SECONDS",
        help="how long --publish waits for an active node that listens; then it begins all the same (default: 30)",
    )
    add_model_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Answer or publish."""
    if args.frames < 0:
        raise TasError(f"--frames {args.frames} is no number of frames; give 0 for all")
    try:
        from tas_ros.replay.bag import CameraTopics
    except ModuleNotFoundError as error:
        raise TasError(f"reading bags needs the package {error.name}; install it: pip install rosbags") from error

    topics = CameraTopics(args.image_topic, args.depth_topic, args.camera_info_topic)
    return _publish(args, topics) if args.publish else _answer(args, topics)


def _answer(args: argparse.Namespace, topics: CameraTopics) -> int:
    from tas_ros.replay.answer import answer_bag
    from tas_ros.replay.bag import find_camera_topics, open_bag

    if not args.commands:
        raise TasError('there is nothing to answer; give at least one --command "the red mug"')
    with open_bag(args.bag) as reader:  # a wrong path is told before the models are loaded
        find_camera_topics(reader, topics.image or None, topics.depth or None, topics.camera_info or None)
    results = answer_bag(
        args.bag,
        args.commands,
        load_pipeline(args),
        out=args.out,
        frames=args.frames or None,
        topics=topics,
        on_answer=(lambda result: print_json(result, indent=None)) if args.json else _print_line,
    )
    if args.out:
        say(f"wrote {len(results)} pictures to {args.out}")
    found = {result["command"] for result in results if result["status"] == "FOUND"}
    return 0 if found == set(args.commands) else 1


def _publish(args: argparse.Namespace, topics: CameraTopics) -> int:
    try:
        from tas_ros.replay.publish import LISTENER_WAIT, publish_bag
    except ModuleNotFoundError as error:
        raise TasError(f"--publish needs ROS 2 ({error}); source its workspace or install the wheels") from error
    wait = LISTENER_WAIT if args.wait is None else args.wait
    sent = publish_bag(args.bag, args.commands, rate=args.rate, clock=args.clock, topics=topics, say=say, wait=wait)
    say(f"published {sent} messages")
    return 0


def _print_line(result: dict[str, Any]) -> None:
    where = f"box {result['box']}, score {result['score']:.2f}" if result["box"] else result["reason"]
    print(f"frame {result['frame']:>5}  {result['command']!r}: {result['status']}  {where}", flush=True)
