"""`tas replay BAG --command TEXT`: commands answered on a recording, without ROS processes."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "answer commands on a recorded bag"
EPILOG = "exit code: 0 every command found its object, 1 some did not, 2 error"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.add_argument("bag", type=Path, metavar="BAG", help="rosbag2 folder or mcap file")
    parser.add_argument("--command", dest="commands", action="append", required=True, help="may be given several times")


def run(args: argparse.Namespace) -> int:
    """Replay."""
    raise NotImplementedError
