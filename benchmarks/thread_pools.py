# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Two processes at once, each analysing new frames: thread pools as libraries leave them against as tas_ros sets them.

`python -m benchmarks.thread_pools --seconds 45 --rounds 2 --out benchmarks/thread_pools.json` runs both ways in turns,
so that what else the machine does falls on both alike.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tas_ros.commands.common import write_json
from tas_ros.errors import TasError
from tas_ros.evaluation.machine import describe_machine
from tas_ros.thread_pools import ENVIRONMENT

WAYS = ("libraries", "tas_ros")
COMMAND = "the red mug"
READY = "ready\n"
ROOT = Path(__file__).resolve().parents[1]


def main(argv: list[str] | None = None) -> int:
    """Measure both ways in turns and print what they cost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--workers", type=int, default=2, help="processes at once (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=45, help="of each run (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=2, help="runs of each way (default: %(default)s)")
    parser.add_argument("--rgb", action="store_true", help="without depth")
    parser.add_argument("--out", type=Path, help="write the result as json")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.worker:
        return _work(args.seconds, args.rgb)
    runs: list[dict[str, Any]] = []
    for _ in range(args.rounds):
        for way in WAYS:
            runs.append(_run(way, args))
            print(way, _summary(runs[-1:]), f"load before {runs[-1]['load_before']}", file=sys.stderr, flush=True)
    report = {"workers": args.workers, "seconds": args.seconds, "depth": not args.rgb, "machine": describe_machine()}
    report |= {way: _summary([run for run in runs if run["way"] == way]) for way in WAYS}
    print(json.dumps(report, indent=2))
    if args.out:
        write_json(args.out, report)
    return 0


def _run(way: str, args: argparse.Namespace) -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if name not in ENVIRONMENT}
    environment |= {"PYTHONPATH": str(ROOT), **(ENVIRONMENT if way == "tas_ros" else {})}
    command = [sys.executable, __file__, "--worker", "--seconds", str(args.seconds), *(["--rgb"] if args.rgb else [])]
    load = os.getloadavg()[0]
    workers = [
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(args.workers)
    ]
    for worker in workers:
        if worker.stdout is None or worker.stdout.readline() != READY:
            raise TasError(f"a worker ended with {worker.wait()} before it was ready; its error stands above")
    for worker in workers:
        if worker.stdin is not None:
            worker.stdin.write("go\n")
            worker.stdin.flush()
    answers = [json.loads(worker.communicate()[0]) for worker in workers]
    return {
        "way": way,
        "load_before": load,
        "frames": [second for answer in answers for second in answer["frames"]],
        "cpu_seconds": sum(answer["cpu_seconds"] for answer in answers),
    }


def _work(seconds: float, rgb: bool) -> int:
    """What a worker does: loads, waits for all to be ready, then new frame after new frame; their seconds on stdout."""
    from tas_ros.evaluation.bench_frames import synthetic_frame, without_depth
    from tas_ros.pipeline import Pipeline

    pipeline = Pipeline.load()
    query = pipeline.parse(COMMAND)
    frames = [without_depth(frame) if rgb else frame for frame in map(synthetic_frame, range(8))]
    pipeline.refer(pipeline.scene(frames[0]), query)
    print(READY, end="", flush=True)
    sys.stdin.readline()
    end, cpu = time.perf_counter() + seconds, time.process_time()
    taken: list[float] = []
    while not taken or time.perf_counter() < end:
        begin = time.perf_counter()
        pipeline.refer(pipeline.scene(frames[len(taken) % len(frames)]), query)
        taken.append(time.perf_counter() - begin)
    print(json.dumps({"frames": taken, "cpu_seconds": time.process_time() - cpu}))
    return 0


def _summary(runs: list[dict[str, Any]]) -> dict[str, float]:
    seconds = sorted(second for run in runs for second in run["frames"])
    return {
        "frames": len(seconds),
        "median_seconds": statistics.median(seconds),
        "p95_seconds": seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))],
        "cpu_seconds_a_frame": sum(run["cpu_seconds"] for run in runs) / len(seconds),
    }


if __name__ == "__main__":
    sys.exit(main())
