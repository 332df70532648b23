# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What people say to a robot without naming a thing: talk, statements, questions, motion."""

from __future__ import annotations

from collections.abc import Sequence

from tas_ros.language.data import vocabulary as v
from tas_ros.language.data.command_words import MOTION_DIRECTIONS
from tas_ros.language.data.talk_words import (
    ABSTRACT_THINGS,
    PRAISE_AND_PACE,
    SMALL_WORDS,
    SPEECH_NOUNS,
    SPEECH_VERBS,
    STOPPED_BY,
    STOPS,
    TALK,
    TALKING,
)

QUESTION_WORDS = frozenset({"what", "who", "why", "when", "how", "whose"})
_SUBJECTS = frozenset({"i", "you", "it", "we", "they", "he", "she", "this", "that", "there", "let"})
_FINITE_VERBS = frozenset(
    {"am", "is", "are", "was", "were", "will", "have", "do", "did", "can", "should", "like", "love", "think", "look"}
)
_NAMING = frozenset(
    {*v.SUPERLATIVES, *v.THINGS, *v.CLOTHES, *v.COLOURS}
    | v.EMPTY_HEADS - {"one", "something", "anything", "stuff", "whatever"}
)
_AFTER_SPEECH = frozenset(
    {
        "up",
        "down",
        "about",
        "to",
        "for",
        "with",
        "by",
        "well",
        "again",
        "louder",
        "more",
        "now",
        "off",
        "out",
        "over",
        "faster",
    }
    | {"slower", "like", "as"}
)
_PLACING = frozenset(
    {"on", "in", "under", "next", "behind", "between", "above", "at", "to", "near", "by", "below", "inside"}
)
_AUXILIARIES = frozenset(
    [
        "is",
        "are",
        "am",
        "was",
        "were",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "will",
        "would",
        "should",
        "shall",
        "can",
        "could",
        "may",
    ]
)
_ASKED_OF = frozenset({"it", "you", "we", "they", "he", "she", "i", "this", "that", "anyone", "anybody", "u"})
_AFTER_ABSTRACT = frozenset(
    {"for", "about", "today", "tomorrow", "now", "off", "together", "starts", "later", "tonight"}
)
_SEARCHING = frozenset({"see", "find", "got", "seen", "able", "show", "have", "spot"})
_POSITIONS_IN_TALK = frozenset({"right", "back", "far", "close", "first", "last", "well"})


_GLAD = frozenset({"nice", "good", "great", "lovely", "pleased", "glad", "happy", "wonderful", "pleasure", "delighted"})
_MEETING = frozenset({"see", "meet", "have", "hear", "be", "know", "work", "talk"})
_URGING = frozenset({"no", "nope", "hey", "oh", "please", "ok", "robot", "do", "not", "whoa"})


def reason_of_talk(words: Sequence[str]) -> str:
    """Why these words refer to nothing ("stop right there", "thank you"); empty when they may."""
    plain = [w for w in words if w not in (",", ".")]
    joined = " ".join(plain)
    if ("i", "am", "pointing") in zip(plain, plain[1:], plain[2:], strict=False):
        return "I cannot see where you point; describe the object"
    urged = plain[next((k for k, w in enumerate(plain) if w not in _URGING), 0) :]
    stopped = bool(urged) and urged[0] in STOPS and all(
        w in STOPPED_BY or w in v.FILLERS or w in STOPS or w in _URGING for w in urged[1:]
    )  # fmt: skip
    waits = len(plain) > 2 and plain[0] in ("wait", "hold", "pause") and plain[1] in ("until", "till", "while")
    praised = len(plain) > 1 and plain[0] not in v.ARTICLES and not _names_something(plain)  # "the nice one" is one
    praised = praised and bool(PRAISE_AND_PACE.intersection(plain))
    praised = praised and all(w in PRAISE_AND_PACE or w in SMALL_WORDS for w in plain)
    greets = len(plain) > 2 and plain[0] in _GLAD and plain[1] == "to" and plain[2] in _MEETING
    greets = greets and not _names_something(plain)
    talked = joined in TALK or _for_now(joined) in TALK
    if greets or stopped or waits or praised or talked or _behaves(plain) or _talks_to_others(plain):
        return f"'{joined}' refers to no object"
    return f"'{joined}' is a question that refers to no object in view" if _asks_of_nothing(plain) else ""


def _for_now(joined: str) -> str:
    """ "forget it for now": what is said without how long it holds."""
    for ending in (" for now", " for the moment", " for a while", " then", " now", " anyway"):
        joined = joined.removesuffix(ending)
    return joined


def _names_something(words: Sequence[str]) -> bool:
    """A thing, a side or an extreme is among the words: people wrap descriptions into talk."""
    if any(words[i - 1] in ("the", "on") and words[i] in v.POSITIONS for i in range(1, len(words))):
        return True
    named = [w for i, w in enumerate(words) if w != "can" or not _is_modal(words, i)]
    return any(w in _NAMING or (w in v.POSITIONS and w not in _POSITIONS_IN_TALK) for w in named)


def _is_modal(words: Sequence[str], i: int) -> bool:
    """ "i can not hear you", "what can you do"; "the can" is a thing."""
    return (i > 0 and words[i - 1] in _SUBJECTS) or words[i + 1 : i + 2] in (["not"], ["you"], ["i"], ["we"])


def _talks_to_others(words: Sequence[str]) -> bool:
    """ "sorry i was talking to my colleague": of a conversation, not of a thing; "talking about the mug" is not."""
    for i in range(len(words) - 2):
        if words[i] in _SUBJECTS and words[i + 1] in ("am", "was", "were", "are", "is", "be"):
            after = [w for w in words[i + 2 : i + 4] if w not in v.FILLERS]
            to = next((k for k in range(i + 3, min(i + 5, len(words))) if words[k] in ("to", "with")), 0)
            if after and after[0] in TALKING and to:
                return not _names_something(words) and "about" not in words
    return False


def _behaves(words: Sequence[str]) -> bool:
    """ "sing a song", "speak up": doing something that no thing in view is needed for."""
    if len(words) < 2 or words[0] not in SPEECH_VERBS - v.THINGS or words[1] in v.RELATIONS:
        return False
    if (
        words[0] in SPEECH_NOUNS
        and words[1] not in v.DETERMINERS | v.PRONOUNS | v.FILLERS | _AFTER_SPEECH | ABSTRACT_THINGS
    ):
        return False
    if _names_something(words) or v.PEOPLE.intersection(words):
        return False
    return not (words[0] in ("count", "play", "keep", "tell", "charge") and "the" in words)


def names_only_abstract(words: Sequence[str]) -> bool:
    """ "a break", "the weather is nice today": nothing in view answers to it."""
    if _names_something(words):
        return False
    for i, word in enumerate(words[:3]):
        following = words[i + 1] if i + 1 < len(words) else ""
        if word in ABSTRACT_THINGS and (not following or following in v.COPULAS or following in _AFTER_ABSTRACT):
            return True
    return False


def _asks_of_nothing(words: Sequence[str]) -> bool:
    """ "are you tired", "is it going to rain later", "did you sleep well": asked of somebody, of nothing in view."""
    if len(words) < 2 or words[0] not in _AUXILIARIES or words[1] not in _ASKED_OF or _names_something(words[1:]):
        return False
    if words[0] in ("can", "could", "will", "would", "may", "shall", "should"):
        # "can you swim": asked to, it would be a command.
        return len(words) == 3 and words[2] in SPEECH_VERBS
    if words[-1] in ABSTRACT_THINGS:
        return True  # "did you have a nice weekend"
    return not _SEARCHING.intersection(words[2:4]) and "where" not in words


def is_motion(rest: Sequence[str]) -> bool:
    """What follows a verb of motion names directions and distances only."""
    meaning = [w for w in rest if w not in v.FILLERS | v.DETERMINERS and w not in (",", ".")]
    return all(w in MOTION_DIRECTIONS or w in v.NUMBERS for w in meaning)


def asked_by_place(words: Sequence[str]) -> tuple[str, ...]:
    """ "what is on the table", "who is on the left" ask for a thing by its place; empty for any other question."""
    rest = tuple(words[2:])
    if len(rest) < 2 or words[0] not in ("what", "who") or words[1] not in ("is", "are", "'s"):
        return ()
    if rest[0] in ("that", "this", "it") and (rest[1] in _PLACING or rest[1] in v.POSITIONS):
        return rest[1:]  # "what is that on the left"
    placed = rest[0] in v.POSITIONS or rest[0] in _PLACING or (words[0] == "who" and rest[0] in v.RELATIONS)
    named = rest[0] in ("the", "that") and any(w in v.EMPTY_HEADS or w in v.THINGS for w in rest)
    return rest if placed or named else ()


def is_statement(words: Sequence[str]) -> bool:
    """A pronoun with a finite verb ("i am hungry", "it is raining") talks about no object to be found.

    People do wrap a description into talk ("that was it man in the center"), so a sentence that names a side, an
    extreme or an everyday thing is read on.
    """
    if len(words) < 2 or words[0] not in _SUBJECTS:
        return False
    said = [w for i, w in enumerate(words) if w != "can" or not _is_modal(words, i)]
    if any(w in v.POSITIONS or w in v.SUPERLATIVES or w in v.THINGS or w in v.CLOTHES or w in v.PEOPLE for w in said):
        return False
    return words[1] in _FINITE_VERBS or (words[0] in ("i", "we", "they") and words[1] not in v.RELATIONS)
