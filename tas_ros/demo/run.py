# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The demo: the node in its own process, the recording replayed over DDS, commands as a user would give them."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tas_ros.demo.commands import COMMANDS, DemoCommand
from tas_ros.demo.progress import Progress
from tas_ros.demo.recording import BAG, View, load_views
from tas_ros.errors import TasError

if TYPE_CHECKING:
    from tas_ros.demo.verdict import Verdict

LOAD_TIMEOUT = 180.0
"""Seconds that models may take to load on a slow machine."""
ANSWER_TIMEOUT = 60.0
RIGHT, WRONG = 0, 1


def run(
    out: Path = Path("demo_out"),
    profile: str = "embedded",
    bag: Path = BAG,
    commands: Sequence[DemoCommand] = COMMANDS,
    domain_id: int | None = None,
) -> int:
    """Run the demo and print its table; pictures, results.json and node.log go to the folder `out`.

    domain_id: of DDS; by default one derived from this process, so that no other robot hears the demo.
    Returns 0 when every answer is right, 1 when some is wrong.
    Raises NodeError when the node dies or does not become ready, DatasetError for a broken recording, TasError.
    """
    from tas_ros.demo.report import table_header, table_row, write_report
    from tas_ros.demo.verdict import judge

    try:
        from tas_ros.demo.session import node_and_client, wait_until_active
    except ImportError as error:
        raise TasError(
            f"the demo needs ROS 2 and the package's own messages ({error}); source a ROS 2 workspace that has "
            f"tas_ros built, or install the wheels as the README says"
        ) from error
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TasError(f"{out} cannot be made ({error.strerror}); choose another folder with --out") from error
    started = time.monotonic()
    views = {(view.scene, view.viewpoint): view for view in load_views(bag)}
    verdicts: list[Verdict] = []
    with node_and_client({"profile": profile}, out / "node.log", domain_id) as (node, client):
        with Progress("starting the node", sys.stderr) as progress:
            load_seconds = wait_until_active(node, client, LOAD_TIMEOUT, progress.show)
        print(table_header(), flush=True)
        shown: View | None = None
        for command in commands:
            view = views[command.scene, command.viewpoint]
            if view is not shown:
                client.show(view)
                shown = view
            verdict = judge(command, view, client.ask(command.text, ANSWER_TIMEOUT))
            verdicts.append(verdict)
            print(table_row(verdict), flush=True)
        exit_code = node.stop()
    wrong = sum(not verdict.right for verdict in verdicts)
    summary = {
        "profile": profile,
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}",
        "load_seconds": round(load_seconds, 2),
        "total_seconds": round(time.monotonic() - started, 2),
        "node_exit_code": exit_code,
        "right": len(verdicts) - wrong,
        "wrong": wrong,
    }
    write_report(out, verdicts, [views[v.command.scene, v.command.viewpoint] for v in verdicts], summary)
    print(_closing_lines(out, verdicts, wrong, exit_code))
    return WRONG if wrong or exit_code != 0 else RIGHT


def _closing_lines(out: Path, verdicts: Sequence[Verdict], wrong: int, exit_code: int | None) -> str:
    first = sorted(verdict.latency for verdict in verdicts if not verdict.scene_reused)
    further = sorted(verdict.latency for verdict in verdicts if verdict.scene_reused)
    lines = [
        f"\n{len(verdicts) - wrong} of {len(verdicts)} right; pictures, contact_sheet.jpg and results.json in {out}"
    ]
    if first:
        lines.append(f"first command on a frame: median {1000 * first[len(first) // 2]:.0f} ms")
    if further:
        lines.append(f"further command on that frame: median {1000 * further[len(further) // 2]:.0f} ms")
    if exit_code != 0:
        lines.append(f"the node ended with code {exit_code}, see {out / 'node.log'}")
    return "\n".join(lines)
