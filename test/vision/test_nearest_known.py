# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Values from the nearest known pixel, of numbers and of labels."""

import numpy as np

from tas_ros.vision.nearest_known import from_nearest_known


def test_each_pixel_takes_the_nearest_known_value():
    values = np.float32([[1, np.nan, np.nan, np.nan, 5]])
    nearest, distance = from_nearest_known(values, np.isfinite(values))
    assert nearest.dtype == np.float32 and nearest[0, [0, 1, 3, 4]].tolist() == [1, 1, 5, 5]
    assert distance[0, [0, 4]].tolist() == [0, 0] and distance[0, 2] > distance[0, 1] > 0


def test_labels_keep_their_type():
    labels = np.int32([[7, 0, 0, 9]])
    nearest, _ = from_nearest_known(labels, labels > 0)
    assert nearest.dtype == np.int32 and nearest.tolist() == [[7, 7, 9, 9]]
