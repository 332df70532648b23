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
