# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Rules for positions and relations. Each reads at word i and returns where it ended, or None."""

from __future__ import annotations

from tas_ros.language.data import vocabulary as v
from tas_ros.language.expression.draft import Draft
from tas_ros.language.expression.reader_state import ReaderState
from tas_ros.language.query import Perspective, Position, RelationKind, SuperlativeKind
from tas_ros.language.words.relations import match_far_from, match_relation
from tas_ros.language.words.selectors import (
    Place,
    at,
    match_place,
    skip,
)

_TRANSPARENT = frozenset(
    {"pair", "pairs", "couple", "handful", "lot", "lots", "bunch", "group", "row", "stack", "set",
     "pile", "kind", "type", "number", "part", "half", "side", "end", "rest", "top", "one"}
)  # fmt: skip
_WITH = RelationKind.WITH
_LOTS = frozenset({"pair", "trio", "bunch", "lot", "set", "group", "batch", "couple"})
_PLACES_BY_VIEWER = {
    RelationKind.IN_FRONT_OF: Position.FRONT,
    RelationKind.NEXT_TO: Position.FRONT,
    RelationKind.LEFT_OF: Position.LEFT,
    RelationKind.RIGHT_OF: Position.RIGHT,
}
_SIDEWAYS = (RelationKind.LEFT_OF, RelationKind.RIGHT_OF, RelationKind.BETWEEN)
_SPEAKERS = frozenset({"me", "you", "robot"})


def read_far_from(state: ReaderState, i: int) -> int | None:
    """ "far from the plate" is a denied nearness; "far from us" lies at the back."""
    end = match_far_from(state.texts, i)
    if end is None:
        return None
    if at(state.texts, skip(state.texts, end, v.DETERMINERS)) in v.VIEWERS:
        state.host_of_selector().add_position(Position.BACK)
        return skip(state.texts, end, v.DETERMINERS) + 1
    state.attach(RelationKind.NEXT_TO, negated=True)
    return end


def read_relation_or_place(state: ReaderState, i: int) -> int | None:  # noqa: PLR0911, PLR0912 (one return a construction)
    """A position or a relation, whichever the longer reading supports."""
    relation, place = match_relation(state.texts, i), match_place(state.texts, i)
    if state.texts[i : i + 3] == ["just", "off", "to"]:
        relation = None  # "just off to your right"
    if place is not None:
        used = _place(state, place, relation, i)
        if used is not None:
            return used
    if relation is None and tuple(state.texts[i : i + 2]) in v.POSITION_PAIRS:
        state.host_of_selector().add_position(v.POSITION_PAIRS[state.texts[i], state.texts[i + 1]])
        return i + 2
    if state.texts[i] == "over" and at(state.texts, i + 1) in ("there", "here"):
        return i + 2
    if relation is None:
        if state.texts[i] in v.END_POSITIONS and _is_end_position(state, i):
            state.host_of_selector().add_position(v.END_POSITIONS[state.texts[i]])
            return i + 1
        return _of(state, i)
    end, kind = relation
    if state.texts[i] in v.END_POSITIONS and state.current.is_empty and at(state.texts, i - 1) in ("the", "a"):
        state.host_of_selector().add_position(v.END_POSITIONS[state.texts[i]])
        return i + 1  # "the near cup"
    led = at(state.texts, i - 1) in v.DETERMINERS or state.current.host is not None
    if (
        state.texts[i].endswith("ing")
        and led
        and state.current.is_empty
        and at(state.texts, i + 1) not in v.DETERMINERS | {""}
    ):
        return None  # "left of the eating girl", "the cutting board": the participle describes what follows
    if at(state.texts, end) in ("its", "his", "her") and at(state.texts, end + 1) == "side":
        return end + 2  # how it lies, not where
    if at(state.texts, end) in ("it", "them", "him") and state.current.host is not None:
        return end + 1  # "with a jacket draped over it": back to what has it
    if not state.has_anchor(end):
        lone = v.END_POSITIONS.get(state.texts[i]) or v.LONE_RELATIONS.get(kind)
        if lone is not None and state.texts[i] != "before":
            state.host_of_selector().add_position(lone)
        return end
    after = skip(state.texts, end, v.DETERMINERS | {"full", "whole"})
    if kind is not _WITH and _relates_to_view(state, i, kind, at(state.texts, after)):
        return after + 1
    if kind is RelationKind.IN and (at(state.texts, after) in v.CLOTHES or _is_worn(state, after)):
        kind = _WITH
    holds = kind not in (_WITH, *_SIDEWAYS) and at(state.texts, after) in v.BODY | {"hair"}
    nouns = [k for k in range(after, min(after + 4, len(state.words))) if state.words[k].is_noun]
    ends = (state.words[k] for k in nouns if k + 1 not in nouns)  # "leather SADDLE"
    part = next(ends, None)
    built_in = kind is _WITH and part is not None and part.lemma in v.BUILT_IN
    state.attach(kind, held=holds and state.current.has_noun, built_in=built_in)
    return end


def _relates_to_view(state: ReaderState, i: int, kind: RelationKind, word: str) -> bool:
    """ "in front of us", "left of you", "in the picture": where the view or who looks at it stands says the place."""
    if word in v.IMAGE_NOUNS and kind in (RelationKind.BELOW, RelationKind.ABOVE):
        return False  # "the button under the screen": a screen or picture that is in view itself
    viewer = word in v.VIEWERS - v.POSITIONS.keys() and kind is not RelationKind.BEHIND
    if not viewer and word not in v.IMAGE_NOUNS | {"view", "scene", "line", "group", "bunch"}:
        return False
    position = _PLACES_BY_VIEWER.get(kind) if state.texts[i] not in ("toward", "towards") else None
    if position is not None:
        state.host_of_selector().add_position(position)
    if word in v.IMAGE_NOUNS and kind in (RelationKind.IN, RelationKind.ON):
        state.saw_perspective(Perspective.IMAGE)
    elif word in _SPEAKERS and position is not None:
        state.saw_perspective(v.PERSPECTIVES[word])
    return True


def _is_end_position(state: ReaderState, i: int) -> bool:
    following = at(state.texts, i + 1)
    return not following or (state.texts[i] in ("near", "far") and not state.current.has_noun)


def _is_worn(state: ReaderState, i: int) -> bool:
    """ "in white", "in a red shirt", "in striped suit"."""
    j = i
    while j < len(state.words) and (state.words[j].is_colour or state.words[j].pos == "ADJ" or at(state.texts, j) in (
        "and", "dark", "light", "bright", "all", "solid", "striped", "stripes"
    )):  # fmt: skip
        j += 1
    end = j
    while end < len(state.words) and (state.words[end].is_noun or state.words[end].pos in ("ADJ", "X")):
        end += 1
    if end > j and at(state.texts, end - 1) in v.CLOTHES:
        return True  # "in the hi vis vest", "in a baseball cap"
    following = at(state.texts, j)
    coloured = any(state.words[k].is_colour for k in range(i, j))
    return following in v.CLOTHES or (
        coloured and (not following or following in v.AFTER_NOUN | v.FILLERS | v.POSTURES | v.LOOKING)
    )


def _place(state: ReaderState, place: Place, relation: tuple[int, RelationKind] | None, i: int) -> int | None:
    """Use a place phrase as a position, or as the relation it spells; None when a relation fits better."""
    longer_relation = relation is not None and relation[0] - i > 1 and relation[1] is not None
    behind_place = place.of_end < 0 or (relation is not None and relation[0] >= place.of_end)
    if longer_relation and behind_place and not place.of_view:
        return None
    if place.of_end >= 0 and not place.of_view:
        return _place_of_thing(state, place)
    following = at(state.texts, place.end)
    if place.preposition == "from" and not place.place_noun and following in v.SURFACES | v.THINGS:
        return None  # "the biscuits from the top shelf"
    if relation is not None and place.preposition and state.current.has_noun and not place.of_view:
        # "on the left horse" names an anchor; "on right white shirt" does not.
        names = bool(following) and state.words[place.end].is_noun and following not in v.CLOTHES | v.PEOPLE | {"one"}
        settled = place.article or following in v.SURFACES or following in v.THINGS
        where = place.preposition in ("on", "in", "by", "near", "at") and not place.place_noun
        if names and settled and where:
            return None
    state.apply_place(place, i)
    shown = place.end + 1 == len(state.texts) and following in v.IMAGE_NOUNS and state.current.has_noun
    return place.end + 1 if shown else place.end  # "a head in front frame"


def _place_of_thing(state: ReaderState, place: Place) -> int | None:  # noqa: PLR0911 (one return a construction)
    """ "left of the laptop" relates; "left side of pizza" as a whole description is the pizza's left."""
    after = skip(state.texts, place.of_end, v.DETERMINERS)
    lone = place.positions[0] if len(place.positions) == 1 and not place.superlatives else None
    described = not state.current.is_empty or bool(state.reading.target.relations)
    surface = any(t in v.SURFACES for t in state.texts[after : after + 3])
    related = {Position.LEFT: RelationKind.LEFT_OF, Position.RIGHT: RelationKind.RIGHT_OF}
    part = lone in (Position.FRONT, Position.BACK) and surface and place.preposition in ("at", "on", "from")
    if lone in (Position.FRONT, Position.BACK) and (described or place.preposition) and not part:
        state.attach(RelationKind.IN_FRONT_OF if lone is Position.FRONT else RelationKind.BEHIND)
        return place.of_end
    if lone in related and v.COUNT_WORDS.get(at(state.texts, after)) and _counts_its_like(state, after, 1):
        state.apply_place(place, place.end)
        state.current = Draft()  # "on the left of the two": those it is one of
        return place.of_end
    if lone in related and at(state.texts, after) in _SPEAKERS:
        state.host_of_selector().add_position(lone)
        state.saw_perspective(v.PERSPECTIVES[state.texts[after]])
        return after + 1  # "to the right of me"
    seat = any(t in v.SEATS for t in state.texts[after : after + 3])
    stands_on = surface and not seat and place.place_noun and not state.reading.target.is_animate
    if lone in related and (described or place.preposition) and not stands_on:
        state.saw_perspective(place.perspective)
        state.attach(related[lone])
        return place.of_end
    if lone is Position.TOP and (place.preposition or not state.current.is_empty) and not place.place_noun:
        state.attach(RelationKind.ON)
        return place.of_end
    if lone is Position.MIDDLE and described and _counts_its_like(state, after):
        state.apply_place(place, place.end)
        state.current = Draft()  # "the middle of the three": those it is one of
        return place.of_end
    if lone is Position.MIDDLE and (described or place.preposition) and _names_several(state, place.of_end):
        state.attach(RelationKind.BETWEEN)
        return place.of_end
    state.apply_place(place, place.end)
    if described or "there" in state.texts[after:]:  # "on the left side of the table there is a cup"
        state.attach(RelationKind.ON if surface else RelationKind.IN)
    return place.of_end


def _counts_its_like(state: ReaderState, i: int, more_than: int = 2) -> bool:
    """ "of the three", "of the three cups" said of a cup: it is one of them."""
    if v.COUNT_WORDS.get(at(state.texts, i), 0) <= more_than:
        return False
    named = next((w for w in state.words[i + 1 : i + 4] if w.is_noun), None)
    own = {w.lemma for run in state.reading.target.runs for w in run if w.is_noun}
    return named is None or named.lemma in own or named.text in v.EMPTY_HEADS


def _names_several(state: ReaderState, i: int) -> bool:
    j = skip(state.texts, i, v.DETERMINERS)
    return at(state.texts, j) in v.COUNT_WORDS or any(w.tag == "NNS" or w.text == "and" for w in state.words[j : j + 4])


def _of(state: ReaderState, i: int) -> int | None:  # noqa: PLR0911 (one return a construction)
    if state.texts[i] in ("to", "from") and state.has_anchor(i + 1) and state.current.host is None:
        host = state.reading.target
        measured = [s for s in host.superlatives if s.kind in (SuperlativeKind.CLOSEST, SuperlativeKind.FARTHEST)]
        viewer = at(state.texts, skip(state.texts, i + 1, v.DETERMINERS))
        if measured and host.has_noun and viewer in v.VIEWERS:
            state.saw_viewer(viewer)
            return skip(state.texts, i + 1, v.DETERMINERS) + 1
        if measured and host.has_noun:  # "the nearest cup to the laptop"
            last = measured[-1]
            host.superlatives.remove(last)
            state.attach(RelationKind.NEXT_TO, last.kind is SuperlativeKind.FARTHEST, extreme=True, rank=last.rank)
            return i + 1
    if state.texts[i] == "from" and not state.current.is_empty and state.has_anchor(i + 1):
        state.attach(_source_relation(state, skip(state.texts, i + 1, v.DETERMINERS)))
        return i + 1  # "take the mug from the table"
    word, after, current = state.texts[i], skip(state.texts, i + 1, v.DETERMINERS), state.current
    if word == "off" and (state.words[i - 1 if i else i].tag == "VBN" or at(state.texts, i - 1) == "cut"):
        view = skip(state.texts, i + 1, v.DETERMINERS | {"of", "from", "by"})
        return view + 1 if view > i + 1 and state.texts[view] in v.IMAGE_NOUNS else i + 1  # "cut off by the picture"
    if word not in ("of", "off", "for") or not state.has_anchor(i + 1):
        return i + 1 if word in ("of", "to", "from", "for", "as") else None
    if word == "for":
        return _purpose(state, i, after)
    if _names_its_lot(state, after):
        return after + 1
    if at(state.texts, after) in v.VIEW_NOUNS and at(state.texts, after) not in _TRANSPARENT:
        return skip(state.texts, after, v.VIEW_NOUNS - _TRANSPARENT)
    names = [w for run in current.runs for w in run if w.is_noun]
    compared = not names and all(
        w.tag in ("JJR", "JJS") for run in current.runs for w in run
    )  # "the darker of the two"
    if (
        current.is_empty
        or compared
        or (names and names[-1].text in _TRANSPARENT)
        or (current.placeholder and not names)
    ):
        current.runs = [[w for w in run if w not in names] for run in current.runs] if names else current.runs
        return after
    if word == "off" and after > i + 1 and not current.is_empty:
        state.attach(RelationKind.ON)
        return i + 1  # "take the mug off the table"
    shown = bool(names) and names[-1].text in v.DEPICTIONS
    if (after > i + 1 or at(state.texts, after) in v.PEOPLE) and not shown:
        state.attach(RelationKind.IN)
        return i + 1
    return _purpose(state, i, after)


def _names_its_lot(state: ReaderState, i: int) -> bool:
    """ "the left one of the pair", "the middle pillow of the three": those it is one of are no place of it."""
    if at(state.texts, i) in _LOTS and at(state.texts, i + 1) != "of" and state.current.says_something:
        return True
    if (
        not state.current.says_something
        or not v.COUNT_WORDS.get(at(state.texts, i))
        or not _counts_its_like(state, i, 1)
        or state.current.host is not None
    ):
        return False
    state.current = Draft()
    return True


def _source_relation(state: ReaderState, i: int) -> RelationKind:
    hangs = bool({"hanging", "hangs", "suspended", "dangling"}.intersection(state.texts[max(i - 4, 0) : i]))
    return RelationKind.ON if hangs or v.SURFACES.intersection(state.texts[i : i + 3]) else RelationKind.IN


def _purpose(state: ReaderState, i: int, after: int) -> int | None:
    """ "cup of coffee", "pillow for a man": the words stay in the phrase, the thing they name need not be there."""
    current, end = state.current, after
    while end < len(state.words) and (state.words[end].is_noun or state.words[end].pos == "ADJ") and not (
        match_place(state.texts, end) or match_relation(state.texts, end) or state.texts[end] in v.SUPERLATIVES
    ):  # fmt: skip
        end += 1
    if end == after:
        return None
    current.text_parts.append(" ".join(state.texts[i:end]))
    current.break_run()
    return end
