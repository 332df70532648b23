# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""One, two and ten signals at random moments: the node ends in order, soon, and answers what it had received.

A signal before the process has handlers of its own ends it as it ends any process, so the loading nodes are signalled
from that moment on. What a node "had received": a command or request after which its executor went round once more (it
answered two further requests), a command whose mask has come, a transition that it has logged the first step of.
"""

from __future__ import annotations

import contextlib
import random
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState, GetState

from benchmarks.endurance.frames import spread
from benchmarks.endurance.node import WatchedNode
from benchmarks.live.camera import Tabletop
from benchmarks.live.peer import Peer
from benchmarks.live.waiting import NothingCameError, wait_until
from tas_ros.errors import TasError
from tas_ros.msg import Command
from tas_ros.srv import Segment

ENDS, ENDS_SHORT = 300, 6
AT_ONCE = 2
"""Nodes that live at the same time."""
SEED = 20240229
MOST_SECONDS = 3.0
SIGNALS = (1, 2, 10)
SHORTEST_GAP, LONGEST_GAP = 1e-6, 5e-3
"""Seconds between two signals of one burst, drawn evenly by their logarithm."""
LATE = 2.0
"""Seconds after the process's end in which what it had sent may still arrive here."""
START = 6.0
"""Seconds of loading within which a signal comes."""
COMMAND = "the red box"


@dataclass
class End:
    """How one node ended."""

    moment: str
    signals: int
    signalled: bool = False
    """Whether the node came to its moment."""
    code: int | None = None
    """None: it hung and was killed."""
    seconds: float = 0.0
    promised: int = 0
    """Commands and requests it had received."""
    answered: int = 0
    trouble: str = ""
    """What went wrong before any signal."""


@dataclass
class Stage:
    """One of the places where nodes are started and ended; keeps its peer."""

    number: int
    folder: Path
    table: Tabletop = field(default_factory=Tabletop)

    def __post_init__(self) -> None:
        self.namespace = f"/ends{self.number}"
        self.peer = Peer(self.namespace, hears=("referral", "mask"))

    def run(self, end: End, draw: random.Random) -> End:
        """Start a node, bring it to the moment, signal it."""
        by_hand = end.moment == "configure"
        parameters = {"autostart": not by_hand, "max_frame_age": 0.0, "frame_timeout": 60.0}
        for messages in self.peer.received.values():
            messages.clear()
        with WatchedNode(self.folder, parameters, self.namespace) as node:
            try:
                open_answers = getattr(self, f"_{end.moment}")(node, draw)
            except TasError as error:
                end.trouble = str(error)
                return end
            begin, end.signalled = time.monotonic(), True
            for burst in range(end.signals):
                if burst:
                    _pause(SHORTEST_GAP * (LONGEST_GAP / SHORTEST_GAP) ** draw.random())
                node.send(draw.choice([signal.SIGINT, signal.SIGTERM]))
            end.code, end.seconds = node.await_end(begin)
            end.promised = len(open_answers)
            with contextlib.suppress(NothingCameError):
                wait_until(lambda: all(came() for came in open_answers), "answers", LATE)
            end.answered = sum(bool(came()) for came in open_answers)
            if end.code != 0 or end.answered < end.promised:
                end.trouble = node.log[-1500:] or "it printed nothing"
        return end

    def _loading(self, node: WatchedNode, draw: random.Random) -> list[Callable[[], Any]]:
        node.wait_for_handlers()
        time.sleep(START * draw.random())
        return []

    def _idle(self, node: WatchedNode, draw: random.Random) -> list[Callable[[], Any]]:
        self._matched(node)
        time.sleep(0.3 * draw.random())
        return []

    def _inference(self, node: WatchedNode, draw: random.Random) -> list[Callable[[], Any]]:
        """One command in work and two that wait."""
        self._matched(node)
        came = self._show_and_ask(3)
        self._gone_round()
        time.sleep(draw.random())
        return came

    def _publishing(self, node: WatchedNode, draw: random.Random) -> list[Callable[[], Any]]:
        """The mask has come, which is the first of an answer; its referral is the last."""
        self._matched(node)
        came = self._show_and_ask(1)
        wait_until(lambda: self.peer.received["mask"] or came[0](), "a mask or a refusal")
        return came

    def _request(self, node: WatchedNode, draw: random.Random) -> list[Callable[[], Any]]:
        """Two requests of ~/segment: one waits for a frame that never comes, one for its turn."""
        self._matched(node)
        futures = [self.peer.segment.call_async(Segment.Request(command=COMMAND, id=f"open {n}")) for n in range(2)]
        self._gone_round()
        time.sleep(0.5 * draw.random())
        return [future.done for future in futures]

    def _configure(self, node: WatchedNode, draw: random.Random) -> list[Callable[[], Any]]:
        self.peer.meet(active=False)
        request = ChangeState.Request(transition=Transition(id=Transition.TRANSITION_CONFIGURE))
        future = self.peer.call_async(ChangeState, "change_state", request)
        wait_until(lambda: "loading" in node.log, "the node to load")
        time.sleep(2.0 * draw.random())
        return [future.done]

    def _matched(self, node: WatchedNode) -> None:
        node.wait_until_ready()
        self.peer.meet()

    def _show_and_ask(self, count: int) -> list[Callable[[], Any]]:
        """Publish a frame and commands about it; whether each was answered."""
        ids = [f"{time.monotonic_ns()}" for _ in range(count)]
        self.peer.show(self.table.frame())
        for each in ids:
            self.peer.typed_command.publish(Command(text=COMMAND, id=each))
        return [partial(self._heard, each) for each in ids]

    def _heard(self, command_id: str) -> bool:
        return any(referral.command_id == command_id for referral in self.peer.received["referral"])

    def _gone_round(self) -> None:
        """Until the node's executor has taken what lay there: in the round after the next at the latest."""
        time.sleep(0.02)
        for _ in range(2):
            self.peer.call(GetState, "get_state", GetState.Request())


MOMENTS = ("loading", "idle", "inference", "publishing", "request", "configure")


def run(short: bool, folder: Path) -> dict[str, Any]:
    """End so many nodes, AT_ONCE at a time."""
    count = ENDS_SHORT if short else ENDS
    plan = [End(MOMENTS[n % len(MOMENTS)], SIGNALS[(n + n // len(MOMENTS)) % len(SIGNALS)]) for n in range(count)]
    stages = [Stage(number, folder) for number in range(AT_ONCE)]
    free, guard, begin = list(stages), threading.Lock(), time.monotonic()

    def one(number: int) -> End:
        with guard:
            stage = free.pop()
        try:
            return stage.run(plan[number], random.Random(SEED + number))
        finally:
            with guard:
                free.append(stage)

    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            ends = list(pool.map(one, range(count)))
    finally:
        for stage in stages:
            stage.peer.close()
    return _report(ends, time.monotonic() - begin)


def _report(ends: list[End], seconds: float) -> dict[str, Any]:
    signalled = [end for end in ends if end.signalled]
    by_moment: dict[str, list[End]] = defaultdict(list)
    for end in signalled:
        by_moment[end.moment].append(end)
    unanswered = sum(end.promised - end.answered for end in signalled)
    times = [end.seconds for end in signalled]
    return {
        "ends": len(signalled),
        "never_ready": len(ends) - len(signalled),
        "nodes_at_once": AT_ONCE,
        "seed": SEED,
        "seconds": round(seconds, 1),
        "exit_codes": dict(Counter(str(end.code) for end in signalled)),
        "hung": sum(end.code is None for end in signalled),
        "end_seconds": spread(times),
        "by_moment": {
            moment: {
                "ends": len(each),
                "end_seconds": spread([end.seconds for end in each]),
                "exit_codes": dict(Counter(str(end.code) for end in each)),
                "promised": sum(end.promised for end in each),
                "answered": sum(end.answered for end in each),
            }
            for moment, each in sorted(by_moment.items())
        },
        "by_signals": {
            str(number): spread([end.seconds for end in signalled if end.signals == number]) for number in SIGNALS
        },
        "promised": sum(end.promised for end in signalled),
        "unanswered": unanswered,
        "troubles": [f"{end.moment}, {end.signals} signals: {end.trouble}" for end in ends if end.trouble][:10],
        "kept": {
            "every node came to its moment": len(signalled) == len(ends),
            "exit code 0": all(end.code == 0 for end in signalled),
            "nobody unanswered": not unanswered,
            f"ended within {MOST_SECONDS:g} s": bool(times) and max(times) <= MOST_SECONDS,
        },
    }


def _pause(seconds: float) -> None:
    """Shorter than a sleep can be."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass
