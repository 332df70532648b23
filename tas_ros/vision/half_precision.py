"""Half precision where it pays (matrix products) and full precision where it would show (coordinates, outputs)."""

from __future__ import annotations

from typing import Any

import torch


def compute_in(module: torch.nn.Module, device: torch.device, dtype: torch.dtype, convert: bool = False) -> None:
    """From now on `module`, whose output is a tensor or a tuple of them, computes in `dtype` and answers in float32.

    convert: also keep the weights in `dtype`, which halves their memory.
    """
    if dtype == torch.float32:
        return
    if convert:
        module.to(dtype)
    forward = module.forward

    def lowered(*args: Any, **kwargs: Any) -> Any:
        with torch.autocast(device.type, dtype=dtype):
            outputs = forward(*args, **kwargs)
        return tuple(each.float() for each in outputs) if isinstance(outputs, tuple) else outputs.float()

    module.forward = lowered
