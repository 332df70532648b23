# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Tiny shared memory, a full disk under the log files, a read-only home: the node answers all the same.

Node and client run together in a mount namespace of their own (`unshare --mount`, which takes root); where there is
none, the part says so and covers nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.endurance.node import ROOT, WatchedNode
from benchmarks.endurance.questions import Questions
from benchmarks.live.camera import Tabletop
from benchmarks.live.peer import Peer

TINY = "mount -t tmpfs -o size=256k none /dev/shm"
FULL = 'mount -t tmpfs -o size=16k none "$LOGS" && (head -c 16384 /dev/zero > "$LOGS/filler" || true)'
READ_ONLY = 'mount -t tmpfs none "$HOME" && mount -o remount,ro "$HOME"'
SURROUNDINGS = {
    "tiny shared memory": [TINY],
    "full disk": [FULL],
    "read-only home": [READ_ONLY],
    "all at once": [TINY, FULL, READ_ONLY],
}
ANSWERS = 5
PATIENCE = 400.0


def run(short: bool, folder: Path) -> dict[str, Any]:
    """Each in turn; the short form all at once alone."""
    if not _has_namespaces():
        return {"covered": False, "why": "unshare --mount is not to be had: not root, or a container forbids it",
                "kept": {}}  # fmt: skip
    chosen = ["all at once"] if short else list(SURROUNDINGS)
    results = {name: _within(SURROUNDINGS[name], folder / name.replace(" ", "_")) for name in chosen}
    return {
        "covered": True,
        "answers": ANSWERS,
        "surroundings": results,
        "kept": {f"{name}: {what}": held for name, each in results.items() for what, held in each.pop("kept").items()},
    }


def _has_namespaces() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True,
                          check=False).returncode == 0  # fmt: skip


def _within(mounts: list[str], folder: Path) -> dict[str, Any]:
    """The answers of a node among such mounts."""
    logs, home = folder / "logs", folder / "home"
    logs.mkdir(parents=True)
    home.mkdir()
    script = " && ".join([*mounts, 'exec "$0" -m benchmarks.endurance.surroundings'])
    environment = {**os.environ, "LOGS": str(logs), "HOME": str(home), "PYTHONPATH": str(ROOT)}
    if FULL in mounts:
        environment["ROS_LOG_DIR"] = str(logs)
    else:
        environment.pop("ROS_LOG_DIR", None)
    command = ["unshare", "--mount", "sh", "-c", script, sys.executable]
    try:
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        return dict(json.loads(done.stdout.splitlines()[-1]))
    except (ValueError, IndexError):
        return {"error": done.stderr[-2000:], "kept": {"answered": False}}
    except subprocess.TimeoutExpired:
        return {"error": f"nothing within {PATIENCE:.0f} s", "kept": {"answered": False}}


def _ask_a_node() -> dict[str, Any]:
    """In the namespace: start a node, ask, end it."""
    right, table = 0, Tabletop()
    with tempfile.TemporaryDirectory() as folder, WatchedNode(Path(folder), {"max_frame_age": 0.0}, "/around") as node:
        node.wait_until_ready()
        os.environ["ROS_LOG_DIR"] = folder  # the peer's own: the surroundings are the node's to bear
        peer = Peer(node.namespace, hears=("referral", "mask"))
        try:
            peer.wait_for_node()
            questions = Questions(peer, node.check)
            for _ in range(ANSWERS):
                right += questions.found(peer.show(table.frame()))
        finally:
            peer.close()
        code, seconds = node.end()
        tail = node.log[-600:]
    return {
        **questions.tally.report(),
        "answered_rightly": right,
        "exit_code": code,
        "end_seconds": round(seconds, 2),
        "log": tail,
        "kept": {**questions.tally.kept(), "answered": right == ANSWERS, "exit code 0": code == 0},
    }


if __name__ == "__main__":
    print(json.dumps(_ask_a_node()))
