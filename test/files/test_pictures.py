# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tas_ros.errors import InvalidImageError
from tas_ros.files.pictures import read_camera_info, read_depth, read_rgb, write_mask, write_rgb
from tas_ros.vision.frame import CameraIntrinsics

CAMERA = CameraIntrinsics(500.0, 510.0, 320.0, 240.0)
K = [500.0, 0.0, 320.0, 0.0, 510.0, 240.0, 0.0, 0.0, 1.0]


def test_rgb_survives_a_png(tmp_path: Path) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    write_rgb(tmp_path / "a.png", rgb)
    np.testing.assert_array_equal(read_rgb(tmp_path / "a.png"), rgb)


@pytest.mark.parametrize("channels", [1, 4])
def test_grey_and_alpha_become_rgb(tmp_path: Path, channels: int) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.full((4, 6, channels), 77, np.uint8))
    assert read_rgb(tmp_path / "a.png").shape == (4, 6, 3)


def test_exif_orientation_is_followed_unless_told_otherwise(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    exif = image.Exif()
    exif[0x0112] = 6  # stored lying on its side
    image.new("RGB", (8, 4)).save(tmp_path / "a.jpg", exif=exif)
    assert read_rgb(tmp_path / "a.jpg").shape == (8, 4, 3)
    assert read_rgb(tmp_path / "a.jpg", apply_orientation=False).shape == (4, 8, 3)


def test_depth_in_millimetres_and_metres(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "mm.png"), np.array([[0, 1000], [2500, 65535]], np.uint16))
    np.save(tmp_path / "m.npy", np.array([[0.0, 1.0], [np.inf, -1.0]]))
    cv2.imwrite(str(tmp_path / "m.tiff"), np.array([[np.nan, 1.5]], np.float32))
    np.testing.assert_allclose(read_depth(tmp_path / "mm.png"), [[np.nan, 1], [2.5, 65.535]], rtol=1e-6)
    np.testing.assert_allclose(read_depth(tmp_path / "m.npy"), [[np.nan, 1], [np.nan, np.nan]])
    np.testing.assert_allclose(read_depth(tmp_path / "m.tiff"), [[np.nan, 1.5]])
    assert read_depth(tmp_path / "mm.png").dtype == np.float32


@pytest.mark.parametrize(
    "text",
    [
        f"header:\n  frame_id: camera\nheight: 480\nk: {K}\n---\n",
        f"image_width: 640\ncamera_matrix:\n  rows: 3\n  cols: 3\n  data: {K}\n",
        json.dumps({"K": K}),
        json.dumps({"fx": 500, "fy": 510, "cx": 320, "cy": 240}),
    ],
)
def test_camera_info_forms(tmp_path: Path, text: str) -> None:
    (tmp_path / "camera.yaml").write_text(text)
    assert read_camera_info(tmp_path / "camera.yaml") == CAMERA


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1, 2]",
        "k: [1, 2]",
        "fx: 1",
        "k: [0,0,0,0,0,0,0,0,0]",
        "a: {",
        "k: 3",
        "fx: no",
        "[" * 10_000,
        "x" * 70_000,
        "a: &a [1]\nk: *a",
        "fx: " + "9" * 5000,
        "fx: 2024-13-45",
        *(f"{{fx: {'9' * 4000}, fy: 1, cx: 1, cy: 1}}",),
    ],
)
def test_camera_info_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "camera.yaml").write_text(text)
    with pytest.raises(InvalidImageError, match=r"camera\.yaml"):
        read_camera_info(tmp_path / "camera.yaml")


def test_unusable_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("not a picture")
    (tmp_path / "empty.png").touch()
    (tmp_path / "bad.npy").write_bytes(b"\x93NUMPY")
    (tmp_path / "nothing.npy").touch()
    (tmp_path / "zip.npy").write_bytes(b"PK\x03\x04")
    write_rgb(tmp_path / "colour.png", np.zeros((3, 3, 3), np.uint8))
    for reader in (read_rgb, read_depth):
        for name in ("text.png", "empty.png", "missing.png"):
            with pytest.raises(InvalidImageError, match=name):
                reader(tmp_path / name)
    for name in ("colour.png", "bad.npy", "nothing.npy", "zip.npy"):
        with pytest.raises(InvalidImageError, match=name):
            read_depth(tmp_path / name)


def test_masks_are_black_and_white_and_lossless(tmp_path: Path) -> None:
    mask = np.zeros((4, 5), bool)
    mask[1:3, 2] = True
    write_mask(tmp_path / "mask.png", mask)
    stored = cv2.imread(str(tmp_path / "mask.png"), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(stored, mask * np.uint8(255))
    for name in ("mask.jpg", "mask", "mask.nonsense", "nowhere/mask.png"):
        with pytest.raises(InvalidImageError, match=Path(name).name):
            write_mask(tmp_path / name, mask)
