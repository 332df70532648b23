# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

import numpy as np
import pytest
from pycocotools import mask as coco_mask

from tas_ros.errors import DatasetError
from tas_ros.evaluation.coco_masks import rasterise

HEIGHT, WIDTH = 6, 8


def expected() -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[1:4, 2:6] = True
    return mask


def test_polygon_box_and_both_rle_forms_agree() -> None:
    polygon = [[2, 1, 6, 1, 6, 4, 2, 4]]
    compressed = coco_mask.encode(np.asfortranarray(expected().astype(np.uint8)))
    columns = expected().flatten(order="F")
    runs = np.diff(np.flatnonzero(np.diff(np.concatenate([[2], columns, [2]]))))
    uncompressed = {"size": [HEIGHT, WIDTH], "counts": runs.tolist()}
    as_json = {"size": [HEIGHT, WIDTH], "counts": compressed["counts"].decode("ascii")}
    for segmentation in (polygon, compressed, as_json, uncompressed):
        np.testing.assert_array_equal(rasterise(segmentation, HEIGHT, WIDTH, "annotation 1"), expected())


def test_overlapping_polygons_are_foreground() -> None:
    left, right = [0, 0, 5, 0, 5, 6, 0, 6], [3, 0, 8, 0, 8, 6, 3, 6]
    assert rasterise([left, right], HEIGHT, WIDTH, "annotation 1").all()


@pytest.mark.parametrize(
    "segmentation",
    [
        [],
        [[1, 2, 3, 4]],
        [[1, 1, 2, 2, 3]],
        [["a", "b", "c", "d", "e", "f"]],
        None,
        {"counts": "abc"},
        {"size": [WIDTH, HEIGHT], "counts": [HEIGHT * WIDTH]},
    ],
)
def test_unreadable_segmentation_names_its_annotation(segmentation: object) -> None:
    with pytest.raises(DatasetError, match="annotation 7"):
        rasterise(segmentation, HEIGHT, WIDTH, "annotation 7")
