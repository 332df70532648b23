# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Rules for ordinals, superlatives and sizes. Each reads at word i and returns where it ended, or None."""

from __future__ import annotations

from dataclasses import replace

from tas_ros.language.data import vocabulary as v
from tas_ros.language.expression.draft import Draft
from tas_ros.language.expression.reader_state import OPPOSITE, SIDES, ReaderState, last_on
from tas_ros.language.query import Ordinal, Position, RelationKind, Superlative, SuperlativeKind
from tas_ros.language.words.counts import count_at
from tas_ros.language.words.selectors import (
    Place,
    at,
    match_place,
    match_side_of_count,
    match_superlative,
    owned_extreme,
    skip,
)

_VIEW_SIDES = {"down": Position.TOP, "up": Position.BOTTOM, "back": Position.FRONT}
_COUNTING = frozenset(("counting", "counted", "starting"))
_FROM = frozenset({"to", "from", "towards", "toward", "by", "away"})
_MEASURED = (SuperlativeKind.CLOSEST, SuperlativeKind.FARTHEST)


def read_ordinal(state: ReaderState, i: int) -> int | None:
    """ "third from the right", "2nd", "last on the left", "#2", "second row"."""
    host, current = state.host_of_selector(), state.current
    if current.ordinal is not None and not current.ordinal_has_side and current.has_noun:
        host = current  # "on the second shelf from the top"
    if host.ordinal is not None and not host.ordinal_has_side:
        end = _read_side_of_count(state, host, host.ordinal.index, i)
        if end is not None:
            return end
    index, j = count_at(state.texts, i)
    if index and at(state.texts, j) in v.LINES:
        return _read_line(state, index, j, j + 1)
    if index:
        return _read_count(state, host, index, j)
    if state.texts[i] in v.LINES and at(state.texts, i + 1) in v.NUMBERS:
        return _read_line(state, v.NUMBERS[state.texts[i + 1]], i, i + 2)  # "row 2"
    return _read_lone_side(state, host, i)


def _read_side_of_count(state: ReaderState, host: Draft, index: int, i: int) -> int | None:
    """The side that comes after the thing counted: "second drawer FROM THE TOP", "second drawer DOWN"."""
    word, named = state.texts[i], host is state.current and host.has_noun
    grounded = word in _VIEW_SIDES and match_side_of_count(state.texts, i, from_ground=True) is not None
    if (
        word in _VIEW_SIDES
        and named
        and not grounded
        and at(state.texts, i + 1) in v.AFTER_NOUN | {""} - {"from", "on"}
    ):
        state.set_ordinal(host, Ordinal(index, _VIEW_SIDES[word]), has_side=True)
        return i + 1
    last = skip(state.texts, i + 1, v.DETERMINERS)
    if word == "from" and at(state.texts, last) in v.LAST_WORDS | {"end"} and index > 0:
        state.set_ordinal(host, Ordinal(-index, host.ordinal.side if host.ordinal else Position.LEFT), has_side=True)
        return last + 1  # "third mug from the end"
    side = match_side_of_count(state.texts, i, from_ground=True)
    if side is None:
        return None
    state.saw_perspective(side[2])
    host.break_run()
    state.set_ordinal(host, Ordinal(index, side[1]), has_side=True)
    return side[0]


def _read_lone_side(state: ReaderState, host: Draft, i: int) -> int | None:
    """A side without a count before it: "from the right the second mug", "the ball farthest from the camera"."""
    side = match_side_of_count(state.texts, i)
    if side is None or "from" not in (state.texts[i], at(state.texts, i + 1)) or at(state.texts, side[0]) == "of":
        return None
    state.saw_perspective(side[2])
    host.break_run()
    if any(s.kind in _MEASURED for s in host.superlatives) and _names_viewer(state, i):
        state.saw_viewer(state.texts[side[0] - 1])  # "the farthest tree from you"
        return side[0]
    if Position.BACK in host.positions and _names_viewer(state, i):
        return side[0]  # "on the far side from me"
    if state.texts[i] == "from" and _names_source(state, side[0]):
        return None  # "from the top shelf" says where it stands
    counts = any(count_at(state.texts, k)[0] for k in range(side[0], len(state.texts)))
    if (counts and state.texts[i] in _COUNTING) or (
        at(state.texts, skip(state.texts, side[0], v.DETERMINERS | {","})) in v.ORDINALS
    ):
        state.counted_from = side[1]
    else:
        host.add_position(side[1])
    return side[0]


def _names_source(state: ReaderState, i: int) -> bool:
    """A noun right behind the side: "from the top SHELF"."""
    return i < len(state.words) and state.words[i].is_noun and state.texts[i] in v.SURFACES | v.THINGS - v.PEOPLE


def _read_count(state: ReaderState, host: Draft, index: int, j: int) -> int:
    """What follows the count word that ends at j: a side, a place, or the thing itself."""
    host.break_run()
    j = skip(state.texts, j, frozenset({"one", "most"})) if at(state.texts, j + 1) else j
    side = match_side_of_count(state.texts, j, from_ground=True)
    if side is not None:
        state.saw_perspective(side[2])
        state.set_ordinal(host, Ordinal(index, side[1]), has_side=True)
        return side[0]
    place = match_place(state.texts, j)
    lone = place is not None and len(place.positions) == 1 and place.positions[0] in SIDES and place.of_end < 0
    if place is not None and not place.preposition:
        lone = lone and not _side_follows(state, place.end)  # "the second upper guy from the right"
    if place is not None and lone and place.place_noun not in v.LINES:
        state.saw_perspective(place.perspective)
        state.set_ordinal(host, last_on(index, place.positions[0]), has_side=True)
        return place.end
    if state.counted_from is not None:
        state.set_ordinal(host, Ordinal(index, state.counted_from), has_side=True)
    else:
        state.set_ordinal(host, Ordinal(index, _across(host)), has_side=False)
    return j


def _side_follows(state: ReaderState, i: int) -> bool:
    starts = [k for k in range(i + 1, min(i + 4, len(state.texts))) if state.texts[k] == "from"]
    return any(match_side_of_count(state.texts, k) is not None for k in starts)


def _names_viewer(state: ReaderState, i: int) -> bool:
    return at(state.texts, skip(state.texts, i, v.DETERMINERS | {"from", "away"})) in v.VIEWERS


def _read_line(state: ReaderState, index: int, j: int, end: int) -> int:
    """ "second row", "third column from the right", "in the second row from the back"."""
    columns = v.LINES[state.texts[j]]
    state.drop_unnamed_anchor()
    host = state.host_of_selector()
    side = match_side_of_count(state.texts, end)
    rows_from = Position.FRONT if host.is_animate else Position.TOP
    line = Ordinal(index, Position.LEFT if columns else rows_from)
    if side is not None:
        state.saw_perspective(side[2])
        line, end = Ordinal(index, side[1]), side[0]
    elif at(state.texts, end) in _VIEW_SIDES:
        line, end = Ordinal(index, _VIEW_SIDES[state.texts[end]]), end + 1
    host.break_run()
    host.lines.append(line)
    if host.ordinal is not None and not host.ordinal_has_side:
        host.ordinal = Ordinal(host.ordinal.index, _across(host))
    return end


def _across(host: Draft) -> Position:
    """The side that a count without one starts from: the left, or the top of a column."""
    column = bool(host.lines) and host.lines[-1].side in (Position.LEFT, Position.RIGHT)
    return Position.TOP if column else Position.LEFT


def read_superlative(state: ReaderState, i: int) -> int | None:
    """ "second biggest", "closest to us", "closest to the lamp", "farthest left"."""
    if state.texts[i] in ("farthest", "furthest", "farther", "further"):
        place = match_place(state.texts, i)
        if place is not None and place.of_end < 0:
            state.apply_place(place, i)
            return place.end
    owned = owned_extreme(state.texts, i)
    if owned > i:
        state.saw_perspective(v.PERSPECTIVES[state.texts[i]])
        return owned
    found = match_superlative(state.texts, i)
    if found is None:
        return None
    end, superlative = found
    host = state.host_of_selector()
    if superlative.kind in _MEASURED:
        measured = _read_measured_from(state, host, superlative, end)
        if measured is not None:
            return measured
        if at(state.texts, end) in v.VIEWERS:
            state.saw_viewer(state.texts[end])  # "the screw nearest you"
            end += 1
        end = skip(state.texts, end, frozenset({"away", "out"}))
    superlative = replace(superlative, rank=_rank(host, superlative))
    host.break_run()
    if superlative not in host.superlatives:
        host.superlatives.append(superlative)
    return end


def _read_measured_from(state: ReaderState, host: Draft, superlative: Superlative, end: int) -> int | None:
    """What nearness is measured from, after "closest" or "farthest": a viewer, a side of the view, another thing."""
    far = superlative.kind is SuperlativeKind.FARTHEST
    if at(state.texts, end) in _FROM and (state.texts[end] != "away" or at(state.texts, end + 1) in _FROM):
        after = skip(state.texts, end, _FROM | {"the", "out"})
        place = match_place(state.texts, end)
        if at(state.texts, after) in v.VIEWERS:
            state.saw_viewer(state.texts[after])
            superlative = replace(superlative, rank=_rank(host, superlative))
            host.break_run()
            host.superlatives += [s for s in (superlative,) if s not in host.superlatives]
            return after + 1
        if place is not None and place.of_end < 0 and place.positions and not _names_thing(state, place.end):
            _measure_from_side(state, host, superlative, place, far)
            return place.end
        if after < len(state.words):
            state.attach(RelationKind.NEXT_TO, negated=far, extreme=True, rank=_rank(host, superlative))
            return end + 2 if state.texts[end] == "away" else end + 1
    if state.current.has_noun and _starts_anchor(state, end):
        state.attach(RelationKind.NEXT_TO, negated=far, extreme=True, rank=_rank(host, superlative))
        return end  # "the bottle nearest the bowl"
    return None


def _measure_from_side(state: ReaderState, host: Draft, superlative: Superlative, place: Place, far: bool) -> None:
    """ "closest to the left edge" is the leftmost; "closest to the bottom left corner" lies there."""
    host.break_run()
    state.saw_perspective(place.perspective)
    sides = [OPPOSITE.get(p, p) for p in place.positions] if far and place.preposition == "from" else place.positions
    if len(sides) == 1 and sides[0] in v.EXTREMES:
        host.superlatives.append(Superlative(v.EXTREMES[sides[0]], superlative.rank))
        return
    for position in sides:
        host.add_position(position)


def _names_thing(state: ReaderState, i: int) -> bool:
    """A thing follows the place: "closest to the left CUP"."""
    j = i
    while j < len(state.words) and (state.words[j].is_colour or state.words[j].pos == "ADJ"):
        j += 1
    named = j < len(state.words) and (state.words[j].is_noun or state.texts[j] == "one")
    return named and state.texts[j] not in v.POSITIONS


def _rank(host: Draft, superlative: Superlative) -> int:
    """ "the second ball closest to us" counts from the closest on, as "the second closest ball" does."""
    counted = host.ordinal
    if counted is None or host.ordinal_has_side or counted.index < 1 or superlative.rank or not host.has_noun:
        return superlative.rank
    host.ordinal = None
    return counted.index - 1


def _starts_anchor(state: ReaderState, i: int) -> bool:
    """The thing that nearness is measured from: "nearest THE BOWL", "nearest RED BOWL"."""
    if at(state.texts, i) in ("the", "a", "an", "my", "your"):
        return True
    j = i
    while j < len(state.words) and (state.words[j].is_colour or state.words[j].pos == "ADJ"):
        j += 1
    named = j < len(state.words) and state.words[j].is_noun
    return named and state.texts[j] not in v.VIEWERS | v.POSITIONS.keys() | v.EMPTY_HEADS


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
