# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Mask proposals from registered depth by a network taught on simulated depth: things that touch, lie flat or hide."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from tas_ros.errors import ModelError
from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.proposers.depth_architecture import VOTE_UNIT, DepthNetwork
from tas_ros.vision.proposers.depth_features import depth_features, working_depth
from tas_ros.vision.proposers.mask_cleaning import clean_mask
from tas_ros.vision.proposers.outline_snapping import snap_labels
from tas_ros.vision.proposers.vote_clustering import VoteMaps, VoteRule, assign_votes, find_middles, merged
from tas_ros.vision.weights import PackagedWeights, load_arrays, own_weights

WEIGHTS = "vision/proposers/depth_network.npz"
VOTE_RULE = VoteRule()
LEAST_PIXELS = 6
"""Of the network's output; smaller clusters are noise."""
MERGED = (0.6, 1.0)
"""Distances of middles, in sizes of the thing, below which they are one thing, by hypothesis."""
LEAST_THING = (0.6, 0.3)
"""Probabilities from which a pixel is of a thing, by hypothesis. On 160 simulated views one hypothesis recalls .61 of
the things at IoU .5, these two by two .66."""
_LEAST_SIDE = 64
"""Pixels; the network sees nothing in a smaller picture."""


class DepthNetworkProposer:
    """Clusters what the depth network says, in several ways; each mask has the quality that its votes deserve.

    max_depth: metres beyond which depth is not trusted.
    duplicate_iou: of two masks above this IoU the one of lesser quality is dropped.
    least_quality: masks below are dropped.
    snap_band: pixels of the network's output by which colour may move an outline.
    bfloat16: run the network in bfloat16; None: where the CPU has instructions for it.

    Raises ModelError when the weights are missing or altered.
    """

    def __init__(
        self,
        max_depth: float = 8.0,
        duplicate_iou: float = 0.8,
        least_quality: float = 0.1,
        snap_band: float = 1.0,
        bfloat16: bool | None = None,
        weights: PackagedWeights | None = None,
    ) -> None:
        self._max_depth = max_depth
        self._duplicate_iou = duplicate_iou
        self._least_quality = least_quality
        self._snap_band = snap_band
        use_bfloat16 = torch.cpu._is_avx512_bf16_supported() if bfloat16 is None else bfloat16
        self._dtype = torch.bfloat16 if use_bfloat16 else torch.float32
        self._network, self._quality = load_depth_network(weights or own_weights(WEIGHTS))
        self._network.to(dtype=self._dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def propose(self, frame: Frame) -> Proposals:
        """Masks of the things, the best first; none when the frame has no depth."""
        maps = self.look(frame)
        return no_proposals(frame) if maps is None else self.from_maps(frame, maps)

    def look(self, frame: Frame) -> VoteMaps | None:
        """What the network says of the frame, at about a sixteenth of a VGA picture; None where there is no depth."""
        if frame.depth is None or min(frame.height, frame.width) < _LEAST_SIDE:
            return None
        depth = np.where((frame.depth > 0) & (frame.depth < self._max_depth), frame.depth, np.float32(np.nan))
        small, camera = working_depth(depth, frame.pinhole)
        if not np.isfinite(small).any():
            return None
        return vote_maps(run_network(self._network, depth_features(small, camera), self._dtype))

    def from_maps(self, frame: Frame, maps: VoteMaps) -> Proposals:
        """Masks of the things that the network's maps of the frame hold, the best first."""
        layers = hypotheses(maps)
        places, small, features = clusters(layers, maps)
        if not small:
            return no_proposals(frame)
        quality = self._expected_iou(features)
        kept = [
            index
            for index in distinct(np.stack(small), quality, self._duplicate_iou)
            if quality[index] >= self._least_quality
        ]
        shape = frame.rgb.shape[:2]
        band = max(2, round(self._snap_band * shape[1] / maps.thing.shape[1]))
        known = np.isfinite(frame.depth) if frame.depth is not None else np.zeros(shape, np.bool_)
        masks: dict[int, NDArray[np.bool_]] = {}
        for layer, labels in enumerate(layers):
            here = {places[index][1]: index for index in kept if places[index][0] == layer}
            if not here:
                continue
            snapped = snap_labels(enlarged(labels, shape), frame.rgb, known, band)
            for number, index in here.items():
                mask = clean_mask(snapped == number)
                if mask.any():
                    masks[index] = mask
        kept = [index for index in kept if index in masks]
        if not kept:
            return no_proposals(frame)
        return Proposals(np.stack([masks[index] for index in kept]), quality[kept])

    def quality_of(self, proposals: Proposals, maps: VoteMaps) -> NDArray[np.float32]:
        """(N,) the IoU that each of the frame's masks is expected to have with a thing, from the votes within it."""
        height, width = maps.thing.shape
        rows = ((np.arange(height) + 0.5) * (proposals.masks.shape[1] / height)).astype(np.int64)
        columns = ((np.arange(width) + 0.5) * (proposals.masks.shape[2] / width)).astype(np.int64)
        small = proposals.masks[:, rows][:, :, columns]
        quality = np.full(len(proposals), 1e-3, np.float32)
        large = np.flatnonzero(np.count_nonzero(small, axis=(1, 2)) >= LEAST_PIXELS)
        if large.size:
            quality[large] = self._expected_iou([cluster_features(small[index], maps) for index in large])
        return quality

    def _expected_iou(self, features: Sequence[list[float]]) -> NDArray[np.float32]:
        weight, bias = self._quality
        return np.asarray(1 / (1 + np.exp(-(np.array(features, np.float32) @ weight + bias))), np.float32)


def no_proposals(frame: Frame) -> Proposals:
    """None at all, of the frame's size."""
    return Proposals(np.zeros((0, frame.height, frame.width), np.bool_), np.zeros(0, np.float32))


def distinct(masks: NDArray[np.bool_], quality: NDArray[np.float32], duplicate_iou: float) -> list[int]:
    """Indices, best first, of the masks (N, h, w) that no better one is nearly the same as."""
    flat = masks.reshape(len(masks), -1).astype(np.float32)
    shared = flat @ flat.T
    areas = np.diagonal(shared)
    iou = shared / np.maximum(areas[:, None] + areas[None] - shared, 1)
    kept: list[int] = []
    for index in np.argsort(-quality, kind="stable"):
        if not kept or iou[index, kept].max() <= duplicate_iou:
            kept.append(int(index))
    return kept


def hypotheses(maps: VoteMaps, rule: VoteRule = VOTE_RULE) -> list[NDArray[np.int32]]:
    """Labels (h, w), 0 for what is of no thing, of every way to take the votes together; the main one first."""
    labels, middles = assign_votes(maps, find_middles(maps, rule), rule)
    if not labels.any():
        return []
    together = [merged(labels, middles, reach) for reach in MERGED]
    layers = [np.where(maps.thing > least, each, 0) for least in LEAST_THING for each in together]
    return [layer.astype(np.int32) for layer in layers]


def clusters(
    layers: Sequence[NDArray[np.int32]], maps: VoteMaps
) -> tuple[list[tuple[int, int]], list[NDArray[np.bool_]], list[list[float]]]:
    """Layer and number, mask (h, w) and cluster_features of all that are no noise."""
    places: list[tuple[int, int]] = []
    masks: list[NDArray[np.bool_]] = []
    features: list[list[float]] = []
    for layer, labels in enumerate(layers):
        for number in np.flatnonzero(np.bincount(labels.ravel())[1:] >= LEAST_PIXELS) + 1:
            mask = labels == number
            if not any(np.array_equal(mask, other) for other in masks):
                masks.append(mask)
                places.append((layer, int(number)))
                features.append(cluster_features(mask, maps))
    return places, masks, features


def cluster_features(mask: NDArray[np.bool_], maps: VoteMaps) -> list[float]:
    """What tells how good a cluster (h, w) is, about unit size: see the code for which."""
    area = float(np.count_nonzero(mask))
    thing, outline = maps.thing[mask], maps.outline
    votes, size = maps.votes[mask], maps.size[mask]
    radius = float(np.median(size))
    scatter = float(np.sqrt(votes.var(axis=0).sum())) / (radius + 1)
    rows, columns = np.nonzero(mask)
    spread = float(np.sqrt(rows.var() + columns.var()))
    off = float(np.hypot(*(votes.mean(axis=0) - (columns.mean(), rows.mean())))) / (radius + 1)
    inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1).astype(np.bool_)
    rim = mask & ~inner
    at_rim = float(outline[rim].mean()) if rim.any() else 0.0
    within = float(outline[inner].mean()) if inner.any() else at_rim
    border = sum(np.count_nonzero(side) for side in (mask[0], mask[-1], mask[:, 0], mask[:, -1]))
    return [
        float(thing.mean()),
        min(scatter, 2.0),
        float(np.log((spread + 1) / (radius + 1))),
        abs(float(np.log((spread + 1) / (radius + 1)))),
        min(off, 2.0),
        at_rim,
        within,
        float(np.log(area)) / 4,
        border / max(1.0, float(np.count_nonzero(rim))),
    ]


def run_network(
    network: DepthNetwork, features: NDArray[np.float32], dtype: torch.dtype = torch.float32
) -> NDArray[np.float32]:
    """The network's output (5, h, w) float32 for (12, H, W) features; dtype: of its weights."""
    batch = torch.from_numpy(features[None]).to(dtype).contiguous(memory_format=torch.channels_last)
    with torch.inference_mode():
        return np.asarray(network(batch)[0].float().numpy(), np.float32)


def vote_maps(output: NDArray[np.float32]) -> VoteMaps:
    """The network's five maps (5, h, w) in the units of VoteMaps."""
    rows, columns = np.indices(output.shape[1:], np.float32)
    votes = np.stack([columns + VOTE_UNIT * output[1], rows + VOTE_UNIT * output[2]], axis=-1)
    size = np.exp(np.clip(output[3], -1, 5))
    return VoteMaps(_sigmoid(output[0]), votes, size.astype(np.float32), _sigmoid(output[4]))


def enlarged(labels: NDArray[np.int32], shape: tuple[int, ...]) -> NDArray[np.int32]:
    """`labels` at `shape`, with smooth outlines: every pixel takes the label that weighs most around it."""
    result = np.zeros(shape, np.int32)
    best = np.full(shape, 0.5, np.float32)
    down, across = shape[0] / labels.shape[0], shape[1] / labels.shape[1]
    for number in range(1, int(labels.max()) + 1):
        mask = labels == number
        if not mask.any():
            continue
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        y0, y1 = max(0, rows[0] - 2), min(labels.shape[0], rows[-1] + 3)
        x0, x1 = max(0, columns[0] - 2), min(labels.shape[1], columns[-1] + 3)
        top, bottom = round(y0 * down), round(y1 * down)
        left, right = round(x0 * across), round(x1 * across)
        soft = cv2.resize(mask[y0:y1, x0:x1].astype(np.float32), (right - left, bottom - top))
        window = np.s_[top:bottom, left:right]
        better = soft >= best[window]
        best[window] = np.where(better, soft, best[window])
        result[window] = np.where(better, number, result[window])
    return result


def load_depth_network(weights: PackagedWeights) -> tuple[DepthNetwork, tuple[NDArray[np.float32], np.float32]]:
    """The network ready to infer, batch norm folded in, and slope and bias of the quality of clusters.

    Raises ModelError when the weights are missing, altered or of another network.
    """
    network = DepthNetwork()
    state = network.state_dict()
    names = [name for name, value in state.items() if value.is_floating_point()]
    arrays = load_arrays(weights, "depth network", *names, "quality.weight", "quality.bias")
    for name, array in zip(names, arrays, strict=False):
        if array.shape != tuple(state[name].shape):
            raise ModelError(f"depth network {weights.file} holds {name} of {array.shape}; run: {weights.cure}")
        state[name] = torch.from_numpy(array.astype(np.float32))
    network.load_state_dict(state)
    network.eval()
    _fold(network)
    slope, bias = arrays[-2:]
    return network, (np.asarray(slope, np.float32), np.float32(bias))


def _fold(module: nn.Module) -> None:
    """Convolutions take the batch norm behind them in."""
    for child in module.children():
        _fold(child)
    if isinstance(module, nn.Sequential):
        layers: Sequence[nn.Module] = list(module)
        for index, (layer, norm) in enumerate(itertools.pairwise(layers)):
            if isinstance(layer, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                module[index] = fuse_conv_bn_eval(layer, norm)
                module[index + 1] = nn.Identity()


def _sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), np.float32)
