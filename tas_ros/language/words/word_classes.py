# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a dictionary lets a word be, and which word names the thing where the tagger saw no noun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from tas_ros.language.data import vocabulary as v
from tas_ros.language.words.relations import match_relation
from tas_ros.language.words.selectors import match_place, match_superlative, owned_extreme
from tas_ros.language.words.tagged import Word

Dictionary = Mapping[str, AbstractSet[str]]
_INFLECTIONS = {
    "ing": ("verb", ("", "e")),
    "ed": ("verb", ("", "e")),
    "ies": ("noun", ("y",)),
    "es": ("noun", ("", "e")),
    "s": ("noun", ("",)),
}
_DESCRIBES = frozenset(
    {*v.POSITIONS, *v.SUPERLATIVES, *v.SIZE_WORDS, *v.ORDINALS, *v.COLOURS, *v.COUNT_WORDS, *v.NUMBERS}
    | v.END_POSITIONS.keys()
    | v.MOST_ADJECTIVES.keys() | v.ADJECTIVES | v.LAST_WORDS | v.DETERMINERS | v.FILLERS | v.COPULAS | v.POSTURES
    | v.LOOKING | v.PLACE_NOUNS | v.VIEW_NOUNS | v.PARTICLES
    | {"most", "more", "next", "same", "different", "own", "see", "upside"}
)  # fmt: skip
_STAND_INS = v.EMPTY_HEADS | v.PRONOUNS | {"other", "another", "others"}
_CLAUSE_STARTS = frozenset({"that", "which", "who", "whose", "where", "of", "from", "for", "but", "and", "or", "than"})
_TAKEN_FOR_NOUNS = frozenset({"VERB", "AUX", "ADJ", "ADV", "X", "INTJ", "ADP", "SCONJ"})


def classes_of(word: str, dictionary: Dictionary) -> frozenset[str]:
    """The word classes ("noun", "verb", "adj", "adv") that the dictionary gives the word or what it is a form of."""
    found = {kind for kind, known in dictionary.items() if word in known}
    for ending, (kind, rests) in _INFLECTIONS.items():
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) >= 3:
            doubled = kind == "verb" and stem[-1] == stem[-2] and stem[:-1] in dictionary.get(kind, ())
            if doubled or any(stem + rest in dictionary.get(kind, ()) for rest in rests):
                found.add(kind)
    return frozenset(found)


def name_the_thing(words: Sequence[Word], dictionary: Dictionary) -> list[Word]:
    """Words among which the one that names the target is a noun, where the tagger left the target without.

    A small tagger takes a bare rare noun for a verb or a trait ("tile dead center", "small moped behind rock"). Where
    no noun stands before the first relation, the last word there that may be a noun, and is no known trait, is one.
    """
    words = [_doing(words, k, dictionary) for k in range(len(words))]
    named = [_with_own_form(_after_having(words, k, dictionary), dictionary) for k in range(len(words))]
    return _name_anchors(_name(named, dictionary), dictionary)


def _name(words: Sequence[Word], dictionary: Dictionary) -> list[Word]:
    texts = [w.text for w in words]
    candidate, either, k, done = -1, -1, 0, False
    while k < len(words):
        if owned_extreme(texts, k) > k:
            k = owned_extreme(texts, k)  # "the robot's rightmost tote": whose it is names no thing
            continue
        word, place = words[k], match_place(texts, k)
        if place is not None:
            if place.of_end >= 0 and not place.of_view:
                break
            k = place.end
            continue
        named = word.is_noun and match_superlative(texts, k) is None  # "rightmost" names nothing
        if named or word.text in _STAND_INS - {"that", "this", "these", "those"}:
            return list(words)
        if _ends_name(texts, k) and (k or word.text not in (",", ".")):
            if candidate >= 0 or texts[k] not in (",", "."):
                break
        elif not done and _may_name(word, dictionary):
            candidate = k
        elif _stays_next(words, k) and {"noun", "adj"} <= classes_of(word.text, dictionary) - {"verb"}:
            either = k if word.text not in _DESCRIBES else either  # "key hanging beside the calendar"
        elif candidate >= 0 and word.pos == "VERB":
            done = True  # what lies or leans was named before; a noun may still follow ("bad looking pizza")
        k += 1
    candidate = either if candidate < 0 else candidate
    if candidate < 0:
        return list(words)
    return [*words[:candidate], as_noun(words[candidate]), *words[candidate + 1 :]]


def _name_anchors(words: list[Word], dictionary: Dictionary) -> list[Word]:
    """What a relation with an article leads to is named as the target is: "on top of the grey tote"."""
    texts = [w.text for w in words]
    for k in range(1, len(words) - 1):
        relation = match_relation(texts, k)
        if relation is not None and relation[0] < len(words) and texts[relation[0]] in v.ARTICLES:
            end = relation[0]
            words = [*words[:end], *_name(words[end:], dictionary)]
    return words


def _stays_next(words: Sequence[Word], k: int) -> bool:
    """A participle and a relation follow: what stands before them names what hangs or lies there."""
    if k + 2 >= len(words) or not words[k + 1].text.endswith(("ing", "ed")):
        return False
    return match_relation([w.text for w in words], k + 2) is not None


def as_noun(word: Word) -> Word:
    """The word as a noun; a lemma that only its verb or adjective has ("mope" of "moped") goes."""
    plural = word.text in (word.lemma + "s", word.lemma + "es", word.lemma[:-1] + "ies")
    return replace(word, pos="NOUN", lemma=word.lemma if plural and word.text not in v.PAIRED else word.text)


def _ends_name(texts: Sequence[str], k: int) -> bool:
    if texts[k] in v.SUPERLATIVES and texts[k + 1 : k + 2] in (["to"], ["from"]):
        return True  # "closest to the lamp"
    pauses = texts[k] in (",", ".") or texts[k] in v.NEGATIONS or (k > 0 and texts[k] in _CLAUSE_STARTS)
    return pauses or match_relation(texts, k) is not None


def _may_name(word: Word, dictionary: Dictionary) -> bool:
    readable = word.text.isalpha() and len(word.text) >= 3
    if word.tag == "MD" or word.text in _DESCRIBES or word.pos not in _TAKEN_FOR_NOUNS or not readable:
        return False
    classes = classes_of(word.text, dictionary)
    if word.text.endswith("ing") and "verb" in classes:
        return False  # "running near the wall"
    if "adj" in classes and word.tag not in ("VB", "VBP"):
        return False  # "top plain": the draft decides
    return "noun" in classes or (not classes and word.tag not in ("VBG", "RB"))


def _with_own_form(word: Word, dictionary: Dictionary) -> Word:
    """ "trellis" and "forceps" are no plurals of a "trelli" and a "forcep", nor "specimen" of a "speciman"."""
    nouns = dictionary.get("noun", frozenset())
    cut = word.text.endswith("en") or (word.text.endswith("s") and word.lemma == word.text[:-1])
    own = word.is_noun and cut and word.lemma not in nouns and word.text in nouns
    return replace(word, lemma=word.text) if own else word


def _after_having(words: Sequence[Word], k: int, dictionary: Dictionary) -> Word:
    """ "without icing": what a thing has is a thing, though its name looks like a deed."""
    word = words[k]
    had = k > 0 and words[k - 1].text in ("with", "without", "no") and word.tag == "VBG" and not word.is_noun
    alone = k + 1 == len(words) or words[k + 1].text in (",", ".", "on", "in", "at", "and")
    known = word.text in _DESCRIBES or match_relation([word.text], 0) is not None
    return as_noun(word) if had and alone and not known and word.text in dictionary.get("noun", ()) else word


def _doing(words: Sequence[Word], k: int, dictionary: Dictionary) -> Word:
    """ "the phone charging on the desk": a deed that is no noun by itself, behind the noun that does it."""
    word = words[k]
    deed = word.is_noun and word.text.endswith("ing") and k > 0 and words[k - 1].is_noun and word.text not in v.THINGS
    if not deed or classes_of(word.text, dictionary) & {"noun", "verb"} != {"verb"}:
        return word
    texts = [w.text for w in words]
    ends = k + 1 == len(words) or texts[k + 1] in (",", ".") or match_relation(texts, k + 1) is not None
    return replace(word, pos="VERB", tag="VBG") if ends else word
