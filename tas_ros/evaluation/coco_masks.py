"""COCO segmentations to pixels, by pycocotools, so that areas agree with published evaluations to the pixel."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import DatasetError


def rasterise(segmentation: Any, height: int, width: int, source: str) -> NDArray[np.bool_]:
    """(height, width) bool mask of a COCO `segmentation`: polygons, uncompressed RLE or compressed RLE.

    Overlapping polygons of one instance are foreground. `source` names the annotation in errors.
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
            polygons = [list(map(float, polygon)) for polygon in segmentation]
            if not polygons or any(len(polygon) < 6 or len(polygon) % 2 for polygon in polygons):
                raise ValueError("a polygon needs at least three x, y pairs")
            encoded = coco_mask.merge(coco_mask.frPyObjects(polygons, height, width))
        return np.asarray(coco_mask.decode(encoded), dtype=np.bool_)
    except (KeyError, TypeError, ValueError) as error:
        raise DatasetError(
            f"{source} has an unreadable segmentation ({error}); give COCO polygons [[x, y, ...]] or an RLE"
        ) from error
