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
