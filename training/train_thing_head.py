# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Trains the thing head: `python -m training.train_thing_head PHOTOS SET`.

PHOTOS is a folder that holds the photos of photo_sources.tsv and COCO's annotations of them, SET a tabletop benchmark
of tuning seeds. What is learnt from are the embedded proposer's own masks of both: wholes, parts, pairs and background
as it cuts them. Writes tas_ros/vision/encoders/thing_head.npz and its SHA-256 beside it, and prints
ThingRule.seen, the part that the outline has in the same model. Needs pycocotools.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tas_ros.evaluation.datasets import DatasetSelection, open_dataset
from tas_ros.pipeline import Pipeline
from tas_ros.vision.encoders.conse import ConseEncoder
from tas_ros.vision.frame import Frame
from tas_ros.vision.objectness import outline_features
from training.coco_photos import LabelledPhoto, learnt_photos, read_photos
from training.fit_head import save_head
from training.fit_objectness import area_under_curve, best_overlap, fit_logistic

THING_OVERLAP = 0.5
"""IoU with an annotated thing above which a mask is one."""
RIDGE = 5e-4
"""Penalty on squared weights of the scaled features against the mean loss of a mask."""
TABLE_WEIGHT = 0.5
"""Of all masks of tables together, half of them with depth, against all of photos. On every second tuning picture,
left out, the area under the curve was .98 without depth and .95 with, on 130 other photos .82; the proposer's quality
alone has .84, .83 and .67. COCO leaves many things unannotated, which lowers its figures."""
APPEARANCE_SCALE = 5.0
"""Length of a typical region's features beside outline features of unit spread."""


@dataclass(frozen=True, eq=False)
class Masks:
    """R proposals of pictures of one sort."""

    features: NDArray[np.float32]
    """(R, 2 * 1280) pooled, both views."""
    outlines: NDArray[np.float32]
    """(R, 3) of outline_features."""
    things: NDArray[np.bool_]
    """(R,) whether it is a whole thing."""


def examples(pictures: Iterable[tuple[Frame, NDArray[np.bool_]]], pipeline: Pipeline) -> Masks:
    """Own proposals of (frame, (T, H, W) masks of its things)."""
    encoder = pipeline.models.encoder
    assert isinstance(encoder, ConseEncoder)
    features, outlines, things = [], [], []
    for frame, annotated in pictures:
        scene = pipeline.scene(frame)
        own = scene.proposals
        if not len(own):
            continue
        features.append(np.concatenate(list(encoder.pooled_features(*scene.shown)), axis=1))
        outlines.append(outline_features(own))
        things.append(best_overlap(own, [scene.reduced(mask) for mask in annotated]) > THING_OVERLAP)
    return Masks(np.concatenate(features), np.concatenate(outlines), np.concatenate(things))


def fit(parts: Sequence[Masks], weights: Sequence[float]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(2 * 1280,) weights of the appearance and (4,) bias and weights of the outline, in one logistic model.

    weights: of each part's masks together.
    """
    outlines = np.concatenate([part.outlines for part in parts])
    mean, spread = outlines.mean(axis=0), outlines.std(axis=0)
    features = np.concatenate([part.features for part in parts])
    scale = APPEARANCE_SCALE / np.sqrt((features**2).sum(axis=1).mean())
    inputs = np.concatenate([features * scale, (outlines - mean) / spread], axis=1)
    each = np.concatenate(
        [np.full(len(part.things), w / len(part.things)) for part, w in zip(parts, weights, strict=True)]
    )
    things = np.concatenate([part.things for part in parts])
    bias, fitted = fit_logistic(inputs, things, each / each.sum(), RIDGE)
    appearance, outline = fitted[: features.shape[1]] * scale, fitted[features.shape[1] :] / spread
    return appearance.astype(np.float32), np.concatenate([[bias - outline @ mean], outline]).astype(np.float32)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Train the head that tells whole things from other masks.")
    parser.add_argument("photos", type=Path, help="folder with the photos of photo_sources.tsv and their annotations")
    parser.add_argument("set", type=Path, help="a tabletop benchmark of tuning seeds")
    given = parser.parse_args(arguments)
    pipeline = Pipeline.load()
    photos = examples(map(_annotated, read_photos(given.photos, learnt_photos())), pipeline)
    tables = [examples(_tables(given.set, split), pipeline) for split in ("rgb", "rgbd")]
    parts = [photos, *tables]
    appearance, outline = fit(parts, [1.0, TABLE_WEIGHT / 2, TABLE_WEIGHT / 2])
    digest = save_head("thing", appearance[None], np.zeros(1, np.float32))
    lines = [
        f"thing_head.npz {digest}",
        "bias {:.2f}, border {:.2f}, roundness {:.2f}, log quality {:.2f}".format(*outline),
    ]
    for name, part in zip(("photos", "rgb", "rgbd"), parts, strict=True):
        area = area_under_curve(part.features @ appearance + part.outlines @ outline[1:], part.things)
        alone = area_under_curve(part.outlines[:, 2], part.things)
        lines.append(
            f"{name}: {len(part.things)} masks, area under the curve {area:.3f}, of the quality alone {alone:.3f}"
        )
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _annotated(photo: LabelledPhoto) -> tuple[Frame, NDArray[np.bool_]]:
    masks = [photo.labels == number for number in range(1, len(photo.kinds) + 1)]
    return Frame(photo.rgb), np.array(masks, np.bool_).reshape(-1, *photo.labels.shape)


def _tables(root: Path, split: str) -> Iterator[tuple[Frame, NDArray[np.bool_]]]:
    for image in open_dataset(root, DatasetSelection(split=split)).images():
        frame, instances = image.read()
        yield frame, instances.as_proposals().masks


if __name__ == "__main__":
    sys.exit(main())
