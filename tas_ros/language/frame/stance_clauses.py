# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Clauses that say where somebody is: "where i am sitting by the door", "i sit on", "where we have parked you"."""

from __future__ import annotations

from dataclasses import dataclass

from tas_ros.language.data import stance_words as s
from tas_ros.language.data import vocabulary as v
from tas_ros.language.frame.stance_places import is_side, noun_phrase, tail
from tas_ros.language.query import Perspective
from tas_ros.language.words.selectors import at


@dataclass(frozen=True)
class Phrase:
    """Words that say whose view is meant, up to `end`; no owner where they do not tell."""

    end: int
    owner: Perspective | None
    sure: bool = True
    """Nothing but a view is meant: it names no place that a thing could be taken from."""


def read_clause(words: list[str], j: int) -> Phrase | None:  # noqa: PLR0911 (one return a construction)
    """ "where i am sitting by the door", "i sit on", "that the robot is parked at"."""
    start = j
    if at(words, j) in ("where", "that", "which"):
        j += 1
    if at(words, j) in ("the", "our", "this"):
        j += 1
    owner = at(words, j)
    if at(words, start) == "where" and owner in s.POSSESSIVES:
        end = noun_phrase(words, j)  # "where my desk is"
        return Phrase(tail(words, end + 1), s.OWNERS[owner]) if at(words, end) in ("is", "stands", "sits") else None
    if owner not in s.SUBJECTS:
        return read_having(words, j + 1, None) if at(words, start) == "where" and owner in s.OTHERS else None
    k = j + 1
    while at(words, k) in s.BE | s.ADVERBS and at(words, k) not in ("right", "back", "up", "down"):
        k += 1
    stays = at(words, k) in s.STAYS | s.GAZES or (k > j + 1 and at(words, k) in s.FIXED)
    active = words[start] == "where" and s.PASSIVE.isdisjoint(words[j:k])
    had = read_having(words, k - (at(words, k - 1) == "have"), s.OWNERS[owner]) if active else None
    if had is not None:
        return had
    if start and words[start - 1] in s.SEATS and at(words, k) in s.TAKING - {"have", "has", "got", "had"}:
        placed = at(words, k + 1) in ("you", "me", "yourself", "myself")  # "the spot we left you at"
        return Phrase(tail(words, k + 1 + placed), s.OWNERS[words[k + 1] if placed else owner])
    stranded = (
        k > j + 1
        and at(words, k) in ("at", "in", "on", "by")
        and (not is_side(words, k + 1) or words[k + 1 : k + 3] == ["right", "now"])
    )
    if not stays and not (k > j + 1 and words[start] == "where") and not (stranded and start > 1):
        return None
    if start and words[start - 1] in ("way", "direction"):
        return Phrase(k + 1, s.OWNERS[owner])  # "the way i am facing"
    return Phrase(tail(words, k + 1 if stays or stranded else k), s.OWNERS[owner])


def read_having(words: list[str], k: int, subject: Perspective | None) -> Phrase | None:
    """ "(where i) have parked my wheelchair", "(where we) mounted the camera": who is put there looks from there."""
    start = k
    while at(words, k) in ("have", "just", "had", "'s"):
        k += 1
    k += at(words, k) in s.TAKING
    k += at(words, k) in ("up", "down") and k > start
    if k == start or at(words, k) not in {*s.OWNERS, *v.ARTICLES, "yourself", "myself", "this"}:
        return None
    end = k + 1 if at(words, k) in ("you", "me", "myself", "yourself", "us") else noun_phrase(words, k)
    if end == k or s.LATERAL.intersection(words[k:end]):
        return None
    placed = next((s.OWNERS[w] for w in words[k:end] if w in s.OWNERS and w not in s.POSSESSIVES), subject)
    return Phrase(tail(words, end), placed) if placed is not None else None


def owned_in(words: list[str]) -> list[tuple[str, str]]:
    """Owners and what is theirs: "my seat", "the robot 's place"."""
    pairs = [(w, at(words, n + 1 + (at(words, n + 1) in ("'s", "own")))) for n, w in enumerate(words)]
    return [(w, of) for w, of in pairs if w in s.OWNERS]


def read_reference(words: list[str], j: int) -> Phrase | None:
    """ "given where you are standing", "considering my position"."""
    j += at(words, j) == "from"
    if at(words, j) == "where":
        return read_clause(words, j)
    whose = next(iter(owned_in(words[j : j + 4])), ("", ""))
    return Phrase(noun_phrase(words, j), s.OWNERS[whose[0]]) if whose[1] in s.SHOES else None


def whose_in(words: list[str], subject: Perspective | None) -> Perspective | None:
    """Whose view these words name: what is looked at or through counts before who looks."""
    for named in (v.IMAGE_NOUNS, s.LENSES, s.OWNERS if subject is None else ()):
        found = next((s.OWNERS[w] for w in words if w in named and w in s.OWNERS), None)
        if found is not None:
            return found
    return subject


def read_seeing(words: list[str], i: int) -> Phrase | None:
    """ "what the camera sees on the left", "the tin that i see on the right"; "you see" is but a manner of speaking."""
    k = i
    while at(words, k) in ("what", "which", "that", "the"):
        k += 1
    owner = at(words, k)
    has = "have" in words[k + 1 : k + 3] or "got" in words[k + 1 : k + 3]
    has = has or bool(s.CALLING.intersection(words[k + 1 : k + 3]))
    if owner not in s.SUBJECTS or (owner in ("you", "u") and not has):
        return None
    k += 1
    while at(words, k) in ("can", "could", "would", "have", "currently", "now"):
        k += 1
    if at(words, k) in s.CALLING:
        k += 1 + (at(words, k + 1) in ("it", "that")) + (at(words, k + 1) in ("of", "as", "is"))
        k += at(words, k) in ("as", "is")
        return Phrase(k, s.OWNERS[owner]) if is_side(words, k) else None
    sees = at(words, k) in ("see", "sees", "got", "has", "have", "shows", "views") or at(words, k - 1) == "have"
    end = k + (at(words, k - 1) != "have" or at(words, k) in ("see", "got"))
    where = at(words, end) in ("on", "at", "to", "in", "as") and is_side(words, end + 1)
    return Phrase(end, s.OWNERS[owner]) if sees and where else None


def read_presenting(words: list[str], i: int) -> Phrase | None:
    """ "on your left you have a tin", "i 've got a tin on my left": how it is told that it is there."""
    k = i + 2 + (at(words, i + 2) == "got")
    told = words[i] in ("i", "you", "we") and at(words, i + 1) in ("have", "got") and at(words, k) in v.DETERMINERS
    sided = any(w in s.POSSESSIVES and words[n + 1] in ("left", "right") for n, w in enumerate(words[:-1]))
    return Phrase(k, None) if told and sided and at(words, i - 1) not in ("that", "which") else None
