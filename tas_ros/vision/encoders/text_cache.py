# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Text features kept for the texts that come again: everyday words, names of things, the standing command."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from tas_ros.arrays import FloatArray


class TextCache:
    """Encodes each distinct text once and keeps the most recently used.

    encode: T distinct texts, T >= 1, to (T, D) float32.
    dimension: D.
    limit: how many texts are kept.
    """

    def __init__(self, encode: Callable[[Sequence[str]], FloatArray], dimension: int, limit: int = 4096) -> None:
        self._encode = encode
        self._dimension = dimension
        self._limit = limit
        self._rows: OrderedDict[str, FloatArray] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rows)

    def remember(self, texts: Sequence[str], rows: Iterable[FloatArray]) -> None:
        """Keep T rows (D,) float32 that were computed elsewhere."""
        # Copies: a row of the batch would keep the whole batch alive as long as it is kept itself.
        for text, row in zip(texts, rows, strict=True):
            self._rows[text] = row.copy()
            self._rows.move_to_end(text)
        while len(self._rows) > self._limit:
            self._rows.popitem(last=False)

    def features(self, texts: Sequence[str]) -> FloatArray:
        """(T, D) float32, one row a text, in their order; T may be 0."""
        if not texts:
            return np.zeros((0, self._dimension), np.float32)
        missing = [text for text in dict.fromkeys(texts) if text not in self._rows]
        fresh = dict(zip(missing, self._encode(missing), strict=True)) if missing else {}
        rows = [fresh[text] if text in fresh else self._rows[text] for text in texts]
        self.remember(texts, rows)
        return np.stack(rows)
