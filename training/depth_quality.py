# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""How good a cluster of votes is: a logistic model of its IoU, fitted on simulated views the network has not seen."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from simulation.depth_scenes.generate import FURNITURE, DepthView
from tas_ros.vision.proposers.depth_architecture import DepthNetwork
from tas_ros.vision.proposers.depth_features import depth_features
from tas_ros.vision.proposers.depth_network import clusters, hypotheses, run_network, vote_maps
from training.depth_examples import SMALLEST, measured


def fit_quality(
    network: DepthNetwork, views: Iterable[DepthView], random: np.random.Generator
) -> tuple[NDArray[np.float32], np.float32]:
    """Slope (F,) and bias () of the logit of the IoU that a cluster of those features has with a thing.

    network: in evaluation mode.
    """
    rows: list[list[float]] = []
    ious: list[float] = []
    for view in views:
        maps = vote_maps(run_network(network, depth_features(measured(view, random), view.camera)))
        _, masks, features = clusters(hypotheses(maps), maps)
        truths = things(view.labels[1::2, 1::2], SMALLEST)
        ignored = view.labels[1::2, 1::2] == FURNITURE
        for mask, row in zip(masks, features, strict=True):
            if np.count_nonzero(mask & ignored) > 0.5 * np.count_nonzero(mask):
                continue
            rows.append(row)
            ious.append(max((_iou(mask, truth) for truth in truths), default=0.0))
    x, y = np.column_stack([np.array(rows), np.ones(len(rows))]), np.array(ious)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        p = np.clip(expit(x @ weights), 1e-6, 1 - 1e-6)
        value = -float(np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))) + 1e-4 * float(weights @ weights)
        return value, x.T @ (p - y) / len(y) + 2e-4 * weights

    found = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x
    return found[:-1].astype(np.float32), np.float32(found[-1])


def things(labels: NDArray[np.uint8], least: int) -> list[NDArray[np.bool_]]:
    """Masks of the things of `least` pixels or more in (H, W) labels."""
    areas = np.bincount(labels.ravel(), minlength=256)[1:FURNITURE]
    return [labels == number for number in np.flatnonzero(areas >= least) + 1]


def _iou(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    shared = np.count_nonzero(a & b)
    return shared / (np.count_nonzero(a) + np.count_nonzero(b) - shared)
