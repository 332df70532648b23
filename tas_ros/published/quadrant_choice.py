# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Which quadrants of the image a Query asks for: the direction words of the published rectifier (TAS, section 3.3)."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from tas_ros.errors import InvalidQueryError
from tas_ros.language.query import Position, Query, SuperlativeKind


class Quadrant(enum.Enum):
    """One of the four parts into which the published rectifier cuts the image (quadrants.py)."""

    UP_LEFT = "up left"
    DOWN_LEFT = "down left"
    UP_RIGHT = "up right"
    DOWN_RIGHT = "down right"


@dataclass(frozen=True)
class QuadrantQuery(Query):
    """A Query whose reader settled on the quadrants itself (parser.py). Raises InvalidQueryError for more than two."""

    quadrants: tuple[Quadrant, ...] = ()
    """One, two, or none for "anywhere"."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.quadrants) > 2:
            raise InvalidQueryError(f"query for command {self.text!r} has {len(self.quadrants)} quadrants; give 0 to 2")

    @property
    def is_spatial(self) -> bool:
        """Whether any constraint beside appearance was understood."""
        return bool(self.quadrants) or super().is_spatial

    def describe(self) -> str:
        """What was understood, with the quadrants."""
        said = super().describe()
        return f"{said}; quadrant: {' or '.join(each.value for each in self.quadrants)}" if self.quadrants else said


_OPPOSITE = {
    Position.LEFT: Position.RIGHT,
    Position.RIGHT: Position.LEFT,
    Position.TOP: Position.BOTTOM,
    Position.BOTTOM: Position.TOP,
}
_SIDE_OF_EXTREME = {
    SuperlativeKind.LEFTMOST: Position.LEFT,
    SuperlativeKind.RIGHTMOST: Position.RIGHT,
    SuperlativeKind.HIGHEST: Position.TOP,
    SuperlativeKind.LOWEST: Position.BOTTOM,
}
_ON_SIDES: dict[tuple[Position | None, Position | None], tuple[Quadrant, ...]] = {
    (None, None): (),
    (Position.LEFT, None): (Quadrant.UP_LEFT, Quadrant.DOWN_LEFT),
    (Position.RIGHT, None): (Quadrant.UP_RIGHT, Quadrant.DOWN_RIGHT),
    (None, Position.TOP): (Quadrant.UP_LEFT, Quadrant.UP_RIGHT),
    (None, Position.BOTTOM): (Quadrant.DOWN_LEFT, Quadrant.DOWN_RIGHT),
    (Position.LEFT, Position.TOP): (Quadrant.UP_LEFT,),
    (Position.RIGHT, Position.TOP): (Quadrant.UP_RIGHT,),
    (Position.LEFT, Position.BOTTOM): (Quadrant.DOWN_LEFT,),
    (Position.RIGHT, Position.BOTTOM): (Quadrant.DOWN_RIGHT,),
}


def quadrants_on_sides(horizontal: Position | None, vertical: Position | None) -> tuple[Quadrant, ...]:
    """The quadrants on a side (LEFT or RIGHT), at a height (TOP or BOTTOM) or both; none for neither.

    Two stand in the order in which the released code compares them, which decides ties.
    """
    return _ON_SIDES[horizontal, vertical]


def quadrants_of(query: Query) -> tuple[Quadrant, ...]:
    """What the parser settled on, else what the target's own place in the view says (preset `paper`).

    Positions, the four superlatives of direction and the side an ordinal counts from say it ("last from the left" is on
    the right). Relations to other things, middle, front and back do not; nor do two opposite sides at once.
    """
    if isinstance(query, QuadrantQuery):
        return query.quadrants
    sides = set(query.positions) | {_SIDE_OF_EXTREME.get(each.kind) for each in query.superlatives}
    if query.ordinal is not None:
        side = query.ordinal.side
        sides.add(side if query.ordinal.index > 0 else _OPPOSITE.get(side, side))
    return quadrants_on_sides(_only(sides, Position.LEFT, Position.RIGHT), _only(sides, Position.TOP, Position.BOTTOM))


def _only(sides: set[Position | None], first: Position, second: Position) -> Position | None:
    """The one of two opposite sides that is named without the other."""
    if (first in sides) == (second in sides):
        return None
    return first if first in sides else second
