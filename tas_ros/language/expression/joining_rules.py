# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Rules for "and", "not" and their kin. Each reads at word i and returns where it ended, or None."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tas_ros.language.data import vocabulary as v
from tas_ros.language.expression.draft import Draft, RelationDraft
from tas_ros.language.expression.reader_state import ReaderState, Reading
from tas_ros.language.query import Ordinal, RelationKind
from tas_ros.language.words.relations import match_relation
from tas_ros.language.words.selectors import (
    at,
    match_place,
    skip,
)
from tas_ros.language.words.tagged import Word

_WITH = RelationKind.WITH


def read_conjunction(state: ReaderState, i: int) -> int | None:  # noqa: PLR0911 (one return a construction)
    """ "and", "but", commas: another anchor, another referent, or back to the target."""
    word = state.texts[i]
    counted = state.reading.target.ordinal
    if word == "but" and at(state.texts, i + 1) in v.NUMBERS and counted is not None and counted.index == -1:
        state.reading.target.ordinal = Ordinal(-1 - v.NUMBERS[state.texts[i + 1]], counted.side)
        return i + 2  # "the last cup but one"
    if _excepts(state.texts, i):
        return None
    if _lists(state, i) or (word == "," and _names_another(state, i + 1)):
        return _open_referent(state, i)
    if word in (",", ".") or _begins_target(state, i):
        state.close_to_target()
        return i + 1
    if word not in ("and", "or", "&", "but", "then", "than"):
        return None
    if word == "than":
        state.current = Draft()  # compared with, but no place of its own: "bigger than the mug"
        return i + 1
    if word == "then" and at(state.texts, i - 1) == "and":
        return i + 1
    after = skip(state.texts, i + 1, v.DETERMINERS | {"then"})
    relation, current = state.current.host, state.current
    starts_thing = _starts_thing(state, i + 1)
    between = state.open_between()
    if between is not None and (starts_thing or between is relation):
        state.current = Draft(host=between)
        between.anchors.append(state.current)
    elif not starts_thing or word in ("but", "then"):
        state.close_to_target()
    elif _joins_adjectives(state, i):
        return i + 1
    elif relation is not None and not current.is_empty:
        state.open(RelationDraft(relation.kind, [], relation.owner, relation.negated), Draft())
    elif current.host is None and not current.is_empty and after < len(state.words):
        placed = bool(current.positions or current.superlatives or current.ordinal) and (
            state.words[after].is_noun or state.words[after].is_colour
        )
        state.reading.also.append(Draft())
        # Without an article "nut and carrot section" goes on being one description: constraints stay the target's.
        state.current = state.reading.also[-1]
        state.also_is_apart = after > i + 1 or placed
    return i + 1


def _begins_target(state: ReaderState, i: int) -> bool:
    """ "to the left of the laptop THE mug": the place came first."""
    target, current = state.reading.target, state.current
    fronted = target.is_empty and not target.positions and current.host is not None and current.has_noun
    return fronted and state.texts[i] in v.ARTICLES and state.words[i - 1].is_noun and _starts_thing(state, i)


def _lists(state: ReaderState, i: int) -> bool:
    """ "the mug the plate and the fork": things listed without commas, as a speech recogniser hands them over."""
    texts, words = state.texts, state.words
    if texts[i] not in v.ARTICLES or not i or not words[i - 1].is_noun or state.current.host is not None:
        return False
    ends = [j for j in range(i + 2, len(texts)) if texts[j] in ("and", texts[i])]
    last = bool(state.reading.also) and not ends
    ends = ends or [len(texts)]
    return (last or ends[0] < len(texts)) and all(
        w.is_noun or w.is_colour or w.pos == "ADJ" for w in words[i + 1 : ends[0]]
    )


def _names_another(state: ReaderState, i: int) -> bool:
    """ "the mug, the plate": after a comma and an article another kind of thing, not the same one in other words."""
    target = state.reading.target
    if not target.has_noun or target.placeholder or at(state.texts, i) not in v.ARTICLES or not _starts_thing(state, i):
        return False
    sided = match_place(state.texts, i + 1)
    j = sided.end + (at(state.texts, sided.end) == "hand") if sided is not None else i + 1
    j = skip(state.texts, j, _SELECTING)
    if at(state.texts, j) in v.EMPTY_HEADS:
        return False  # "the colander, the right hand one"
    j = i + 1
    while j < len(state.words) - 1 and not state.words[j].is_noun and (
        state.words[j].is_colour or state.words[j].pos == "ADJ"
    ):  # fmt: skip
        j += 1
    named = j < len(state.words) and state.words[j].is_noun and state.texts[j] not in v.EMPTY_HEADS
    own = {w.lemma for run in target.runs for w in run if w.is_noun}
    return named and state.words[j].lemma not in own and not (target.is_animate and state.texts[j] in v.PEOPLE)


_SELECTING = frozenset({*v.SUPERLATIVES, *v.ORDINALS, *v.LAST_WORDS, *v.SIZE_WORDS, *v.COLOURS, "other", "most"})


def _open_referent(state: ReaderState, i: int) -> int:
    state.reading.also.append(Draft())
    state.current, state.also_is_apart = state.reading.also[-1], True
    return i + 1


_ALL = frozenset({"all", "everything", "any", "every"})


def _excepts(texts: list[str], i: int) -> bool:
    """ "anything but the mug", "all but the red one"."""
    if texts[i] == "but":
        return at(texts, i - 1) in v.EMPTY_HEADS | _ALL or bool(i and _ALL.intersection(texts[:i]))
    if texts[i] == "apart" and at(texts, i + 1) == "from":
        return bool(_ALL.intersection(texts[:i]))  # "all the bottles apart from the green one"
    return at(texts, i + 1) in ("than", "from") and texts[i] in ("other", "aside")


def _starts_thing(state: ReaderState, i: int) -> bool:
    j = skip(state.texts, i, v.DETERMINERS | v.FILLERS)
    word = at(state.texts, j)
    if not word or word in v.COPULAS or word in v.NEGATIONS or word in v.LOOKING:
        return False
    if match_relation(state.texts, j) or word in ("on", "in", "at", "to") or word == "next":
        return False
    place = match_place(state.texts, j)
    if place is not None and place.end >= len(state.words):
        return False
    return not (state.words[j].pos == "VERB" and state.words[j].tag in ("VBG", "VBN"))


def _joins_adjectives(state: ReaderState, i: int) -> bool:
    def describes(word: Word) -> bool:
        return word.is_colour or (word.pos == "ADJ" and word.text not in v.POSITIONS)

    return 0 < i < len(state.words) - 1 and describes(state.words[i - 1]) and describes(state.words[i + 1])


def read_negation(state: ReaderState, i: int, read: Callable[[Sequence[Word]], Reading]) -> int | None:
    """ "not the red one", "no hat", "not on the left", "not next to the plate", "missing a handle"."""
    word, described = state.texts[i], state.current.has_noun or state.current.placeholder
    host = state.current.host
    if (
        word in _GONE
        and host is not None
        and host.kind is _WITH
        and state.current.has_noun
        and at(state.texts, i - 1) != "cut"
    ):
        following = at(state.texts, i + 1)
        if not following or (following in v.AFTER_NOUN and following not in v.POSITIONS):
            host.negated = True  # "with its cap off", "whose cap is missing"
            state.close_to_target()
            return i + 1
    denies = word in v.NEGATIONS and (described or word not in v.ABSENCES - {"no", "without"})  # "the missing mug"
    if not denies and not _excepts(state.texts, i):
        return None
    pointed = skip(state.texts, i + 1, frozenset({"that", "this", "it", "those", "these", "him", "her"}))
    if pointed > i + 1:
        pointed = skip(state.texts, pointed, frozenset({"one", "ones", ",", "."}))
        if at(state.texts, pointed) in v.DETERMINERS | {"but"}:
            return pointed  # "not that one the green one": what was pointed at is unknown, what follows is meant
    start = skip(state.texts, i + 1, v.FILLERS | v.COPULAS | v.ARTICLES | {"any", "of", "than", "from", "for"})
    end = start + 1 if word == "non" else _scope_end(state, i, start)
    if word == "not" and start == i + 1 and state.reading.target.is_empty and state.current.host is None:
        end = _trait_end(state, start, end)
    placed = described and match_relation(state.texts, start) is not None
    # "not on the bottom shelf" is said of a thing: alone it would be a shelf at the bottom.
    denied = read([_STAND_IN, *state.words[start:end]] if placed else state.words[start:end]).target
    denied.placeholder = denied.placeholder and not placed
    named = described or state.current.host is not None
    lacks = word in v.ABSENCES or (word in ("neither", "nor") and _lacks_both(state.texts, i))
    if lacks and not denied.is_empty and named:
        _deny_possession(state, denied)
    else:
        _deny(state, denied, thing=bool(_NAMING.intersection(state.texts[i:start])))
    state.close_to_target()
    return end


def _lacks_both(texts: list[str], i: int) -> bool:
    """ "with neither a lid nor a handle": both are missing."""
    first = i if texts[i] == "neither" else next((k for k in range(i - 1, 0, -1) if texts[k] == "neither"), 0)
    return at(texts, first - 1) in _HAVING


_GONE = frozenset({"missing", "gone", "removed", "off"})
_HAVING = frozenset({"with", "has", "have", "having", "got", "had", "wearing", "holding"})
_STAND_IN = Word("one", "one", "NOUN", "NN")


def _deny_possession(state: ReaderState, denied: Draft) -> None:
    """ "without a handle next to the plate": the handle is missing, the rest is said of the target."""
    host = state.reading.target
    only_placed = denied.relations and not any(denied.runs)
    if not only_placed:
        host.relations.append(RelationDraft(_WITH, [Draft(runs=denied.runs)], host, negated=True))
    for position in denied.positions:
        host.add_position(position)
    _pass_on(denied, host, negate=bool(only_placed))


def _deny(state: ReaderState, denied: Draft, thing: bool) -> None:
    """What the target is not: not in a relation ("not on the plate"), not a thing or a trait, not at a place.

    thing: an article says that a thing is denied with all its constraints ("not the red one next to the plate").
    """
    host, reading = state.reading.target, state.reading
    only_acts = all(w.pos == "VERB" for run in denied.runs for w in run) and not denied.placeholder
    if only_acts and denied.relations:
        _pass_on(denied, host, negate=True)
    elif not denied.is_empty and (any(denied.runs) or denied.relations):
        if not thing and not denied.has_noun:
            _pass_on(denied, host, negate=False)  # "not red, next to the plate"
            denied.relations = []
        _exclude(state, denied)
    else:
        reading.excluded_positions += [p for p in denied.positions if p not in reading.excluded_positions]
        for superlative in denied.superlatives:
            reading.excluded_positions += [p for p, kind in v.EXTREMES.items() if kind is superlative.kind]


def _pass_on(denied: Draft, host: Draft, negate: bool) -> None:
    """Make the relations of what is denied the target's; the denial reaches the first and those like it."""
    for relation in denied.relations:
        reached = negate and relation.kind is denied.relations[0].kind
        relation.negated, relation.owner = relation.negated != reached, host
        host.relations.append(relation)


_NAMING = v.DETERMINERS - {"a", "an", "any", "some"} | {"one"}


def _trait_end(state: ReaderState, start: int, end: int) -> int:
    """ "not full chair" asks for a chair: without an article only the trait before the noun is denied."""
    j = start
    while j < end and (state.words[j].is_colour or state.words[j].pos == "ADJ"):
        j += 1
    return j if start < j < end and state.words[j].is_noun else end


def _exclude(state: ReaderState, denied: Draft) -> None:
    phrase = denied.build()
    if phrase.phrase or phrase.relations:
        state.reading.excluded.append(phrase)
    else:
        state.reading.excluded_positions += phrase.positions


def _scope_end(state: ReaderState, i: int, start: int) -> int:
    """A denial reaches to the next comma, "but", "and" or denial, else to the end.

    A place after what is denied is the target's ("not red on the left", "without a hat on the left"), but for a thing
    that is itself denied ("not the one on the left").
    """
    said_of_thing = state.texts[i] not in v.ABSENCES
    for j in range(start, len(state.texts)):
        if state.texts[j] in (",", ".", "but") or (j > start and state.texts[j] in v.NEGATIONS | {"and"}):
            return j
        thing_denied = said_of_thing and bool(_NAMING.intersection(state.texts[i:start]) or "one" in state.texts[i:j])
        place = match_place(state.texts, j) if j > start and not thing_denied else None
        settled = place is not None and place.preposition and place.of_end < 0
        if settled and place is not None and state.words[j - 1].text not in v.POSTURES | v.COPULAS | v.LOOKING:
            following = at(state.texts, place.end)
            if not following or following in v.AFTER_NOUN:
                return j
        named = j > start + 1 and (state.words[j - 1].is_noun or state.texts[j - 1] == "one")
        # "not the saw the hacksaw": between two articles stands a thing, whatever the tagger takes it for.
        named = named or (j == start + 1 and said_of_thing and state.texts[start - 1] == "the" and (
            state.words[start].is_noun or state.words[start].pos == "VERB"
        ) and at(state.texts, j + 1) != "other")  # fmt: skip
        if named and state.texts[j] == "the":
            return j  # "not the left one the right one"
    return len(state.texts)
