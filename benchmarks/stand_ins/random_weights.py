# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Random weights through which signals pass at their size, whatever the depth of the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Within, torch draws from a generator of its own, so that no one else's random numbers change."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield


def fill(network: torch.nn.Module) -> None:
    """Draw all weights of `network` anew: matrices from N(0, 1 / fan-in), tables from N(0, 1), norms 1, biases 0.

    Libraries initialise some with zeros or with 1e-10 where a checkpoint is expected to follow, and networks born on
    torch's meta device not at all.
    """
    tables = {id(module.weight) for module in network.modules() if isinstance(module, torch.nn.Embedding)}
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if id(parameter) in tables:
                parameter.normal_()
            elif parameter.ndim > 1:
                parameter.normal_(0.0, (parameter[0].numel()) ** -0.5)
            else:
                parameter.fill_(1.0 if name.endswith("weight") else 0.0)
