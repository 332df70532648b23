# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Query: what a referring command asks for. Made from text alone, once per command."""

from __future__ import annotations

import dataclasses
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

    def describe(self) -> str:
        """A readable sentence of what was understood: "the mug that is red; left of the laptop; position: left"."""
        if not self.valid:
            return f"no reference: {self.invalid_reason}"
        parts = [_thing(self.target)]
        parts += [_relation(r) for r in self.relations]
        if self.positions:
            parts.append("position: " + ", ".join(p.value for p in self.positions))
        parts += [_superlative(s) for s in self.superlatives]
        if self.ordinal is not None:
            parts.append(_ordinal(self.ordinal))
        parts += [_line(each) for each in self.lines]
        parts += [f"not {_thing(e)}" for e in self.excluded]
        if self.excluded_positions:
            parts.append("not at: " + ", ".join(p.value for p in self.excluded_positions))
        if self.other:
            parts.append("another one than before")
        if self.perspective is not None:
            parts.append(f"as seen by: {self.perspective.value}")
        if self.destination is not None:
            parts.append(f"destination: {_thing(self.destination)}")
        if self.also:
            parts.append("also named: " + ", ".join(_thing(t) for t in self.also))
        return "; ".join(parts)

    def to_dict(self) -> dict[str, object]:
        """Every field as JSON-ready values, with `valid`, `reason` and the description beside them."""
        plain = {each.name: _plain(getattr(self, each.name)) for each in dataclasses.fields(self)}
        reason = plain.pop("invalid_reason")
        return {**plain, "valid": self.valid, "reason": reason, "description": self.describe()}

    @property
    def is_spatial(self) -> bool:
        """Whether any constraint beside appearance was understood."""
        placed = self.positions or self.superlatives or self.ordinal or self.lines
        return bool(placed or self.relations or self.excluded_positions)


_NUMBER_WORDS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_RELATION_WORDS = {RelationKind.WITH: "with", RelationKind.BETWEEN: "between"}


def _plain(value: object) -> object:
    if isinstance(value, enum.Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


def _thing(phrase: ObjectPhrase) -> str:
    name = phrase.head or "thing"
    article = {0: "each ", 1: "the "}.get(phrase.count, f"the {phrase.count} ")
    traits = [*phrase.colours, *phrase.attributes]
    text = article + name + (f" that is {', '.join(traits)}" if traits else "")
    inner = [_relation(r) for r in phrase.relations]
    inner += [f"position {p.value}" for p in phrase.positions]
    inner += [_superlative(s) for s in phrase.superlatives]
    inner += [_ordinal(phrase.ordinal)] if phrase.ordinal else []
    inner += [_line(each) for each in phrase.lines]
    return text + (f" ({'; '.join(inner)})" if inner else "")


def _relation(relation: Relation) -> str:
    kind = _RELATION_WORDS.get(relation.kind, relation.kind.value)
    if relation.extreme:
        most = "farthest from" if relation.negated else "closest to"
        return f"{_rank(relation.rank)}{most} " + " and ".join(_thing(a) for a in relation.anchors)
    return ("not " if relation.negated else "") + f"{kind} " + " and ".join(_thing(a) for a in relation.anchors)


def _superlative(superlative: Superlative) -> str:
    return f"the {_rank(superlative.rank)}{superlative.kind.value}"


def _rank(rank: int) -> str:
    return f"{_NUMBER_WORDS[min(rank + 1, 10)]} " if rank else ""


def _line(line: Ordinal) -> str:
    kind = "column" if line.side in (Position.LEFT, Position.RIGHT) else "row"
    return f"in {_ordinal(line).replace(' from ', f' {kind} from ', 1)}"


def _ordinal(ordinal: Ordinal) -> str:
    number = abs(ordinal.index)
    name = _NUMBER_WORDS[number] if number < len(_NUMBER_WORDS) else f"{number}th"
    if ordinal.index < 0:
        name = "last" if number == 1 else f"{name} to last"
    return f"the {name} from the {'left' if ordinal.side is Position.LEFT else ordinal.side.value}"
