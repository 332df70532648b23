# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Spatial rectifier: the constraints of a Query as soft evidence over the proposals.

Every constraint yields a factor in (0, 1] per proposal and the factors multiply (docs/method.md section 2, weaknesses 5
and 6). No factor reaches zero, so a wrong word never loses the right candidate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from tas_ros.arrays import FloatArray
from tas_ros.language.data.vocabulary import SURROUNDINGS
from tas_ros.language.query import (
    ObjectPhrase,
    Ordinal,
    Position,
    Query,
    Relation,
    RelationKind,
    Superlative,
    SuperlativeKind,
)
from tas_ros.spatial.geometry import Geometry
from tas_ros.spatial.lines import line_numbers
from tas_ros.spatial.relations import best_explained, distinct_pairs, gaps, relation_evidence
from tas_ros.spatial.soft_rank import membership, soft_rank

MatchAnchor = Callable[[ObjectPhrase], FloatArray]


@dataclass(frozen=True)
class RectifierRule:
    """How sharply constraints decide."""

    rank_decay: float = 1.6
    """A proposal one rank off a superlative or ordinal keeps exp(-rank_decay)."""
    position_decay: float = 0.9
    """A proposal one rank off a plain position ("left mug") keeps exp(-position_decay), two off its square."""
    view_weight: float = 1.0
    """How much a position also means the side of the view itself, beside the order among look-alikes."""
    floor: float = 0.02
    """Least factor of any constraint."""
    clear_step: float = 0.06
    """Distance, in image sides, at which an order along the image is clear."""
    met_from: float = 0.6
    """Factor from which a constraint counts as met in full: a thing that is left of the laptop as well as things ever
    are must not look doubtful for it."""
    met_power: float = 2.0
    """How fast it counts as unmet below that."""

    def met(self, factor: FloatArray) -> FloatArray:
        """(N,) in (0, 1]: how far a constraint of that evidence is met."""
        return np.asarray(np.minimum(factor / self.met_from, 1.0) ** self.met_power, np.float32)


@dataclass(frozen=True, eq=False)
class Rectified:
    """What the constraints say of N proposals."""

    factors: Mapping[str, FloatArray]
    """(N,) in (0, 1] of each constraint, by name; they rank the candidates."""
    met: FloatArray
    """(N,) in (0, 1]: how far the constraints are met at all; 1 where nothing speaks against it. Some mug is always the
    leftmost, so places count against the best that there is; nothing need stand next to a lamp or be the fourth."""


_SIDE_SIGN = {Position.LEFT: -1.0, Position.RIGHT: 1.0, Position.TOP: -1.0, Position.BOTTOM: 1.0}

_STANDING = frozenset({RelationKind.ON, RelationKind.IN})


def rectify(
    query: Query, geometry: Geometry, probability: FloatArray, match_anchor: MatchAnchor, rule: RectifierRule
) -> Rectified:
    """Evidence of every constraint of the query.

    probability: (N,) appearance of the target; match_anchor: appearance (N,) of any other thing the query names.
    """
    factors: dict[str, FloatArray] = {}
    met = np.ones_like(probability)
    target = probability
    relations = _relation_factors(query.relations, probability, geometry, match_anchor, rule)
    if relations:
        factors["relation"] = _product(relations)
        met = met * _product([rule.met(factor) for factor in relations])
        target = target * factors["relation"]
    if query.excluded:
        factors["exclusion"] = _exclusion_factor(query, match_anchor, rule)
        met = met * rule.met(factors["exclusion"])
        target = target * factors["exclusion"]
    members = membership(target, geometry.overlap)
    rank = _Ranker(geometry, members, rule)
    places = rank.places(query)
    factors.update(places)
    if query.excluded_positions:
        factors["excluded_position"] = _product(
            [np.maximum(1.0 - rank.position(p), rule.floor) for p in query.excluded_positions]
        )
    for name, factor in places.items():
        best = 1.0 if name in ("ordinal", "line") else float((factor * members).max(initial=rule.floor))
        met = met * rule.met(factor / best)
    return Rectified(factors, met)


class _Ranker:
    """Order among the members along the measures that words name."""

    def __init__(self, geometry: Geometry, members: FloatArray, rule: RectifierRule) -> None:
        self._geometry = geometry
        self._members = members
        self._rule = rule

    def places(self, thing: Query | ObjectPhrase) -> dict[str, FloatArray]:
        """The factors of what is said of the target's, or an anchor's, own place."""
        factors: dict[str, FloatArray] = {}
        if thing.lines:
            line = _product([self.line(each) for each in thing.lines])
            # What else is said counts within the row: "the second from the left in the top row". Squared, so that the
            # things of other rows together do not count as one more.
            within = _Ranker(self._geometry, self._members * line**2, self._rule)
            return {"line": line, **within.places(replace(thing, lines=()))}
        if thing.positions:
            sides = [p for p in thing.positions if p in _SIDE_SIGN]
            others = [self.position(p) for p in thing.positions if p not in _SIDE_SIGN]
            factors["position"] = _product([*others, *([self._on_sides(sides)] if sides else [])])
        if thing.superlatives:
            factors["superlative"] = _product([self.superlative(s) for s in thing.superlatives])
        if thing.ordinal is not None:
            factors["ordinal"] = self.ordinal(thing.ordinal)
        return factors

    def position(self, position: Position) -> FloatArray:
        g = self._geometry
        if position is Position.MIDDLE:
            off = np.hypot(g.right - _span_middle(g.right, self._members), 0.5 * (g.down - g.view_centre[1]))
            return self._loosely(-off)
        if position is Position.CORNER:
            corner = np.minimum(np.abs(g.right - g.view_centre[0]), np.abs(g.down - g.view_centre[1]))
            return self._loosely(corner)
        if position in (Position.FRONT, Position.BACK):
            nearness = g.toward if position is Position.FRONT else -g.toward
            return self._loosely(nearness)
        return self._on_sides([position])

    def _on_sides(self, sides: Sequence[Position]) -> FloatArray:
        """Of one or more sides together ("bottom right"): the order along their sum, and the sides of the view."""
        g, rule = self._geometry, self._rule
        measure, view = np.zeros_like(g.right), np.ones_like(g.right)
        for position in sides:
            sideways = position in (Position.LEFT, Position.RIGHT)
            axis, centre = (g.right, g.view_centre[0]) if sideways else (g.down, g.view_centre[1])
            measure = measure + _SIDE_SIGN[position] * axis
            side = expit(_SIDE_SIGN[position] * (axis - centre) * 6.0)
            view = view * (2 * side / (1 + side)) ** rule.view_weight
        order = self._loosely(measure)
        return np.asarray(np.maximum(order * view, rule.floor), np.float32)

    def superlative(self, superlative: Superlative) -> FloatArray:
        measure, step = self._superlative_measure(superlative.kind)
        return self._decayed(self._ahead(measure, step), superlative.rank, self._rule.rank_decay)

    def ordinal(self, ordinal: Ordinal) -> FloatArray:
        measure = self._side_measure(ordinal.side)
        if ordinal.index < 0:
            return self._decayed(
                self._ahead(-measure, self._rule.clear_step), -ordinal.index - 1, self._rule.rank_decay
            )
        return self._decayed(self._ahead(measure, self._rule.clear_step), ordinal.index - 1, self._rule.rank_decay)

    def line(self, line: Ordinal) -> FloatArray:
        """Of standing in that row or column; rows from the front are those over the ground where it is known."""
        g = self._geometry
        if line.side in (Position.FRONT, Position.BACK):
            g = g.plan if g.plan.is_plan else g.picture
            measure = g.down if line.side is Position.FRONT else -g.down
        else:
            measure = self._side_measure(line.side)
        across = g.extent[:, 0 if line.side in (Position.LEFT, Position.RIGHT) else 1]
        if line.index < 0:
            ahead = line_numbers(-measure, across, self._members)
            return self._decayed(ahead, -line.index - 1, self._rule.rank_decay)
        return self._decayed(line_numbers(measure, across, self._members), line.index - 1, self._rule.rank_decay)

    def _side_measure(self, side: Position) -> FloatArray:
        g = self._geometry
        if side in (Position.FRONT, Position.BACK):
            return g.nearness if side is Position.FRONT else -g.nearness
        axis = g.down if side in (Position.TOP, Position.BOTTOM) else g.right
        return np.asarray(_SIDE_SIGN.get(side, -1.0) * axis, np.float32)

    def _superlative_measure(self, kind: SuperlativeKind) -> tuple[FloatArray, float]:
        g, step = self._geometry, self._rule.clear_step
        log_size = np.log(np.maximum(g.size, 1e-6))
        log_height = np.log(np.maximum(g.tallness, 1e-6))
        up = -g.picture.down if g.height is None else g.height
        measures: dict[SuperlativeKind, tuple[FloatArray, float]] = {
            SuperlativeKind.LEFTMOST: (-g.right, step),
            SuperlativeKind.RIGHTMOST: (g.right, step),
            SuperlativeKind.HIGHEST: (up, step),
            SuperlativeKind.LOWEST: (-up, step),
            SuperlativeKind.CLOSEST: (g.nearness, step),
            SuperlativeKind.FARTHEST: (-g.nearness, step),
            SuperlativeKind.BIGGEST: (log_size, 0.15),
            SuperlativeKind.SMALLEST: (-log_size, 0.15),
            SuperlativeKind.TALLEST: (log_height, 0.15),
            SuperlativeKind.SHORTEST: (-log_height, 0.15),
        }
        return measures[kind]

    def _ahead(self, measure: FloatArray, step: float) -> FloatArray:
        return soft_rank(measure, self._members, self._geometry.overlap, step)

    def _loosely(self, measure: FloatArray) -> FloatArray:
        """People say "on the right" of things that are not the rightmost, so every rank off costs the same."""
        ahead = self._ahead(measure, self._rule.clear_step)
        return np.asarray(np.maximum(np.exp(-self._rule.position_decay * ahead), self._rule.floor), np.float32)

    def _decayed(self, ahead: FloatArray, wanted: int, decay: float) -> FloatArray:
        return decayed(ahead - wanted, decay, self._rule.floor)


def decayed(off: FloatArray, decay: float, floor: float) -> FloatArray:
    """Factor of being `off` ranks off. Squared, so that parts of a rank, which doubtful members cost, cost little."""
    return np.asarray(np.maximum(np.exp(-decay * off**2), floor), np.float32)


def _relation_factors(
    relations: tuple[Relation, ...],
    thing: FloatArray,
    geometry: Geometry,
    match_anchor: MatchAnchor,
    rule: RectifierRule,
) -> list[FloatArray]:
    """Soft grounding of each relation in its anchors (docs/method.md weakness 4; see relation_evidence).

    thing: (N,) appearance of what stands in these relations.
    """
    factors: list[FloatArray] = []
    for relation in relations:
        weights = []
        for anchor in relation.anchors:
            weight = match_anchor(anchor)
            nested = _relation_factors(anchor.relations, weight, geometry, match_anchor, rule)
            weight = _product([weight, *nested])
            places = _Ranker(geometry, membership(weight, geometry.overlap), rule).places(anchor)
            weights.append(_product([weight, *places.values()]))
        if relation.extreme:
            factor = _most_related(relation, thing, geometry, weights[0], rule)
        else:
            around = relation.kind in _STANDING and relation.anchors[0].head in SURROUNDINGS
            factor = relation_evidence(relation.kind, geometry, weights, relation.negated, around)
        factors.append(np.maximum(factor, rule.floor))
    return factors


def _most_related(
    relation: Relation, thing: FloatArray, geometry: Geometry, anchor: FloatArray, rule: RectifierRule
) -> FloatArray:
    """Of all things of the kind the one closest to the anchor, or farthest from it: ranked about every anchor alike."""
    apart = gaps(geometry.plan)
    distinct = distinct_pairs(geometry)
    members = membership(thing, geometry.overlap)
    ahead = soft_rank(apart if relation.negated else -apart, members * distinct, geometry.overlap, rule.clear_step)
    fit = decayed(ahead - relation.rank, rule.rank_decay, rule.floor) * distinct
    return best_explained(fit.T, anchor)


def _exclusion_factor(query: Query, match_anchor: MatchAnchor, rule: RectifierRule) -> FloatArray:
    return _product([np.maximum(1.0 - match_anchor(thing), rule.floor) for thing in query.excluded])


def _product(factors: list[FloatArray]) -> FloatArray:
    return np.asarray(np.prod(np.stack(factors), axis=0), np.float32)


def _span_middle(axis: FloatArray, members: FloatArray) -> float:
    strong = axis[members >= 0.5] if (members >= 0.5).any() else axis
    return float((strong.min() + strong.max()) / 2)
