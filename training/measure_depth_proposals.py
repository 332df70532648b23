# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Recall of depth proposers on simulated views that nothing learnt from.

    python -m simulation.depth_scenes.generate FOLDER --first 100000 --count 80
    python -m training.measure_depth_proposals FOLDER

Of 1792 things in 250 views planes and clusters recalled .38 at IoU .5, the network .68 with as many masks.
Scenes that the network's quality was fitted on are left out. The pictures have no colour: they are grey all over.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch

from simulation.depth_scenes.generate import FIRST_HELD_OUT_SEED, read_scene, scene_paths
from tas_ros.vision.frame import Frame
from tas_ros.vision.proposers.depth import DepthProposer
from tas_ros.vision.proposers.depth_network import DepthNetworkProposer
from tas_ros.vision.protocols import MaskProposer
from tas_ros.vision.weights import PackagedWeights
from training.depth_examples import SMALLEST, measured
from training.depth_quality import things

QUALITY_SCENES = 30
"""Held-out scenes that the quality is fitted on; the others measure."""


def main() -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, help="others than those of the package, with their .sha256")
    given = parser.parse_args()
    torch.set_num_threads(1)
    weights = None
    if given.weights:
        digest = Path(f"{given.weights}.sha256").read_text("ascii").split()[0]
        weights = PackagedWeights("tas_ros", str(given.weights.resolve()), digest, ".")
    proposers: dict[str, MaskProposer] = {"planes": DepthProposer(), "network": DepthNetworkProposer(weights=weights)}
    best: dict[str, list[float]] = {name: [] for name in proposers}
    counts, seconds = dict.fromkeys(proposers, 0), dict.fromkeys(proposers, 0.0)
    random = np.random.default_rng(FIRST_HELD_OUT_SEED)
    pictures = 0
    for path in scene_paths(given.folder, held_out=True)[QUALITY_SCENES:]:
        for view in read_scene(path):
            depth = measured(view, random)
            frame = Frame(np.full((*depth.shape, 3), 128, np.uint8), depth, view.camera)
            truths = things(view.labels, 4 * SMALLEST)
            pictures += 1
            for name, proposer in proposers.items():
                start = time.perf_counter()
                proposals = proposer.propose(frame)
                seconds[name] += time.perf_counter() - start
                counts[name] += len(proposals)
                for truth in truths:
                    shared = np.count_nonzero(proposals.masks & truth, axis=(1, 2))
                    union = proposals.areas + np.count_nonzero(truth) - shared
                    best[name].append(float((shared / np.maximum(union, 1)).max(initial=0)))
    for name, ious in best.items():
        values = np.array(ious)
        sys.stdout.write(
            f"{name}: {len(values)} things in {pictures} views, recall at IoU .5 {np.mean(values >= 0.5):.3f}, at .75 "
            f"{np.mean(values >= 0.75):.3f}, mean IoU {values.mean():.3f}, {counts[name] / max(pictures, 1):.1f} masks "
            f"and {1000 * seconds[name] / max(pictures, 1):.0f} ms a view\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
