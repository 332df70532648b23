"""Proposals: the masks a frame offers as possible answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import InvalidImageError


@dataclass(frozen=True, eq=False)
class Proposals:
    """N mask proposals of one frame, none empty.

    masks: (N, H, W) bool.
    quality: (N,) float32 in (0, 1], the proposer's own confidence that a mask is one whole thing.

    Raises InvalidImageError when shapes do not fit or a mask is empty.
    """

    masks: NDArray[np.bool_]
    quality: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.masks.ndim != 3 or self.masks.dtype != np.bool_:
            raise InvalidImageError(f"masks must be (N, H, W) bool, got {self.masks.shape} {self.masks.dtype}")
        if self.quality.shape != (len(self.masks),):
            raise InvalidImageError(f"quality must be ({len(self.masks)},), got {self.quality.shape}")
        if len(self.masks) and not self.areas.all():
            raise InvalidImageError(f"mask proposal {int(np.argmin(self.areas))} is empty; drop empty masks")

    def __len__(self) -> int:
        return len(self.masks)

    @cached_property
    def areas(self) -> NDArray[np.int64]:
        """(N,) pixels."""
        return np.count_nonzero(self.masks.reshape(len(self.masks), -1), axis=1).astype(np.int64)

    @cached_property
    def boxes(self) -> NDArray[np.int64]:
        """(N, 4) tight x0, y0, x1, y1 in pixels; x1 and y1 are exclusive."""
        columns, rows = self.masks.any(axis=1), self.masks.any(axis=2)
        _, height, width = self.masks.shape
        return (
            np.stack(
                [
                    columns.argmax(axis=1),
                    rows.argmax(axis=1),
                    width - columns[:, ::-1].argmax(axis=1),
                    height - rows[:, ::-1].argmax(axis=1),
                ],
                axis=1,
            ).astype(np.int64)
            if len(self.masks)
            else np.zeros((0, 4), np.int64)
        )

    @cached_property
    def centroids(self) -> NDArray[np.float32]:
        """(N, 2) mean x, y of the mask's pixels."""
        _, height, width = self.masks.shape
        column_counts = np.count_nonzero(self.masks, axis=1)
        row_counts = np.count_nonzero(self.masks, axis=2)
        return np.stack(
            [column_counts @ np.arange(width) / self.areas, row_counts @ np.arange(height) / self.areas], axis=1
        ).astype(np.float32)

    def select(self, keep: NDArray[np.int64] | NDArray[np.bool_]) -> Proposals:
        """The proposals at those indices (or where the boolean array holds), in that order."""
        return Proposals(self.masks[keep], self.quality[keep])
