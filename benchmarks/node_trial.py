"""One backend in the real node: checkpoint directory, node process, image and command over DDS, its answer."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import rclpy
import yaml
from rclpy.utilities import try_shutdown

from benchmarks.backend_rows import BackendRow
from benchmarks.stand_ins.folder import provide_stand_ins
from tas_ros.demo.client import DemoClient
from tas_ros.demo.commands import COMMANDS, DemoCommand
from tas_ros.demo.messages import CAMERA_INFO_TOPIC, DEPTH_TOPIC, IMAGE_TOPIC
from tas_ros.demo.node_process import NodeProcess
from tas_ros.demo.recording import load_views
from tas_ros.errors import TasError
from tas_ros.referral.referral import Status

LOAD_TIMEOUT = 600.0
UNCONFIGURED_GRACE = 5.0
"""Seconds that a node may say it is unconfigured before it begins to load."""
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
            # The picture stands still, which a live camera would not.
            "max_frame_age": "0.0",
        }
        with _node_and_client(parameters, work / f"{profile.stem}.log") as (node, client):
            result["start_seconds"] = _wait_until_active(node, client)
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


@contextmanager
def _node_and_client(parameters: dict[str, str], log: Path) -> Iterator[tuple[NodeProcess, DemoClient]]:
    """Both sides on a DDS domain of their own that does not leave this machine."""
    domain = 101 + os.getpid() % 100
    os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "LOCALHOST"
    remappings = {"image": IMAGE_TOPIC, "depth": DEPTH_TOPIC, "camera_info": CAMERA_INFO_TOPIC}
    with NodeProcess(remappings, parameters, {"ROS_DOMAIN_ID": str(domain)}, log) as node:
        rclpy.init(args=[], domain_id=domain)
        try:
            client = DemoClient(node.check)
            try:
                yield node, client
            finally:
                client.close()
        finally:
            # A signal has shut it down already.
            try_shutdown()


def _wait_until_active(node: NodeProcess, client: DemoClient) -> float:
    """Seconds until the node answers. Raises NodeError when it dies, fails to configure or takes too long."""
    start = time.monotonic()
    unconfigured_since: float | None = None
    while time.monotonic() - start < LOAD_TIMEOUT:
        node.check()
        state, now = client.node_state(), time.monotonic()
        if state == "active" and client.is_connected():
            return round(now - start, 2)
        unconfigured_since = (unconfigured_since or now) if state == "unconfigured" else None
        if unconfigured_since is not None and now - unconfigured_since > UNCONFIGURED_GRACE:
            raise node.failure("the node could not load its models")
        time.sleep(0.1)
    raise node.failure(f"the node was not active after {LOAD_TIMEOUT:.0f} s")
