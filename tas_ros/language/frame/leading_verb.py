# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The verb that opens a command, and what follows it."""

from __future__ import annotations

from collections.abc import Collection

from tas_ros.language.data import vocabulary as v
from tas_ros.language.data.action_verbs import AMBIGUOUS_VERBS, NOUN_VERBS, ONLY_BEFORE_ARTICLES, PLACING_VERBS
from tas_ros.language.data.command_words import (
    LEADING_PARTICLES,
    LONGEST_VERB,
    MOTION_DIRECTIONS,
    VERB_PARTICLES,
    VERBS,
)

_SENDING = frozenset({"go", "come", "run", "try"})
PRESENTING = frozenset({"it is", "it 's", "this is", "that is", "there is", "there 's", "here is", "it was"})
_ARTICLES_OF_OBJECTS = v.DETERMINERS | {
    "all",
    "both",
    "every",
    "each",
    "two",
    "three",
    "whichever",
    "it",
    "them",
    "another",
}
# Words that describe or name more often than they command, whatever a dictionary of verbs says.
_NEVER_VERBS = frozenset(
    {*v.POSITIONS, *v.SUPERLATIVES, *v.SIZE_WORDS, *v.ORDINALS, *v.COLOURS, *v.RELATIONS, *v.NUMBERS}
    | v.THINGS | v.PEOPLE | v.CLOTHES | v.BODY | v.PRONOUNS | v.COPULAS | v.FILLERS | v.ADJECTIVES | v.NEGATIONS
    | v.LAST_WORDS | v.DETERMINERS | v.PLACE_NOUNS | v.VIEW_NOUNS | v.EMPTY_HEADS | v.LOOKING | v.POSTURES
    | {"and", "or", "but", "near", "far", "may", "can", "will", "same", "other", "next", "most", "more"}
)  # fmt: skip


def leading_verb(words: list[str], english_verbs: Collection[str] = ()) -> tuple[str, list[str]]:
    """The command verb (with its particle) at the start and what follows it; no verb and all the words otherwise.

    english_verbs: base forms that command besides those of the tables, where an article follows ("burnish the lid").
    """
    for length in range(min(LONGEST_VERB, len(words)), 0, -1):
        head, rest = " ".join(words[:length]), words[length:]
        if head not in VERBS or (head in PRESENTING and not (rest and rest[0] in v.DETERMINERS)):
            continue
        if rest and rest[0] == "of":
            return "", words  # "stack of plates" names a thing
        if not rest and (head in v.BODY or head in v.THINGS):
            return "", words
        if length == 1 and not _commands(head, rest):
            break
        particles = VERB_PARTICLES.get(head, VERB_PARTICLES.get(words[0], ()) if length == 1 else ())
        pointed = rest[:-1] in (["that"], ["this"], ["those"], ["these"])  # "give that back"
        if len(rest) > 1 and rest[-1] in particles and (pointed or not is_place(rest[-2])):
            head = f"{head} {rest[-1]}" if rest[-1] in ("away", "out") else head  # puts it nowhere in view
            rest = rest[:-1]
        sent = leading_verb(rest, english_verbs) if head in _SENDING else ("", [])
        if sent[0] and sent[1] and sent[1][0] in v.DETERMINERS:
            return sent  # "go look for the mug"
        particle = rest[0] if len(rest) > 1 and rest[1] in v.DETERMINERS else ""
        if (particle == "in" and head in _PUSHING) or (particle == "over" and head in _TOPPLING):
            head, rest = f"{head} {particle}", rest[1:]  # "push in the chair by the door" puts it nowhere
        return head, _after_recipient(rest)
    if len(words) > 1 and words[0] in english_verbs and words[0] not in _NEVER_VERBS and (
        words[1] in v.DETERMINERS and not _describes(words[1:])
    ):  # fmt: skip
        return words[0], words[1:]
    return "", words


def is_place(before: str) -> bool:
    """The particle after this word says where a thing is: "take the can at the back"."""
    leads = before in v.DETERMINERS or before in v.POSITIONS or before in v.SUPERLATIVES or before in v.COPULAS
    return leads or before in ("at", "in", "on", "to", "very", "far", "way", "all", "from", "and", "one", "ones")


def _describes(rest: list[str]) -> bool:
    """ "box that is not under the stairs", "file that looks old": the clause tells which box, it is told nothing."""
    return rest[:1] == ["that"] and len(rest) > 2 and (rest[1] in v.COPULAS | v.LOOKING | v.POSTURES | _HAVE)


_HAVE = frozenset({"has", "have", "had", "can", "could", "i", "you", "we", "he", "she", "they"})


_PUSHING = frozenset({"push", "tuck", "plug"})
_TOPPLING = frozenset({"knock", "tip", "turn", "roll", "fold", "prop", "crank", "wind", "break", "wrap", "cover"})


def _commands(verb: str, rest: list[str]) -> bool:
    """A word that is a noun as well commands only before something it can act on: "point", "watch", "lift", "box"."""
    if verb in ONLY_BEFORE_ARTICLES | NOUN_VERBS | AMBIGUOUS_VERBS and _describes(rest):
        return False
    if verb in _TOPPLING and len(rest) > 1 and rest[0] in LEADING_PARTICLES and rest[1] in v.DETERMINERS:
        return True  # "knock over the bottle"
    if verb in ONLY_BEFORE_ARTICLES and verb not in AMBIGUOUS_VERBS:
        carries = verb in PLACING_VERBS and bool({"into", "onto"}.intersection(rest))  # "tip bucket into skip"
        return bool(rest) and (rest[0] in _ARTICLES_OF_OBJECTS or carries)
    if verb in NOUN_VERBS:
        return bool(rest) and rest[0] in _ARTICLES_OF_OBJECTS | v.PRONOUNS | v.COLOURS.keys() | v.THINGS | {
            "to",
            "at",
            "over",
        }
    if verb not in AMBIGUOUS_VERBS:
        return True
    named = bool(rest) and rest[0] not in _AFTER_PLACING_NOUN
    return (
        not rest
        or (named and verb in PLACING_VERBS and bool(_INTO_WHAT.intersection(rest[1:-1])))  # "place swab in bag"
        or rest[0] in v.DETERMINERS | v.PRONOUNS | {"to", "at"} | v.COLOURS.keys() | MOTION_DIRECTIONS
        or (rest[0] in v.POSITIONS or rest[0] in v.THINGS or rest[0] in v.SUPERLATIVES or rest[0] in v.SIZE_WORDS)
    )


_AFTER_PLACING_NOUN = v.AFTER_NOUN | v.FILLERS | {"mat", "mats", "card", "cards", "setting", "cloth", "cloths", "leaf"}
_INTO_WHAT = frozenset({"in", "into", "inside", "onto", "on", "to"})


def _after_recipient(rest: list[str]) -> list[str]:
    while len(rest) > 1 and rest[0] in ("me", "us", "up", "out", "for", "at", "to", "over", "please", ","):
        rest = rest[1:]
    if len(rest) > 1 and rest[0] in LEADING_PARTICLES and (rest[1] in v.DETERMINERS or rest[1] in v.THINGS):
        rest = rest[1:]
    return rest
