# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Trains the depth network on simulated depth: `python -m training.train_depth_network FOLDER`.

    python -m simulation.depth_scenes.generate FOLDER --first 0 --count 1497
    python -m simulation.depth_scenes.generate FOLDER --first 100000 --count 80
    python -m training.train_depth_network FOLDER

Writes tas_ros/vision/proposers/depth_network.npz and its SHA-256 beside it. Needs pybullet and robosuite, to render the
scenes. One thread, so that the same seed gives the same weights; convolutions run in bfloat16 where the CPU has it.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from simulation.depth_scenes.generate import read_scene, scene_paths
from tas_ros.vision.proposers.depth_architecture import VOTE_UNIT, DepthNetwork
from tas_ros.vision.weights import write_digest
from training.depth_examples import Target, example, shuffled_views
from training.depth_quality import fit_quality
from training.measure_depth_proposals import QUALITY_SCENES

OUTPUT = Path(__file__).parents[1] / "tas_ros/vision/proposers/depth_network.npz"
SEED = 20261130
BATCH = 8
PEAK_RATE = 2e-3
WARMING = 200
"""Steps over which the rate rises."""
AVERAGED = 0.998
"""Of the running mean of the weights, which is what is kept."""


def train(paths: list[Path], images: int) -> DepthNetwork:
    """The network after that many examples."""
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    network = DepthNetwork().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    averaged = {name: value.clone() for name, value in network.state_dict().items()}
    steps = images // BATCH
    optimiser = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=1e-3)
    bfloat16 = torch.cpu._is_avx512_bf16_supported()
    views = shuffled_views(paths, random)
    sums, start = np.zeros(4), time.perf_counter()
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate(step, steps)
        batch = [example(next(views), random) for _ in range(BATCH)]
        inputs = torch.from_numpy(np.stack([features for features, _ in batch]))
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            outputs = network(inputs.contiguous(memory_format=torch.channels_last))
        parts = losses(outputs.float(), [target for _, target in batch])
        optimiser.zero_grad(set_to_none=True)
        torch.stack(parts).sum().backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        decay = min(AVERAGED, (1 + step) / (10 + step))
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                averaged[name].lerp_(value, 1 - decay)
        sums += [float(part.detach()) for part in parts]
        if step % 50 == 49:
            means = " ".join(f"{value:.4f}" for value in sums / 50)
            sys.stdout.write(f"{(step + 1) * BATCH} images, {time.perf_counter() - start:.0f} s: {means}\n")
            sys.stdout.flush()
            sums[:] = 0
    network.load_state_dict(averaged)
    return network


def rate(step: int, steps: int) -> float:
    """Learning rate: rises, stays, and falls to nothing over the last third."""
    return PEAK_RATE * min(1.0, (step + 1) / WARMING, 3 * (steps - step) / steps)


def losses(outputs: torch.Tensor, targets: list[Target]) -> tuple[torch.Tensor, ...]:
    """Weighted losses of thing, votes, size and outline. outputs: (B, 5, h, w)."""

    def of(name: str) -> torch.Tensor:
        return torch.from_numpy(np.stack([getattr(target, name) for target in targets]))

    weight, vote_weight, size = of("thing_weight"), of("vote_weight"), of("size")
    thing = functional.binary_cross_entropy_with_logits(outputs[:, 0], of("thing"), weight, reduction="sum")
    total_votes = vote_weight.sum().clamp_min(1)
    # A vote may miss by a share of the thing's size, and always by a pixel.
    tolerance = (0.25 * size.exp() + 1)[:, None]
    missed = (outputs[:, 1:3] - of("offset")) * VOTE_UNIT / tolerance
    votes = (functional.smooth_l1_loss(missed, torch.zeros_like(missed), reduction="none").sum(1) * vote_weight).sum()
    sizes = (functional.smooth_l1_loss(outputs[:, 3], size, reduction="none") * vote_weight).sum()
    asked = (weight > 0).float()
    outline = of("outline")
    edges = functional.binary_cross_entropy_with_logits(
        outputs[:, 4], outline, asked * (1 + 2 * outline), reduction="sum"
    )
    return thing / weight.sum(), 0.5 * votes / total_votes, 0.2 * sizes / total_votes, 0.5 * edges / asked.sum()


def rounded(network: DepthNetwork) -> DepthNetwork:
    """The network with the weights that its file will hold."""
    network.load_state_dict(
        {
            name: value.half().float() if value.is_floating_point() and value.dim() > 1 else value
            for name, value in network.state_dict().items()
        }
    )
    return network


def save(network: DepthNetwork, quality: tuple[NDArray[np.float32], np.float32], path: Path) -> str:
    """Write the convolutions in half precision, the rest in single; returns their SHA-256.

    quality: slope and bias of the clusters' quality.
    """
    arrays = {
        name: value.numpy().astype(np.float16 if value.dim() > 1 else np.float32)
        for name, value in network.state_dict().items()
        if value.is_floating_point()
    }
    arrays |= {"quality.weight": quality[0], "quality.bias": np.asarray(quality[1])}
    np.savez_compressed(path, **arrays)
    return write_digest(path)


def main() -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--images", type=int, default=30_000, help="examples to learn from")
    parser.add_argument("--out", type=Path, default=OUTPUT)
    given = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True, warn_only=True)
    network = rounded(train(scene_paths(given.folder, held_out=False), given.images)).eval()
    held_out = scene_paths(given.folder, held_out=True)[:QUALITY_SCENES]
    views = (view for path in held_out for view in read_scene(path))
    quality = fit_quality(network, views, np.random.default_rng(SEED))
    sys.stdout.write(f"{given.out}: {save(network, quality, given.out)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
