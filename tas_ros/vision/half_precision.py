# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

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
