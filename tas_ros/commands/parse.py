# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""`tas parse TEXT`: what is understood of a command, as json."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from tas_ros.commands.common import print_json
from tas_ros.errors import InvalidCommandError

HELP = "print what is understood of a command as json"
EPILOG = "exit code: 0 every text refers to something, 1 some text does not, 2 error"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.add_argument("text", metavar="TEXT", help="a command, or - to read one a line from stdin (one json a line)")
    parser.add_argument("--profile", default="embedded", help="whose parser to use (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Parse one text or every line of stdin."""
    from tas_ros.choices.profiles import get_profile
    from tas_ros.choices.registry import create

    choice = get_profile(args.profile).parser
    parser = create("parser", choice.name, choice.options)
    lines = args.text == "-"
    all_valid = True
    for text in sys.stdin if lines else [args.text]:
        document = _understand(parser, text.rstrip("\r\n"))
        all_valid &= document["valid"]
        print_json(document, indent=None if lines else 2)
    return 0 if all_valid else 1


def _understand(parser: Any, text: str) -> dict[str, Any]:
    try:
        document: dict[str, Any] = parser.parse(text).to_dict()
    except InvalidCommandError as error:
        # One unusable line must not end a stream of them.
        return {"text": text, "valid": False, "reason": str(error)}
    return document
