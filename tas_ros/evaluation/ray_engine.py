# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Images sharded over Ray workers, here or on a cluster; one process writes what they answer."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from tas_ros import thread_pools
from tas_ros.errors import TasError
from tas_ros.evaluation.datasets import AnnotatedImage
from tas_ros.evaluation.plan import EvaluationPlan
from tas_ros.evaluation.results import ResultRow
from tas_ros.evaluation.run_folder import Answer, Engine
from tas_ros.evaluation.runner import ReferringSystem, evaluate_image

REQUIREMENT = "ray==2.60.0"
START_TIMEOUT = 300.0
"""Seconds within which a worker must run; a cluster may have to start a machine first."""
TRIES = 2
"""How often an image is given to a worker; a worker that dies takes no other image with it."""

_LOCAL_ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    # Off, Ray takes 127.0.0.1 for this machine's address and listens there alone. It is the default but on Linux.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
}


class ImageWorker:
    """What runs in a Ray worker: loads the models once, answers the images it is given."""

    def __init__(self, plan: EvaluationPlan) -> None:
        self._plan = plan

    def introduce(self) -> str:
        """Which process this is."""
        import socket

        return f"process {os.getpid()} on {socket.gethostname()}"

    def answer(self, image_id: str) -> list[ResultRow]:
        """All rows of the image. Raises TasError."""
        return evaluate_image(self._systems, self._images[image_id], self._plan.proposals)

    @cached_property
    def _systems(self) -> Mapping[str, ReferringSystem]:
        return self._plan.load_systems()

    @cached_property
    def _images(self) -> dict[str, AnnotatedImage]:
        return {image.image_id: image for image in self._plan.images()}


def with_ray(workers: int = 0, address: str = "", progress: Callable[[str], None] = lambda step: None) -> Engine:
    """The engine that shards images over `workers` Ray workers; 0 takes one a GPU, or one for two cores without GPUs.

    address: of a running cluster ("auto" finds this machine's), which must see the set and the models at the same
    paths; empty starts Ray on this machine alone, listening on its loopback address, and ends it afterwards.
    The engine raises TasError when Ray is not installed, when workers do not start, when a worker raises one, and, once
    everything else is done, when an image ended TRIES workers.
    """

    def run(plan: EvaluationPlan, images: Sequence[AnnotatedImage]) -> Iterable[Answer]:
        with _ray(address) as ray:
            crew = _Crew(ray, plan, workers, progress)
            yield from crew.answer([image.image_id for image in images])

    return run


@contextmanager
def _ray(address: str) -> Iterator[Any]:
    if not address:
        os.environ.update(_LOCAL_ENVIRONMENT)  # read when ray is imported
    try:
        import ray
    except ImportError as error:
        raise TasError(f"--ray needs Ray ({error}); pip install {REQUIREMENT}, or leave --ray out") from error
    try:
        ray.init(
            address=address or "local",
            include_dashboard=None if address else False,
            log_to_driver=False,  # workers' lines would come between the results on stdout
            logging_level=logging.ERROR,
            # Local workers inherit this process's environment; those of a cluster have their machine's.
            runtime_env={"env_vars": dict(thread_pools.ENVIRONMENT)} if address else None,
        )
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise TasError(f"Ray cannot be started at {address or 'this machine'}: {error}") from error
    try:
        yield ray
    finally:
        ray.shutdown()


@dataclass(frozen=True)
class _Worker:
    number: int
    handle: Any
    introduction: str

    def __str__(self) -> str:
        return f"worker {self.number} ({self.introduction})"


@dataclass
class _Crew:
    """Workers, each with one image in hand."""

    ray: Any
    plan: EvaluationPlan
    wanted: int
    progress: Callable[[str], None]
    _hired: int = field(default=0, init=False)

    def answer(self, image_ids: Sequence[str]) -> Iterator[Answer]:
        """Images as they are finished."""
        waiting = deque(image_ids)
        tries = dict.fromkeys(image_ids, 0)
        lost: dict[str, str] = {}
        nodes = [node["Resources"] for node in self.ray.nodes() if node["Alive"]]
        count = min(self.wanted or _default_count(nodes), len(image_ids))
        share = _share(nodes, count)
        crew = [self._hire(share) for _ in range(count)]
        in_hand: dict[Any, tuple[_Worker, str]] = {}
        while waiting or in_hand:
            while crew and waiting:
                worker, image_id = crew.pop(), waiting.popleft()
                tries[image_id] += 1
                in_hand[worker.handle.answer.remote(image_id)] = worker, image_id
            (done, *_), _ = self.ray.wait(list(in_hand), num_returns=1)
            worker, image_id = in_hand.pop(done)
            try:
                rows = self._result(done)
            except _WorkerDiedError as death:
                self.progress(f"{worker} died while answering image {image_id}: {death}")
                if tries[image_id] < TRIES:
                    waiting.appendleft(image_id)
                else:
                    lost[image_id] = str(worker)
                if waiting:
                    crew.append(self._hire(share))
            else:
                crew.append(worker)
                yield image_id, rows
        if lost:
            raise TasError(
                f"{len(lost)} images ended {TRIES} workers each and are not answered: "
                + ", ".join(f"{image_id} (last {worker})" for image_id, worker in lost.items())
                + "; the same command tries them again, fewer workers leave each more memory"
            )

    def _hire(self, share: dict[str, float]) -> _Worker:
        self._hired += 1
        handle = self.ray.remote(**share)(ImageWorker).remote(replace(self.plan))  # without the index it keeps
        try:
            introduction = self.ray.get(handle.introduce.remote(), timeout=START_TIMEOUT)
        except (self.ray.exceptions.GetTimeoutError, self.ray.exceptions.RayActorError) as error:
            raise TasError(
                f"worker {self._hired} with {share} does not start ({str(error).splitlines()[0]}); ask for fewer "
                "workers, and see that tas_ros is installed on every machine"
            ) from error
        worker = _Worker(self._hired, handle, introduction)
        self.progress(f"  {worker}: {share['num_cpus']:g} cores, {share['num_gpus']:g} GPUs")
        return worker

    def _result(self, reference: Any) -> list[ResultRow]:
        errors = self.ray.exceptions
        try:
            rows: list[ResultRow] = self.ray.get(reference)
        except errors.RayTaskError as error:
            if isinstance(error.cause, TasError):
                raise error.cause from None
            raise
        except (errors.RayActorError, errors.WorkerCrashedError, errors.OutOfMemoryError) as error:
            raise _WorkerDiedError(" ".join(str(error).split())) from error
        return rows


class _WorkerDiedError(Exception):
    """A worker's process ended; not a fault of the image as far as is known."""


def _default_count(nodes: Sequence[dict[str, float]]) -> int:
    gpus = sum(int(node.get("GPU", 0)) for node in nodes)
    return gpus or max(1, sum(int(node.get("CPU", 0)) for node in nodes) // 2)


def _share(nodes: Sequence[dict[str, float]], count: int) -> dict[str, float]:
    """What each of `count` workers gets, so that all find room: of GPUs a fraction, else as many cores as possible."""
    gpus = sum(int(node.get("GPU", 0)) for node in nodes)
    if gpus:
        a_gpu = -(-count // gpus)
        cores_each = min(node.get("CPU", 0) // (a_gpu * int(node["GPU"])) for node in nodes if node.get("GPU", 0) >= 1)
        return {"num_cpus": cores_each, "num_gpus": int(10_000 / a_gpu) / 10_000}  # Ray counts in ten-thousandths
    cores = [int(node.get("CPU", 0)) for node in nodes]
    for each in range(max(cores, default=1), 0, -1):
        if sum(node // each for node in cores) >= count:
            return {"num_cpus": each, "num_gpus": 0}
    raise TasError(f"{count} workers are more than the {sum(cores)} cores there are; ask for fewer")
