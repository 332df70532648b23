# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Out of memory in mid-request: the command is answered all the same, and the next one rightly."""

from __future__ import annotations

import random
import resource
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.endurance.node import WatchedNode, memory_of
from benchmarks.endurance.questions import Questions
from benchmarks.live.camera import Tabletop
from benchmarks.live.peer import Peer
from tas_ros.errors import TasError
from tas_ros.msg import Referral

ROUNDS, ROUNDS_SHORT = 60, 4
SEED = 11
HEADROOMS = (0, 4, 16, 64)
"""MiB that the process may still map when memory runs out."""
LONGEST_WAIT = 0.6
"""Seconds after the command at which the limit falls, at most."""


def run(short: bool, folder: Path) -> dict[str, Any]:
    """A new frame and a command each time, with the limit lowered a moment later."""
    rounds, draw, table = (ROUNDS_SHORT if short else ROUNDS), random.Random(SEED), Tabletop()
    statuses: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    right, death = 0, ""
    with WatchedNode(folder, {"max_frame_age": 0.0, "frame_timeout": 5.0}, namespace="/memory") as node:
        node.wait_until_ready()
        peer = Peer(node.namespace, hears=("referral", "mask"))
        try:
            peer.wait_for_node()
            questions = Questions(peer, node.check)
            questions.found(peer.show(table.frame()))
            for number in range(rounds):
                headroom = HEADROOMS[number % len(HEADROOMS)]
                peer.show(table.frame())
                fall = threading.Timer(LONGEST_WAIT * draw.random(), _limit, (node.pid, headroom))
                fall.start()
                referral = questions.ask("the red box", kind="command without memory")
                fall.join()
                _lift(node.pid)
                if referral is not None:
                    statuses[str(referral.status)] += 1
                    if referral.status == Referral.NOT_ANSWERED:
                        reasons[referral.reason[:120]] += 1
                right += questions.found(peer.show(table.frame()))
        except TasError as error:
            if node.alive:
                raise
            death = str(error)
        finally:
            peer.close()
        code, seconds = node.end() if not death else (node.exit_code(0.0), 0.0)
    return {
        **questions.tally.report(),
        "rounds": rounds,
        "seed": SEED,
        "headroom_mib": HEADROOMS,
        "statuses": dict(statuses),
        "reasons": dict(reasons.most_common(10)),
        "next_answered_rightly": right,
        "death": death,
        "exit_code": code,
        "end_seconds": round(seconds, 2),
        "kept": {
            **questions.tally.kept(),
            "no death": not death,
            "the next command is answered rightly": right == rounds,
            "exit code 0": code == 0,
        },
    }


def _limit(pid: int, headroom: int) -> None:
    """The process may map so many MiB beyond what it has mapped."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_AS)
    resource.prlimit(pid, resource.RLIMIT_AS, (int(memory_of(pid, "VmSize") + headroom) << 20, hard))


def _lift(pid: int) -> None:
    _, hard = resource.prlimit(pid, resource.RLIMIT_AS)
    resource.prlimit(pid, resource.RLIMIT_AS, (hard, hard))
