# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Words that select by place, extreme or count: what stands at a given word, and where it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tas_ros.language.data import vocabulary as v
from tas_ros.language.query import Perspective, Position, Superlative, SuperlativeKind

_ARTICLES = frozenset({"the", "a", "an", "this", "that", "teh", "da", "its", "his", "her"})
_SIDE_PREPOSITIONS = frozenset(
    {"on", "at", "in", "to", "from", "toward", "towards", "by", "near", "into", "o", "onthe"}
)
_SIDES = (Position.LEFT, Position.RIGHT, Position.TOP, Position.BOTTOM, Position.FRONT, Position.BACK)
_BEFORE_PLACE = frozenset(
    {"way", "all", "over", "up", "down", "out", "off", "away", "just", "directly", "smack", "dab", "dead", "bang"}
)


@dataclass
class Place:
    """A position phrase: "on the far upper left side of", with what it was said of."""

    end: int
    positions: list[Position]
    superlatives: list[Superlative] = field(default_factory=list)
    perspective: Perspective | None = None
    preposition: str = ""
    article: bool = False
    place_noun: str = ""
    of_end: int = -1
    """Word after a following "of", where its noun phrase starts; -1 without one."""
    of_view: bool = False
    """It is said of the whole view ("of the picture"): `end` lies behind that."""


def at(texts: Sequence[str], i: int) -> str:
    """The word at i, or nothing past the ends."""
    return texts[i] if 0 <= i < len(texts) else ""


def skip(texts: Sequence[str], i: int, words: frozenset[str]) -> int:
    """First index from i whose word is not among `words`."""
    while at(texts, i) in words:
        i += 1
    return i


def match_place(texts: Sequence[str], i: int) -> Place | None:
    """A position phrase at i, with or without preposition, article and place noun."""
    place = Place(end=i, positions=[])
    j = skip(texts, i, _BEFORE_PLACE)
    if j > i and at(texts, j) not in _SIDE_PREPOSITIONS and not _position(texts, j):
        j = i
    if at(texts, j) in _SIDE_PREPOSITIONS:
        place.preposition = texts[j]
        j += 1
    j = skip(
        texts,
        j,
        frozenset({"very", "extreme", "way", "just", "immediate"}) if place.preposition else frozenset({"very"}),
    )
    if at(texts, j) in _ARTICLES:
        place.article = True
        j = skip(texts, j, _ARTICLES)
    j = _read_owner(texts, j, place)
    j = skip(texts, j, frozenset({"very", "extreme", "immediate"}))
    j = _read_positions(texts, j, place)
    if not place.positions and not place.superlatives:
        return None
    j = _read_place_noun(texts, j, place)
    place.end = j
    if _left_from(texts, j, place):
        place.of_end = j + 1
    if at(texts, j) in ("of", "in", "on", "off") or (at(texts, j) == "most" and at(texts, j + 1) == "of"):
        after = skip(texts, j + 1, _ARTICLES | {"whole", "entire", "my", "your"})
        if at(texts, after) in v.VIEW_NOUNS and at(texts, after + 1) not in ("of",) and not _position(texts, after):
            place.of_view = True
            place.end = after + 1 + (at(texts, after + 1) == "'s")
            if texts[after] in v.IMAGE_NOUNS:
                place.perspective = place.perspective or Perspective.IMAGE
        elif (
            place.perspective is not None and place.place_noun in ("side", "end") and after > j + 1 and texts[j] == "of"
        ):
            place.end = after + 1  # "on my side of the table": the table is what both sit at
        elif texts[j] in ("of", "off"):
            place.of_end = j + 1
    return place


def _read_owner(texts: Sequence[str], j: int, place: Place) -> int:
    """Whose side it is: "MY left", "the ROBOT'S far right", "on YOUR side"; where the side starts."""
    if at(texts, j) not in v.PERSPECTIVES or at(texts, j) in ("me", "you", "i"):
        return j
    owned = j + 1 + (at(texts, j + 1) == "'s")
    if at(texts, j + 2) == "of" and texts[j] in v.VIEWERS:
        return j  # "the camera left of the laptop" is a camera
    owned = skip(texts, owned, frozenset({"immediate", "own", "direct", "near", "very"}))
    if _position(texts, owned + (at(texts, owned) == "far")) in _AROUND:
        part = at(texts, owned + 1) in v.CLOTHES | v.BODY - {"hand"} | _PARTS  # "my left foot": anatomy, no view
        held = at(texts, owned + 1) == "hand" and at(texts, owned + 2) != "side"
        part = part or (held and at(texts, j - 1) in v.BESIDE_VERBS - {"on", "at", "in"})
        place.perspective = None if part else v.PERSPECTIVES[texts[j]]
    elif at(texts, owned) in ("side", "end") and place.preposition in ("on", "at", "to"):
        place.perspective = v.PERSPECTIVES[texts[j]]
        place.positions.append(Position.FRONT)  # "on your side of the table": the side you stand at
        return owned
    else:
        return j
    place.article = True
    return owned


_AROUND = frozenset({Position.LEFT, Position.RIGHT, Position.FRONT, Position.BACK})


def _left_from(texts: Sequence[str], j: int, place: Place) -> bool:
    """ "left from the microwave" for "left of", as many languages say it."""
    if at(texts, j) != "from" or len(place.positions) != 1 or place.positions[0] not in _SIDES[:2]:
        return False
    named = skip(texts, j + 1, _ARTICLES)
    return (named > j + 1 or at(texts, named) in v.VIEWERS) and not _position(texts, named)


def _position(texts: Sequence[str], i: int) -> Position | None:
    word = at(texts, i)
    if word == "back" and (
        at(texts, i - 1) in ("his", "her", "their", "your")
        or at(texts, i + 1) in ("turned", "facing", "pack", "against")
        or (at(texts, i + 1) in ("to", "towards") and at(texts, skip(texts, i + 2, _ARTICLES)) in v.VIEWERS)
    ):
        return None  # of a body
    if (
        word == "right"
        and at(texts, i - 1) not in _SETTLED
        and at(texts, i - 1 - (at(texts, i - 1) == "'s")) not in v.PERSPECTIVES
        and (
            at(texts, i + 1)
            in ("next", "behind", "above", "below", "under", "beside", "near", "there", "here", "now", "by")
            or (at(texts, i + 1) == "underneath")
            or (at(texts, i + 1) == "at" and at(texts, i + 2) in _ARTICLES and at(texts, i + 3) in v.POSITIONS)
            or (at(texts, i + 1) in ("in", "on", "at") and at(texts, skip(texts, i + 2, _ARTICLES)) in _INTENSIFIED)
        )
    ):
        return None
    return v.POSITIONS.get(word)


_PARTS = frozenset({"wheel", "gripper", "claw", "foot", "fender", "flank", "pocket", "track"})
# After these "right" is the side, whatever follows: "on right behind the fence".
_SETTLED = (
    _SIDE_PREPOSITIONS | _ARTICLES | {"far", "bottom", "top", "upper", "lower", "middle", "front", "back", "most"}
)
_INTENSIFIED = frozenset({"front", "middle", "center", "centre", "top", "left", "edge"})


def _read_positions(texts: Sequence[str], j: int, place: Place) -> int:
    while True:
        word, position = at(texts, j), _position(texts, j)
        if position is not None:
            place.positions.append(position)
            if at(texts, j + 1) == "most" and position in v.EXTREMES:
                j += 1
                _make_extreme(place, position)
        elif word == "most" and _position(texts, j + 1) in v.EXTREMES:
            extreme = _position(texts, j + 1)
            assert extreme is not None
            place.positions.append(extreme)
            _make_extreme(place, extreme)
            j += 1
        elif word in ("far", "furthest", "farthest", "furthermost", "further") and _far_side(texts, j + 1) is not None:
            j = _far_index(texts, j + 1)
            side = _position(texts, j)
            assert side is not None
            place.positions.append(side)
            _make_extreme(place, side, keep=word == "far")
        elif word in v.END_POSITIONS and place.preposition and at(texts, j + 1) in v.PLACE_NOUNS - {"hand"}:
            place.positions.append(v.END_POSITIONS[word])  # "at the far end"
        elif word in ("and", "-", ",") and place.positions and _position(texts, j + 1) and word != ",":
            pass
        elif (
            word in v.SUPERLATIVES
            and v.SUPERLATIVES[word] in v.EXTREMES.values()
            and place.positions
            and _position(texts, j + 1)
        ):
            place.superlatives.append(Superlative(v.SUPERLATIVES[word]))
        else:
            return j
        j += 1


def _far_index(texts: Sequence[str], j: int) -> int:
    return skip(texts, j, frozenset({"to", "on", "the", "out", "away"}))


def _far_side(texts: Sequence[str], j: int) -> Position | None:
    k = _far_index(texts, j)
    side = _position(texts, k)
    # "the farthest to the left OF the plate" is a relation, read elsewhere.
    return side if side in v.EXTREMES else None


def _make_extreme(place: Place, position: Position, keep: bool = False) -> None:
    place.superlatives.append(Superlative(v.EXTREMES[position]))
    if not keep and place.positions and place.positions[-1] is position:
        place.positions.pop()


def _read_place_noun(texts: Sequence[str], j: int, place: Place) -> int:
    while True:
        word = at(texts, j)
        if word == "hand":
            owned = place.perspective is not None and place.preposition in ("on", "to", "at")
            if (
                not owned
                and at(texts, j + 1) not in ("side", "corner")
                and not (at(texts, j + 1) and at(texts, j + 1) not in v.AFTER_NOUN)
            ):
                return j
        elif word in ("third", "quarter") and at(texts, j + 1) == "of":
            pass  # "the left third of the picture"
        elif word in ("corner",):
            place.positions.append(Position.CORNER)
        elif word not in v.PLACE_NOUNS or (word == "part" and at(texts, j + 1) not in ("of", "")):
            return j
        if word in v.POSITIONS and word != "corner":
            return j
        place.place_noun = word
        j += 1


def match_superlative(texts: Sequence[str], i: int) -> tuple[int, Superlative] | None:
    """ "biggest", "second biggest", "most forward"; "closest to us" with its viewer."""
    rank, j = 0, i
    if at(texts, i) in v.ORDINALS and (at(texts, i + 1) in v.SUPERLATIVES or at(texts, i + 1) == "most"):
        rank, j = v.ORDINALS[texts[i]] - 1, i + 1
    word = at(texts, j)
    kind: SuperlativeKind | None = v.SUPERLATIVES.get(word)
    if word == "closet" and not (at(texts, j + 1) in ("to", "one") or rank):
        kind = None
    if word in ("most", "more") and at(texts, j + 1) in v.MOST_ADJECTIVES:
        kind, j = v.MOST_ADJECTIVES[texts[j + 1]], j + 1
    if kind is None:
        return None
    return j + 1, Superlative(kind, rank)


def owned_extreme(texts: Sequence[str], i: int) -> int:
    """Where the extreme stands in "your rightmost", "the robot's leftmost": its side is the owner's; i for none."""
    if texts[i] not in v.PERSPECTIVES:
        return i
    j = skip(texts, i + 1, frozenset({"'s", "own", "very"}))
    return j if v.SUPERLATIVES.get(at(texts, j)) in _FROM_OWNER else i


_FROM_OWNER = frozenset({SuperlativeKind.LEFTMOST, SuperlativeKind.RIGHTMOST})
_FROM_OWNER |= {SuperlativeKind.CLOSEST, SuperlativeKind.FARTHEST}
_GROUNDS = {
    **dict.fromkeys(("floor", "ground", "base"), Position.BOTTOM),
    **dict.fromkeys(("ceiling", "roof"), Position.TOP),
}
_COUNTED = frozenset(
    {"in", "over", "up", "down", "along", "away", "one", "the", "back", "counting", "counted", "starting", "when"}
)


def match_side_of_count(
    texts: Sequence[str], i: int, from_ground: bool = False
) -> tuple[int, Position, Perspective | None] | None:
    """ "from the right", "in from the left side", "to the right", "from my left", "from us"; the side counted from.

    from_ground: "up from the floor" counts from the bottom.
    """
    j = skip(texts, i, _COUNTED)
    if at(texts, j) != "from":
        return None
    j = skip(texts, j + 1, _ARTICLES | {"far", "very"})
    perspective = None
    if at(texts, j) in v.PERSPECTIVES and at(texts, j) not in v.VIEWERS - {"robot", "camera", "picture"}:
        owned = j + 1 + (at(texts, j + 1) == "'s")
        if _position(texts, owned):
            perspective, j = v.PERSPECTIVES[texts[j]], owned
    side = _position(texts, j) or {"leftmost": Position.LEFT, "rightmost": Position.RIGHT}.get(at(texts, j))
    if side is None and at(texts, j) in v.VIEWERS:
        side = Position.FRONT
    if side is None and from_ground:
        side = _GROUNDS.get(at(texts, j))
    if side not in _SIDES:
        return None
    if _position(texts, j + 1) in _SIDES and at(texts, j + 1) not in ("back", "front"):
        # "second from bottom left": counted from the bottom; the corner word stays for the position reader.
        return j + 1, side, perspective
    j = skip(texts, j + 1, frozenset({"side", "edge", "hand", "end", "most"}))
    if at(texts, j) == "of" and at(texts, skip(texts, j + 1, _ARTICLES)) in v.VIEW_NOUNS:
        j = skip(texts, j + 1, _ARTICLES) + 1
    return j, side, perspective
