# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Runs the parts that are asked for; each is written when it is done, those of earlier runs are kept.

`python -m benchmarks.endurance --parts malformed frames --out benchmarks/endurance.json`
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from tas_ros.commands.common import require_writable_folder, say, write_json
from tas_ros.errors import TasError
from tas_ros.evaluation.machine import describe_machine
from tas_ros.thread_pools import prepare_environment

PARTS = (
    "malformed", "frames", "cycles", "ends", "stale", "weights", "memory", "killed", "surroundings", "crowd",
)  # fmt: skip
"""Modules of this package, each with `run(short, folder)`, which returns a json object; `kept` in it names promises."""


def main(argv: list[str] | None = None) -> int:
    """Returns 1 when a promise of a part that ran is not kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, help="which (default: those not in --out yet)")
    parser.add_argument("--short", action="store_true", help="few repetitions, as CI runs them")
    parser.add_argument("--load", type=int, default=0, metavar="K", help="so many processes that compute beside")
    parser.add_argument("--out", type=Path, required=True, help="result file; parts in it that do not run are kept")
    args = parser.parse_args(argv)
    require_writable_folder(args.out)
    results = _earlier(args.out)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nodes are ended, too
    # A domain of our own, on this machine alone; before any ROS library looks.
    os.environ["ROS_DOMAIN_ID"], os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = str(1 + os.getpid() % 100), "LOCALHOST"
    prepare_environment()
    prepare_peer_transport()
    broken = 0
    for part in args.parts or [part for part in PARTS if results.get(part, {}).get("short") is not args.short]:
        say(f"{part} ...")
        results[part] = run_part(part, args.short, args.load)
        write_json(args.out, results)
        broken += sum(not held for held in results[part]["kept"].values())
        for promise, held in results[part]["kept"].items():
            say(f"  {'kept  ' if held else 'BROKEN'} {promise}")
    return 1 if broken else 0


def prepare_peer_transport() -> None:
    """A peer sends single frames, which on the default segment come seconds late; a streaming camera shows nothing."""
    from tas_ros.ros.transport import prepare_transport

    prepare_transport()


def run_part(part: str, short: bool, load: int = 0) -> dict[str, Any]:
    """One part's result, with machine and load."""
    before, begin = os.getloadavg(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tas_endurance_") as folder, _busy(load):
        os.environ["ROS_LOG_DIR"] = str(Path(folder) / "ros_log")
        result: dict[str, Any] = import_module(f"benchmarks.endurance.{part}").run(short, Path(folder))
    return {
        "short": short,
        "when": datetime.now(UTC).strftime("%Y-%m-%d"),
        "part_seconds": round(time.monotonic() - begin, 1),
        "load_before": before[0],
        "load_after": os.getloadavg()[0],
        "busy_processes_beside": load,
        "machine": describe_machine(),
        **result,
    }


@contextlib.contextmanager
def _busy(count: int) -> Iterator[None]:
    """So many processes that compute all the while."""
    beside = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in beside:
            process.kill()
            process.wait()


def _earlier(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise TasError(f"{path} is no result of this benchmark ({error}); give another --out, or remove it") from error
    return dict(content)


if __name__ == "__main__":
    sys.exit(main())
