"""What people say to a robot without naming a thing: talk, statements, questions, motion."""

from __future__ import annotations

from collections.abc import Sequence

from tas_ros.language import vocabulary as v
from tas_ros.language.command_words import CORRECTIONS, MOTION_DIRECTIONS, STOPPED_BY, STOPS, TALK

QUESTION_WORDS = frozenset({"what", "who", "why", "when", "how", "whose"})
_SUBJECTS = frozenset({"i", "you", "it", "we", "they", "he", "she", "this", "that", "there", "let"})
_FINITE_VERBS = frozenset(
    {"am", "is", "are", "was", "were", "will", "have", "do", "did", "can", "should", "like", "love", "think", "look"}
)
_PLACING = frozenset({"on", "in", "under", "next", "behind", "between", "above", "at", "to"})


def reason_of_talk(words: Sequence[str]) -> str:
    """Why these words refer to nothing ("stop right there", "thank you"); empty when they may."""
    plain = [w for w in words if w not in (",", ".")]
    joined = " ".join(plain)
    if ("i", "am", "pointing") in zip(plain, plain[1:], plain[2:], strict=False):
        return "I cannot see where you point; describe the object"
    stopped = bool(plain) and plain[0] in STOPS and all(w in STOPPED_BY or w in v.FILLERS for w in plain[1:])
    return f"'{joined}' refers to no object" if stopped or joined in TALK else ""


def is_motion(rest: Sequence[str]) -> bool:
    """What follows a verb of motion names directions and distances only."""
    meaning = [w for w in rest if w not in v.FILLERS | v.DETERMINERS and w not in (",", ".")]
    return all(w in MOTION_DIRECTIONS or w in v.NUMBERS for w in meaning)


def asked_by_place(words: Sequence[str]) -> tuple[str, ...]:
    """ "what is on the table", "who is on the left" ask for a thing by its place; empty for any other question."""
    rest = tuple(words[2:])
    if len(rest) < 2 or words[0] not in ("what", "who") or words[1] not in ("is", "are", "'s"):
        return ()
    placed = rest[0] in v.POSITIONS or rest[0] in _PLACING
    named = rest[0] in ("the", "that") and any(w in v.EMPTY_HEADS or w in v.THINGS for w in rest)
    return rest if placed or named else ()


def is_statement(words: Sequence[str]) -> bool:
    """A pronoun with a finite verb ("i am hungry", "it is raining") talks about no object to be found.

    People do wrap a description into talk ("that was it man in the center"), so a sentence that names a side, an
    extreme or an everyday thing is read on.
    """
    if len(words) < 2 or words[0] not in _SUBJECTS:
        return False
    if any(w in v.POSITIONS or w in v.SUPERLATIVES or w in v.THINGS or w in v.CLOTHES or w in v.PEOPLE for w in words):
        return False
    return words[1] in _FINITE_VERBS or (words[0] in ("i", "we", "they") and words[1] not in v.RELATIONS)


def after_correction(words: list[str]) -> list[str]:
    """ "grab the cup, no wait, the bowl": what a speaker corrects, they no longer mean."""
    for i in range(len(words) - 1, 0, -1):
        for phrase in CORRECTIONS:
            end = i + len(phrase)
            if tuple(words[i:end]) == phrase and any(w not in v.FILLERS and w not in (",", ".") for w in words[end:]):
                return [w for k, w in enumerate(words[end:]) if k or w not in (",", ".")]
    return words
