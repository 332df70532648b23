# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Memory, descriptors and threads of a process over time, and whether they grew."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.endurance.node import descriptor_count, memory_of, thread_count

POINTS = 200
"""Of a curve in the result file, at most."""
FEWEST = 20
"""Samples below which no growth is told: a tenth of them would be one or none."""
TOLERANCE = 2
"""Descriptors and threads by which a process may differ from itself and still be called flat: a timer, a connection."""


@dataclass(frozen=True)
class Sample:
    """A process at one moment."""

    seconds: float
    rss: float
    """MiB; shared memory of DDS that was touched counts."""
    anonymous: float
    """MiB of it that are the process's own."""
    descriptors: int
    threads: int
    load: float


@dataclass
class Watch:
    """Samples of a process, taken when told."""

    pid: int
    begin: float = field(default_factory=time.monotonic)
    samples: list[Sample] = field(default_factory=list)

    def take(self) -> None:
        """Note how the process is now."""
        self.samples.append(
            Sample(
                time.monotonic() - self.begin,
                memory_of(self.pid, "VmRSS"),
                memory_of(self.pid, "RssAnon"),
                descriptor_count(self.pid),
                thread_count(self.pid),
                os.getloadavg()[0],
            )
        )

    def report(self) -> dict[str, Any]:
        """Curves for the result file, and growth where there are samples enough."""
        step = -(-len(self.samples) // POINTS) or 1
        thinned = self.samples[::step]
        report: dict[str, Any] = {
            "curve": {
                "seconds": [round(each.seconds, 1) for each in thinned],
                "rss_mib": [round(each.rss, 1) for each in thinned],
                "anonymous_mib": [round(each.anonymous, 1) for each in thinned],
                "descriptors": [each.descriptors for each in thinned],
                "threads": [each.threads for each in thinned],
                "load": [each.load for each in thinned],
            }
        }
        if len(self.samples) >= FEWEST:
            report["rss_growth_percent"] = growth([each.rss for each in self.samples])
            report["anonymous_growth_percent"] = growth([each.anonymous for each in self.samples])
            for name in ("descriptors", "threads"):
                report[name] = ends_of([getattr(each, name) for each in self.samples])
        return report


def ends_of(values: Sequence[float]) -> dict[str, float]:
    """Median of the tenth after the first tenth, which is warm-up, and median of the last tenth."""
    tenth = max(1, len(values) // 10)
    return {"after_warm_up": statistics.median(values[tenth : 2 * tenth]), "last": statistics.median(values[-tenth:])}


def growth(values: Sequence[float]) -> float:
    """Per cent from the median of the tenth after the first tenth to the median of the last tenth."""
    ends = ends_of(values)
    return round(100 * (ends["last"] / ends["after_warm_up"] - 1), 2)


def kept_promises(report: dict[str, Any], most_growth: float) -> dict[str, bool]:
    """Whether a Watch's report shows flat memory, descriptors and threads; nothing where it has too few samples."""
    if "rss_growth_percent" not in report:
        return {}
    flat = {
        f"{name} flat": abs(report[name]["last"] - report[name]["after_warm_up"]) <= TOLERANCE
        for name in ("descriptors", "threads")
    }
    return {f"RSS growth <= {most_growth:g} %": report["rss_growth_percent"] <= most_growth, **flat}
