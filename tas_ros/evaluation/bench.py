"""How long the pipeline takes on this machine, stage by stage, and how much memory."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import cycle, product
from typing import Any

import numpy as np

from tas_ros.errors import TasError
from tas_ros.evaluation.bench_frames import without_depth
from tas_ros.evaluation.machine import describe_machine, peak_rss_bytes
from tas_ros.evaluation.runner import ReferringSystem
from tas_ros.vision.frame import Frame

WARM_UP = 2
"""Frames and commands before the clock counts: first use allocates, and the processor leaves its idle frequency."""

_COMMANDS = tuple(
    f"{verb} the {' '.join(words)}"
    for verb in ("grab", "pick up")
    for words in product(("left", "biggest", "rear"), ("red", "blue", "wooden"), ("mug", "bottle", "box", "ball"))
)
"""Texts that differ, so that a kept text feature is as rare as in use."""


def run_bench(
    system: ReferringSystem, frames: Sequence[Frame], repeats: int, on_step: Callable[[str], None]
) -> dict[str, Any]:
    """Latencies in seconds over `repeats` new frames with depth, as many without, and as many further commands.

    frames: RGB-D, at least WARM_UP + repeats of different content.
    """
    if len(frames) < WARM_UP + repeats:
        raise TasError(f"{repeats} repeats need {WARM_UP + repeats} different frames, there are {len(frames)}")
    commands = cycle(_COMMANDS)
    results: dict[str, Any] = {}
    for name, prepare in (("rgbd", lambda frame: frame), ("rgb", without_depth)):
        on_step(f"first command on a new frame, {name}")
        first = [
            _timed_command(system, system.scene(prepare(frame)), next(commands))
            for frame in frames[: WARM_UP + repeats]
        ]
        on_step(f"further commands on that frame, {name}")
        scene = system.scene(prepare(frames[0]))
        further = [_timed_command(system, scene, next(commands)) for _ in range(1 + WARM_UP + repeats)][1:]
        results[name] = {"first_command": _summary(first), "further_command": _summary(further)}
    sizes = sorted({(frame.width, frame.height) for frame in frames})
    return {
        "seconds": results,
        "repeats": repeats,
        "image_sizes": [f"{width}x{height}" for width, height in sizes],
        "peak_rss_bytes": peak_rss_bytes(),
        "import_tas_ros": measure_import(max(5, repeats)),
        "machine": describe_machine(),
    }


def measure_import(repeats: int) -> dict[str, Any]:
    """Seconds that `import tas_ros` takes in a fresh interpreter, and whether it pulled torch in."""
    probe = (
        "import sys, time; start = time.perf_counter(); import tas_ros; "
        "print(time.perf_counter() - start, 'torch' in sys.modules)"
    )
    seconds, torch_loaded = [], False
    for _ in range(repeats):
        output = subprocess.run(
            [sys.executable, "-c", probe], capture_output=True, text=True, check=True
        ).stdout.split()
        seconds.append(float(output[0]))
        torch_loaded |= output[1] == "True"
    return _spread(seconds) | {"torch_loaded": torch_loaded}


def format_bench(report: dict[str, Any]) -> str:
    """The medians as aligned lines, stages in the order they ran."""
    machine = report["machine"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, {machine['device']}; {', '.join(report['image_sizes'])}; "
        f"medians of {report['repeats']}",
        f"{'':36}{'median':>10}{'p95':>10}   ms",
    ]
    for kind, cases in report["seconds"].items():
        for case, stages in cases.items():
            lines += [
                f"{kind + ' ' + case.replace('_', ' ') if stage == 'total' else '    ' + stage:36}"
                f"{1e3 * spread['median']:>10.1f}{1e3 * spread['p95']:>10.1f}"
                for stage, spread in stages.items()
            ]
    imports = report["import_tas_ros"]
    lines.append(
        f"{'import tas_ros':36}{1e3 * imports['median']:>10.1f}{1e3 * imports['p95']:>10.1f}   "
        f"torch loaded: {'yes' if imports['torch_loaded'] else 'no'}"
    )
    lines.append(f"peak memory {report['peak_rss_bytes'] / 2**30:.2f} GiB")
    return "\n".join(lines)


def _timed_command(system: ReferringSystem, scene: Any, text: str) -> dict[str, float]:
    start = time.perf_counter()
    query = system.parse(text)
    parsed = time.perf_counter()
    referral = system.refer(scene, query)
    total = time.perf_counter() - start
    # The referral's own total leaves the parser out.
    return {"total": total, "parse": parsed - start} | {
        stage: seconds for stage, seconds in referral.timings.items() if stage != "total"
    }


def _summary(runs: Sequence[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Spread of each stage after the warm-up; a stage that ran in some runs only is summarised over those."""
    samples: dict[str, list[float]] = defaultdict(list)
    for run in runs[WARM_UP:]:
        for stage, seconds in run.items():
            samples[stage].append(seconds)
    return {stage: _spread(seconds) for stage, seconds in samples.items()}


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    return {
        "median": float(np.median(seconds)),
        "p95": float(np.percentile(seconds, 95)),
        "least": min(seconds),
        "most": max(seconds),
        "count": len(seconds),
    }
