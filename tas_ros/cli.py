# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The `tas` command. Nothing heavy is imported before the subcommand that needs it runs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from tas_ros.commands.common import let_every_character_through
from tas_ros.errors import TasError
from tas_ros.thread_pools import prepare_environment

COMMANDS: tuple[str, ...] = ("segment", "parse", "replay", "evaluate", "demo", "bench", "models")
"""Modules of tas_ros.commands."""

ERROR = 2
INTERRUPTED = 130


def build_parser() -> argparse.ArgumentParser:
    """The parser of `tas` and all its subcommands."""
    parser = argparse.ArgumentParser(
        prog="tas", description="Finds the object that a sentence means, in pictures, recordings and evaluation sets."
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = import_module(f"tas_ros.commands.{name}")
        subparser = subparsers.add_parser(name, help=module.HELP, description=module.HELP, epilog=module.EPILOG)
        module.add_arguments(subparser)
        subparser.add_argument("--debug", action="store_true", help="show the traceback of an error")
        subparser.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand. An error a user can act on becomes one line on stderr and exit code 2."""
    prepare_environment()
    let_every_character_through()
    args = build_parser().parse_args(argv)
    try:
        return int(args.run(args))
    except TasError as error:
        if args.debug:
            raise
        print(f"tas {args.command}: error: {error}", file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        print(f"tas {args.command}: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`| head`) is gone; without this the interpreter complains again when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERROR


if __name__ == "__main__":
    sys.exit(main())
