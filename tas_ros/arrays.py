"""Array types named once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
IndexArray = NDArray[np.int64]
MaskArray = NDArray[np.bool_]
ImageArray = NDArray[np.uint8]
