# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Worker: the one thread that does inference. Callbacks only hand over; nothing handed over is lost silently."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from tas_ros.cancellation import cancelled_when

Job = TypeVar("Job")
Result = TypeVar("Result")


class Worker(Generic[Job, Result]):
    """Runs `deliver(job, handle(job))` for each job in order; a full queue gives its oldest job to `refuse(job,
    reason)`. Each job ends in exactly one of `deliver`, `refuse` and `failed`.

    `refuse` is called in the thread that submits or stops, the others in the worker's; `failed(job, exception)` also
    hears what `deliver` raises. `rest` is called when a job is done and no other waits.
    """

    def __init__(
        self,
        handle: Callable[[Job], Result],
        deliver: Callable[[Job, Result], None],
        refuse: Callable[[Job, str], None],
        failed: Callable[[Job, Exception], None],
        capacity: int = 16,
        rest: Callable[[], object] = lambda: None,
    ) -> None:
        self._handle = handle
        self._deliver = deliver
        self._refuse = refuse
        self._failed = failed
        self._capacity = capacity
        self._rest = rest
        self._jobs: deque[Job] = deque()
        self._running: list[Job] = []
        """The job being handled, until something is said about it."""
        self._changed = threading.Condition()
        self._stop_reason = ""
        self._thread = threading.Thread(target=self._run, name="tas_worker", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Queue a job. Never blocks on inference."""
        dropped: list[Job] = []
        with self._changed:
            reason = self._stop_reason
            if reason:
                dropped.append(job)
            else:
                self._jobs.append(job)
                while len(self._jobs) > self._capacity:
                    dropped.append(self._jobs.popleft())
                self._changed.notify()
        for old in dropped:
            self._refuse(old, reason or f"more than {self._capacity} commands are waiting; this one was the oldest")

    def stop(self, reason: str) -> None:
        """Refuse at once what waits and what runs, and cancel the latter. Safe to call twice."""
        with self._changed:
            self._stop_reason = self._stop_reason or reason
            refused = [*self._running, *self._jobs]
            self._running.clear()
            self._jobs.clear()
            self._changed.notify()
        for job in refused:
            self._refuse(job, reason)

    def join(self, patience: float | None = None) -> bool:
        """Wait, after `stop`, until the cancelled job has ended; False when it has not after `patience` seconds."""
        self._thread.join(patience)
        return not self._thread.is_alive()

    def _run(self) -> None:
        with cancelled_when(lambda: bool(self._stop_reason)):
            while True:
                with self._changed:
                    while not self._jobs and not self._stop_reason:
                        self._changed.wait()
                    if not self._jobs:
                        return
                    job = self._jobs.popleft()
                    self._running.append(job)
                self._work(job)
                if not self._jobs:
                    self._rest()

    def _work(self, job: Job) -> None:
        try:
            result = self._handle(job)
        except Exception as error:  # the thread must outlive any one command
            if self._still_owed():
                self._failed(job, error)
            return
        if self._still_owed():
            try:
                self._deliver(job, result)
            except Exception as error:
                self._failed(job, error)

    def _still_owed(self) -> bool:
        """Whether nothing has been said about the running job yet; from here on it is this thread's to say."""
        with self._changed:
            owed = bool(self._running)
            self._running.clear()
            return owed
