# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What several subcommands share: choosing models, and saying on stderr what is going on."""

from __future__ import annotations

import argparse
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tas_ros.errors import TasError

if TYPE_CHECKING:
    from tas_ros.pipeline import Pipeline


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """Which models and algorithm, and how they run; checked when the pipeline is loaded."""
    parser.add_argument("--profile", default="embedded", help="which models (default: %(default)s)")
    parser.add_argument("--preset", default="default", help="which algorithm (default: %(default)s)")
    parser.add_argument(
        "--device", default="auto", help="of models with files: auto, cpu, cuda:0 (default: %(default)s)"
    )
    parser.add_argument(
        "--precision",
        choices=("auto", "fp32", "fp16", "bf16"),
        default="auto",
        help="of models with files (default: %(default)s)",
    )
    parser.add_argument("--threads", type=int, default=0, help="of the CPU for one inference (default: one a core)")
    parser.add_argument(
        "--models-dir",
        type=Path,
        metavar="DIR",
        help="where model files lie (default: TAS_ROS_MODELS, else ~/.cache/tas_ros/models)",
    )


def load_pipeline(args: argparse.Namespace) -> Pipeline:
    """Load the chosen pipeline, each step shown on stderr. Raises ModelError."""
    say(f"loading profile {args.profile}, preset {args.preset} ...")
    from tas_ros.models.store import ModelStore
    from tas_ros.pipeline import Pipeline  # here, not above: the models' libraries take a second to import

    return Pipeline.load(
        profile=args.profile,
        preset=args.preset,
        progress=lambda step: say(f"  {step}"),
        store=ModelStore(args.models_dir),
        device=args.device,
        precision=args.precision,
        threads=args.threads,
    )


def say(text: str) -> None:
    """A line of progress; stdout is kept for the result."""
    print(text, file=sys.stderr, flush=True)


def let_every_character_through() -> None:
    """Show characters that stdout cannot encode as escapes, and read bytes that stdin cannot decode as argv does.

    A terminal or pipe need not be UTF-8 (LANG=en_US, PYTHONIOENCODING); Python would end with a traceback.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")


def print_json(document: Any, indent: int | None = 2) -> None:
    """The result on stdout; NaN and infinity are no json and are refused."""
    print(_json_text(document, indent, getattr(sys.stdout, "encoding", None) or "utf-8"), flush=True)


def _json_text(document: Any, indent: int | None, encoding: str) -> str:
    """Json that `encoding` can write: with json's own escapes for every special character if it lacks one of them."""
    text = json.dumps(document, indent=indent, ensure_ascii=False, allow_nan=False)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(document, indent=indent, ensure_ascii=True, allow_nan=False)
    return text


def write_json(path: Path, document: Any) -> None:
    """Write a result file. Raises TasError when the path cannot be written."""
    try:
        path.write_text(_json_text(document, 2, "utf-8") + "\n", encoding="utf-8")
    except OSError as error:
        raise TasError(f"{path} cannot be written ({error.strerror}); choose a folder that exists") from error


def require_writable_folder(path: Path | None) -> None:
    """Refuse an output path whose folder is missing before the work is done, not after. Raises TasError."""
    if path is not None and not path.parent.is_dir():
        raise TasError(f"{path} cannot be written: the folder {path.parent} does not exist; create it first")
