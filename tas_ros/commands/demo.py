"""`tas demo`: the node, the bundled recording and commands over DDS, checked against the truth."""

from __future__ import annotations

import argparse

HELP = "replay the bundled recording into the node and check its answers"
EPILOG = "exit code: 0 every answer is right, 1 some is wrong, 2 error"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""


def run(args: argparse.Namespace) -> int:
    """Run the demo."""
    from tas_ros.demo.run import run as run_demo

    return int(run_demo())
