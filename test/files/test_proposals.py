# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Masks given in files."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tas_ros.errors import InvalidImageError
from tas_ros.files.proposals import read_proposals

MASKS = np.zeros((2, 30, 40), bool)
MASKS[0, :10], MASKS[1, 20:, 20:] = True, True


def test_npy_npz_and_labels_hold_the_same_masks(tmp_path: Path):
    np.save(tmp_path / "masks.npy", MASKS.astype(np.uint8) * 255)
    np.savez(tmp_path / "masks.npz", masks=MASKS, quality=[0.5, 0.9])
    cv2.imwrite(str(tmp_path / "labels.png"), (MASKS[0] * 3 + MASKS[1] * 7).astype(np.uint8))
    for name in ("masks.npy", "masks.npz", "labels.png"):
        assert np.array_equal(read_proposals(tmp_path / name, 30, 40).masks, MASKS), name
    assert np.allclose(read_proposals(tmp_path / "masks.npz", 30, 40).quality, [0.5, 0.9])


def test_unusable_files_are_refused_with_their_reason(tmp_path: Path):
    np.save(tmp_path / "masks.npy", MASKS)
    np.savez(tmp_path / "other.npz", things=MASKS)
    np.savez(tmp_path / "quality.npz", masks=MASKS, quality=[0.0, 2.0])
    np.save(tmp_path / "empty.npy", np.zeros((1, 30, 40), bool))
    np.save(tmp_path / "objects.npy", np.array([{}]), allow_pickle=True)
    (tmp_path / "labels.png").write_bytes(b"no picture")
    (tmp_path / "zip.npz").write_bytes(b"PK\x03\x04")
    (tmp_path / "nothing.npy").touch()
    for name, size, reason in (
        ("masks.npy", (30, 41), r"needs \(N, 30, 41\)"),
        ("other.npz", (30, 40), "holds no masks"),
        ("quality.npz", (30, 40), r"2 numbers in \(0, 1\]"),
        ("empty.npy", (30, 40), "empty"),
        ("objects.npy", (30, 40), "holds no masks"),
        ("zip.npz", (30, 40), "holds no masks"),
        ("nothing.npy", (30, 40), "holds no masks"),
        ("labels.png", (30, 40), "no picture of labels"),
        ("labels.jpg", (30, 40), "not a file"),
    ):
        with pytest.raises(InvalidImageError, match=reason):
            read_proposals(tmp_path / name, *size)
