# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Fits ThingRule, how much a mask looks like a thing of any kind: `python -m training.fit_objectness SET`.

SET: a tabletop benchmark of tuning seeds. The embedded proposer's masks of its pictures, with depth and without, are
things where they overlap an annotated one with an IoU above .6. Prints the weights and how well they tell things
apart on pictures that were left out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import rankdata

from tas_ros.arrays import FloatArray, MaskArray
from tas_ros.evaluation.datasets import DatasetSelection, open_dataset
from tas_ros.pipeline import Pipeline
from tas_ros.vision.objectness import outline_features
from tas_ros.vision.proposals import Proposals

THING_OVERLAP = 0.6
FOLDS = 5
SHRINK = 1e-3
"""L2 penalty on the weights of standardised features."""


def examples(root: Path, split: str, pipeline: Pipeline) -> tuple[FloatArray, MaskArray, FloatArray]:
    """(N, 3) features, (N,) whether the mask is a thing, (N,) number of its picture."""
    features, things, pictures = [], [], []
    for number, image in enumerate(open_dataset(root, DatasetSelection(split=split)).images()):
        frame, instances = image.read()
        scene = pipeline.scene(frame)
        own = scene.proposals
        if not len(own):
            continue
        features.append(outline_features(own))
        things.append(
            best_overlap(own, [scene.reduced(mask) for mask in instances.as_proposals().masks]) > THING_OVERLAP
        )
        pictures.append(np.full(len(own), number))
    return np.concatenate(features), np.concatenate(things), np.concatenate(pictures)


def best_overlap(own: Proposals, annotated: Sequence[MaskArray]) -> FloatArray:
    """(N,) IoU of each proposal with the one of T masks (H, W) that it fits best; 0 where there is none."""
    masks = np.stack([*own.masks, *annotated])
    both = Proposals(masks, np.ones(len(masks), np.float32))
    return np.asarray(both.iou[: len(own), len(own) :].max(axis=1, initial=0.0), np.float32)


def fit(features: FloatArray, things: MaskArray) -> FloatArray:
    """(4,) bias and weights of the logistic model."""
    mean, spread = features.mean(axis=0), features.std(axis=0)
    bias, weights = fit_logistic((features - mean) / spread, things, np.full(len(things), 1 / len(things)), SHRINK)
    scaled = weights / spread
    return np.concatenate([[bias - scaled @ mean], scaled])


def fit_logistic(inputs: FloatArray, things: MaskArray, shares: FloatArray, ridge: float) -> tuple[float, FloatArray]:
    """Bias and (F,) weights of a logistic regression on (N, F) inputs.

    shares: (N,) of the examples, sum 1. ridge: penalty on squared weights against the mean loss of an example.
    """

    def loss(weights: FloatArray) -> tuple[float, FloatArray]:
        logits = inputs @ weights[1:] + weights[0]
        error = shares * (expit(logits) - things)
        value = shares @ (np.logaddexp(0, logits) - things * logits) + ridge * np.sum(weights[1:] ** 2)
        slope = np.concatenate([[error.sum()], error @ inputs + 2 * ridge * weights[1:]])
        return float(value), slope

    best = minimize(loss, np.zeros(inputs.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return float(best[0]), best[1:]


def area_under_curve(scores: FloatArray, things: MaskArray) -> float:
    """Share of pairs of a thing and none that the scores order rightly."""
    ranks, count = rankdata(scores), int(things.sum())
    return float((ranks[things].sum() - count * (count + 1) / 2) / (count * (len(things) - count)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Fit how much a mask looks like a thing.")
    parser.add_argument("set", type=Path, help="a tabletop benchmark of tuning seeds")
    root = parser.parse_args(arguments).set
    pipeline = Pipeline.load()
    parts = {split: examples(root, split, pipeline) for split in ("rgb", "rgbd")}
    features, things, pictures = (np.concatenate(each) for each in zip(*parts.values(), strict=True))
    source = np.repeat(list(parts), [len(part[1]) for part in parts.values()])
    scores = np.zeros(len(things))
    for fold in range(FOLDS):
        out = pictures % FOLDS == fold
        bias, *weights = fit(features[~out], things[~out])
        scores[out] = features[out] @ weights + bias
    bias, *weights = fit(features, things)
    lines = [f"bias {bias:.2f}, border {weights[0]:.2f}, roundness {weights[1]:.2f}, log quality {weights[2]:.2f}"]
    for name in parts:
        mine = source == name
        both = [area_under_curve(each[mine], things[mine]) for each in (scores, features[:, 2])]
        lines.append(f"{name}: area under the curve {both[0]:.3f}, of the quality alone {both[1]:.3f}")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
