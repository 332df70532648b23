# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Relation words at a given place of the sentence, longest first, never substrings."""

from __future__ import annotations

from collections.abc import Sequence

from tas_ros.language.data import vocabulary as v
from tas_ros.language.query import RelationKind
from tas_ros.language.words.selectors import match_place

_LONGEST = max(len(phrase.split()) for phrase in (*v.RELATIONS, *v.FAR_FROM))
_SEQUENCES: dict[tuple[str, ...], RelationKind] = {tuple(p.split()): kind for p, kind in v.RELATIONS.items()}
_FAR_FROM = frozenset(tuple(p.split()) for p in v.FAR_FROM)
_HEDGES = frozenset(
    {"right", "just", "directly", "immediately", "straight", "halfway", "midway", "slightly", "almost", "exactly"}
    | {"roughly", "approximately", "about", "somewhat", "dead", "squarely", "partly", "nearly", "partially"}
)


def match_relation(texts: Sequence[str], i: int) -> tuple[int, RelationKind] | None:
    """Word after the relation that starts at i, and its kind; hedges before it ("right next to") are taken along."""
    start = i
    while start < len(texts) - 1 and texts[start] in _HEDGES:
        start += 1
    if start > i and start < len(texts) and texts[start] in ("of", "to"):
        start -= 1  # "right of": the word is the relation itself, not a hedge
    found = _match_at(texts, start)
    if found is None and start > i:
        return _match_at(texts, i)  # "halfway up the stairs"
    if found is not None and start > i and found[0] == start + 1 and _is_place(texts, start):
        return None  # "right at the bottom", "just on the left"
    if found is None or start == i:
        return found
    # "right in white shirt" and "right on bike" are places; "right next to" is a hedge.
    return found if texts[i] != "right" or found[1] not in _LOOSE else None


_LOOSE = frozenset({RelationKind.IN, RelationKind.ON, RelationKind.WITH, RelationKind.LEFT_OF})


def _is_place(texts: Sequence[str], i: int) -> bool:
    place = match_place(texts, i)
    following = texts[place.end] if place is not None and place.end < len(texts) else ""
    return place is not None and place.of_end < 0 and (not following or following in v.AFTER_NOUN)


def _match_at(texts: Sequence[str], i: int) -> tuple[int, RelationKind] | None:
    for length in range(min(_LONGEST, len(texts) - i), 0, -1):
        kind = _SEQUENCES.get(tuple(texts[i : i + length]))
        if kind is not None:
            return i + length, kind
    return None


def match_far_from(texts: Sequence[str], i: int) -> int | None:
    """Word after "far from", "away from" at i."""
    for length in (4, 3, 2):
        if tuple(texts[i : i + length]) in _FAR_FROM:
            return i + length
    return None
