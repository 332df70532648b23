# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Clauses around a command that say when or why, not what: "when you are done", "while i climb"."""

from __future__ import annotations

from tas_ros.language.data import vocabulary as v
from tas_ros.language.data.action_verbs import ACTIONS, AMBIGUOUS_VERBS, NOUN_VERBS, ONLY_BEFORE_ARTICLES
from tas_ros.language.data.command_words import MOTION_VERBS
from tas_ros.language.frame.courtesy import strip_courtesy
from tas_ros.language.frame.leading_verb import leading_verb
from tas_ros.language.words.relations import match_relation
from tas_ros.language.words.selectors import match_place

_FRONTED = frozenset(
    {"when", "whenever", "if", "once", "after", "before", "while", "since", "because", "as", "unless", "until"}
)
_TRAILING = frozenset(
    {"while", "until", "till", "because", "unless", "once", "whenever", "before", "after", "so", "when", "if"}
)
_SUBJECTS = frozenset({"i", "you", "we", "they", "he", "she", "it", "that"})
_ALWAYS_CLAUSES = frozenset({"while", "until", "till", "because", "unless"})
CLEAR_VERBS = ACTIONS - ONLY_BEFORE_ARTICLES - NOUN_VERBS - AMBIGUOUS_VERBS
"""Verbs that are hardly ever nouns."""


def main_clause(words: list[str]) -> list[str]:
    """The clause that commands, without those before and behind it."""
    return _without_trailing(_without_fronted(words))


def without_revoked(words: list[str]) -> list[str]:
    """ "forget the mug and get the glass": only the second is asked for."""
    plain = strip_courtesy(words)
    revokes = plain[:1] in (["forget"], ["skip"], ["ignore"]) or plain[:2] == ["never", "mind"]
    if not revokes:
        return words
    for k in range(3, len(plain) - 1):
        joined = plain[k - 1] in ("and", ",", ".", "but", "then", "instead", "just")
        if joined and plain[k] in ACTIONS and plain[k + 1] in v.DETERMINERS:
            return plain[k:]
    return words


_COUNTING = frozenset({"count", "start", "begin", "go"})


def counted_behind(words: list[str]) -> list[str]:
    """ "count from your right and take the third tin" asks for the third tin from your right."""
    if "from" not in words or _COUNTING.isdisjoint(words):
        return words
    plain = strip_courtesy(words)
    start = 1 + (plain[1:2] in (["in"], ["along"], ["over"], ["out"]))
    if not _COUNTING.intersection(plain[:1]) or plain[start : start + 1] != ["from"]:
        return words
    for k in range(start + 2, min(start + 7, len(plain) - 2)):
        if plain[k] in (",", "and", "then", "to"):
            side, rest = plain[start:k], plain[k:]
            while rest and rest[0] in (",", "and", "then", "to"):
                rest = rest[1:]
            return [*rest, *side] if v.ORDINALS.keys() & set(rest) and leading_verb(rest)[0] else words
    return words


def presented_by_side(words: list[str]) -> list[str]:
    """ "your right side has a cup, ..." tells what is on your right; "the left one has a dent" tells of a thing."""
    if not _HAVING.intersection(words):
        return _with_pause(words) if "there" in words[3:] else words
    plain = strip_courtesy(words)
    side = match_place(plain, 0)
    if side is None or side.preposition or side.of_end >= 0:
        return words
    if not side.perspective and not (side.place_noun and {",", "and", "."}.intersection(plain)):
        return words  # "the left side has a scratch"
    end = side.end
    if plain[end : end + 1] and plain[end] in _HAVING and plain[end + 1 : end + 2] in (["a"], ["an"], ["one"], ["the"]):
        return ["on", *plain[:end], "there", "is", *plain[end + 1 :]]
    return words


_HAVING = frozenset({"has", "have", "holds"})


def _with_pause(words: list[str]) -> list[str]:
    """ "on the left side of the table (,) there is a cup": the place ends before the cup is told of."""
    plain = strip_courtesy(words)
    k = plain.index("there", 3) if "there" in plain[3:] else 0
    if not k or plain[0] not in ("on", "at", "in", "to") or plain[k + 1 : k + 2] not in (["is"], ["are"], ["'s"]):
        return words
    side = match_place(plain, 0)
    return [*plain[:k], ",", *plain[k:]] if side is not None and 0 <= side.of_end < k else words


def without_doer(words: list[str]) -> list[str]:
    """ "the parcel that somebody left by the door" is the parcel by the door: who left it there is no side."""
    for k in range(2, len(words) - 1):
        if words[k] != "left" or match_relation(words, k) is not None or words[k - 1] not in _DOERS:
            continue
        if match_relation(words, k + 1) is not None or words[k + 1] in ("there", "here", "lying", "standing"):
            start = k - 1
            while start > 1 and words[start - 1] in ("that", "which", "have", "has", "had", "just", "'s"):
                start -= 1
            if start > 0:
                return words[:start] + words[k + 1 :]
    return words


_DOERS = frozenset(
    {"i", "you", "we", "he", "she", "they", "somebody", "someone", "anybody", "people", "have", "has", "had"}
    | {"mum", "dad", "mom", "just"}
)


def without_finding(words: list[str]) -> list[str]:
    """ "the biggest bowl (you can find) on the shelf": that it can be found tells nothing of the bowl."""
    for k in range(2, len(words) - 1):
        modal = k + 1 + (words[k + 1] in _MODALS)
        modal += words[modal : modal + 1] == ["possibly"]
        end = modal + 1
        if words[k] not in ("you", "we", "i") or words[modal : modal + 1] == [] or words[modal] not in _FINDING:
            continue
        start = k - (words[k - 1] in ("that", "which"))
        closes = end == len(words) or words[end] in _AFTER_FINDING or match_relation(words, end) is not None
        place = match_place(words, end)
        closes = closes or (place is not None and bool(place.preposition))
        if start > 1 and closes and words[start - 1] not in _BEFORE_FINDING:
            return words[:start] + words[end:]
    return words


_MODALS = frozenset({"can", "could", "may", "might", "will"})
_FINDING = frozenset({"find", "spot", "locate", "reach", "get", "grab"})
_AFTER_FINDING = frozenset({",", ".", "and", "from", "here", "there", "anywhere"})
_BEFORE_FINDING = _FRONTED | _TRAILING | v.NEGATIONS | {"what", "where", "how", "whether", "that", "which", "and", ","}


def after_denial(words: list[str]) -> tuple[list[str], list[str]] | None:
    """ "not the tablet, get the laptop": what is not meant, and the command that says what is."""
    if words[:1] != ["not"]:
        return None
    for k in range(2, len(words) - 1):
        paused = words[k] in (",", ".", "but")
        clear = words[k] in CLEAR_VERBS and k > 2 and words[k - 1] not in _SUBJECTS | {"to", "which", "who"}
        told = strip_courtesy(words[k + 1 :] if paused else words[k:])
        verb, thing = leading_verb(told) if paused or clear else ("", [])
        named = thing[1:] if thing[:1] in (["me"], ["us"]) else thing
        led = bool(named) and (named[0] in v.DETERMINERS or paused) and named[0] not in ("it", "them", "that")
        if led and verb.split(" ", maxsplit=1)[0] in ACTIONS | _WISHING:
            return ([] if set(words[1:k]) <= _NOT_NAMED else words[:k]), told
    return None


_NOT_NAMED = v.PRONOUNS | v.FILLERS | {"now", "yet", "here", "there", "one", "that", "this", "like"}
_WISHING = frozenset({"i", "we", "want", "need"})


def _without_fronted(words: list[str]) -> list[str]:
    if words[:1] and words[0] in ("first", "next", "second", "lastly") and len(words) > 2 and words[1] in CLEAR_VERBS:
        return words[1:]
    if words[:1] in (["i"], ["we"], ["he"], ["she"], ["it"]) and words[1:2] in (["am"], ["are"], ["is"]):
        for k in range(4, len(words) - 2):
            following = words[k + 1 : k + 3] if words[k + 1] in ("me", "us") else words[k + 1 : k + 2]
            if words[k - 1] in (",", "so") and words[k] in CLEAR_VERBS and following[-1] in v.DETERMINERS:
                return words[k:]  # "i am hungry, get me the apple"
    if not words or words[0] not in _FRONTED:
        return words
    for k in range(2, len(words) - 1):
        commands = (
            words[k] in CLEAR_VERBS
            and words[k + 1] in v.DETERMINERS | {"me"}
            and words[k - 1] not in _SUBJECTS | {"to"}
        )
        if words[k] == "," and leading_verb(strip_courtesy(words[k:]))[0]:
            return words[k + 1 :]
        if commands and "," not in words[k:]:
            return words[k:]
    return words


def _without_trailing(words: list[str]) -> list[str]:
    for k in range(2, len(words) - 1):
        starts = words[k] in _TRAILING and words[k + 1] in _SUBJECTS
        starts = starts or (words[k] in _ALWAYS_CLAUSES and words[k + 1] in v.DETERMINERS)
        if starts and leading_verb(words[:k])[0]:
            return words[: k - (words[k - 1] == ",")]
    return words


def after_going_there(verb: str, rest: list[str]) -> list[str]:
    """ "go to the table and get the cup" asks for the cup: the words of that command; empty where none follows."""
    if verb.split(" ", maxsplit=1)[0] not in MOTION_VERBS or "and" not in rest:
        return []
    after = strip_courtesy(rest[rest.index("and") + 1 :])
    verb, thing = leading_verb(after)
    return after if verb and thing and thing[0] not in v.PRONOUNS else []
