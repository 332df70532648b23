# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""`tas models`: what model files there are, bring them, check them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tas_ros.commands.common import print_json, say
from tas_ros.errors import ModelError

if TYPE_CHECKING:
    from tas_ros.models.catalogue import CatalogueModel
    from tas_ros.models.listing import Listing
    from tas_ros.models.store import ModelStore

HELP = "list, fetch and verify the model files of the profiles realtime and paper"
EPILOG = (
    "nothing else ever downloads; the hub's own variables hold (HF_ENDPOINT for a mirror, HF_TOKEN, HF_HOME for its "
    "cache). Exit code: 0 fine, 1 verify found a file altered or missing, 2 error"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's own subcommands."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, text in (
        ("list", "what there is, its size and licence, and where it lies"),
        ("fetch", "show size and licence, ask, download (an interrupted download goes on), check, record"),
        ("verify", "hash every file again and compare it with what was recorded"),
    ):
        action = actions.add_parser(name, help=text, description=text)
        action.add_argument(
            "--models-dir",
            type=Path,
            metavar="DIR",
            help="looked at first, and written to; else $TAS_ROS_MODELS, else ~/.cache/tas_ros/models",
        )
        action.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        if name == "list":
            action.add_argument("--profile", help="only the models of this profile (name or .yaml file)")
            action.add_argument("--json", action="store_true", help="print json instead of a table")
        else:
            action.add_argument(
                "targets",
                nargs="+" if name == "fetch" else "*",
                metavar="PROFILE|MODEL",
                help="a profile (name or .yaml file) or a model" + ("" if name == "fetch" else "; none: all found"),
            )
        if name == "fetch":
            action.add_argument("--yes", action="store_true", help="do not ask")
        if name == "verify":
            action.add_argument("--record", action="store_true", help="record files that have no recorded hash")


def run(args: argparse.Namespace) -> int:
    """List, fetch or verify."""
    from tas_ros.models.store import ModelStore

    actions = {"list": _list, "fetch": _fetch, "verify": _verify}
    return actions[args.action](args, ModelStore(args.models_dir))


def _list(args: argparse.Namespace, store: ModelStore) -> int:
    from tas_ros.choices.profiles import PROFILES
    from tas_ros.models.catalogue import CATALOGUE
    from tas_ros.models.fetch import format_bytes, resolve_targets

    models = resolve_targets([args.profile]) if args.profile else list(CATALOGUE.values())
    rows: list[dict[str, Any]] = []
    for model in models:
        places = store.look_for(model)
        partly = next((place for place in places if place.exists), None)
        rows.append(
            {
                "model": model.name,
                "for": model.purpose,
                "profiles": [name for name, profile in PROFILES.items() if model.name in profile.model_files],
                "size": model.size,
                "licence": model.licence,
                "state": "missing" if partly is None else "incomplete" if places[-1].problem else "found",
                "where": str(places[-1].folder if not places[-1].problem else partly.folder) if partly else "",
            }
        )
    if args.json:
        print_json(rows)
        return 0
    table = [
        (row["model"], row["for"], format_bytes(row["size"]), row["licence"], row["where"] or row["state"])
        for row in rows
    ]
    if not table:
        print(f"profile {args.profile} needs no model files")
    else:
        _print_table(("model", "for", "size", "licence", "where"), table)
    return 0


def _fetch(args: argparse.Namespace, store: ModelStore) -> int:
    from tas_ros.models.fetch import fetch_model, format_bytes, require_space, resolve_targets
    from tas_ros.models.hub import bytes_here, endpoint, list_model

    models = resolve_targets(args.targets)
    if not models:
        say(f"{', '.join(args.targets)}: no model files needed")
        return 0
    say(f"asking {endpoint()} ...")
    listings = [list_model(model) for model in models]
    for listing in listings:
        _show(listing, bytes_here(listing, store.directory / listing.model.name))
    require_space(listings, store.directory)
    total = format_bytes(sum(listing.size for listing in listings))
    if not args.yes and not _agreed(f"fetch {total} into {store.directory}?"):
        say("nothing fetched")
        return 0
    for listing in listings:
        folder = fetch_model(listing, store.directory, on_step=say)
        say(f"{listing.model.name}: complete and checked in {folder}")
    return 0


def _verify(args: argparse.Namespace, store: ModelStore) -> int:
    from tas_ros.models.catalogue import CATALOGUE
    from tas_ros.models.fetch import resolve_targets, verify_model

    wanted: Sequence[CatalogueModel] = resolve_targets(args.targets) if args.targets else list(CATALOGUE.values())
    wrong = False
    checked = 0
    for model in wanted:
        places = store.look_for(model)
        place = next((place for place in places if not place.problem), None)
        place = place or next((place for place in places if place.exists), None)
        if place is None:
            if args.targets:
                store.require(model.name)  # says where it was looked for, and the cure
            continue
        failed, lines = verify_model(model, place, args.record, on_step=say)
        wrong |= failed
        checked += 1
        for line in lines:
            print(f"{model.name}: {'WRONG: ' if failed else ''}{line} ({place.folder})", flush=True)
    if not checked:
        print("no model found; see: tas models list")
    return 1 if wrong else 0


def _show(listing: Listing, already: int) -> None:
    from tas_ros.models.fetch import format_bytes

    model = listing.model
    here = f", {format_bytes(already)} of them are there" if already else ""
    say(f"{model.name}: {model.purpose}; {format_bytes(listing.size)}{here}")
    say(f"  from {model.repository} at {listing.commit[:12]}; licence: {model.licence} (hub: {listing.licence})")
    for file in listing.files:
        say(f"  {format_bytes(file.size):>9}  {file.path}")


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise ModelError("nobody can be asked, as this is no terminal; add --yes to fetch what is listed above")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _print_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
