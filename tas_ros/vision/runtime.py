"""Where and in which precision a network runs, and batches that shrink when memory runs out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch

from tas_ros.errors import ModelError

T = TypeVar("T")
R = TypeVar("R")
_LOG = logging.getLogger(__name__)

PRECISIONS = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}


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


def in_batches(items: Sequence[T], size: int, run: Callable[[Sequence[T]], Sequence[R]]) -> list[R]:
    """`run` over `items` in batches of `size`; a batch that does not fit into memory is halved, and so are later ones.

    Raises what `run` raises when even one item does not fit.
    """
    results: list[R] = []
    start = 0
    while start < len(items):
        batch = items[start : start + size]
        try:
            done = run(batch)
        except (torch.OutOfMemoryError, MemoryError):
            if len(batch) == 1:
                raise
            done = None
        if done is None:  # out here the exception, and the tensors its frames hold, are gone
            size = max(1, len(batch) // 2)
            _LOG.warning("out of memory with a batch of %d; going on with %d", len(batch), size)
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
        else:
            results.extend(done)
            start += len(batch)
    return results
