# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Configured, activated, deactivated and cleaned up again and again: nothing stays behind."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState

from benchmarks.endurance.frames import spread
from benchmarks.endurance.node import WatchedNode
from benchmarks.endurance.questions import Questions
from benchmarks.endurance.watch import Watch, kept_promises
from benchmarks.live.camera import Tabletop
from benchmarks.live.peer import Peer
from benchmarks.live.waiting import wait_until

LOOPS, LOOPS_SHORT = 1000, 3
ANSWER_EVERY, ANSWER_EVERY_SHORT = 10, 3
MOST_GROWTH = 2.0
"""Per cent."""
UP = (Transition.TRANSITION_CONFIGURE, Transition.TRANSITION_ACTIVATE)
DOWN = (Transition.TRANSITION_DEACTIVATE, Transition.TRANSITION_CLEANUP)


def run(short: bool, folder: Path) -> dict[str, Any]:
    """Go up and down, and watch the node while it is down."""
    loops, answer_every = (LOOPS_SHORT, ANSWER_EVERY_SHORT) if short else (LOOPS, ANSWER_EVERY)
    table, failed, right, asked = Tabletop(), 0, 0, 0
    taken: dict[int, list[float]] = {transition: [] for transition in (*UP, *DOWN)}
    with WatchedNode(folder, {"autostart": False, "max_frame_age": 0.0}, namespace="/cycles") as node:
        peer = Peer(node.namespace, hears=("referral", "mask"))
        try:
            questions = Questions(peer, node.check)

            def change(transition: int) -> bool:
                begin = time.monotonic()
                request = ChangeState.Request(transition=Transition(id=transition))
                success = bool(peer.call(ChangeState, "change_state", request).success)
                taken[transition].append(time.monotonic() - begin)
                return success

            watch = Watch(node.pid)
            for loop in range(1, loops + 1):
                failed += sum(not change(transition) for transition in UP)
                if loop % answer_every == 0:
                    asked += 1
                    wait_until(peer.image.get_subscription_count, "the node to listen")
                    right += questions.found(peer.show(table.frame()))
                failed += sum(not change(transition) for transition in DOWN)
                watch.take()
        finally:
            peer.close()
        code, seconds = node.end()
    configure, activate, deactivate, cleanup = (spread(taken[transition]) for transition in (*UP, *DOWN))
    report = {
        **questions.tally.report(),
        **watch.report(),
        "loops": loops,
        "failed_transitions": failed,
        "good_frames": asked,
        "good_frames_answered_rightly": right,
        "transition_seconds": {
            "configure": configure, "activate": activate, "deactivate": deactivate, "cleanup": cleanup,
        },
        "exit_code": code,
        "end_seconds": round(seconds, 2),
    }  # fmt: skip
    return {
        **report,
        "kept": {
            **questions.tally.kept(),
            "every transition succeeded": not failed,
            "good frames answered rightly": right == asked,
            "exit code 0": code == 0,
            **({} if short else kept_promises(report, MOST_GROWTH)),
        },
    }
