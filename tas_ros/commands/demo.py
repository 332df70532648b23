# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""`tas demo`: the node, the bundled recording and commands over DDS, checked against the truth."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "replay the bundled recording into the node and check its answers"
EPILOG = "exit code: 0 every answer is right, 1 some is wrong, 2 error"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.add_argument(
        "--out", type=Path, default=Path("demo_out"), help="folder of the pictures (default: %(default)s)"
    )
    parser.add_argument("--profile", default="embedded", help="which models (default: %(default)s)")
    parser.add_argument("--domain-id", type=int, help="DDS domain (default: one of its own)")


def run(args: argparse.Namespace) -> int:
    """Run the demo."""
    from tas_ros.demo.run import run as run_demo

    return run_demo(out=args.out, profile=args.profile, domain_id=args.domain_id)
