# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""One backend in the real node: checkpoint directory, node process, image and command over DDS, its answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from benchmarks.backend_rows import BackendRow
from benchmarks.stand_ins.folder import provide_stand_ins
from tas_ros.demo.client import DemoClient
from tas_ros.demo.commands import COMMANDS, DemoCommand
from tas_ros.demo.node_process import NodeProcess
from tas_ros.demo.recording import load_views
from tas_ros.demo.session import node_and_client, wait_until_active
from tas_ros.errors import TasError
from tas_ros.referral.referral import Status

LOAD_TIMEOUT = 600.0
ANSWER_TIMEOUT = 1800.0


def try_backend(row: BackendRow, stand_ins: Path, work: Path, device: str, precision: str) -> dict[str, Any]:
    """Start the node with the row's backend and ask it about two frames.

    Returns what came of it, or the error, as a json object.

    stand_ins: folder for checkpoints, written where missing, one folder below it for each size.
    work: folder for the profile file and the node's log.
    """
    result: dict[str, Any] = {"kind": row.kind, "backend": row.backend, "model": row.model}
    result["weights"] = "real" if not row.model else f"random, {'reduced' if row.reduced else 'true'} size"
    try:
        models = stand_ins / ("reduced" if row.reduced else "true")
        if row.model:
            provide_stand_ins(models, [row.model], row.reduced, on_step=lambda step: None)
        profile = _write_profile(row, work)
        parameters = {
            "profile": str(profile),
            "models_dir": str(models),
            "device": device,
            "precision": precision,
        }
        with node_and_client(parameters, work / f"{profile.stem}.log") as (node, client):
            result["start_seconds"] = round(wait_until_active(node, client, LOAD_TIMEOUT), 2)
            # The first answer pays for what is made at first use; the next one, on a new frame, is the one to report.
            result["first_latency_seconds"] = _ask(node, client, COMMANDS[-1])["latency_seconds"]
            result |= _ask(node, client, COMMANDS[0])
            result["peak_rss_bytes"] = _peak_memory(node.pid)
            result["exit_code"] = node.stop()
    except TasError as error:
        result["error"] = str(error)
    return result


def _write_profile(row: BackendRow, work: Path) -> Path:
    choice: dict[str, Any] = {"name": row.backend, "options": dict(row.options)}
    if row.model:
        choice["model"] = row.model
    path = work / f"{row.kind}_{row.name.replace(' ', '_')}.yaml"
    path.write_text(yaml.safe_dump({"base": "embedded", row.kind: choice}), encoding="utf-8")
    return path


def _ask(node: NodeProcess, client: DemoClient, command: DemoCommand) -> dict[str, Any]:
    views = {(view.scene, view.viewpoint): view for view in load_views()}
    client.show(views[command.scene, command.viewpoint])
    answer = client.ask(command.text, ANSWER_TIMEOUT)
    if answer is None:
        raise node.failure(f"no answer within {ANSWER_TIMEOUT:.0f} s")
    referral = answer.referral
    return {
        "command": command.text,
        "image_size": f"{referral.width}x{referral.height}",
        "status": Status(referral.status).name,
        "candidates": len(referral.candidates),
        "captions": [candidate.caption for candidate in referral.candidates],
        "stage_seconds": {timing.name: round(timing.seconds, 4) for timing in referral.timings},
        "latency_seconds": round(referral.latency, 4),
    }


def _peak_memory(pid: int) -> int:
    """The most memory that process has held, by /proc (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024
