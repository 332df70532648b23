# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Query: what a referring command asks for. Made from text alone, once per command."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from tas_ros.errors import InvalidQueryError


class Position(enum.Enum):
    """Where the target lies in the view; several combine ("top left")."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"
    MIDDLE = "middle"
    FRONT = "front"
    BACK = "back"
    CORNER = "corner"


class SuperlativeKind(enum.Enum):
    """The extreme of a set along one measure."""

    LEFTMOST = "leftmost"
    RIGHTMOST = "rightmost"
    HIGHEST = "highest"
    LOWEST = "lowest"
    CLOSEST = "closest"
    FARTHEST = "farthest"
    BIGGEST = "biggest"
    SMALLEST = "smallest"
    TALLEST = "tallest"
    SHORTEST = "shortest"


class RelationKind(enum.Enum):
    """How the target stands to its anchor."""

    LEFT_OF = "left of"
    RIGHT_OF = "right of"
    ABOVE = "above"
    BELOW = "below"
    ON = "on"
    IN = "in"
    NEXT_TO = "next to"
    IN_FRONT_OF = "in front of"
    BEHIND = "behind"
    BETWEEN = "between"
    WITH = "with"


class Perspective(enum.Enum):
    """Whose left and right a direction word means; None in a Query leaves it to the configuration."""

    CAMERA = "camera"
    IMAGE = "image"
    ROBOT = "robot"
    SPEAKER = "speaker"


@dataclass(frozen=True)
class ObjectPhrase:
    """A thing that is named: the target or an anchor."""

    phrase: str
    """Noun phrase without article, positions and relations: "red coffee mug". Empty for "the left one"."""
    head: str
    """Head noun lemma: "mug". Empty when the phrase names no kind of thing ("the left one", "pink")."""
    attributes: tuple[str, ...] = ()
    """Modifiers that are neither colours nor spatial: ("wooden",)."""
    colours: tuple[str, ...] = ()
    """Basic colour terms in the phrase: ("red",)."""
    relations: tuple[Relation, ...] = ()
    """Constraints on this thing itself: the nested anchors of "the plate under the lamp"."""
    positions: tuple[Position, ...] = ()
    """Where this thing lies itself, if it is an anchor: "next to the left plate". The target's are in the Query."""
    superlatives: tuple[Superlative, ...] = ()
    """The same for "behind the tallest man"."""
    ordinal: Ordinal | None = None
    """The same for "on the second plate"."""
    count: int = 1
    """How many things are meant: 2 for "between the two cups", 0 for all there are ("all the cups")."""
    lines: tuple[Ordinal, ...] = ()
    """The rows and columns this thing stands in, as in the Query."""


@dataclass(frozen=True)
class Relation:
    """One constraint that ties a thing to its anchor, or to two for BETWEEN."""

    kind: RelationKind
    anchors: tuple[ObjectPhrase, ...]
    """One, or two for BETWEEN (a single one with count 2 for "between the two cups")."""
    negated: bool = False
    """ "not next to", "without", "far from" (a negated NEXT_TO)."""
    extreme: bool = False
    """Of all candidates the one most in this relation: "closest to the lamp", "farthest from it" (negated)."""
    rank: int = 0
    """With `extreme`: 1 for "second closest to the lamp"."""

    def __post_init__(self) -> None:
        if not self.anchors:
            raise InvalidQueryError(f"relation '{self.kind.value}' has no anchor; drop the relation or name an anchor")


@dataclass(frozen=True)
class Superlative:
    """ "the second biggest mug" is (BIGGEST, rank 1)."""

    kind: SuperlativeKind
    rank: int = 0


@dataclass(frozen=True)
class Ordinal:
    """ "third from the right" is (index 3, RIGHT); index -1 is the last; without a side, from the left."""

    index: int
    """From 1; negative counts from the end (-1 the last, -2 the last but one). Never 0."""
    side: Position = Position.LEFT

    def __post_init__(self) -> None:
        if self.index == 0:
            raise InvalidQueryError("ordinal 0 counts nothing; the first is 1 and the last is -1")


@dataclass(frozen=True)
class Query:
    """A referring command, understood.

    `invalid_reason` is set when the text refers to nothing ("stop"); such a Query has an empty target and is answered
    with status NOT_A_REFERENCE and that reason.
    """

    text: str
    """The command as received."""
    expression: str
    """The referring expression alone, lower-cased: "the red mug left of the laptop"."""
    target: ObjectPhrase
    positions: tuple[Position, ...] = ()
    superlatives: tuple[Superlative, ...] = ()
    ordinal: Ordinal | None = None
    lines: tuple[Ordinal, ...] = ()
    """Counted rows and columns of the arrangement: "second row" is (2, TOP), of people (2, FRONT); the side says which
    way rows are counted, LEFT and RIGHT count columns. An ordinal beside it counts within that line."""
    relations: tuple[Relation, ...] = ()
    excluded: tuple[ObjectPhrase, ...] = ()
    """What the target is said not to be: "not the red one"."""
    excluded_positions: tuple[Position, ...] = ()
    perspective: Perspective | None = None
    destination: ObjectPhrase | None = None
    """Where the command wants the target put; never the target itself."""
    also: tuple[ObjectPhrase, ...] = ()
    """Further referents of the same command ("the mug and the plate"); the first is the target."""
    other: bool = False
    """ "the other cup", "another one": not the one that was last answered, if there was one."""
    invalid_reason: str = ""

    def __post_init__(self) -> None:
        if not self.invalid_reason and not self.expression:
            raise InvalidQueryError(
                f"query for command {self.text!r} has neither an expression nor a reason it is invalid"
            )

    @property
    def valid(self) -> bool:
        """Whether the command refers to a thing at all."""
        return not self.invalid_reason

    @property
    def is_spatial(self) -> bool:
        """Whether any constraint beside appearance was understood."""
        placed = self.positions or self.superlatives or self.ordinal or self.lines
        return bool(placed or self.relations or self.excluded_positions)
