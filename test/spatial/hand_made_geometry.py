# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Places of things without a picture."""

import numpy as np

from tas_ros.spatial.geometry import Geometry


def geometry(right, down, size=None, distance=None) -> Geometry:
    """Separate things of the given places, in a view of 1 x 0.75."""
    count = len(right)
    size = np.full(count, 0.08, np.float32) if size is None else np.asarray(size, np.float32)
    return Geometry(
        right=np.asarray(right, np.float32),
        down=np.asarray(down, np.float32),
        size=size,
        extent=np.stack([size / 2, size / 2], axis=1),
        tallness=size,
        nearness=np.asarray(down, np.float32) + size / 2 if distance is None else -np.asarray(distance, np.float32),
        overlap=np.eye(count, dtype=np.float32),
        view_centre=(0.5, 0.375),
    )
