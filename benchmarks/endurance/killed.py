# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Killed by SIGKILL in mid-request and started again: the new node answers the old clients."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path
from typing import Any

from benchmarks.endurance.frames import spread
from benchmarks.endurance.node import WatchedNode
from benchmarks.endurance.questions import Questions
from benchmarks.live.camera import Tabletop
from benchmarks.live.peer import Peer
from benchmarks.live.waiting import PATIENCE
from tas_ros.msg import Command
from tas_ros.srv import Segment

KILLS, KILLS_SHORT = 20, 1
SEED = 9
SHARED_MEMORY = Path("/dev/shm")


def run(short: bool, folder: Path) -> dict[str, Any]:
    """Kill, start, ask; the same peer all the time."""
    kills, draw, table = (KILLS_SHORT if short else KILLS), random.Random(SEED), Tabletop()
    starts: list[float] = []
    answers: list[float] = []
    served = right = 0
    left_over = [_segments()]
    peer = Peer("/killed", hears=("referral", "mask"))
    questions = Questions(peer, lambda: None)
    code: int | None = None
    try:
        for number in range(kills + 1):
            with WatchedNode(folder, {"max_frame_age": 0.0}, namespace="/killed") as node:
                begin = time.monotonic()
                node.wait_until_ready()
                starts.append(time.monotonic() - begin)
                peer.meet()
                right += questions.found(peer.show(table.frame()))
                answers.append(time.monotonic() - begin)
                served += questions.request(command="the red box", image=table.image()) is not None
                if number == kills:
                    code, _ = node.end()
                    break
                peer.show(table.frame())
                peer.typed_command.publish(Command(text="the green thing", id=f"lost {number}"))
                peer.segment.call_async(Segment.Request(command="the blue box", image=table.image()))
                time.sleep(draw.random())
                node.send(signal.SIGKILL)
                node.exit_code(PATIENCE)
            left_over.append(_segments())
    finally:
        peer.close()
    nodes = kills + 1
    return {
        **questions.tally.report(),
        "kills": kills,
        "seed": SEED,
        "start_seconds": spread(starts),
        "first_answer_after_start_seconds": spread([each - start for each, start in zip(answers, starts, strict=True)]),
        "first_frames_answered_rightly": right,
        "requests_answered": served,
        "files_in_shared_memory": left_over,
        "exit_code": code,
        "kept": {
            **questions.tally.kept(),
            "each new node answers rightly": right == nodes,
            "clients' services work again": served == nodes,
            "exit code 0": code == 0,
        },
    }


def _segments() -> int:
    """Files of Fast DDS in shared memory, left-overs of killed processes among them."""
    return sum(1 for _ in SHARED_MEMORY.glob("*fastrtps*")) + sum(1 for _ in SHARED_MEMORY.glob("*fastdds*"))
