# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Random weights of networks that write."""

from __future__ import annotations

from typing import Any

import torch

from benchmarks.stand_ins.random_weights import fill


def fill_captioner(network: Any) -> None:
    """Draw all weights anew, with word vectors of length 1.

    The same table scores the words: with longer vectors every word would be followed by itself, the first one by the
    end, whatever the picture.
    """
    fill(network)
    with torch.no_grad():
        words = network.get_input_embeddings().weight
        words.mul_(words.shape[1] ** -0.5)
