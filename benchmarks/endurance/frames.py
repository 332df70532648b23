# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A camera at 30 Hz with commands all the while: answers are about the newest frame, and nothing grows."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.endurance.node import WatchedNode
from benchmarks.endurance.questions import JUDGED, Questions
from benchmarks.endurance.watch import Watch, kept_promises
from benchmarks.live.camera import Tabletop
from benchmarks.live.peer import Peer

FRAMES, FRAMES_SHORT = 10_000, 300
RATE = 30.0
COMMANDS = ("the red box", "grab the blue box", "the green thing", "the purple teapot", "the leftmost box", "stop")
WARM_UP, WARM_UP_SHORT = 5, 2
"""Answers before it counts."""
MOST_GROWTH = 1.0
"""Per cent."""
SAMPLES = 400


def run(short: bool, folder: Path) -> dict[str, Any]:
    """Stream, ask, and watch the node."""
    count = FRAMES_SHORT if short else FRAMES
    with WatchedNode(folder, namespace="/frames") as node:
        node.wait_until_ready()
        peer = Peer(node.namespace, hears=("referral", "mask", "detections"))
        camera = Camera(peer)
        try:
            peer.wait_for_node()
            questions, answers = Questions(peer, node.check), []
            camera.start()
            texts = itertools.cycle(COMMANDS)
            for text in itertools.islice(texts, WARM_UP_SHORT if short else WARM_UP):
                questions.ask(text)
            watch, begin, first = Watch(node.pid), time.monotonic(), len(camera.sent)
            while (done := len(camera.sent) - first) < count:
                if done >= len(watch.samples) * count / SAMPLES:
                    watch.take()
                asked = time.monotonic()
                referral = questions.ask(next(texts))
                if referral is not None and referral.status in JUDGED:
                    answers.append(_Answer.of(referral, asked, camera))
            elapsed = time.monotonic() - begin
        finally:
            camera.stop()
            peer.close()
        code, seconds = node.end()
    report = {
        **questions.tally.report(),
        **watch.report(),
        "frames": count,
        "frames_a_second": round(count / elapsed, 1),
        "answers_on_a_frame": len(answers),
        "latency_seconds": spread([each.latency for each in answers]),
        "frame_age_at_the_command_seconds": spread([each.age_at_command for each in answers]),
        "frame_age_at_the_answer_seconds": spread([each.age_at_answer for each in answers]),
        "exit_code": code,
        "end_seconds": round(seconds, 2),
    }
    numbers = [each.number for each in answers]
    return {
        **report,
        "kept": {
            **questions.tally.kept(),
            "no answer is on an older frame than the one before": numbers == sorted(numbers) and bool(numbers),
            "exit code 0": code == 0,
            **({} if short else kept_promises(report, MOST_GROWTH)),
        },
    }


class Camera:
    """Publishes stamped RGB-D frames at RATE in a thread until told to stop."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._table = Tabletop()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._stream, name="camera")
        self.sent: list[float] = []
        """Monotonic seconds at which each was published."""
        self.numbers: dict[int, int] = {}
        """Stamp's second to the frame's place in `sent`."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, if it has begun."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _stream(self) -> None:
        begin = time.monotonic()
        for number in itertools.count():
            if self._stop.wait(max(0.0, begin + number / RATE - time.monotonic())):
                return
            frame = self._table.frame()
            self.numbers[frame[0].header.stamp.sec] = number
            self._peer.show(frame)
            self.sent.append(time.monotonic())


class _Answer:
    """When its frame was sent, seen from the command and from the answer."""

    def __init__(self, number: int, latency: float, age_at_command: float, age_at_answer: float) -> None:
        self.number = number
        self.latency = latency
        self.age_at_command = age_at_command
        """Seconds; below 0 where the frame came after the command."""
        self.age_at_answer = age_at_answer

    @classmethod
    def of(cls, referral: Any, asked: float, camera: Camera) -> _Answer:
        now, number = time.monotonic(), camera.numbers[referral.header.stamp.sec]
        sent = camera.sent[number]
        return cls(number, now - asked, asked - sent, now - sent)


def spread(values: Sequence[float], digits: int = 3) -> dict[str, float]:
    """Median, 95th percentile and largest; empty of none."""
    if not values:
        return {}
    ordered = sorted(values)
    pick: Callable[[float], float] = lambda share: round(ordered[int(share * (len(ordered) - 1))], digits)  # noqa: E731
    return {"p50": round(statistics.median(ordered), digits), "p95": pick(0.95), "max": pick(1.0)}
