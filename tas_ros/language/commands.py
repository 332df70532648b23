"""Takes a command apart: politeness, verb, the expression that refers, and where to put the thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tas_ros.language import vocabulary as v
from tas_ros.language.command_words import (
    ADDRESSES,
    AMBIGUOUS_VERBS,
    ASIDE_PHRASES,
    ASIDES,
    MOTION_DIRECTIONS,
    MOTION_VERBS,
    NOUN_VERBS,
    ONLY_BEFORE_ARTICLES,
    OPENINGS,
    PLACING_VERBS,
    TRAILERS,
    VERB_PARTICLES,
    VERBS,
)
from tas_ros.language.talk import (
    QUESTION_WORDS,
    after_correction,
    asked_by_place,
    is_motion,
    is_statement,
    reason_of_talk,
)

_OBJECT_PRONOUNS = frozenset(
    {"it", "them", "him", "her", "that", "this", "those", "these", "everything", "they", "one"}
)
_DESTINATION_STARTS = frozenset(
    [
        "in",
        "into",
        "on",
        "onto",
        "to",
        "inside",
        "at",
        "next",
        "under",
        "beside",
        "by",
        "near",
        "over",
        "behind",
        "between",
        "above",
        "below",
        "underneath",
        "left",
        "right",
    ]
)
_ANSWERS = frozenset({"no", "yes", "yeah", "nope", "yep"})
_DIRECTED = frozenset({"into", "onto", "to"})
_PRESENTING = frozenset({"it is", "it 's", "this is", "that is", "there is", "there 's", "here is"})
# These verbs say where to only with "to", "into", "onto": "bring the mug on the table" tells which mug.
_CARRYING_VERBS = frozenset({"bring", "take", "carry", "return", "hand", "push", "pull", "deliver", "transfer"})


@dataclass(frozen=True)
class Command:
    """A command taken apart."""

    expression: tuple[str, ...]
    destination: tuple[str, ...] = ()
    verb: str = ""
    reason: str = ""
    """Why nothing is referred to; empty when something may be."""


def take_apart(words: Sequence[str]) -> Command:  # noqa: PLR0911 (one return a construction)
    """Split the words of a command. A Command with a reason refers to nothing."""
    words = _strip(list(words))
    if not words:
        return Command((), reason="the command names no object; say which one, such as 'the red mug'")
    words = after_correction(words)
    joined = " ".join(w for w in words if w not in ",.")
    if words[0] in ("never", "leave") or words[:2] == ["do", "not"]:
        wanted = next((j for j in range(3, len(words)) if words[j] in VERBS and words[j + 1 : j + 2] == ["the"]), 0)
        if not wanted:
            return Command((), reason=f"'{joined}' says what to leave alone; name the object that you want")
        return take_apart(words[wanted:])
    reason = reason_of_talk(words)
    if reason:
        return Command((), reason=reason)
    verb, rest = _leading_verb(words)
    if verb in MOTION_VERBS:
        if is_motion(rest):
            return Command((), verb=verb, reason=f"'{joined}' is about moving and names no object")
    elif verb and rest and rest[0] == "'s":
        rest = rest[1:]
    if not verb and words[0] in QUESTION_WORDS:
        asked = asked_by_place(words)
        return Command(
            tuple(asked),
            verb="what is" if asked else "",
            reason="" if asked else f"'{joined}' is a question that refers to no object in view",
        )
    if not verb and is_statement(words):
        return Command((), reason=f"'{joined}' is a statement, it asks for no object")
    rest, destination = _split_destination(_without_afterthought(rest), verb)
    rest = _strip(rest)
    meaning = [w for w in rest if w not in v.FILLERS and w not in ",."]
    if not meaning:
        return Command((), tuple(destination), verb, f"'{joined}' says what to do but names no object")
    if all(w in v.PRONOUNS or w in ("one", "the", "ones") for w in meaning):
        return Command((), tuple(destination), verb, f"'{' '.join(meaning)}' points at nothing I know; name the object")
    return Command(tuple(rest), tuple(destination), verb)


def _strip(words: list[str]) -> list[str]:
    """Without fillers, politeness and addresses at either end, and without asides anywhere."""
    for aside in ASIDE_PHRASES:
        n = len(aside)
        at_aside = [
            i
            for i in range(len(words) - n + 1)
            if tuple(words[i : i + n]) == aside and words[i - 1 : i] not in (["as"], ["like"], ["where"], ["how"])
        ]
        if at_aside and len(words) > n:
            words = words[: at_aside[0]] + words[at_aside[0] + n :]
    changed = True
    while changed and words:
        changed = False
        for phrases, front in ((OPENINGS, True), (ADDRESSES, True), (TRAILERS, False)):
            for phrase in phrases:
                n = len(phrase)
                if not front and _is_meant(words, n):
                    continue
                if len(words) > n and tuple(words[:n] if front else words[-n:]) == phrase:
                    words = words[n:] if front else words[:-n]
                    changed = True
        while len(words) > 1 and words[0] in _ANSWERS and words[1] in v.DETERMINERS | {",", "."}:
            words, changed = words[1:], True
        while words and words[0] in (",", "."):
            words, changed = words[1:], True
        while words and words[-1] in (",", "."):
            words, changed = words[:-1], True
    return [w for w in words if w not in ASIDES]


def _is_meant(words: list[str], n: int) -> bool:
    """The last n words belong to the description: "closest to me", "next to the robot"."""
    before = words[-n - 1] if len(words) > n else ""
    return (
        before in v.SUPERLATIVES or before in v.DETERMINERS or before in ("next", "close", "near", "to", "from", "my")
    )


def _leading_verb(words: list[str]) -> tuple[str, list[str]]:
    """The command verb (with its particle) at the start and what follows it."""
    for length in (4, 3, 2, 1):
        head = " ".join(words[:length])
        if len(words) >= length and head in VERBS:
            rest = words[length:]
            if head in _PRESENTING and not (rest and rest[0] in v.DETERMINERS):
                continue
            if rest and rest[0] == "of":
                return "", words  # "stack of plates" names a thing
            if not rest and (head in v.BODY or head in v.THINGS):
                return "", words
            if length == 1 and not _commands(head, rest):
                return "", words
            if len(rest) > 1 and rest[-1] in VERB_PARTICLES.get(head, ()) and not _is_place(rest[-2]):
                rest = rest[:-1]
            return head, _after_recipient(rest)
    return "", words


def _is_place(before: str) -> bool:
    """The particle after this word says where a thing is: "take the can at the back"."""
    leads = before in v.DETERMINERS or before in v.POSITIONS or before in v.SUPERLATIVES or before in v.COPULAS
    return leads or before in ("at", "in", "on", "to", "very", "far", "way", "all", "from", "and", "one", "ones")


def _commands(verb: str, rest: list[str]) -> bool:
    """A word that is a noun as well commands only before something it can act on: "point", "watch", "lift", "box"."""
    if verb in ONLY_BEFORE_ARTICLES:
        return bool(rest) and rest[0] in v.DETERMINERS
    if verb in NOUN_VERBS:
        return bool(rest) and rest[0] in v.DETERMINERS | v.PRONOUNS | v.COLOURS.keys() | v.THINGS | {"to", "at", "over"}
    if verb not in AMBIGUOUS_VERBS:
        return True
    return (
        not rest
        or rest[0] in v.DETERMINERS | v.PRONOUNS | {"to", "at"} | v.COLOURS.keys() | MOTION_DIRECTIONS
        or (rest[0] in v.POSITIONS or rest[0] in v.THINGS or rest[0] in v.SUPERLATIVES or rest[0] in v.SIZE_WORDS)
    )


def _after_recipient(rest: list[str]) -> list[str]:
    while rest and rest[0] in ("me", "us", "up", "out", "for", "at", "to", "over", "please", ",") and len(rest) > 1:
        rest = rest[1:]
    return rest


def _without_afterthought(words: list[str]) -> list[str]:
    """ "on your right there is a block, pick it up": the last clause only says what to do with it."""
    for i in range(max(1, len(words) - 4), len(words) - 1):
        verb, after = _leading_verb(words[i:])
        told = words[i - 1] not in ("as", "where", "like", "that", "how", "to", "i", "you", "we")
        if told and verb and after and all(w in _OBJECT_PRONOUNS - {"one"} or w in v.FILLERS for w in after):
            return words[:i]
    return words


def _split_destination(words: list[str], verb: str) -> tuple[list[str], list[str]]:
    """The words before "and put it in ..." or, for verbs of placing, before the last "into/in/on/to ..."."""
    for i, word in enumerate(words):
        if word not in ("and", "then", ",", "."):
            continue
        j = i + 1
        while j < len(words) and words[j] in ("then", "and", ",", "please", "now", "afterwards", "after"):
            j += 1
        action, after = _leading_verb(words[j:])
        if not action and j < len(words) and words[j] in _OBJECT_PRONOUNS:
            action, after = "put", words[j:]
        if action:
            target = words[:i]
            while after and after[0] in _OBJECT_PRONOUNS:
                after = after[1:]
            return target, _destination(after)
    if verb.split(" ", maxsplit=1)[0] in PLACING_VERBS:
        carried = verb.split(" ", maxsplit=1)[0] in _CARRYING_VERBS
        starts = [
            i
            for i, w in enumerate(words)
            if i and w in (_DIRECTED if carried else _DESTINATION_STARTS) and _starts_destination(words, i, carried)
        ]
        if starts:
            first = next((i for i in starts if words[i] in _DIRECTED), starts[-1])
            return words[:first], _destination(words[first:])
    return words, []


def _starts_destination(words: list[str], i: int, carried: bool) -> bool:
    """The first word of a place phrase, not one inside it ("next TO", "in front of", "to the LEFT of")."""
    if words[i] in ("left", "right"):
        return i + 1 < len(words) and words[i + 1] == "of" and words[i - 1] not in ("the", "my", "your", "to")
    if words[i - 1] in v.COPULAS or words[i - 1] in ("next", "close", "from") or words[i - 1] in v.SUPERLATIVES:
        return False
    if words[i] in ("on", "in", "at", "to"):
        j = i + 1
        while j < len(words) and (words[j] in v.DETERMINERS or words[j] in v.POSITIONS or words[j] in ("far", "very")):
            j += 1
        placed = any(w in v.POSITIONS for w in words[i + 1 : j])
        while j < len(words) and placed and words[j] in v.PLACE_NOUNS:
            j += 1
        following = words[j] if j < len(words) else ""
        # "the mug on the left" says which mug; "on the right plate" and "to the left of the plate" say where to.
        return not placed or (bool(following) and following not in v.AFTER_NOUN) or (following == "of" and not carried)
    return True


def _destination(words: list[str]) -> list[str]:
    return _strip(list(words))
