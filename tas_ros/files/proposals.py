# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Mask proposals in files, to choose among masks that something else has found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import InvalidImageError
from tas_ros.vision.proposals import Proposals


def read_proposals(path: Path, height: int, width: int) -> Proposals:
    """Proposals of an image of that size.

    npy: (N, H, W) masks, anything but 0 is inside; npz: the same as `masks`, with `quality` (N,) in (0, 1] if known;
    any lossless picture: labels, one mask for each value but 0. Empty masks are refused. Raises InvalidImageError.
    """
    masks, quality = _load(path)
    if masks.ndim != 3 or masks.shape[1:] != (height, width):
        raise InvalidImageError(f"{path} holds masks of shape {masks.shape}; the image needs (N, {height}, {width})")
    if not len(masks):
        raise InvalidImageError(f"{path} holds no mask; there is nothing to choose from")
    chosen = np.ones(len(masks), np.float32) if quality is None else np.asarray(quality, np.float32)
    if chosen.shape != (len(masks),) or not ((chosen > 0) & (chosen <= 1)).all():
        raise InvalidImageError(f"{path} gives quality {chosen.tolist()}; it takes {len(masks)} numbers in (0, 1]")
    return Proposals(masks, chosen)


def _load(path: Path) -> tuple[NDArray[np.bool_], NDArray[Any] | None]:
    if not path.is_file():
        raise InvalidImageError(f"{path} is not a file; give masks as npy, npz or a picture of labels")
    if path.suffix.lower() not in (".npy", ".npz"):
        labels = _read_labels(path)
        values = np.unique(labels[labels != 0])
        return labels[None] == values[:, None, None], None
    try:
        stored = np.load(path, allow_pickle=False)
        if isinstance(stored, np.ndarray):
            return stored != 0, None
        return stored["masks"] != 0, stored.get("quality")
    except Exception as error:  # a damaged one raises EOFError, BadZipFile, MemoryError and others
        raise InvalidImageError(
            f"{path} holds no masks ({error}); save them with numpy.save, or numpy.savez with the name masks"
        ) from error


def _read_labels(path: Path) -> NDArray[Any]:
    import cv2

    if path.suffix.lower() in (".jpg", ".jpeg", ".webp"):
        raise InvalidImageError(f"{path} blurs labels ({path.suffix} is lossy); use .png")
    labels = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    if labels is None or labels.ndim != 2 or labels.dtype.kind != "u":
        raise InvalidImageError(f"{path} is no picture of labels; it needs one channel of whole numbers")
    return np.asarray(labels)
