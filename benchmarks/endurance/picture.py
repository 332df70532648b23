# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Memory over time of every part that watched: `python -m benchmarks.endurance.picture endurance.json OUT.png`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from tas_ros.arrays import ImageArray
from tas_ros.errors import TasError
from tas_ros.files.pictures import write_rgb

WIDTH, HEIGHT = 640, 300
"""Of one panel, pixels."""
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 50, 40
"""Margins."""
CURVE, OWN, GRID, TEXT = (31, 90, 180), (150, 170, 200), (225, 225, 225), (40, 40, 40)
"""RGB of RSS, of the process's own part of it, of lines and words."""


def main(argv: list[str] | None = None) -> int:
    """Draw the result file's curves, two panels a row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args(argv)
    results = json.loads(args.results.read_text(encoding="utf-8"))
    panels = [_panel(title, report) for title, report in _watched(results)]
    if not panels:
        raise TasError(f"{args.results} holds no curve; run the parts malformed, frames or cycles first")
    if len(panels) % 2:
        panels.append(np.full_like(panels[0], 255))
    rows = [np.hstack(panels[first : first + 2]) for first in range(0, len(panels), 2)]
    write_rgb(args.out, np.vstack(rows))
    return 0


def _watched(results: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for part, result in results.items():
        if "curve" in result:
            found.append((part, result))
        found += [
            (f"{part}, {way}", each) for way, each in result.items() if isinstance(each, dict) and "curve" in each
        ]
    return found


def _panel(title: str, report: dict[str, Any]) -> ImageArray:
    """(HEIGHT, WIDTH, 3) uint8 RGB: RSS dark, the process's own memory light, from 0 up."""
    panel = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    curve = report["curve"]
    seconds = np.array(curve["seconds"], float)
    top = 1.15 * max(curve["rss_mib"])
    grown = f", growth {report['rss_growth_percent']:+.1f} %" if "rss_growth_percent" in report else ""
    _say(panel, f"{title}: RSS{grown}", (LEFT, 28), 0.6)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        height = _row(share)
        cv2.line(panel, (LEFT, height), (WIDTH - RIGHT, height), GRID, 1)
        _say(panel, f"{share * top:.0f}", (18, height + 4), 0.4)
        _say(panel, _time(share * seconds[-1]), (_column(share) - 16, HEIGHT - 14), 0.4)
    _say(panel, "MiB", (18, 28), 0.4)
    for name, colour in (("anonymous_mib", OWN), ("rss_mib", CURVE)):
        points = [
            (_column(at / max(seconds[-1], 1e-9)), _row(value / top))
            for at, value in zip(seconds, curve[name], strict=True)
        ]
        cv2.polylines(panel, [np.array(points, np.int32)], isClosed=False, color=colour, thickness=2)
    return panel


def _column(share: float) -> int:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT))


def _row(share: float) -> int:
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM))


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 300 else f"{seconds / 60:.0f} min"


def _say(panel: ImageArray, text: str, place: tuple[int, int], size: float) -> None:
    cv2.putText(panel, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, TEXT, 1, cv2.LINE_AA)


if __name__ == "__main__":
    sys.exit(main())
