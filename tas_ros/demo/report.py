# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the demo leaves behind: a table, a picture for each command, a contact sheet, a json file."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from tas_ros.arrays import ImageArray, MaskArray
from tas_ros.demo.recording import View
from tas_ros.demo.verdict import Verdict
from tas_ros.files.overlay import FOUND_COLOUR, NOTHING_COLOUR, draw, resize_mask
from tas_ros.files.pictures import write_rgb

STAGE_COLUMNS = (
    ("parse", ("parse",)),
    ("masks", ("proposals", "filter")),
    ("encode", ("encode", "encode_text", "encode_captions")),
    ("colour", ("colours", "colours_in_neutral_light")),
)
"""Table columns and the stages they add up; what is left is "rest"."""
_TILE = (288, 216)
"""Width and height: five in a row are as wide as a page shows."""
_RIGHT, _WRONG = (60, 160, 60), (210, 40, 40)


def table_header() -> str:
    """Column names and a rule."""
    stages = " ".join(f"{name:>6}" for name, _ in STAGE_COLUMNS)
    line = (
        f"{'':2}{'view':<21}{'command':<37}{'answer':<18}{'IoU':>5}{'score':>7}  | {'total':>6} {stages} {'rest':>6} ms"
    )
    return f"{line}\n{'-' * len(line)}"


def table_row(verdict: Verdict) -> str:
    """One command: mark, view, command, answer, IoU, score, milliseconds of each stage."""
    command = verdict.command
    sums = [sum(verdict.stages.get(stage, 0.0) for stage in stages) for _, stages in STAGE_COLUMNS]
    rest = max(0.0, verdict.latency - sum(sums))
    stages = " ".join(f"{1000 * seconds:>6.0f}" for seconds in (verdict.latency, *sums, rest))
    iou = "" if verdict.iou is None else f"{verdict.iou:.2f}"
    score = "" if verdict.score is None else f"{verdict.score:.2f}"
    row = (
        f"{'+' if verdict.right else 'X'} {_cut(f'{command.scene}/{command.viewpoint}', 20):<21}"
        f"{_cut(command.text, 36):<37}{_cut(answer_text(verdict), 17):<18}{iou:>5}{score:>7}  | {stages}"
    )
    return "\n".join([row, *(f"    wrong: {fault}" for fault in verdict.faults)])


def answer_text(verdict: Verdict) -> str:
    """The answer as a person would put it."""
    if verdict.chosen:
        return verdict.chosen
    return "nothing matches" if verdict.status == "NOT_FOUND" else verdict.status.lower().replace("_", " ")


def write_report(out: Path, verdicts: Sequence[Verdict], views: Sequence[View], run: dict[str, Any]) -> None:
    """Write pictures, contact_sheet.jpg and results.json into the folder `out`. Raises TasError."""
    tiles = []
    names = []
    for i, (verdict, view) in enumerate(zip(verdicts, views, strict=True)):
        slug = re.sub(r"[^a-z0-9]+", "_", verdict.command.text.lower()).strip("_")
        names.append(f"{i + 1:02d}_{slug}.png")
        write_rgb(out / names[-1], _picture(view.rgb, verdict.mask, verdict))
        tiles.append(_tile(view.rgb, verdict))
    write_rgb(out / "contact_sheet.jpg", _sheet(tiles))
    rows = [_row(verdict, name) for verdict, name in zip(verdicts, names, strict=True)]
    document = json.dumps({**run, "commands": rows}, indent=2)
    (out / "results.json").write_text(document + "\n", encoding="utf-8")


def _picture(rgb: ImageArray, mask: MaskArray | None, verdict: Verdict) -> ImageArray:
    """The answer on `rgb` (H, W, 3); mask: (H, W), the verdict's at the size of `rgb`."""
    understood = (f"understood: {verdict.understood}",) if verdict.understood else ()
    caption = verdict.command.text, *understood, _answer(verdict)
    return draw(rgb, () if mask is None else (mask,), caption, NOTHING_COLOUR if mask is None else FOUND_COLOUR)


def _answer(verdict: Verdict) -> str:
    if not verdict.chosen:
        return f"{answer_text(verdict)}{'' if verdict.right else ' - WRONG'}"
    parts = [answer_text(verdict)]
    parts += [] if verdict.iou is None else [f"IoU {verdict.iou:.2f}"]
    parts += [] if verdict.score is None else [f"score {verdict.score:.2f}"]
    return ", ".join(parts) + ("" if verdict.right else " - WRONG")


def _row(verdict: Verdict, picture: str) -> dict[str, Any]:
    command = verdict.command
    return {
        "scene": command.scene,
        "viewpoint": command.viewpoint,
        "command": command.text,
        "kind": command.kind,
        "understood": verdict.understood,
        "expected": command.expected,
        "answer": verdict.chosen or None,
        "status": verdict.status,
        "reason": verdict.reason,
        "right": verdict.right,
        "faults": list(verdict.faults),
        "iou": None if verdict.iou is None else round(verdict.iou, 4),
        "score": None if verdict.score is None else round(verdict.score, 4),
        "box": verdict.box,
        "latency": round(verdict.latency, 4),
        "round_trip": round(verdict.round_trip, 4),
        "scene_reused": verdict.scene_reused,
        "stages": {name: round(seconds, 5) for name, seconds in verdict.stages.items()},
        "picture": picture,
    }


def _tile(rgb: ImageArray, verdict: Verdict) -> ImageArray:
    """The picture drawn at the size of a tile, so that its caption can be read, in a frame that says right or wrong."""
    width, height = _TILE
    border = 4
    scale = min((width - 2 * border) / rgb.shape[1], (height - 2 * border) / rgb.shape[0])
    size = round(rgb.shape[1] * scale), round(rgb.shape[0] * scale)
    shrunk = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    small = _picture(shrunk, None if verdict.mask is None else resize_mask(verdict.mask, size), verdict)
    tile = np.full((height, width, 3), _RIGHT if verdict.right else _WRONG, np.uint8)
    tile[border:-border, border:-border] = 24
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    tile[top : top + small.shape[0], left : left + small.shape[1]] = small
    return tile


def _sheet(tiles: Sequence[ImageArray], columns: int = 5) -> ImageArray:
    rows = -(-len(tiles) // columns)
    blank = np.full((_TILE[1], _TILE[0], 3), 24, np.uint8)
    padded = [*tiles, *[blank] * (rows * columns - len(tiles))]
    return np.vstack([np.hstack(padded[row * columns : (row + 1) * columns]) for row in range(rows)])


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "~"
