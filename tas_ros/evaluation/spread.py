"""What is said of a sample of measured times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile, extremes and size of a sample."""
    return {
        "median": float(np.median(seconds)),
        "p95": float(np.percentile(seconds, 95)),
        "least": min(seconds),
        "most": max(seconds),
        "count": len(seconds),
    }
