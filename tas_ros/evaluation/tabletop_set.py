# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The tabletop benchmark as an evaluation set: `tabletop.json` with rgb/ and depth/ beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import DatasetError
from tas_ros.evaluation.coco_masks import rasterise
from tas_ros.evaluation.datasets import AnnotatedImage, DatasetSelection, Instances, Sentence
from tas_ros.files.pictures import read_rgb
from tas_ros.vision.frame import CameraIntrinsics, Frame

INDEX = "tabletop.json"
FORMAT = "tas_ros tabletop benchmark 1"


@dataclass(frozen=True, eq=False)
class TabletopImage:
    """One picture with its sentences."""

    root: Path
    record: Mapping[str, Any]
    sentences: tuple[Sentence, ...]
    with_depth: bool = True

    @property
    def image_id(self) -> str:
        """Seed and number of the view."""
        return str(self.record["id"])

    def read(self) -> tuple[Frame, Instances]:
        """Picture, depth, camera and poses; the things' visible masks. Raises DatasetError naming the file."""
        size = self.record["height"], self.record["width"]
        path = self.root / "rgb" / f"{self.image_id}.png"
        if not path.is_file():
            raise DatasetError(f"{path} is missing; make the set anew (python -m simulation.tabletop.generate)")
        rgb = read_rgb(path, apply_orientation=False)
        if rgb.shape[:2] != size:
            raise DatasetError(f"{path} is {rgb.shape[:2]} (height, width), its index says {size}; make the set anew")
        frame = Frame(
            rgb,
            read_depth(self.root, self.record) if self.with_depth else None,
            CameraIntrinsics(**self.record["intrinsics"]),
            robot_from_camera=np.array(self.record["robot_from_camera"], np.float64),
            speaker_from_camera=np.array(self.record["speaker_from_camera"], np.float64),
        )
        return frame, Instances(tuple(str(each["id"]) for each in self.record["things"]), read_masks(self.record))


def read_depth(root: Path, record: Mapping[str, Any]) -> NDArray[np.float32]:
    """(H, W) metres, NaN where unknown. Raises DatasetError naming the file."""
    path = root / "depth" / f"{record['id']}.png"
    millimetres = cv2.imread(str(path), cv2.IMREAD_UNCHANGED) if path.is_file() else None
    size = (record["height"], record["width"])
    if millimetres is None or millimetres.dtype != np.uint16 or millimetres.shape != size:
        raise DatasetError(f"{path} is not a 16-bit png of size {size}; make the set anew")
    return to_metres(np.asarray(millimetres, np.uint16))


def to_metres(millimetres: NDArray[np.uint16]) -> NDArray[np.float32]:
    """(H, W) metres of a depth picture in millimetres; NaN for its 0."""
    return np.where(millimetres > 0, millimetres / np.float32(1000), np.float32(np.nan)).astype(np.float32)


def read_masks(record: Mapping[str, Any]) -> NDArray[np.bool_]:
    """(N, H, W) of the picture's things in their order."""
    size = (record["height"], record["width"])
    masks = np.zeros((len(record["things"]), *size), np.bool_)
    for row, each in enumerate(record["things"]):
        masks[row] = rasterise(each["segmentation"], *size, source=f"thing {each['id']} of {record['id']}")
    return masks


def read_labels(record: Mapping[str, Any]) -> NDArray[np.uint8]:
    """(H, W) 1 + row of the thing that shows, 0 elsewhere."""
    masks = read_masks(record)
    return (masks * np.arange(1, len(masks) + 1, dtype=np.uint8)[:, None, None]).sum(axis=0).astype(np.uint8)


def read_index(root: Path) -> dict[str, Any]:
    """The index file. Raises DatasetError when it cannot be read or is of another format."""
    path = root / INDEX
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DatasetError(f"{path} cannot be read as json ({error}); make the set anew") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise DatasetError(f"{path} is not of format {FORMAT!r}; make the set anew with this version")
    return content


class TabletopDataset:
    """The directory's benchmark. Selection: split "rgb" leaves the depth out, "rgbd" (the default) gives it.

    Raises DatasetError when the index cannot be read or a record lacks a field.
    """

    def __init__(self, root: Path, selection: DatasetSelection) -> None:
        content = read_index(root)
        split = selection.split or "rgbd"
        if split not in ("rgb", "rgbd") or selection.dataset or selection.split_by or selection.text_field:
            raise DatasetError(
                f"{root} is a tabletop benchmark; select split rgbd or rgb and nothing else: {selection}"
            )
        self.selection = DatasetSelection(split=split)
        self.warnings: tuple[str, ...] = ()
        try:
            self._images = tuple(_image(root, record, split == "rgbd") for record in content["images"])
            self.name = f"tabletop {content['split']}"
            first, last = content["seeds"]
        except (KeyError, TypeError, ValueError) as error:
            raise DatasetError(f"{root / INDEX} has a record without the field {error}; make the set anew") from error
        self.source = f"{INDEX}, seeds {first} to {last}, {split}"
        self.sentence_count = sum(len(image.sentences) for image in self._images)
        if not self.sentence_count:
            raise DatasetError(f"{root / INDEX} holds no sentences; make the set anew")

    @classmethod
    def recognises(cls, root: Path) -> bool:
        """Whether the index lies there."""
        return (root / INDEX).is_file()

    def images(self) -> Iterator[AnnotatedImage]:
        """Pictures that have sentences, in the order of the index."""
        return (image for image in self._images if image.sentences)


def _image(root: Path, record: Mapping[str, Any], with_depth: bool) -> TabletopImage:
    camera = (f"family:{record['family']}", "rolled" if record["roll"] else "not rolled")
    sentences = tuple(
        Sentence(
            sentence_id=each["id"],
            text=each["text"],
            target_ids=tuple(each["target_ids"]),
            tags=(
                each["kind"],
                f"perspective:{each['perspective'] or 'any'}",
                f"form:{each['form']}",
                *camera,
                *(("rgbd only",) if each["rgbd_only"] else ()),
                *(("says whose",) if each["says_perspective"] else ()),
            ),
            perspective="" if each["says_perspective"] else each["perspective"],
            expected=each["expected"],
        )
        for each in record["sentences"]
    )
    return TabletopImage(root, record, sentences, with_depth)
