# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Two nodes, three clients in processes of their own, one of which is killed in mid-call again and again."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.endurance.node import ROOT, WatchedNode
from benchmarks.endurance.questions import Questions
from benchmarks.live.camera import Tabletop
from benchmarks.live.peer import Peer
from benchmarks.live.waiting import wait_until
from tas_ros.errors import TasError

REQUESTS, REQUESTS_SHORT = 100, 4
"""Of each client that lives."""
NAMESPACES = ("/robot1", "/robot2")
SEED = 5
PATIENCE = 60.0
"""Seconds for one answer; two clients' pictures are analysed at once."""
CALLING = "calling"


def run(short: bool, folder: Path) -> dict[str, Any]:
    """Both nodes serve; victims are killed until the living have finished."""
    requests, draw, kills = (REQUESTS_SHORT if short else REQUESTS), random.Random(SEED), 0
    nodes = [WatchedNode(folder, {"max_frame_age": 0.0, "frame_timeout": 0.2}, namespace) for namespace in NAMESPACES]
    with nodes[0] as one, nodes[1] as other:
        for node in (one, other):
            node.wait_until_ready()
        living = [_client(namespace, requests) for namespace in NAMESPACES]
        try:
            while any(client.poll() is None for client in living):
                victim = _client(draw.choice(NAMESPACES), 1000)
                try:
                    _until_calling(victim)
                    time.sleep(0.5 * draw.random())
                    kills += 1
                finally:
                    victim.kill()
                    victim.wait()
            reports = [_report(client) for client in living]
        finally:
            for client in living:
                client.kill()
                client.wait()
        codes = [node.end()[0] for node in (one, other)]
    unanswered = sum(report["unanswered"] for report in reports)
    broken = sum(report["laws_broken"] for report in reports)
    return {
        "nodes": len(nodes),
        "living_clients": reports,
        "killed_in_mid_call": kills,
        "exit_codes": codes,
        "kept": {
            "every living client's requests answered": not unanswered,
            "every result keeps the laws": not broken,
            "clients were killed": kills > 0,
            "exit code 0": codes == [0, 0],
        },
    }


def _client(namespace: str, requests: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.endurance.crowd", namespace, str(requests)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def _until_calling(client: subprocess.Popen[str]) -> None:
    assert client.stdout is not None
    while (line := client.stdout.readline()).strip() != CALLING:  # libraries may say something first
        if not line:
            raise TasError(f"a client ended with {client.wait()} before it called; its error stands above")


def _report(client: subprocess.Popen[str]) -> dict[str, Any]:
    said, _ = client.communicate()
    if client.returncode:
        raise TasError(f"a client that nobody killed ended with {client.returncode}; its error stands above")
    return dict(json.loads(said.splitlines()[-1]))


def _call(namespace: str, requests: int) -> dict[str, Any]:
    """A client: requests and commands with ids of its own, one at a time."""
    peer, table = Peer(namespace, hears=("referral",)), Tabletop()
    try:
        wait_until(peer.segment.service_is_ready, "the service")
        wait_until(peer.typed_command.get_subscription_count, "the node's subscription")
        time.sleep(0.5)
        questions = Questions(peer, lambda: None)
        print(CALLING, flush=True)
        mine = f"{os.getpid()}"
        for number in range(requests):
            questions.request("request", PATIENCE, command="the red box", image=table.image(), id=f"{mine} r{number}")
            questions.ask("the green thing", "command", PATIENCE, id=f"{mine} c{number}")
            if questions.tally.unanswered:
                break  # the promise is broken; a deaf node would keep this client for hours
        return questions.tally.report()
    finally:
        peer.close()


if __name__ == "__main__":
    print(json.dumps(_call(sys.argv[1], int(sys.argv[2]))))
