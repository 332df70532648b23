# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""RVL, the lossless depth codec of A. D. Wilson, "Fast Lossless Depth Image Compression" (ISS 2017), decoded by numpy.

compressed_depth_image_transport emits it as "compressedDepth rvl". The stream alternates: how many pixels are 0, how
many are not, then for each that is not its difference from the last one that was not, zigzagged to a natural number
(0, -1, 1, -2 ... become 0, 1, 2, 3 ...). Numbers are chains of nibbles, three bits each, lowest first; the fourth bit
says that the chain goes on. Eight nibbles make a 32 bit word, the first of them highest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tas_ros.errors import InvalidImageError

LONGEST = 11
"""Nibbles of the longest chain that means anything: 32 bits."""


def decode_rvl(data: bytes, pixels: int, topic: str = "depth") -> NDArray[np.uint16]:
    """(pixels,) uint16 of an RVL stream, which may be followed by padding.

    Raises InvalidImageError when the stream ends too early or says more than `pixels`. What is allocated depends on
    `pixels`, so bound it first.
    """
    numbers = _numbers(np.frombuffer(data, "<u4", count=len(data) // 4), topic)
    listed = numbers.tolist()  # the walk along the runs is all that is sequential; Python's own integers are quicker
    zeros, lengths, starts = [], [], []
    at, left = 0, pixels
    try:
        while left:
            zero, length = listed[at], listed[at + 1]
            zeros.append(zero)
            lengths.append(length)
            starts.append(at + 2)
            left -= zero + length
            at += 2 + length
            if left < 0:
                raise InvalidImageError(f"{topic}: RVL data holds more than the {pixels} pixels its header names")
    except IndexError:
        at = len(listed) + 1
    if at > len(listed):
        raise InvalidImageError(f"{topic}: RVL data ends {max(left, 1)} pixels early; the message was cut short")

    counts = np.array(lengths, np.int64)
    total = int(counts.sum())
    # The k-th non-zero pixel of run r lies k behind the run's start, in the stream as in the picture.
    behind = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    zigzag = numbers[np.repeat(np.array(starts, np.int64), counts) + behind]
    values = np.cumsum((zigzag >> 1) ^ -(zigzag & 1))
    if total and (values.min() < 0 or values.max() > 0xFFFF):
        raise InvalidImageError(f"{topic}: RVL data leaves the 16 bit range; the message is damaged")
    picture = np.zeros(pixels, np.uint16)
    first = np.cumsum(np.array(zeros, np.int64) + counts) - counts
    picture[np.repeat(first, counts) + behind] = values
    return picture


def _numbers(words: NDArray[np.uint32], topic: str) -> NDArray[np.int64]:
    """(N,) int64: every whole chain of the stream, padding included."""
    if not len(words):
        return np.zeros(0, np.int64)
    nibbles = ((words[:, None] >> np.arange(28, -1, -4, dtype=np.uint32)) & 0xF).astype(np.uint8).ravel()
    ends = np.flatnonzero(nibbles < 8)
    starts = np.concatenate([[0], ends[:-1] + 1])
    lengths = ends - starts + 1
    longest = int(lengths.max(initial=0))
    if longest > LONGEST:
        raise InvalidImageError(f"{topic}: RVL data holds a number of {longest} nibbles; the message is damaged")
    numbers = (nibbles[starts[: len(ends)]] & 7).astype(np.int64)
    for place in range(1, longest):
        longer = np.flatnonzero(lengths > place)
        numbers[longer] |= (nibbles[starts[longer] + place] & 7).astype(np.int64) << (3 * place)
    return numbers
