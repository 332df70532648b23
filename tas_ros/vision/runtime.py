# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Where and in which precision a network runs, and batches that shrink when memory runs out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch

from tas_ros.cancellation import check_cancelled
from tas_ros.errors import ModelError

T = TypeVar("T")
R = TypeVar("R")
_LOG = logging.getLogger(__name__)

PRECISIONS = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
_ALLOCATION_FAILURES = ("DefaultCPUAllocator", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED")
"""How torch words a failed allocation that it raises as a bare RuntimeError."""


def choose_device(device: str = "auto") -> torch.device:
    """`auto` is the first CUDA device where there is one, else the CPU. Raises ModelError for a device that is not."""
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        chosen = torch.device(device)
    except RuntimeError as error:
        raise ModelError(f"device {device!r} is unknown to torch ({error}); give auto, cpu or cuda:0") from error
    if chosen.type == "cuda" and (chosen.index or 0) >= torch.cuda.device_count():
        raise ModelError(
            f"device {device!r} is not there: torch {torch.__version__} sees {torch.cuda.device_count()} CUDA devices; "
            "give auto or cpu, or install a CUDA driver and build of torch"
        )
    return chosen


def choose_dtype(precision: str, device: torch.device) -> torch.dtype:
    """`auto` is fp16 on CUDA and fp32 elsewhere. Raises ModelError for an unknown precision."""
    if precision == "auto":
        return torch.float16 if device.type == "cuda" else torch.float32
    try:
        return PRECISIONS[precision]
    except KeyError:
        raise ModelError(f"precision {precision!r} is unknown; give auto, {', '.join(PRECISIONS)}") from None


def is_out_of_memory(error: BaseException) -> bool:
    """Whether `error` means that memory ran out, on whichever device."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in _ALLOCATION_FAILURES)


def in_batches(items: Sequence[T], size: int, run: Callable[[Sequence[T]], Sequence[R]]) -> list[R]:
    """`run`, one result an item, over `items` in batches of `size`; a batch that does not fit into memory is halved,
    and so are later ones.

    Raises what `run` raises when even one item does not fit.
    """
    results: list[R] = []
    while len(results) < len(items):
        check_cancelled()
        batch = items[len(results) : len(results) + size]
        done, size = run_fitting(min(size, len(batch)), lambda count, batch=batch: run(batch[:count]))  # type: ignore[misc]
        results.extend(done)
    return results


def run_fitting(size: int, run: Callable[[int], R]) -> tuple[R, int]:
    """`run(size)`, or with half the size as often as memory runs out; also the size that did it.

    Raises what `run` raises when even size 1 does not fit.
    """
    while True:
        try:
            return run(size), size
        except (MemoryError, RuntimeError) as error:
            if size == 1 or not is_out_of_memory(error):
                raise
        # Out here the exception, and the tensors its frames hold, are gone.
        size = max(1, size // 2)
        _LOG.warning("out of memory; going on with batches of %d", size)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
