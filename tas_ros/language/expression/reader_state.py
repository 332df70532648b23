# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What is known while an expression is read, and the moves every rule shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tas_ros.language.data import vocabulary as v
from tas_ros.language.expression.draft import Draft, RelationDraft, with_noun
from tas_ros.language.query import ObjectPhrase, Ordinal, Perspective, Position, RelationKind
from tas_ros.language.words.selectors import Place, at, skip
from tas_ros.language.words.tagged import Word

SIDES = (Position.LEFT, Position.RIGHT, Position.TOP, Position.BOTTOM, Position.FRONT, Position.BACK)
OPPOSITE = {
    Position.LEFT: Position.RIGHT,
    Position.RIGHT: Position.LEFT,
    Position.TOP: Position.BOTTOM,
    Position.BOTTOM: Position.TOP,
    Position.FRONT: Position.BACK,
    Position.BACK: Position.FRONT,
}
_WITH = RelationKind.WITH


@dataclass
class Reading:
    """What an expression says."""

    target: Draft = field(default_factory=Draft)
    excluded: list[ObjectPhrase] = field(default_factory=list)
    excluded_positions: list[Position] = field(default_factory=list)
    also: list[Draft] = field(default_factory=list)
    perspective: Perspective | None = None
    other: bool = False


class ReaderState:
    """The words, what they gave so far, and the thing being named at this moment."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = list(words)
        self.texts = [w.text for w in words]
        self.reading = Reading()
        self.current = self.reading.target
        self.also_is_apart = False
        self.counted_from: Position | None = None
        """The side that was named before the count: "from the right the second mug"."""

    def saw_perspective(self, perspective: Perspective | None) -> None:
        """Keep the first viewpoint that the words name."""
        if perspective is not None and self.reading.perspective is None:
            self.reading.perspective = perspective

    def saw_viewer(self, viewer: str) -> None:
        """Who nearness is measured from looks on."""
        if viewer in ("me", "you", "robot"):
            self.saw_perspective(v.PERSPECTIVES[viewer])

    def close_to_target(self) -> None:
        """What follows belongs to the target again."""
        self.current = self.reading.target
        self.current.break_run()

    def host_of_selector(self) -> Draft:
        """Before its noun a selector belongs to the thing being named, after it to the target."""
        current = self.current
        apart = current.host is None and current is not self.reading.target and self.also_is_apart
        return current if apart or (current.host is not None and not current.has_noun) else self.reading.target

    def attach(
        self,
        kind: RelationKind,
        negated: bool = False,
        extreme: bool = False,
        rank: int = 0,
        held: bool = False,
        built_in: bool = False,
    ) -> None:
        """Open a relation of the thing it most likely belongs to.

        held: the relation ties what is held to a part of the body that holds it ("with a phone in his hand").
        built_in: what follows is a part that things have and people have not ("the train with open doors").
        """
        owner, target = self.current, self.reading.target
        if owner in self.reading.also and not self.also_is_apart:
            owner = target
        if owner.host is not None:
            wears = kind is _WITH and owner.is_animate and not target.is_animate  # "a bench with a man in a hat"
            worn = owner.host.kind is _WITH and not held and not wears
            if (
                owner.is_empty
                or worn
                or (kind is _WITH and target.is_animate and not owner.is_animate and not built_in)
            ):
                owner = target if not (worn and owner.host.owner is not target) else owner.host.owner
        self.open(RelationDraft(kind, [], owner, negated, extreme, rank), Draft())

    def open_between(self) -> RelationDraft | None:
        """The innermost relation "between" around what is being named that still lacks its second anchor."""
        draft: Draft | None = self.current
        while draft is not None and draft.host is not None:
            host = draft.host
            if host.kind is RelationKind.BETWEEN and len(host.anchors) < 2 and host.anchors[0].count == 1:
                return host
            draft = host.owner
        return None

    def drop_unnamed_anchor(self) -> None:
        """What follows "in the" turned out to be no thing ("in the second row"): no relation was meant."""
        relation = self.current.host
        if relation is not None and not self.current.says_something:
            relation.owner.relations.remove(relation)
            self.current = relation.owner
            self.current.break_run()

    def open(self, relation: RelationDraft, anchor: Draft) -> None:
        """Make `anchor` the thing being named, in `relation`."""
        relation.owner.break_run()
        relation.owner.relations.append(relation)
        anchor.host = relation
        relation.anchors.append(anchor)
        self.current = anchor

    def has_anchor(self, i: int) -> bool:
        """Whether a thing is named at i."""
        j = skip(self.texts, i, v.DETERMINERS | v.FILLERS)
        pronoun = at(self.texts, j) in v.PRONOUNS - v.VIEWERS
        return j < len(self.words) and not pronoun and self.texts[j] not in (",", ".", "and", "but", "is")

    def apply_place(self, place: Place, i: int) -> None:
        """Record a position phrase on the thing it is said of."""
        if place.positions == [Position.TOP] and self.is_garment_top(place, i):
            self.current.add(Word("top", "top", "NOUN"))
            return
        self.saw_perspective(place.perspective)
        host, anchored_by = self.host_of_selector(), self.current.host
        tops = place.positions == [Position.TOP] and place.preposition == "on" and not place.article
        if tops and not place.of_view and anchored_by is not None and anchored_by.kind is _WITH:
            self.current.add_position(Position.TOP)  # "the cake with a candle on top"
            return
        between = self.open_between()
        if between is not None and self.current.has_noun and "and" in self.texts[place.end :]:
            host = self.current  # "between the plate on the left and the bowl"
        elif host is self.current and host.host is not None and not host.is_empty:
            closes = place.preposition or at(self.texts, place.end) in v.AFTER_NOUN | {""}
            host = self.reading.target if closes else host  # "the man in black on the left"
        if place.preposition and not self.current.has_noun:
            self.current.runs = with_noun(self.current.runs)
        if self.current.host is None:
            self.current.break_run()
        lone = place.positions[0] if len(place.positions) == 1 else None
        counts = host.ordinal is not None and not host.ordinal_has_side
        if host.ordinal is not None and counts and place.place_noun in v.LINES:
            # "the second box in the left column": counted within the line, columns from the top.
            across = Position.TOP if v.LINES[place.place_noun] else Position.LEFT
            host.ordinal = Ordinal(host.ordinal.index, across)
        elif host.ordinal is not None and counts and lone in SIDES and place.preposition:
            self.set_ordinal(host, last_on(host.ordinal.index, lone), has_side=True)
            return
        for position in place.positions:
            host.add_position(position)
        host.superlatives += [s for s in place.superlatives if s not in host.superlatives]
        if host is self.reading.target and self.current is not host and place.preposition:
            self.close_to_target()

    def is_garment_top(self, place: Place, i: int) -> bool:
        """ "tank top", "in a pink top": clothing, no place."""
        previous = self.words[i - 1] if i else None
        worn = self.current.host is not None and self.current.host.kind is _WITH
        return bool(
            not place.preposition and not place.place_noun and previous is not None
            and (previous.text in ("tank", "crop", "halter") or (previous.is_colour and worn))
        )  # fmt: skip

    def set_ordinal(self, host: Draft, ordinal: Ordinal, has_side: bool) -> None:
        """Record a count; one with a side replaces one without."""
        if host.ordinal is None or (has_side and not host.ordinal_has_side):
            host.ordinal, host.ordinal_has_side = ordinal, has_side


def last_on(index: int, side: Position) -> Ordinal:
    """ "last on the right" is the last when counting from the left."""
    return Ordinal(index, side if index > 0 else OPPOSITE[side])
