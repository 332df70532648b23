"""Rules for ordinals, superlatives and sizes. Each reads at word i and returns where it ended, or None."""

from __future__ import annotations

from dataclasses import replace

from tas_ros.language import vocabulary as v
from tas_ros.language.query import Ordinal, RelationKind, Superlative
from tas_ros.language.reader_state import SIDES, ReaderState, last_on
from tas_ros.language.selectors import (
    at,
    match_place,
    match_side_of_count,
    match_superlative,
    skip,
)

_COUNTED_NOUNS = frozenset({"row", "column", "line", "shelf", "rows"})


def read_ordinal(state: ReaderState, i: int) -> int | None:  # noqa: PLR0911 (one return a construction)
    """ "third from the right", "2nd", "last on the left", "#2"."""
    host = state.host_of_selector()
    word = state.texts[i]
    if host.ordinal is not None and not host.ordinal_has_side:
        side = match_side_of_count(state.texts, i)
        if side is not None:
            state.saw_perspective(side[2])
            state.set_ordinal(host, Ordinal(host.ordinal.index, side[1]), has_side=True)
            return side[0]
    index, j = _ordinal_index(state, i)
    if not index:
        side = match_side_of_count(state.texts, i)
        if side is not None and (word == "from" or at(state.texts, i + 1) == "from"):
            state.saw_perspective(side[2])
            host.break_run()
            if at(state.texts, skip(state.texts, side[0], v.DETERMINERS | {","})) in v.ORDINALS:
                state.counted_from = side[1]
            else:
                host.add_position(side[1])
            return side[0]
        return None
    if at(state.texts, j) in _COUNTED_NOUNS:
        side = match_side_of_count(state.texts, j + 1)
        return side[0] if side else j + 1
    host.break_run()
    j = skip(state.texts, j, frozenset({"one", "most"})) if at(state.texts, j + 1) else j
    side = match_side_of_count(state.texts, j)
    if side is not None:
        state.saw_perspective(side[2])
        state.set_ordinal(host, Ordinal(index, side[1]), has_side=True)
        return side[0]
    place = match_place(state.texts, j)
    if place is not None and len(place.positions) == 1 and place.positions[0] in SIDES and place.of_end < 0:
        state.saw_perspective(place.perspective)
        state.set_ordinal(host, last_on(index, place.positions[0]), has_side=True)
        return place.end
    if state.counted_from is not None:
        state.set_ordinal(host, Ordinal(index, state.counted_from), has_side=True)
    else:
        state.set_ordinal(host, Ordinal(index), has_side=False)
    return j


def _ordinal_index(state: ReaderState, i: int) -> tuple[int, int]:  # noqa: PLR0911 (one return a construction)
    """Index and where the count word ends; 0 when none stands here."""
    texts, word = state.texts, state.texts[i]
    if word in v.ORDINALS:
        j = i + 1
        if at(texts, j) in ("to", "from", "but") and at(texts, skip(texts, j + 1, frozenset({"the"}))) in v.LAST_WORDS:
            return -v.ORDINALS[word], skip(texts, j + 1, frozenset({"the"})) + 1
        if at(texts, j) in v.LAST_WORDS:
            return -v.ORDINALS[word], j + 1
        return v.ORDINALS[word], j
    if word in v.LAST_WORDS:
        if at(texts, i + 1) == "but" and at(texts, i + 2) == "one":
            return -2, i + 3
        return -1, i + 1
    if word == "next" and at(texts, i + 1) == "to" and at(texts, skip(texts, i + 2, v.DETERMINERS)) in v.LAST_WORDS:
        return -2, skip(texts, i + 2, v.DETERMINERS) + 1
    labelled = at(texts, i + 2) in v.PEOPLE or at(texts, i - 1) in ("with", "w", "wearing")
    if word == "number" and at(texts, i + 1) in v.NUMBERS and not labelled:
        return v.NUMBERS[texts[i + 1]], i + 2
    if word.startswith("#") and word[1:] in v.NUMBERS:
        return v.NUMBERS[word[1:]], i + 1
    if word in v.NUMBERS and at(texts, i - 1) not in ("the", "left", "right"):
        side = match_side_of_count(texts, i + 1)
        if side is not None and at(texts, i + 1) in ("from", "in", "over", "up", "down"):
            return v.NUMBERS[word], i + 1
    return 0, i


def read_superlative(state: ReaderState, i: int) -> int | None:
    """ "second biggest", "closest to us", "closest to the lamp", "farthest left"."""
    word = state.texts[i]
    if word in ("farthest", "furthest", "farther", "further", "closest", "nearest"):
        place = match_place(state.texts, i) if word[0] == "f" else None
        if place is not None and place.of_end < 0:
            state.apply_place(place, i)
            return place.end
    found = match_superlative(state.texts, i)
    if found is None:
        return None
    end, superlative = found
    kind, host = superlative.kind, state.host_of_selector()
    if kind.name in ("CLOSEST", "FARTHEST") and at(state.texts, end) in (
        "to",
        "from",
        "towards",
        "toward",
        "by",
        "away",
    ):
        after = skip(state.texts, end, frozenset({"to", "from", "towards", "toward", "by", "away", "the", "out"}))
        viewer = at(state.texts, after)
        place = match_place(state.texts, end)
        if viewer in v.VIEWERS:
            if viewer in ("me", "you", "robot"):
                state.saw_perspective(v.PERSPECTIVES[viewer])
            end = after + 1
        elif place is not None and place.of_end < 0 and len(place.positions) == 1 and place.positions[0] in v.EXTREMES:
            host.break_run()
            host.superlatives.append(Superlative(v.EXTREMES[place.positions[0]], superlative.rank))
            state.saw_perspective(place.perspective)
            return place.end
        elif after < len(state.words):
            state.attach(RelationKind.NEXT_TO, negated=kind.name == "FARTHEST", extreme=True)
            return end + 1 if state.texts[end] != "away" else end + 2
    follows_thing = state.current.has_noun and at(state.texts, end) in ("the", "a", "an", "my", "your")
    if kind.name in ("CLOSEST", "FARTHEST") and follows_thing:
        state.attach(RelationKind.NEXT_TO, negated=kind.name == "FARTHEST", extreme=True)
        return end  # "the bottle nearest the bowl"
    host.break_run()
    if superlative not in host.superlatives:
        host.superlatives.append(superlative)
    return end


def read_size(state: ReaderState, i: int) -> int | None:
    """ "the big mug": the bigger of its like; the word also stays in the phrase."""
    word, host = state.texts[i], state.current
    if word not in v.SIZE_WORDS or (host.host is not None and host.host.kind is RelationKind.WITH):
        return None
    following = at(state.texts, i + 1)
    if following in v.CLOTHES or following in v.BODY or following in ("haired", "sleeved") or host.has_noun:
        return None
    superlative = Superlative(v.SIZE_WORDS[word])
    if superlative not in host.superlatives:
        host.superlatives.append(superlative)
    host.add(replace(state.words[i], pos="ADJ"))
    return i + 1
