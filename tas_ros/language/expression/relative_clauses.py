# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Clauses that name the thing first and its relation last: "the chair the girl is sitting on"."""

from __future__ import annotations

from collections.abc import Sequence

from tas_ros.language.data import vocabulary as v
from tas_ros.language.words.relations import match_relation
from tas_ros.language.words.selectors import at, match_place, skip
from tas_ros.language.words.tagged import Word

_FINITE = v.COPULAS | {"sits", "stands", "lies", "holds", "wears", "rests", "sit", "stand", "lie", "sat", "stood"}
_LINKS = v.DETERMINERS | {"that", "which", "who", "whom"}


def turn_relative_clause(words: Sequence[Word]) -> list[Word]:
    """Rewrite "table the cake is on" as "table below the cake"; other expressions come back as they are."""
    words = _share_anchor(_without_viewer(_turn_owned_side(_turn_which(_turn_whose(list(words))))))
    texts = [w.text for w in words]
    for last in range(2, len(words)):
        inverse = _inverse_relation(words, texts, last)
        if inverse is None:
            continue
        end, turned = inverse
        verb = last
        while verb > 0 and (texts[verb - 1] in _FINITE or _is_participle(words[verb - 1])):
            verb -= 1
        carried = verb < last or _is_participle(words[last])
        subject = _subject_start(words, texts, verb)
        # The thing stands right before its clause: in "leg left of the man eating" the clause is no relative one.
        named_before = subject > 0 and (words[subject - 1].is_noun or texts[subject - 1] == "one")
        linked = subject < verb and texts[subject] in _LINKS
        if not carried or subject == verb or not named_before:
            continue
        acting = any(t in v.PEOPLE or t in _PRONOUN_NOUNS for t in texts[subject:verb]) or texts[verb] in v.COPULAS
        if not linked and (not acting or (turned == "with" and words[last].text not in v.RELATIONS)):
            continue
        named = [_PRONOUN_NOUNS.get(w.text, w) for w in words[subject:verb]]
        clause = [Word(turned, turned, "ADP"), *named]
        denied = end < len(texts) and texts[end] in v.NEGATIONS
        rest = [*clause, *words[end:]] if denied else [*words[end:], *clause]
        return [*words[:subject], *rest]
    return words


def _turn_whose(words: list[Word]) -> list[Word]:
    """ "the courier whose helmet is white" has a helmet that is white."""
    return [
        Word("with", "with", "ADP", "IN") if word.text == "whose" and k and k + 1 < len(words) else word
        for k, word in enumerate(words)
    ]


def _turn_owned_side(words: list[Word]) -> list[Word]:
    """ "to the kettle's right" is right of the kettle; "the table's right leg" and "the robot's right" stay."""
    texts = [w.text for w in words]
    for k in range(2, len(words) - 1):
        if texts[k] != "'s" or texts[k + 1] not in ("left", "right") or texts[k - 1] in v.PERSPECTIVES:
            continue
        end = k + 2
        while end < len(texts) and texts[end] in ("hand", "side"):
            end += 1
        led = next((p for p in range(k - 1, max(k - 6, -1), -1) if texts[p] in ("to", "on", "at")), -1)
        closes = end == len(texts) or texts[end] in v.AFTER_NOUN | v.DETERMINERS | {"there"}
        if led < 0 or not closes:
            continue
        side = [Word(t, t, "ADP", "IN") for t in (texts[k + 1], "of")]
        return [*words[:led], *side, *words[led + 1 : k], *words[end:]]
    return words


def _without_viewer(words: list[Word]) -> list[Word]:
    """ "the robot's tray" is the tray, and what is "held by the robot" is held; "the robot's side" stays."""
    texts = [w.text for w in words]
    for k in range(1, len(words) - 1):
        owned = texts[k] == "'s" and texts[k - 1] in v.VIEWERS and words[k + 1].is_noun
        if owned and texts[k + 1] not in v.VIEWPOINT_NOUNS | v.POSITIONS.keys() | v.SUPERLATIVES.keys():
            return [*words[: k - 1], *words[k + 1 :]]
        if texts[k - 1] in v.HELD and texts[k] == "by":
            end = skip(texts, k + 1, v.DETERMINERS)
            if at(texts, end) in v.VIEWERS:
                return [*words[:k], *words[end + 1 :]]
    return words


def _share_anchor(words: list[Word]) -> list[Word]:
    """ "above and to the left of the plate": both are said of the plate."""
    texts = [w.text for w in words]
    for k in range(1, len(words) - 2):
        if texts[k] != "and":
            continue
        first = any(_relation_until(texts, start, k) for start in range(max(k - 4, 0), k))
        first = first or any(_side_until(texts, start) == k for start in range(max(k - 5, 0), k))
        second = match_relation(texts, k + 1)
        start = second[0] if second is not None else _side_until(texts, k + 1)
        if not first or start <= k or start >= len(words):
            continue
        end = start
        while end < len(words) and not words[end].is_noun:
            end += 1
        while end < len(words) and words[end].is_noun:
            end += 1
        return [*words[:k], *words[start:end], *words[k:]]
    return words


def _side_until(texts: list[str], start: int) -> int:
    """Where "to the left of" ends; -1 for anything else."""
    place = match_place(texts, start)
    return place.of_end if place is not None else -1


def _turn_which(words: list[Word]) -> list[Word]:
    """ "the table on which the lamp stands" becomes "the table below the lamp"."""
    texts = [w.text for w in words]
    for which in range(2, len(words) - 1):
        if texts[which] not in ("which", "whom"):
            continue
        start = next((k for k in range(max(which - 4, 1), which) if _relation_until(texts, k, which)), 0)
        verb = next((k for k in range(which + 2, len(words)) if texts[k] in _FINITE | v.POSTURES), 0)
        found = match_relation(texts, start) if start else None
        if found is None or not verb or found[1] not in v.INVERSE_WORDS:
            continue
        end = verb
        while end < len(words) and (texts[end] in _FINITE | v.POSTURES or words[end].pos == "VERB"):
            end += 1
        turned = v.INVERSE_WORDS[found[1]]
        return [*words[:start], Word(turned, turned, "ADP"), *words[which + 1 : verb], *words[end:]]
    return words


def _relation_until(texts: list[str], start: int, end: int) -> bool:
    found = match_relation(texts, start)
    return found is not None and found[0] == end


def _inverse_relation(words: list[Word], texts: list[str], last: int) -> tuple[int, str] | None:
    """Where a relation word at `last` that closes its clause ends, and the word for it seen from the other side."""
    found = match_relation(texts, last)
    if found is not None and found[1] in v.INVERSE_WORDS:
        end, turned = found[0], v.INVERSE_WORDS[found[1]]
    elif _is_participle(words[last]) and texts[last] not in v.POSTURES | v.LOOKING:
        end, turned = last + 1, "with"  # "the ball that the boy is kicking"
    else:
        return None
    if end == len(texts) or texts[end] in v.NEGATIONS:
        return end, turned
    place = match_place(texts, end)
    return None if place is None or place.end < len(texts) or place.of_end >= 0 else (end, turned)


def _subject_start(words: list[Word], texts: list[str], verb: int) -> int:
    for k in range(verb - 2, 0, -1):
        named_before = words[k - 1].is_noun or texts[k - 1] == "one"
        if texts[k] in ("that", "which", "who") and named_before and texts[k + 1] in v.DETERMINERS:
            return k  # "the chair that the man in red is sitting on"
    subject = verb
    if subject > 1 and texts[subject - 1] in _PRONOUN_NOUNS:
        subject -= 1
    else:
        while subject > 0 and words[subject - 1].is_noun and (subject == verb or subject > 1):
            subject -= 1
            if texts[subject] in v.PEOPLE or texts[subject] in v.THINGS:
                break
    while subject > 0 and subject <= verb and (texts[subject - 1] in _LINKS or words[subject - 1].is_colour):
        if subject == verb:
            break
        subject -= 1
    return subject


def _is_participle(word: Word) -> bool:
    return not word.is_noun and (word.tag in ("VBG", "VBZ") or (word.pos == "VERB" and word.text.endswith("ing")))


def _person(noun: str) -> Word:
    return Word(noun, noun, "NOUN", "NN")


# "The chair she sits on": who that is, is not known; that it is a person, is.
_PRONOUN_NOUNS = {
    "she": _person("woman"),
    "he": _person("man"),
    "they": _person("person"),
    "someone": _person("person"),
}
