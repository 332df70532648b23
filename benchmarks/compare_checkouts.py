# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Whether two checkouts answer alike, whatever their insides look like: `python -m benchmarks.compare_checkouts A B`.

A and B are checkouts, each with its own .venv (`bash scripts/bootstrap.sh test`). Only their commands are used: the
demo, `tas parse` over sentences, `tas evaluate` over rendered tables under three presets. What is measured in seconds
is left out. Prints a line for every comparison and the first differences; exit code 0 when nothing differs.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMES = frozenset({"seconds", "latency", "round_trip", "stages", "load_seconds", "total_seconds"})
PIXELS = frozenset({"iou", "score", "box"})
"""Of the demo: what reaches its node first, image, calibration or transform, differs from run to run of one checkout
and moves outlines by a pixel. Told, but no difference; the tables are answered from files and must agree in all."""
ROOT = Path(__file__).resolve().parents[1]
PARTS = ("parse", "released", "demo", "tables", "published")
SHOWN = 5
"""Differences printed of each comparison."""


@dataclass(frozen=True)
class Checkout:
    """One side: where it lies, and the folder that its answers go to."""

    root: Path
    out: Path

    def tas(self, *arguments: str, stdin: str | None = None) -> str:
        """Run its `tas` command, and return what that prints. Ends the program when the command fails (code 2)."""
        environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        # The ROS wheels start Python anew, which must happen in this checkout's environment, too.
        environment.pop("_ROS_WHEELS_BOOTSTRAP_COMPLETE", None)
        environment["PATH"] = f"{self.root / '.venv' / 'bin'}{os.pathsep}{environment['PATH']}"
        command = [str(self.root / ".venv" / "bin" / "tas"), *arguments]
        done = subprocess.run(
            command, cwd=self.root, env=environment, input=stdin, stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode not in (0, 1):
            sys.exit(f"{' '.join(command[:3])} ... in {self.root} ended with {done.returncode}")
        return done.stdout


def main(argv: list[str] | None = None) -> int:
    """Compare the chosen parts."""
    args = _arguments(argv)
    sides = tuple(Checkout(root.resolve(), (args.work / name).resolve())
                  for root, name in ((args.before, "before"), (args.after, "after")))  # fmt: skip
    for side in sides:
        side.out.mkdir(parents=True, exist_ok=True)
    sentences = list(_sentences(args.expressions))
    differing = 0
    for part in args.parts:
        if part in ("parse", "released"):
            readings = [_readings(side, sentences, part == "released") for side in sides]
            differing += _report(f"{part}, {len(sentences)} sentences", sentences, readings)
        elif part == "demo":
            demos = [_demo(side) for side in sides]
            names = [str(each.get("command", "summary")) for each in demos[0]]
            differing += _report("demo", names, demos, PIXELS)
            _report("demo, to the pixel", names, demos)
        else:
            presets = ("default",) if part == "tables" else ("paper", "released")
            for preset in presets:
                for split in ("rgbd", "rgb"):
                    answers = [_answers(side, args.tables, split, preset) for side in sides]
                    names = [f"{row['image_id']} {row['text']}" for row in answers[0]]
                    differing += _report(f"{args.tables.name} {split}, preset {preset}", names, answers)
    return 1 if differing else 0


def _sentences(files: Sequence[Path]) -> Iterable[str]:
    """Of the labelled sets in test/language, and of tab-separated files whose last column holds expressions."""
    for labelled in sorted((ROOT / "test" / "language").glob("labelled_*.jsonl")):
        for line in labelled.read_text("utf-8").splitlines():
            yield json.loads(line)["text"]
    for file in files:
        for line in file.read_text("utf-8").splitlines()[1:]:
            yield line.split("\t")[-1]


def _readings(side: Checkout, sentences: Sequence[str], released: bool) -> list[dict[str, Any]]:
    profile = "embedded"
    if released:
        path = side.out / "released_reading.yaml"
        path.write_text("base: embedded\nparser: released\n", encoding="utf-8")
        profile = str(path)
    printed = side.tas("parse", "-", "--profile", profile, stdin="".join(f"{each}\n" for each in sentences))
    # A field that says nothing is as good as one that is not there.
    return [{k: v for k, v in json.loads(line).items() if v is not None} for line in printed.splitlines()]


def _demo(side: Checkout) -> list[dict[str, Any]]:
    side.tas("demo", "--out", str(side.out / "demo"))
    results = json.loads((side.out / "demo" / "results.json").read_text("utf-8"))
    commands: list[dict[str, Any]] = results.pop("commands")
    return [results, *commands]


def _answers(side: Checkout, tables: Path, split: str, preset: str) -> list[dict[str, Any]]:
    out = side.out / f"{tables.name}_{split}_{preset}"
    side.tas("evaluate", str(tables.resolve()), "--split", split, "--preset", preset, "--out", str(out))
    with (out / "results.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _report(
    title: str,
    names: Sequence[str],
    rows: Sequence[Sequence[Mapping[str, Any]]],
    left_out: frozenset[str] = frozenset(),
) -> int:
    """Print how many rows differ between before and after, and how; returns their number."""
    before, after = rows
    different = [
        (name, {k: (a.get(k), b.get(k)) for k in sorted({*a, *b} - TIMES - left_out) if a.get(k) != b.get(k)})
        for name, a, b in zip(names, before, after, strict=False)
    ]
    different = [(name, fields) for name, fields in different if fields]
    count = len(different) + abs(len(before) - len(after))
    print(f"{title}: {len(before)} and {len(after)} rows, {count} differ", flush=True)
    for name, fields in different[:SHOWN]:
        print(f"  {name}: " + "; ".join(f"{key}: {str(a)[:60]} -> {str(b)[:60]}" for key, (a, b) in fields.items()))
    return count


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("before", type=Path, help="checkout with .venv")
    parser.add_argument("after", type=Path, help="checkout with .venv")
    parser.add_argument("--work", type=Path, default=Path("compare_out"), help="folder for answers")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="default: all")
    parser.add_argument("--tables", type=Path, default=Path("tabletop"), help="set of simulation.tabletop.generate")
    parser.add_argument("--expressions", type=Path, nargs="*", default=(), help="tsv files with more sentences")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
