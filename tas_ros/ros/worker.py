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

Job = TypeVar("Job")


class Worker(Generic[Job]):
    """Runs `handle(job)` for each job in order; a full queue gives its oldest job to `refuse(job, reason)`.

    `refuse` is called in the thread that submits or stops, `handle` and `failed(job, exception)` in the worker's.
    """

    def __init__(
        self,
        handle: Callable[[Job], None],
        refuse: Callable[[Job, str], None],
        failed: Callable[[Job, Exception], None],
        capacity: int = 16,
    ) -> None:
        self._handle = handle
        self._refuse = refuse
        self._failed = failed
        self._capacity = capacity
        self._jobs: deque[Job] = deque()
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
        """Refuse what waits, let the running job finish, and join the thread. Safe to call twice."""
        with self._changed:
            self._stop_reason = reason
            waiting = list(self._jobs)
            self._jobs.clear()
            self._changed.notify()
        for job in waiting:
            self._refuse(job, reason)
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._jobs and not self._stop_reason:
                    self._changed.wait()
                if not self._jobs:
                    return
                job = self._jobs.popleft()
            try:
                self._handle(job)
            except Exception as error:  # the thread must outlive any one command
                self._failed(job, error)
