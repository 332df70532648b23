# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Takes politeness, fillers and the robot's name off a command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tas_ros.language.data import vocabulary as v
from tas_ros.language.data.action_verbs import ACTIONS, AMBIGUOUS_VERBS, GERUNDS, NOUN_VERBS, ONLY_BEFORE_ARTICLES
from tas_ros.language.data.courtesy_words import ADDRESSES, ASIDES, ASKING_FOR_GERUNDS, OPENINGS, TRAILERS

Phrase = tuple[str, ...]
_ANSWERS = frozenset({"no", "yes", "yeah", "nope", "yep"})
_OBJECT_STARTS = v.DETERMINERS | {"me", "us", "it", "them", "up"}
_WISHES = tuple(
    (who, *wish.split(), you)
    for who in ("i", "we", "me")
    for wish in ("want", "need", "would like", "wish", "wanted")
    for you in ("you", "u")
)
_CALLS = frozenset({"robot", "hello", "hi", "hey", "hiya", "ok"})
_AFTER_NAME = (
    (ACTIONS - ONLY_BEFORE_ARTICLES - NOUN_VERBS - AMBIGUOUS_VERBS)
    | v.DETERMINERS
    | {",", "i", "can", "could", "would", "will", "please", "you", "me"}
)
_BEFORE_SEEING = frozenset(
    {
        "as",
        "like",
        "where",
        "how",
        "that",
        "can",
        "could",
        "do",
        "did",
        "should",
        "might",
        "will",
        "would",
        "if",
        "when",
    }
)
_WHOSE_BACK = frozenset({"sitting", "standing", "turned", "with", "his", "her", "their", "its", "the"})
_FRIENDS = frozenset({"mate", "buddy", "pal", "sir", "madam", "maam", "darling", "bro", "dude", "dear", "love"})
_NAMES = frozenset(ADDRESSES)
_NEARNESS = frozenset({"nearest", "closest", "farthest", "furthest"})
_GIVING = ACTIONS - {"want", "need", "choose", "see"}
_LEADING_IN = frozenset(
    [
        "next",
        "close",
        "near",
        "to",
        "from",
        "my",
        "with",
        "in",
        "on",
        "of",
        "for",
        "under",
        "behind",
        "by",
        "at",
        "between",
        "and",
        "or",
        "is",
        "holding",
        "says",
        "like",
        "than",
        "not",
        "dear",
        "saying",
        "labelled",
        "labeled",
        "called",
    ]
)


def _by_word(phrases: Iterable[Phrase], index: int) -> dict[str, list[Phrase]]:
    found: dict[str, list[Phrase]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        found.setdefault(phrase[index], []).append(phrase)
    return found


_OPENINGS = _by_word({*OPENINGS, *ADDRESSES} - {("you",)}, 0)
_TRAILERS = _by_word(TRAILERS, -1)
_ASIDES = _by_word(ASIDES, 0)


def strip_courtesy(words: Sequence[str]) -> list[str]:
    """Without fillers, politeness and addresses at either end, and without asides anywhere."""
    words = _without_address(_without_asides(list(words)))
    while True:
        kept = _without_opening(words) or _without_trailer(words)
        if kept is None:
            return words
        words = kept


def _without_address(words: list[str]) -> list[str]:
    """ "on your left mate, the spanner": a friend who is spoken to before a pause is no thing."""
    for i in range(1, len(words) - 1):
        spoken_to = words[i] in _FRIENDS or (words[i] == "robot" and _sided(words[:i]))
        if spoken_to and words[i + 1] in (",", ".") and not _is_meant(words[: i + 1], 1):
            return words[:i] + words[i + 1 :]
    return words


def _sided(words: list[str]) -> bool:
    """ "on your left (robot, the dustpan)": a side that somebody owns has been told in full."""
    return words[-1] in ("left", "right", "side") and any(w in ("my", "your", "our") for w in words[-4:-1])


def _without_asides(words: list[str]) -> list[str]:
    i = 0
    while i < len(words):
        for aside in _ASIDES.get(words[i], ()):
            n = len(aside)
            described = i > 0 and words[i - 1] in _BEFORE_SEEING
            if tuple(words[i : i + n]) == aside and len(words) > n and (n == 1 or not described):
                words = words[:i] + words[i + n :]
                break
        else:
            i += 1
    return words


def _without_opening(words: list[str]) -> list[str] | None:
    if not words:
        return None
    if words[0] in (",", "."):
        return words[1:]
    if len(words) > 1 and words[0] in _ANSWERS and words[1] in v.DETERMINERS | {",", "."} | _ANSWERS:
        return words[1:]
    start = _command_start(words)
    if start:
        return words[start:]
    for phrase in _OPENINGS.get(words[0], ()):
        n = len(phrase)
        if len(words) <= n or tuple(words[:n]) != phrase:
            continue
        if phrase in _NAMES and (words[n] == "'s" or (phrase[0] not in _CALLS and words[n] not in _AFTER_NAME)):
            continue  # "honey on the left", "robot's left hand"
        rest = words[n:]
        if phrase[-1] in ASKING_FOR_GERUNDS and rest[0] in GERUNDS:
            rest[0] = GERUNDS[rest[0]]
        return rest
    return None


def _command_start(words: list[str]) -> int:
    """Where the command starts behind a word or two that only lead up to it; 0 where none does."""
    if words[:2] == ["me", "i"]:
        return 1
    favour = words[0] == "be" and words[1:2] and words[1] in ("a", "an", "my", "so", "kind", "good", "nice", "such")
    favour = favour or (words[0] == "do" and words[1:3] in (["me", "a"], ["us", "a"], ["me", "one"]))
    for k in range(3, min(len(words) - 1, 8)):
        if favour and words[k - 1] in ("and", "to", ",") and words[k] in ACTIONS:
            return k  # "be a darling and put", "be kind enough to hand", "do us a favour and get"
    if len(words) > 2 and words[1] in ACTIONS:
        first, action, following = words[:3]
        told = first in ("you", "u") and action not in v.RELATIONS  # "you take small bottle"
        told = told or (first in _ANSWERS | v.FILLERS and following in _OBJECT_STARTS)  # "no get the other one"
        if told or (first.isdigit() and action not in v.THINGS and following in v.DETERMINERS):  # "1) grab the mug"
            return 1
    for wish in _WISHES:
        n = len(wish)
        if tuple(words[:n]) == wish and len(words) > n + 1 and words[n] in ACTIONS and words[n + 1] in _OBJECT_STARTS:
            return n  # "i want you give the spoon"
    return 0


def _without_trailer(words: list[str]) -> list[str] | None:
    if not words:
        return None
    if words[-1] in (",", "."):
        return words[:-1]
    for phrase in _TRAILERS.get(words[-1], ()):
        n = len(phrase)
        if len(words) > n and tuple(words[-n:]) == phrase and not _is_meant(words, n):
            return words[:-n]
    return None


def _is_meant(words: list[str], n: int) -> bool:
    """The last n words belong to the description: "closest to me", "next to the robot"."""
    before = words[-n - 1]
    if before == "back" and words[-n - 2 : -n - 1] and words[-n - 2] in _WHOSE_BACK:
        return True  # "with his back to us"
    if words[-n:] in (["to", "me"], ["to", "us"]) and _NEARNESS.intersection(words) and _GIVING.isdisjoint(words):
        return True  # "the second nearest chair to me", but not "bring the nearest chair to me"
    return before in v.SUPERLATIVES or before in v.DETERMINERS or before in _LEADING_IN
