# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""How long the pipeline takes on this machine, stage by stage, and how much memory."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, product
from typing import Any

import numpy as np

from tas_ros.errors import TasError
from tas_ros.evaluation.bench_frames import given_regions, without_depth
from tas_ros.evaluation.machine import describe_machine, peak_rss_bytes, peak_vram_bytes
from tas_ros.evaluation.runner import ReferringSystem
from tas_ros.evaluation.spread import spread
from tas_ros.vision.frame import Frame

WARM_UP = 2
"""Frames and commands before the clock counts: first use allocates, and the processor leaves its idle frequency."""

_COMMANDS = tuple(
    f"{verb} the {' '.join(words)}"
    for verb in ("grab", "pick up")
    for words in product(("left", "biggest", "rear"), ("red", "blue", "wooden"), ("mug", "bottle", "box", "ball"))
)
"""Texts that differ, so that a kept text feature is as rare as in use."""


@dataclass(frozen=True)
class BenchPlan:
    """What is measured."""

    repeats: int = 10
    warm_up: int = WARM_UP
    cases: tuple[str, ...] = ("rgbd", "rgb")
    """Frames with depth, without."""
    masks: int | None = None
    """Regions given with each frame in place of the proposer's, which is then timed apart; None leaves it to it."""

    @property
    def frames(self) -> int:
        """Different frames it takes."""
        return self.warm_up + self.repeats


def run_bench(
    system: ReferringSystem, frames: Sequence[Frame], plan: BenchPlan, on_step: Callable[[str], None]
) -> dict[str, Any]:
    """Latencies in seconds of each case, over new frames and over as many further commands, and peak memory.

    frames: RGB-D where the plan has that case, of different content.
    Raises TasError when there are fewer than the plan takes.
    """
    if len(frames) < plan.frames:
        raise TasError(f"{plan.repeats} repeats need {plan.frames} different frames, there are {len(frames)}")
    commands = cycle(_COMMANDS)
    latencies: dict[str, Any] = {}
    proposals: dict[str, Any] = {}
    for name in plan.cases:
        on_step(f"first command on a new frame, {name}")
        prepared = [frame if name == "rgbd" else without_depth(frame) for frame in frames[: plan.frames]]
        first, counts = [], []
        for seed, frame in enumerate(prepared):
            given = given_regions(frame, plan.masks, seed) if plan.masks else None
            scene = system.scene(frame, given)
            first.append(_timed_command(system, scene, next(commands)))
            counts.append(len(scene.working_proposals))
        on_step(f"further commands on that frame, {name}")
        further = [_timed_command(system, scene, next(commands)) for _ in range(plan.frames)]
        latencies[name] = {
            "first_command": _summary(first, plan.warm_up),
            "further_command": _summary(further, plan.warm_up),
        }
        proposals[name] = {"given" if plan.masks else "own": _range(counts[plan.warm_up :])}
        if plan.masks:
            on_step(f"the proposer alone, {name}")
            own = [_timed_proposals(system.scene(frame)) for frame in prepared]
            latencies[name]["proposer_alone"] = _summary([stages for stages, _ in own], plan.warm_up)
            proposals[name]["own"] = _range([count for _, count in own[plan.warm_up :]])
    sizes = sorted({(frame.width, frame.height) for frame in frames})
    return {
        "seconds": latencies,
        "proposals": proposals,
        "repeats": plan.repeats,
        "image_sizes": [f"{width}x{height}" for width, height in sizes],
        "peak_rss_bytes": peak_rss_bytes(),
        "peak_vram_bytes": peak_vram_bytes(),
        "import_tas_ros": measure_import(max(5, plan.repeats)),
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
    return spread(seconds) | {"torch_loaded": torch_loaded}


def format_bench(report: dict[str, Any]) -> str:
    """The medians as aligned lines, stages in the order they ran; `language` and `grounding` where it has them."""
    machine = report["machine"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, {machine['device']}; {', '.join(report['image_sizes'])}; "
        f"medians of {report['repeats']}",
        f"{'':36}{'median':>10}{'p95':>10}   ms",
    ]
    for kind, cases in report["seconds"].items():
        counts = "; ".join(
            f"{_format_range(count)} {'given' if source == 'given' else 'found by the proposer'}"
            for source, count in report["proposals"][kind].items()
        )
        lines.append(f"{kind}: masks a frame: {counts}")
        for case, stages in cases.items():
            lines += [
                f"{kind + ' ' + case.replace('_', ' ') if stage == 'total' else '    ' + stage:36}"
                f"{1e3 * seconds['median']:>10.1f}{1e3 * seconds['p95']:>10.1f}"
                for stage, seconds in stages.items()
            ]
    lines += _format_understanding(report)
    imports = report["import_tas_ros"]
    lines.append(
        f"{'import tas_ros':36}{1e3 * imports['median']:>10.1f}{1e3 * imports['p95']:>10.1f}   "
        f"torch loaded: {'yes' if imports['torch_loaded'] else 'no'}"
    )
    lines.append(f"peak memory {report['peak_rss_bytes'] / 2**30:.2f} GiB")
    if report["peak_vram_bytes"] is not None:
        lines.append(f"peak GPU memory {report['peak_vram_bytes'] / 2**30:.2f} GiB, weights included")
    return "\n".join(lines)


def _format_understanding(report: dict[str, Any]) -> list[str]:
    lines = []
    if language := report.get("language"):
        lines.append(_row(f"parse, {language['commands']} commands", language["seconds"]))
    if grounding := report.get("grounding"):
        cases = dict(grounding["seconds"])
        lines.append(_row(f"ground, {grounding['candidates']} x {grounding['anchors']} masks", cases.pop("all")))
        lines += [_row(f"    {name}", seconds) for name, seconds in cases.items()]
    return lines


def _row(name: str, seconds: dict[str, float]) -> str:
    return f"{name:36}{1e3 * seconds['median']:>10.2f}{1e3 * seconds['p95']:>10.2f}"


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


def _timed_proposals(scene: Any) -> tuple[dict[str, float], int]:
    start = time.perf_counter()
    count = len(scene.working_proposals)
    return {"total": time.perf_counter() - start, **scene.timings}, count


def _summary(runs: Sequence[dict[str, float]], warm_up: int) -> dict[str, dict[str, float]]:
    """Spread of each stage after the warm-up; a stage that ran in some runs only is summarised over those."""
    samples: dict[str, list[float]] = defaultdict(list)
    for run in runs[warm_up:]:
        for stage, seconds in run.items():
            samples[stage].append(seconds)
    return {stage: spread(seconds) for stage, seconds in samples.items()}


def _range(counts: Sequence[int]) -> dict[str, float]:
    return {"least": min(counts), "median": float(np.median(counts)), "most": max(counts)}


def _format_range(count: dict[str, float]) -> str:
    if count["least"] == count["most"]:
        return f"{count['least']}"
    return f"{count['least']} to {count['most']} (median {count['median']:g})"
