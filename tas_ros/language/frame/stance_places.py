# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Where the places end that are told of somebody who stands or looks: "over here | by the sink | at the back door"."""

from __future__ import annotations

from tas_ros.language.data import stance_words as s
from tas_ros.language.data import vocabulary as v
from tas_ros.language.data.action_verbs import ACTIONS
from tas_ros.language.words.selectors import at


def tail(words: list[str], j: int) -> int:
    """Where they end that start at j."""
    while j < len(words):
        if words[j] == "right" and at(words, j + 1) in ("now", "here", "there"):
            j += 2
        elif words[j] in s.ADVERBS | s.COMPASS and not is_side(words, j):
            j += 1
        elif words[j] in s.STAYS | s.GAZES and words[j].endswith("ing") and words[j - 1] not in v.DETERMINERS:
            j += 1  # "in the aisle looking north"
        elif words[j] in s.PREPOSITIONS and (not is_side(words, j + 1) or words[j : j + 3] == ["in", "front", "of"]):
            k = j + 1
            while at(words, k) in ("to", "of", "from", "here", "there") or words[k - 1 : k + 1] == ["in", "front"]:
                k += 1
            if at(words, k) in s.POINTED_AT and at(words, k + 1) != "side":
                j = k + 1
                continue
            end = noun_phrase(words, k)
            if end == k:
                return k if words[j] in ("on", "in", "at", "by") else j
            j = end + (at(words, end) == "of" and noun_phrase(words, end + 1) - end)
        elif words[j] in ("it", "them", "me", "you", "us") and j and words[j - 1] in s.GAZES:
            j += 1  # "facing it"
        elif words[j] in v.DETERMINERS and j and words[j - 1] in s.GAZES and not words[j - 1].startswith("look"):
            end = noun_phrase(words, j)
            if end == j:
                return j
            j = end
        else:
            return j
    return j


def is_side(words: list[str], j: int) -> bool:
    """Whether a side, an extreme or a count stands at j: what follows is said of the thing meant."""
    while at(words, j) in v.DETERMINERS | {"far", "very", "to", "on", "of"}:
        j += 1
    return at(words, j) in v.POSITIONS or at(words, j) in s.LATERAL or at(words, j) in v.SUPERLATIVES


def noun_phrase(words: list[str], j: int) -> int:
    """Where a plain noun phrase of at most three words and an article ends; j where none stands."""
    k = j + (at(words, j) in v.DETERMINERS | v.ARTICLES)
    end = k
    while end < min(k + 3, len(words)) and words[end] not in s.ENDS | v.DETERMINERS | s.PREPOSITIONS | {"'s", "where"}:
        if end > k and (words[end] in ACTIONS or words[end] in ("that", "as", "like", "given", "which", "has", "have")):
            break
        end += 1
    if end > k and at(words, end) == "'s" and words[end - 1] in s.OWNERS and not is_side(words, end + 1):
        return noun_phrase(words, end + 1)  # "the robot's position"
    return end if end > k else j
