# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""`tas evaluate DIR`: how well the pipeline finds what people mean, on an annotated set."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tas_ros.commands.common import add_model_arguments, print_json, say, write_json

if TYPE_CHECKING:
    from tas_ros.evaluation.plan import EvaluationPlan
    from tas_ros.evaluation.run_folder import Engine, RunFolder

HELP = "measure oIoU, mIoU and Pr@.5 to .9 on an annotated set"
EPILOG = (
    "DIR is in the refer layout (refcoco/refs(unc).p, refcoco/instances.json, images/mscoco/images/train2014/), in "
    "PhraseCut's, or one COCO-style *.json (images, annotations, expressions) beside images/. A run that was stopped "
    "goes on when the same command is given again."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.add_argument("directory", type=Path, metavar="DIR", help="the evaluation set; with --report-only, the run")
    parser.add_argument("--dataset", help="of several in DIR: refcoco, refcoco+, refcocog, phrasecut")
    parser.add_argument("--split-by", help="who made the split: unc, umd, google")
    parser.add_argument("--split", help="val, testA, testB, test, ...")
    parser.add_argument(
        "--field",
        choices=("sent", "raw"),
        help="text of the refer layout: cleaned, as TAS reads it (default), or as typed",
    )
    parser.add_argument("--limit", type=_positive, metavar="N", help="only the first N images, for a try")
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
        "--ablations",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="answer each sentence also without P-score, without N-score, without rectifier and by captions alone; "
        "the images are looked at once for all (default: --ablations)",
    )
    parser.add_argument(
        "--sweep",
        nargs="+",
        default=(),
        metavar="NAME=W,W",
        help="answer each sentence also under every combination of these weights: positive=0,.05,.1 negative=0,.7",
    )
    parser.add_argument("--out", type=Path, metavar="RUN_DIR", help="folder (default: evaluation_<set>_<proposals>)")
    parser.add_argument("--restart", action="store_true", help="throw away what RUN_DIR holds and begin anew")
    parser.add_argument("--report-only", action="store_true", help="DIR is a RUN_DIR: write its reports anew")
    parser.add_argument("--json", action="store_true", help="print the result as json instead of a table")
    parser.add_argument(
        "--ray",
        nargs="?",
        type=_positive,
        const=0,
        metavar="N",
        help="shard the images over N Ray workers (default: one a GPU, or one for two cores)",
    )
    parser.add_argument(
        "--ray-address", default="", metavar="HOST:PORT", help="of a running Ray cluster; auto finds it"
    )
    add_model_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Evaluate, write the run's folder, print the table."""
    from tas_ros.evaluation.run_folder import RunFolder

    if args.report_only:
        _report(RunFolder(args.directory), args, live=False)
        return 0
    plan = _plan(args)
    folder = RunFolder(args.out or Path(f"evaluation_{plan.dataset.name}_{args.proposals}"))
    _evaluate(plan, folder, args)
    _report(folder, args, live=True)
    return 0


def _plan(args: argparse.Namespace) -> EvaluationPlan:
    from tas_ros.evaluation.datasets import DatasetSelection
    from tas_ros.evaluation.plan import EvaluationPlan
    from tas_ros.evaluation.variants import parse_sweep

    return EvaluationPlan(
        directory=args.directory.resolve(),
        selection=DatasetSelection(args.dataset, args.split_by, args.split, args.field),
        proposals=args.proposals,
        profile=args.profile,
        preset=args.preset,
        ablations=args.ablations,
        sweep=parse_sweep(args.sweep),
        limit=args.limit,
        device=args.device,
        precision=args.precision,
        models_directory=args.models_dir,
        threads=args.threads,
    )


def _evaluate(plan: EvaluationPlan, folder: RunFolder, args: argparse.Namespace) -> None:
    from tqdm import tqdm

    from tas_ros.evaluation.run_folder import evaluate

    settings = plan.settings()
    if args.restart:
        folder.clear()
    folder.claim(settings, plan.where(engine=_engine_name(args)))
    with tqdm(total=settings["dataset"]["sentences"], unit="sentence", desc=plan.dataset.name, file=sys.stderr) as bar:

        def resumed(sentences: int) -> None:
            bar.initial = bar.n = sentences
            bar.refresh()
            if sentences:
                tqdm.write(f"{sentences} sentences were answered before; --restart would do them again", sys.stderr)

        def progress(step: str) -> None:
            tqdm.write(step, sys.stderr)
            bar.unpause()  # loading does not count into the time left

        evaluate(plan, folder, _engine(args, progress), resumed, bar.update)


def _engine(args: argparse.Namespace, progress: Any) -> Engine:
    if args.ray is None and not args.ray_address:
        from tas_ros.evaluation.run_folder import in_this_process

        return in_this_process(progress)
    from tas_ros.evaluation.ray_engine import with_ray

    return with_ray(args.ray or 0, args.ray_address, progress)


def _engine_name(args: argparse.Namespace) -> str:
    if args.ray is None and not args.ray_address:
        return "one process"
    return f"Ray, {args.ray or 'default number of'} workers, {args.ray_address or 'this machine'}"


def _report(folder: RunFolder, args: argparse.Namespace, live: bool) -> None:
    from tas_ros.evaluation.machine import peak_rss_bytes
    from tas_ros.evaluation.pictures import choose_examples
    from tas_ros.evaluation.report import build_report, format_report
    from tas_ros.evaluation.report_pages import write_pages
    from tas_ros.evaluation.results import read_rows

    settings = folder.settings()
    report = build_report(settings, read_rows(folder.results), args.forced)
    if live:
        report["peak_rss_bytes"] = peak_rss_bytes()
    write_json(folder.path / "report.json", report)
    if args.json:
        print_json(report)
    else:
        print(format_report(report), flush=True)
    write_pages(folder.path, report, choose_examples(read_rows(folder.results)), folder.images())
    say(f"wrote {folder.path}: report.html, report.md, report.json, results.csv")


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)
