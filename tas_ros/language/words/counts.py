# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Words that count: "third", "#2", "last but one", "the second to last"."""

from __future__ import annotations

from collections.abc import Sequence

from tas_ros.language.data import vocabulary as v
from tas_ros.language.words.selectors import at, match_side_of_count, skip


def counts_to_last(texts: Sequence[str], i: int) -> bool:
    """Whether "to" at i counts from the end: "the second TO last", "the third one TO the last", "the next TO last"."""
    if at(texts, i) != "to" or at(texts, i + 1 + (at(texts, i + 1) == "the")) not in v.LAST_WORDS:
        return False
    counted = i - 1 - (at(texts, i - 1) == "one")
    beside = at(texts, counted) == "next" and at(texts, counted - 1) in v.ARTICLES
    return beside or v.ORDINALS.get(at(texts, counted), 0) > 1


def count_at(texts: Sequence[str], i: int) -> tuple[int, int]:  # noqa: PLR0911 (one return a construction)
    """Index and where the count word ends; 0 when none stands here."""
    word = texts[i]
    if word in v.ORDINALS:
        j = i + 1 + (at(texts, i + 1) == "one" and counts_to_last(texts, i + 2))
        if at(texts, j) in ("to", "from", "but") and at(texts, skip(texts, j + 1, frozenset({"the"}))) in v.LAST_WORDS:
            return -v.ORDINALS[word], skip(texts, j + 1, frozenset({"the"})) + 1
        if at(texts, j) in v.LAST_WORDS:
            return -v.ORDINALS[word], j + 1
        return v.ORDINALS[word], j
    if word in v.LAST_WORDS:
        if word == "penultimate":
            return -2, i + 1
        if at(texts, i + 1) == "but" and at(texts, i + 2) in v.NUMBERS:
            return -1 - v.NUMBERS[texts[i + 2]], i + 3  # "last but one"
        return -1, i + 1
    if word == "next" and (
        counts_to_last(texts, i + 1) or (at(texts, i + 1) == "to" and at(texts, i + 2) in v.LAST_WORDS)
    ):
        return -2, skip(texts, i + 2, v.DETERMINERS) + 1  # "beside" in "the cup next to the last plate"
    labelled = at(texts, i + 2) in v.PEOPLE or at(texts, i - 1) in ("with", "w", "wearing")
    if word == "number" and at(texts, i + 1) in v.NUMBERS and not labelled:
        return v.NUMBERS[texts[i + 1]], i + 2
    if word.startswith("#") and word[1:] in v.NUMBERS:
        return v.NUMBERS[word[1:]], i + 1
    if word in v.NUMBERS and at(texts, i - 1) not in ("the", "left", "right"):
        side = match_side_of_count(texts, i + 1)
        if side is not None and at(texts, i + 1) in ("from", "in", "over", "up", "down"):
            return v.NUMBERS[word], i + 1
    return 0, i
