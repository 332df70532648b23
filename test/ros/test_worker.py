# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The one inference thread: order, bound, refusal, survival."""

from __future__ import annotations

import threading

from tas_ros.cancellation import check_cancelled
from tas_ros.ros.worker import Worker


class Log:
    """What became of each job."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.refused: list[tuple[int, str]] = []
        self.failed: list[tuple[int, str]] = []
        self.started, self.gate = threading.Event(), threading.Event()

    def worker(self, capacity: int = 3) -> Worker[int, int]:
        return Worker(
            self._handle,
            lambda job, result: self.done.append(result),
            lambda job, why: self.refused.append((job, why)),
            lambda job, error: self.failed.append((job, str(error))),
            capacity,
        )

    def _handle(self, job: int) -> int:
        self.started.set()
        assert self.gate.wait(10)
        if job < 0:
            raise ValueError(f"job {job}")
        check_cancelled()
        return job


def test_a_full_queue_answers_its_oldest() -> None:
    log = Log()
    worker = log.worker(capacity=3)
    worker.submit(0)
    assert log.started.wait(10)
    for job in range(1, 6):
        worker.submit(job)
    assert [job for job, _ in log.refused] == [1, 2]
    assert all("more than 3 commands are waiting" in why for _, why in log.refused)
    log.gate.set()
    while len(log.done) < 4:
        log.gate.wait(0.01)
    worker.stop("end")
    assert log.done == [0, 3, 4, 5]


def test_stop_refuses_what_waits_and_what_runs_at_once_and_cancels_it() -> None:
    log = Log()
    worker = log.worker()
    worker.submit(0)
    assert log.started.wait(10)
    worker.submit(1)
    worker.stop("deactivated")
    assert log.refused == [(0, "deactivated"), (1, "deactivated")] and not worker.join(0.0)
    worker.submit(2)
    assert log.refused[-1] == (2, "deactivated")
    log.gate.set()
    assert worker.join(10)
    worker.stop("again")
    assert len(log.refused) == 3 and not log.done and not log.failed  # nothing is answered twice


def test_what_cannot_be_delivered_has_failed() -> None:
    failed: list[str] = []

    def deliver(job: int, result: int) -> None:
        raise ValueError(f"{job}: {result}")

    worker = Worker(lambda job: job + 1, deliver, lambda job, why: None, lambda job, error: failed.append(str(error)))
    worker.submit(1)
    while not failed:
        threading.Event().wait(0.01)
    worker.stop("end")
    assert failed == ["1: 2"] and worker.join(10)


def test_an_exception_is_reported_and_the_thread_lives() -> None:
    log = Log()
    log.gate.set()
    worker = log.worker(capacity=10)
    for job in (-1, 7, -2, 8):
        worker.submit(job)
    while len(log.done) < 2 or len(log.failed) < 2:
        threading.Event().wait(0.01)
    worker.stop("end")
    assert log.failed == [(-1, "job -1"), (-2, "job -2")] and log.done == [7, 8] and not log.refused
