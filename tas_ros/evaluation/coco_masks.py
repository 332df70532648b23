# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""COCO segmentations to pixels, by pycocotools, so that areas agree with published evaluations to the pixel."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import DatasetError

_SHORTEST_POLYGON = 6
"""Numbers in a triangle. COCO holds some shorter ones; they enclose nothing, and pycocotools takes four for a box."""


def is_outlined(segmentation: Any) -> bool:
    """Whether a COCO `segmentation` can enclose anything: an RLE, or a polygon of three points or more."""
    return isinstance(segmentation, dict) or any(len(polygon) >= _SHORTEST_POLYGON for polygon in segmentation)


def rasterise(segmentation: Any, height: int, width: int, source: str) -> NDArray[np.bool_]:
    """(height, width) bool mask of a COCO `segmentation`: polygons, uncompressed RLE or compressed RLE.

    Overlapping polygons of one instance are foreground; polygons of less than three points are passed over.
    `source` names the annotation in errors.
    Raises DatasetError when the segmentation is in none of these forms or made for another image size.
    """
    try:
        coco_mask: Any = import_module("pycocotools.mask")
    except ImportError as error:
        raise DatasetError(f"{source} needs pycocotools to be read: pip install pycocotools ({error})") from error

    try:
        if isinstance(segmentation, dict):
            if list(segmentation["size"]) != [height, width]:
                raise DatasetError(
                    f"{source} is an RLE of size {segmentation['size']} in an image of {[height, width]}; "
                    "rows come first in 'size'"
                )
            counts = segmentation["counts"]
            encoded = coco_mask.frPyObjects(segmentation, height, width) if isinstance(counts, list) else segmentation
        else:
            polygons = [list(map(float, polygon)) for polygon in segmentation if len(polygon) >= _SHORTEST_POLYGON]
            if not polygons or any(len(polygon) % 2 for polygon in polygons):
                raise ValueError("a polygon needs at least three x, y pairs")
            encoded = coco_mask.merge(coco_mask.frPyObjects(polygons, height, width))
        return np.asarray(coco_mask.decode(encoded), dtype=np.bool_)
    except (KeyError, TypeError, ValueError) as error:
        raise DatasetError(
            f"{source} has an unreadable segmentation ({error}); give COCO polygons [[x, y, ...]] or an RLE"
        ) from error
