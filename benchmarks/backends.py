# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The table "every backend through the node": `python -m benchmarks.backends --out benchmarks/backends_cpu.json`.

Each backend stands in profile `embedded` in the place of its kind, is loaded from a checkpoint directory by the real
node in a process of its own, and answers one command about one recorded frame over DDS. Where no real weights can be
had, the checkpoint has random ones: time and memory are the network's, the answer means nothing.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.backend_rows import ROWS
from benchmarks.node_trial import try_backend
from tas_ros.evaluation.machine import describe_machine

STAGE_OF = {"proposer": "proposals", "encoder": "encode", "captioner": "captions"}
"""The stage in which a backend of that kind does its work."""


def main(argv: list[str] | None = None) -> int:
    """Measure the chosen rows, print the table, write the json. 1 when some backend did not answer."""
    args = _arguments(argv)
    rows = [row for row in ROWS if args.only in row.name]
    if args.reduced:
        rows = [replace(row, reduced=bool(row.model)) for row in rows]
    results: list[dict[str, Any]] = []
    report = {"device": args.device, "precision": args.precision, "rows": results, "machine": _machine()}
    with tempfile.TemporaryDirectory(prefix="tas_backends_") as folder:
        work = args.logs or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        for row in rows:
            print(f"{row.kind} {row.name} ...", file=sys.stderr, flush=True)
            models = args.stand_ins or Path(folder) / "models"
            results.append(try_backend(row, models, work, args.device, args.precision))
            if args.out:  # after each, so that a run cut short is not lost
                args.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
            if args.stand_ins is None:  # some are a gigabyte
                shutil.rmtree(models, ignore_errors=True)
    print(markdown(report))
    return 1 if any("error" in result for result in results) else 0


def markdown(report: dict[str, Any]) -> str:
    """The table, a row a backend; "own" is the stage in which a backend of that kind works."""
    machine = report["machine"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores; device {report['device']}, precision "
        f"{report['precision']}. Random weights: times and memory count, answers do not.",
        "",
        "| kind | backend, model | weights | answer, candidates | own, s | all, s | other stages, s | load, s | GiB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_markdown_row(result) for result in report["rows"]]
    return "\n".join(lines)


def _markdown_row(result: dict[str, Any]) -> str:
    name = f"{result['backend']} {result['model']}".strip()
    if "error" in result:
        return (
            f"| {result['kind']} | {name} | {result['weights']} | error: {result['error'].splitlines()[0]} | | | | | |"
        )
    stages = dict(result["stage_seconds"])
    total = stages.pop("total", result["latency_seconds"])
    own = stages.pop(STAGE_OF[result["kind"]], 0.0)
    others = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in stages.items() if seconds >= 0.005)
    return (
        f"| {result['kind']} | {name} | {result['weights']} | {result['status']}, {result['candidates']} | {own:.2f} "
        f"| {total:.2f} | {others} | {result['start_seconds']:.1f} | {result['peak_rss_bytes'] / 2**30:.2f} |"
    )


def _machine() -> dict[str, Any]:
    import torch

    machine = describe_machine()
    if torch.cuda.is_available():  # the nodes' processes have used it, this one has not
        machine["gpu"] = torch.cuda.get_device_name()
    return machine


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, help="write the result as json")
    parser.add_argument("--only", default="", help="rows whose name contains this")
    parser.add_argument("--reduced", action="store_true", help="tiny networks for all, to try the command")
    parser.add_argument("--stand-ins", type=Path, help="keep the checkpoints here (default: deleted after each row)")
    parser.add_argument("--logs", type=Path, help="keep profiles and logs of the nodes here")
    parser.add_argument("--device", default="cpu", help="auto, cpu, cuda:0 (default: %(default)s)")
    parser.add_argument("--precision", default="auto", help="auto, fp32, fp16, bf16 (default: %(default)s)")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
