# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Fits a linear head of kinds on a classifier's pooled features, and writes it where the package reads it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from tas_ros.vision.weights import write_digest
from training.examples import Examples

ENCODERS = Path(__file__).parents[1] / "tas_ros" / "vision" / "encoders"


def fit_head(
    examples: Examples, right: NDArray[np.bool_], ridge: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(K, 2 * 1280) weights and (K,) biases of a multinomial logistic regression with a ridge penalty.

    What the classifier says without the head stays as it is and counts as one more outcome, through the log-sum-exp in
    `examples.general`, so a region that is no kind is asked only to leave its probability to that.

    right: (R, 1 + K) which outcomes are right for a region, none of the kinds first; where several are, their
    probabilities count together. ridge: penalty on squared weights against the mean loss of a region.
    """
    features, weights = torch.from_numpy(both_views(examples)), torch.from_numpy(examples.weights)
    general, wrong = torch.from_numpy(examples.general), torch.from_numpy(~right)
    weight = torch.zeros(right.shape[1] - 1, features.shape[1], requires_grad=True)
    bias = torch.full((right.shape[1] - 1,), float(general.mean()) - 2.0, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=150, history_size=10, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        logits = features @ weight.T + bias
        total = ridge * weight.square().sum()
        for view in general:
            joint = torch.cat([view[:, None], logits], dim=1)
            each = joint.logsumexp(dim=1) - joint.masked_fill(wrong, -torch.inf).logsumexp(dim=1)
            total = total + (weights * each).sum() / weights.sum() / len(general)
        total.backward()
        return total

    optimizer.step(loss)
    return weight.detach().numpy(), bias.detach().numpy()


def probabilities(examples: Examples, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> NDArray[np.float32]:
    """(R, 1 + K) mean over the views: of none of the kinds, then of each."""
    logits = both_views(examples) @ weight.T + bias
    joint = np.stack([np.concatenate([view[:, None], logits], axis=1) for view in examples.general])
    exponentials = np.exp(joint - joint.max(axis=2, keepdims=True))
    return np.asarray((exponentials / exponentials.sum(axis=2, keepdims=True)).mean(axis=0), np.float32)


def both_views(examples: Examples) -> NDArray[np.float32]:
    """(R, 2 * 1280)."""
    return np.concatenate(list(examples.features), axis=1)


def save_head(name: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
    """Write NAME_head.npz, and its digest beside it as `sha256sum` would; returns the digest."""
    path = ENCODERS / f"{name}_head.npz"
    np.savez_compressed(path, weight=weight.astype(np.float16), bias=bias.astype(np.float16))
    return write_digest(path)
