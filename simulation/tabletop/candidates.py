# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What could be said about a picture, kind by kind. Truth is not considered here: the judge picks from these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from simulation.tabletop.descriptions import (
    Corner,
    Description,
    Extreme,
    Link,
    Middle,
    Ordinal,
    Selector,
    Side,
)
from simulation.tabletop.naming import Candidate, Naming
from simulation.tabletop.things import KIND_BY_KEY, PAINTS

Options = list[Candidate]
Random = np.random.Generator
_VIEWS = ("camera", "camera", "image", "robot")
"""Perspectives by how often they are drawn."""
_UPRIGHT = ("camera", "camera", "robot")
_ANY = ("",)
"""The same from everywhere."""


@dataclass(frozen=True)
class KindOfSentence:
    """How sentences of a kind come about."""

    options: Callable[[Naming, Random], Options]
    expected: str = "FOUND"
    scarce: bool = False
    """Few pictures offer one."""
    draws: int = 1
    """How many a picture gives at most."""


def _in_views(descriptions: list[Description], random: Random, views: tuple[str, ...] = _VIEWS) -> Options:
    return [Candidate(each, str(random.choice(views))) for each in descriptions]


def _selected(groups: list[Description], selectors: list[Selector]) -> list[Description]:
    return [replace(group, selector=selector) for group, selector in product(groups, selectors)]


_ANYTHING = Description()
_SIDES = ("left", "right")
_DEPTH_SIDES = ("front", "back")
_ROWS = ("top", "bottom")
_SIZES = ("biggest", "smallest", "tallest", "shortest")


def _linked(
    naming: Naming, kinds: tuple[str, ...], groups: list[Description], negated: bool = False
) -> list[Description]:
    return [
        replace(group, links=(Link(kind, (anchor,), negated),))
        for group, kind, anchor in product(groups, kinds, naming.anchors())
        if not _may_be_itself(group, anchor) and _sensible(kind, group, anchor)
    ]


def _may_be_itself(group: Description, anchor: Description) -> bool:
    """As in "the blue mug right of the mug"."""
    return group.noun == anchor.noun and (not anchor.colour or group.colour == anchor.colour)


_BEARERS = {"on": ("plate", "tray", "book", "box"), "in": ("bowl", "tray")}


def _sensible(kind: str, group: Description, anchor: Description) -> bool:
    """Whether people use that word for such a pair, be it true or not."""
    if kind in ("on", "in"):
        return anchor.noun in _BEARERS[kind] and group.noun not in _BEARERS[kind]
    if kind in ("with_on", "with_in"):
        return group.noun in _BEARERS[kind[5:]]
    if kind in ("over", "under"):
        lower = anchor.noun if kind == "over" else group.noun
        return lower in ("book", "box", "plate")
    return True


def _names(naming: Naming, _: Random) -> Options:
    return [Candidate(Description(noun)) for noun in naming.nouns]


def _colour_names(naming: Naming, _: Random) -> Options:
    several = {each.noun for each in naming.alike}
    needed = [Candidate(each) for each in naming.coloured() if each.noun in several]
    return needed or [Candidate(each) for each in naming.coloured()]


def _places(sides: tuple[str, ...], views: tuple[str, ...]) -> Callable[[Naming, Random], Options]:
    def options(naming: Naming, random: Random) -> Options:
        selectors: list[Selector] = [Side((side,), pair) for side in sides for pair in (True, False)]
        return _in_views(_selected(naming.alike, selectors), random, views)

    return options


def _selecting(selectors: list[Selector], views: tuple[str, ...], everything: bool = False) -> Callable[..., Options]:
    def options(naming: Naming, random: Random) -> Options:
        groups = [*naming.alike, *([_ANYTHING] if everything else [])]
        found = [each for each in _selected(groups, selectors) if _has_height(each.noun) or not _of_height(each)]
        return _in_views(found, random, views)

    return options


def _of_height(description: Description) -> bool:
    return isinstance(description.selector, Extreme) and description.selector.kind in _SIZES[2:]


def _has_height(noun: str) -> bool:
    """Whether people call such things tall or short, rather than big or small."""
    return noun in ("", "bottle", "cup", "mug", "cylinder", "cone", "box", "can", "teddy bear", "cereal box")


def _relating(
    kinds: tuple[str, ...], views: tuple[str, ...] = _VIEWS, needed: bool = True, negated: bool = False
) -> Callable[[Naming, Random], Options]:
    def options(naming: Naming, random: Random) -> Options:
        groups = (naming.alike or naming.bases()) if needed else naming.bases()
        everything = [*groups, _ANYTHING] if needed and not negated else groups
        return _in_views(_linked(naming, kinds, everything, negated), random, views)

    return options


def _between(naming: Naming, random: Random) -> Options:
    anchors = naming.anchors()
    pairs = [(a, b) for a, b in product(anchors, anchors) if a != b]
    links = [Link("between", pair) for pair in pairs]
    links += [Link("between", (replace(each, pair=True),)) for each in naming.alike]
    groups = [*(naming.alike or naming.bases()), _ANYTHING]
    return _in_views([replace(g, links=(link,)) for g, link in product(groups, links)], random, _ANY)


def _nested(naming: Naming, random: Random) -> Options:
    """The thing by its place to a second that itself is told apart by its place to a third."""
    near, beside = (
        ("next", "left", "right", "front", "behind"),
        ("on", "in", "next", "left", "right", "behind", "front"),
    )
    inner = _linked(naming, beside, naming.alike)
    found = [
        replace(base, links=(Link(kind, (anchor,)),))
        for base, kind, anchor in product([*(naming.alike or naming.bases()), _ANYTHING], near, inner)
        if base.noun != anchor.noun
    ]
    return _in_views([found[i] for i in random.permutation(len(found))[:400]], random, _UPRIGHT)


def _extreme_links(naming: Naming, random: Random) -> Options:
    found = [
        replace(group, extreme_link=(kind, anchor))
        for group, kind, anchor in product(naming.alike, ("closest", "farthest"), naming.anchors())
        if group.noun != anchor.noun
    ]
    return _in_views(found, random, _ANY)


def _not_coloured(naming: Naming, _: Random) -> Options:
    groups = [each for each in naming.alike if not each.colour]
    own = {(thing.names[0], thing.colour) for thing in naming.things}
    pairs = [(group, colour) for group, colour in product(groups, naming.colours()) if (group.noun, colour) in own]
    return [Candidate(replace(group, not_colour=colour)) for group, colour in pairs]


def _bare(naming: Naming, random: Random) -> Options:
    colours = [Candidate(Description(colour=colour)) for colour in naming.colours()]
    places: list[Selector] = [Side((side,)) for side in _SIDES]
    placed = _in_views(_selected([_ANYTHING], places), random, ("camera", "image"))
    placed += _in_views(_selected([_ANYTHING], [Extreme(kind) for kind in _SIZES[:3]]), random, _ANY)
    both = _in_views(_selected(naming.painted_alike, [Side((s,), True) for s in _SIDES]), random)
    return [*colours, *placed, *both]


def _related_extremes(naming: Naming, random: Random) -> Options:
    related = _linked(naming, ("left", "right", "next", "behind", "front"), naming.alike)
    extremes: list[Selector] = [
        Extreme(kind) for kind in ("biggest", "smallest", "tallest", "left", "right", "closest")
    ]
    return _in_views(_selected(related, extremes), random, _UPRIGHT)


def _two_things(naming: Naming, _: Random) -> Options:
    anchors = naming.anchors()
    return [Candidate(a, also=b) for a, b in product(anchors, anchors) if a.noun != b.noun]


def _delivered(naming: Naming, random: Random) -> Options:
    plain = [Candidate(each) for each in naming.anchors()]
    beside = _in_views(_linked(naming, ("left", "right", "next", "on", "in"), naming.alike), random)
    ends: list[Selector] = [Extreme("left"), Extreme("right"), Extreme("closest"), Extreme("biggest")]
    return [*plain, *beside, *_in_views(_selected(naming.alike, ends), random)]


def _said_whose(perspective: str) -> Callable[[Naming, Random], Options]:
    def options(naming: Naming, _: Random) -> Options:
        selectors: list[Selector] = [*(Side((s,)) for s in _SIDES), *(Extreme(k) for k in ("closest", "farthest"))]
        selectors += [Extreme(side) for side in _SIDES]
        found = _selected(naming.alike, selectors) + _linked(naming, ("left", "right", "behind", "front"), naming.alike)
        return [Candidate(each, perspective, spoken=True) for each in found]

    return options


def _absent_colours(naming: Naming, _: Random) -> Options:
    return [Candidate(Description(n, colour)) for n, colour in product(naming.nouns, PAINTS) if _may_be(n, colour)]


def _may_be(noun: str, colour: str) -> bool:
    """Whether such a thing is thinkable: nobody asks for the pink banana."""
    kind = next(kind for kind in KIND_BY_KEY.values() if noun in kind.names)
    return kind.paintable or (kind.key in ("duck", "teddy", "bunny", "apple") and colour != kind.own_colour)


def _unrelated(naming: Naming, random: Random) -> Options:
    kinds = ("left", "right", "front", "behind", "on", "in")
    # Of several alike: for the only one of its name people may let a wrong word pass.
    return _in_views(_linked(naming, kinds, naming.alike or naming.bases()), random, _UPRIGHT)


def _too_many(naming: Naming, random: Random) -> Options:
    groups = [each for each in naming.alike if not each.colour]
    beyond = [replace(g, selector=Ordinal(naming.count(g) + 1, side)) for g, side in product(groups, _SIDES)]
    return _in_views([each for each in beyond if naming.count(replace(each, selector=None)) <= 4], random)


def _related_alike(naming: Naming, random: Random) -> Options:
    return _relating((*_SIDES, "front", "behind"))(naming, random) + _relating(("next",), _ANY)(naming, random)


_BOTH = [(row, side) for row in _ROWS for side in _SIDES]
CANDIDATES: dict[str, KindOfSentence] = {
    "name": KindOfSentence(_names),
    "colour_name": KindOfSentence(_colour_names),
    "size_attribute": KindOfSentence(_selecting([Extreme(k, plain=True) for k in _SIZES], _ANY)),
    "position_left_right": KindOfSentence(_places(_SIDES, _VIEWS)),
    "position_top_bottom": KindOfSentence(_places(_ROWS, ("camera", "image"))),
    "position_front_back": KindOfSentence(_places(_DEPTH_SIDES, _UPRIGHT)),
    "position_middle": KindOfSentence(_selecting([Middle(), Middle(True)], ("camera", "image", "robot"))),
    "position_corner": KindOfSentence(_selecting([Corner(each) for each in _BOTH], ("image",), True), scarce=True),
    "position_combined": KindOfSentence(_selecting([Side(each) for each in _BOTH], ("camera", "image"))),
    "superlative_side": KindOfSentence(_selecting([Extreme(side) for side in _SIDES], _VIEWS, True)),
    "superlative_row": KindOfSentence(_selecting([Extreme(side) for side in _ROWS], ("image",), True)),
    "superlative_distance": KindOfSentence(_selecting([Extreme("closest"), Extreme("farthest")], _UPRIGHT, True)),
    "superlative_size": KindOfSentence(_selecting([Extreme(k) for k in _SIZES[:2]], _ANY, True)),
    "superlative_height": KindOfSentence(_selecting([Extreme(k) for k in _SIZES[2:]], _ANY)),
    "superlative_ranked": KindOfSentence(
        _selecting([Extreme(k, 1) for k in ("closest", "farthest", *_SIZES[:2])], ("camera", "robot")), scarce=True
    ),
    "ordinal": KindOfSentence(
        _selecting([Ordinal(i, side) for i in (1, 2, 3, 4) for side in _SIDES], _VIEWS), scarce=True
    ),
    "ordinal_last": KindOfSentence(_selecting([Ordinal(0, "left"), Ordinal(0, "right")], _VIEWS), scarce=True),
    "relation_left_right": KindOfSentence(_relating(_SIDES)),
    "relation_front_behind": KindOfSentence(_relating(("front", "behind"), _UPRIGHT)),
    "relation_on": KindOfSentence(_relating(("on",), _ANY), scarce=True),
    "relation_in": KindOfSentence(_relating(("in",), _ANY), scarce=True),
    "relation_above_below": KindOfSentence(_relating(("over", "under"), _ANY), scarce=True),
    "relation_above_below_in_image": KindOfSentence(_relating(("above", "below"), ("image",))),
    "relation_with": KindOfSentence(_relating(("with_on", "with_in"), _ANY, needed=False), scarce=True),
    "relation_next_to": KindOfSentence(_relating(("next",), _ANY)),
    "relation_closest_to": KindOfSentence(_extreme_links),
    "relation_between": KindOfSentence(_between, scarce=True),
    "relation_nested": KindOfSentence(_nested, scarce=True),
    "relation_and_superlative": KindOfSentence(_related_extremes, scarce=True),
    "negated_colour": KindOfSentence(_not_coloured, scarce=True),
    "negated_relation": KindOfSentence(_relating(("next", "on", "in"), _ANY, negated=True), scarce=True),
    "bare_attribute": KindOfSentence(_bare),
    "two_referents": KindOfSentence(_two_things),
    "destination": KindOfSentence(_delivered),
    "perspective_robot": KindOfSentence(_said_whose("robot")),
    "perspective_speaker": KindOfSentence(_said_whose("speaker")),
    "not_found_name": KindOfSentence(lambda n, _: [Candidate(Description(a)) for a in n.absent], "NOT_FOUND"),
    "not_found_colour": KindOfSentence(_absent_colours, "NOT_FOUND"),
    "not_found_relation": KindOfSentence(_unrelated, "NOT_FOUND"),
    "not_found_ordinal": KindOfSentence(_too_many, "NOT_FOUND"),
    "ambiguous_name": KindOfSentence(lambda n, _: [Candidate(g) for g in n.alike], "AMBIGUOUS", scarce=True, draws=2),
    "ambiguous_colour": KindOfSentence(
        lambda n, _: [Candidate(g) for g in n.painted_alike], "AMBIGUOUS", scarce=True, draws=2
    ),
    "ambiguous_relation": KindOfSentence(_related_alike, "AMBIGUOUS", scarce=True),
    "ambiguous_position": KindOfSentence(_places(_SIDES, _VIEWS), "AMBIGUOUS", scarce=True),
}
"""Every kind of sentence, by the name its results are reported under."""
