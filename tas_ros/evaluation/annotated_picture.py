# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A picture in a file with COCO annotations: what every layout gives the runner, one per image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tas_ros.errors import DatasetError
from tas_ros.evaluation.coco_masks import rasterise
from tas_ros.evaluation.datasets import Instances, Sentence
from tas_ros.files.pictures import read_rgb
from tas_ros.vision.frame import Frame

Record = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class AnnotatedPicture:
    """One picture, its annotations and its sentences. Nothing read is kept, so a run's memory does not grow."""

    image_id: str
    sentences: tuple[Sentence, ...]
    path: Path
    size: tuple[int, int]
    """Height and width the annotations were made for."""
    annotations: tuple[Record, ...]
    """Each with `id` and a COCO `segmentation`."""

    def read(self) -> tuple[Frame, Instances]:
        """Pixels and masks. Raises DatasetError when the picture is missing or of another size."""
        if not self.path.is_file():
            raise DatasetError(f"{self.path} is missing; the dataset's pictures belong into {self.path.parent}")
        rgb = read_rgb(self.path, apply_orientation=False)
        if rgb.shape[:2] != self.size:
            raise DatasetError(
                f"{self.path} is {rgb.shape[:2]} (height, width), its annotations are for {self.size}; "
                "use the picture as published, not a resized one"
            )
        masks = np.zeros((len(self.annotations), *self.size), np.bool_)
        for row, each in enumerate(self.annotations):
            masks[row] = rasterise(
                each["segmentation"], *self.size, source=f"annotation {each['id']} of {self.path.name}"
            )
        return Frame(rgb), Instances(tuple(str(each["id"]) for each in self.annotations), masks)
