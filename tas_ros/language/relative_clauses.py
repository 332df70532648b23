"""Clauses that name the thing first and its relation last: "the chair the girl is sitting on"."""

from __future__ import annotations

from collections.abc import Sequence

from tas_ros.language import vocabulary as v
from tas_ros.language.relations import match_relation
from tas_ros.language.selectors import match_place
from tas_ros.language.words import Word

_FINITE = v.COPULAS | {"sits", "stands", "lies", "holds", "wears", "rests", "sit", "stand", "lie", "sat", "stood"}


def turn_relative_clause(words: Sequence[Word]) -> list[Word]:
    """Rewrite "table the cake is on" as "table below the cake"; other expressions come back as they are."""
    words = list(words)
    texts = [w.text for w in words]
    for last in range(2, len(words)):
        found = match_relation(texts, last)
        if found is None or found[1] not in v.INVERSE_WORDS:
            continue
        end, kind = found
        place = match_place(texts, end) if end < len(texts) else None
        if place is not None and (place.end < len(texts) or place.of_end >= 0):
            continue
        if place is None and end < len(texts):
            continue
        verb = last
        while verb > 0 and (
            texts[verb - 1] in _FINITE or (words[verb - 1].tag in ("VBG", "VBZ") and not words[verb - 1].is_noun)
        ):
            verb -= 1
        carried = verb < last or words[last].tag == "VBG"
        subject = verb
        while subject > 0 and words[subject - 1].is_noun and (subject == verb or subject > 1):
            subject -= 1
            if texts[subject] in v.PEOPLE or texts[subject] in v.THINGS:
                break
        while subject > 0 and (texts[subject - 1] in v.DETERMINERS | {"that", "which"} or words[subject - 1].is_colour):
            subject -= 1
        # The thing stands right before its clause: in "leg left of the man eating" the clause is no relative one.
        named_before = subject > 0 and words[subject - 1].is_noun
        if not carried or subject == verb or not named_before:
            continue
        turned = Word(v.INVERSE_WORDS[kind], v.INVERSE_WORDS[kind], "ADP")
        return [*words[:subject], *words[end:], turned, *words[subject:verb]]
    return words
