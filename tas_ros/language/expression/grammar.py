# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Reads a referring expression word by word into a target with its constraints.

The reader walks the tagged words once. At each word the longest construction that fits is taken: negation, ordinal,
 superlative, place, relation; anything else belongs to the thing being named at that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tas_ros.language.data import vocabulary as v
from tas_ros.language.expression.counting_rules import read_ordinal, read_size, read_superlative
from tas_ros.language.expression.describing_rules import (
    read_activity,
    read_bare_clothes,
    read_likeness,
    read_looking,
    read_posture,
)
from tas_ros.language.expression.draft import Draft, RelationDraft
from tas_ros.language.expression.joining_rules import read_conjunction, read_negation
from tas_ros.language.expression.placing_rules import read_far_from, read_relation_or_place
from tas_ros.language.expression.reader_state import ReaderState, Reading
from tas_ros.language.expression.relative_clauses import turn_relative_clause
from tas_ros.language.query import RelationKind
from tas_ros.language.words.selectors import at, match_place
from tas_ros.language.words.tagged import Word

Rule = Callable[[ReaderState, int], "int | None"]


def read_expression(words: Sequence[Word]) -> Reading:
    """Read the words of one referring expression."""
    state = ReaderState(turn_relative_clause(words))
    i = 0
    while i < len(state.words):
        i = _read_at(state, i)
    _share_noun(state.reading)
    return state.reading


def _share_noun(reading: Reading) -> None:
    """ "the red and the blue mug": the noun is said once, for both."""
    target = reading.target
    if reading.also and not target.has_noun and not target.is_empty and not (target.positions or target.relations):
        target.runs[-1] += [w for run in reading.also[0].runs[:1] for w in run if w.is_noun]


def _read_at(state: ReaderState, i: int) -> int:
    for rule in _RULES:
        end = rule(state, i)
        if end is not None and end > i:
            return end
    read_word(state, i)
    return i + 1


def read_possessive(state: ReaderState, i: int) -> int | None:
    """ "the man's hat" is a hat; whose it is ties it to him."""
    if state.texts[i] != "'s":
        return None
    current = state.current
    before = next((w.text for w in reversed(state.words[:i]) if not w.is_noun and w.pos != "ADJ"), "")
    whose = at(state.texts, i - 1)
    if (before in _KNOWN_BY and whose in v.PEOPLE) or (before not in v.DETERMINERS and whose in v.KIN):
        current.runs[-1] = []  # "granny's handbag", "my sister's mug": whose it is, wherever she may be
        return i + 1
    if any(w.is_noun for w in current.runs[-1]):
        owner = Draft(runs=[current.runs.pop()])
        current.runs.append([])
        relation = RelationDraft(RelationKind.IN, [owner], current)
        owner.host = relation
        current.relations.append(relation)
    return i + 1


_KNOWN_BY = frozenset({"my", "our", "your"})


def read_word(state: ReaderState, i: int) -> None:  # noqa: PLR0911 (one return a construction)
    """A word of the thing being named, unless it carries no meaning."""
    word, current = state.words[i], state.current
    text = word.text
    if text in ("other", "another", "others", "next") or (text == "different" and at(state.texts, i - 1) == "a"):
        state.reading.other = state.reading.other or current is state.reading.target
        current.placeholder = current.placeholder or (text == "others" and current is not state.reading.target)
        return
    if i == 0 and _means_all(state):
        current.count = 0
        return
    if text in v.COUNT_WORDS and i and i + 1 == len(state.words) and not current.has_noun and (
        state.texts[i - 1] in v.POSITIONS or state.texts[i - 1] in v.LAST_WORDS or state.texts[i - 1] in v.ORDINALS
    ):  # fmt: skip
        current.count, current.placeholder = v.COUNT_WORDS[text], True  # "the left three"
        return
    if text in v.COUNT_WORDS and not any(w.is_noun for run in current.runs for w in run) and at(state.texts, i + 1):
        of_them = "of" in state.texts[max(i - 2, 0) : i] and current.host is None
        current.count = current.count if of_them else v.COUNT_WORDS[text]  # "the second of the three cups" is one
        return
    if text in ("one", "ones", "1"):
        current.placeholder = True
        return
    if text == "number" and at(state.texts, i + 1) in v.NUMBERS:
        return  # "number 12 player"
    skipped = text in v.DETERMINERS or text in v.FILLERS or text in v.COPULAS or text in v.PRONOUNS
    skipped = skipped or (text == "what" and i > 0)  # "the cup what stands there"
    if skipped or word.pos in ("DET", "AUX", "CCONJ", "SCONJ", "PUNCT", "PART") or text in _PARTICLES:
        return
    current.add(word)


_PARTICLES = frozenset({"most", "far", "to", "up", "down", "out", "off", "away", "right"})


def _means_all(state: ReaderState) -> bool:
    """ "all the cups", "every red cup", but not "all the way left" or "all black cat"."""
    if len(state.words) < 2 or "way" in state.texts[1:3] or match_place(state.texts, 0) is not None:
        return False
    return state.texts[0] in ("every", "each") or (state.texts[0] == "all" and not state.words[1].is_colour)


def read_denied(state: ReaderState, i: int) -> int | None:
    """A negation; what it denies is read as an expression of its own."""
    return read_negation(state, i, read_expression)


_RULES: tuple[Rule, ...] = (
    read_conjunction,
    read_denied,
    read_superlative,
    read_ordinal,
    read_far_from,
    read_likeness,
    read_looking,
    read_posture,
    read_activity,
    read_bare_clothes,
    read_relation_or_place,
    read_size,
    read_possessive,
)
