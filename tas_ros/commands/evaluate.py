"""`tas evaluate DIR`: how well the pipeline finds what people mean, on an annotated set."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tas_ros.commands.common import (
    add_model_arguments,
    load_pipeline,
    print_json,
    require_writable_folder,
    say,
    write_json,
)

HELP = "measure oIoU, mIoU and Pr@.5 to .9 on an annotated set"
EPILOG = "DIR of a COCO-style set holds one *.json (images, annotations, expressions) and a folder images/"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.add_argument("directory", type=Path, metavar="DIR", help="the evaluation set")
    parser.add_argument(
        "--proposals",
        choices=("given", "own"),
        default="own",
        help="masks to choose from: all annotated ones of the image, or the proposer's (default: %(default)s)",
    )
    parser.add_argument(
        "--forced",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="headline figures take the best candidate even where the node would answer that nothing matches, as the "
        "RefCOCO protocol asks; both are reported (default: --forced)",
    )
    parser.add_argument(
        "--out", type=Path, metavar="JSON", help="result file (default: evaluation_<set>_<proposals>.json here)"
    )
    parser.add_argument("--json", action="store_true", help="print the result as json instead of a table")
    add_model_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Evaluate, print the table, write the result file."""
    from tqdm import tqdm

    from tas_ros.evaluation.datasets import open_dataset
    from tas_ros.evaluation.report import build_report, format_report
    from tas_ros.evaluation.runner import evaluate

    dataset = open_dataset(args.directory)
    out = args.out or Path(f"evaluation_{dataset.name}_{args.proposals}.json")
    require_writable_folder(out)
    pipeline = load_pipeline(args)
    with tqdm(total=dataset.sentence_count, unit="sentence", desc=dataset.name, file=sys.stderr) as bar:
        results = evaluate(pipeline, dataset, args.proposals, advance=bar.update)
    report = build_report(results, dataset, args.profile, args.preset, args.proposals, args.forced)
    write_json(out, report)
    say(f"wrote {out}")
    if args.json:
        print_json(report)
    else:
        print(format_report(report))
    return 0
