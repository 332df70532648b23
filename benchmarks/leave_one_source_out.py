# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Which found_threshold an annotated set would choose, each source left out once: python -m
benchmarks.leave_one_source_out ANSWERS.json

ANSWERS.json: {"rows": {mode: [row, ...]}}, a row an answered command: `source`; `target`, one id, null where nothing in
view is meant, or a list of equally good ones; `status`; `candidates`, the first with its `score`; `best`, whether it is
the one meant; `column`, "right" where the answer as a whole is. For every source the threshold is chosen on all others,
all modes together, and judged on it. The more the choices differ, the less the set can choose.

Answers that the run declined count as FOUND under lower thresholds: which of them would be ambiguous is not known.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
GRID = tuple(round(0.05 * step, 2) for step in range(1, 20))


def outcome(row: Row, threshold: float) -> str:
    """One of "right", "wrong" (another thing, or one of several, given as found) and ""."""
    if not row.get("candidates"):
        return "right" if row["column"] == "right" else ""
    if row["candidates"][0]["score"] < threshold:
        return "right" if row["target"] is None else ""
    if row["status"] == "AMBIGUOUS":
        return "right" if row["column"] == "right" else ""
    return "right" if row.get("best") else "wrong"


def counts(rows: Iterable[Row], threshold: float) -> Counter[str]:
    """How many are right and wrong."""
    return Counter(outcome(row, threshold) for row in rows)


def choose(rows: Sequence[Row], cost: float) -> float:
    """The threshold with the most right answers less `cost` times the wrong ones given as found."""
    tallies = {threshold: counts(rows, threshold) for threshold in GRID}
    return max(GRID, key=lambda threshold: tallies[threshold]["right"] - cost * tallies[threshold]["wrong"])


def report(modes: Mapping[str, Sequence[Row]], cost: float) -> str:
    """Right and wrong as found of every mode as answered, and with each source's threshold chosen without it."""
    everything = [row for rows in modes.values() for row in rows]
    sources = sorted({row["source"] for row in everything})
    chosen = {left: choose([row for row in everything if row["source"] != left], cost) for left in sources}
    lines = [f"cost {cost:g}: chosen {dict(Counter(chosen.values()))}", f"{'':16s} as answered    left out"]
    for mode, rows in modes.items():
        now = Counter("right" if row["column"] == "right" else row["column"] for row in rows)
        then: Counter[str] = Counter(outcome(row, chosen[row["source"]]) for row in rows)
        wrong = now["wrong"] + now["one of"]
        lines.append(f"{mode:16s}{now['right']:5d} {wrong:5d}   {then['right']:5d} {then['wrong']:5d}   of {len(rows)}")
    return "\n".join(lines)


def main() -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Choose found_threshold with each source left out.")
    parser.add_argument("answers", type=Path, help="json of answered commands; see the module's text")
    parser.add_argument(
        "--cost", type=float, nargs="+", default=[0.0, 0.5, 1.0], help="of a wrong thing given as found"
    )
    options = parser.parse_args()
    modes = json.loads(options.answers.read_text("utf-8"))["rows"]
    sys.stdout.write("\n".join(report(modes, cost) for cost in options.cost) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
