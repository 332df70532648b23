# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Stale frames and frames of the future are refused, and a clock that goes back is survived."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from rosgraph_msgs.msg import Clock

from benchmarks.endurance.node import WatchedNode
from benchmarks.endurance.questions import Questions
from benchmarks.live.camera import Tabletop
from benchmarks.live.peer import Peer
from benchmarks.live.waiting import wait_until
from tas_ros.msg import Referral

ROUNDS, ROUNDS_SHORT = 20, 1
CLOCK_BACK = 900.0
"""Seconds by which the clock is turned back in every second half of a round."""


def run(short: bool, folder: Path) -> dict[str, Any]:
    """A simulated clock that goes forth and back, with frames before, at and after its time."""
    rounds = ROUNDS_SHORT if short else ROUNDS
    parameters = {"use_sim_time": True, "frame_timeout": 1.0, "max_frame_age": 10.0}
    with WatchedNode(folder, parameters, namespace="/stale") as node:
        node.wait_until_ready()
        peer = Peer(node.namespace, hears=("referral", "mask"))
        try:
            peer.wait_for_node()
            world = _World(peer, Questions(peer, node.check))
            for number in range(rounds):
                now = 1000.0 * (number + 1)
                world.set_clock(now)
                world.expect("fresh", now)
                world.expect("stale", now - 60.0)
                world.expect("of the future", now + 60.0)
                world.set_clock(now - CLOCK_BACK)
                world.expect_nothing_remembered()
                world.expect("fresh after the clock went back", now - CLOCK_BACK)
        finally:
            peer.close()
        code, seconds = node.end()
    return {
        **world.questions.tally.report(),
        "rounds": rounds,
        "wrong": world.wrong,
        "exit_code": code,
        "end_seconds": round(seconds, 2),
        "kept": {
            **world.questions.tally.kept(),
            "stale and future frames refused, clock back survived": not world.wrong,
            "exit code 0": code == 0,
        },
    }


class _World:
    """A clock and a camera."""

    def __init__(self, peer: Peer, questions: Questions) -> None:
        self._peer = peer
        self._clock = peer.node.create_publisher(Clock, "/clock", 10)
        self._table = Tabletop()
        self.questions = questions
        self.wrong: list[str] = []

    def set_clock(self, seconds: float) -> None:
        """Say the time until the node must have heard it: /clock is best effort."""
        wait_until(self._clock.get_subscription_count, "the node to listen to /clock")
        message = Clock()
        message.clock.sec = int(seconds)
        for _ in range(10):
            self._clock.publish(message)
            time.sleep(0.05)

    def expect(self, kind: str, stamp: float) -> None:
        """Show a frame of that stamp; a fresh one must be answered on, any other refused."""
        frame = self._table.frame()
        for message in frame:
            message.header.stamp.sec = int(stamp)
        self._peer.show(frame)
        time.sleep(0.2)
        fresh = kind.startswith("fresh")
        for _ in range(20 if fresh else 1):  # a command may overtake its frame
            referral = self.questions.ask("the red box", kind=kind)
            if referral is not None and fresh == (referral.status == Referral.FOUND):
                return
        self.wrong.append(f"{kind}: {referral.status if referral else None} {referral.reason if referral else ''}")

    def expect_nothing_remembered(self) -> None:
        """Frames of the time before the clock went back must not answer."""
        referral = self.questions.ask("the red box", kind="nothing there")
        if referral is None or referral.status != Referral.NOT_ANSWERED:
            self.wrong.append(f"after the clock went back: {referral.status if referral else None}")
