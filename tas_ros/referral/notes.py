# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a user should know beside the answer: how direction words were taken, what of the command was left out."""

from __future__ import annotations

from collections.abc import Iterator

from tas_ros.arrays import MaskArray
from tas_ros.language.query import ObjectPhrase, Position, Query, RelationKind, SuperlativeKind
from tas_ros.matching.matcher import named_things
from tas_ros.matching.unverified import unverified_words
from tas_ros.spatial.geometry import DEPTH, SIDEWAYS, Geometry
from tas_ros.spatial.reference_frames import ReferenceFrame

_SIDEWAYS_WORDS = frozenset(
    {
        Position.LEFT,
        Position.RIGHT,
        SuperlativeKind.LEFTMOST,
        SuperlativeKind.RIGHTMOST,
        RelationKind.LEFT_OF,
        RelationKind.RIGHT_OF,
    }
)
_DEPTH_WORDS = frozenset(
    {
        Position.FRONT,
        Position.BACK,
        SuperlativeKind.CLOSEST,
        SuperlativeKind.FARTHEST,
        RelationKind.IN_FRONT_OF,
        RelationKind.BEHIND,
    }
)
_UPRIGHT_WORDS = frozenset(
    {
        Position.TOP,
        Position.BOTTOM,
        SuperlativeKind.HIGHEST,
        SuperlativeKind.LOWEST,
        RelationKind.ABOVE,
        RelationKind.BELOW,
    }
)


def spatial_notes(query: Query, reference: ReferenceFrame, geometry: Geometry) -> tuple[str, ...]:
    """Sentences for a person, empty when every direction of the command was taken as asked and could be seen."""
    said = set(_direction_words(query))
    notes = []
    if reference.note and names_direction(query):
        notes.append(reference.note)
    whose = f"the {reference.perspective.value}'s side"
    if SIDEWAYS in geometry.unseen and said & _SIDEWAYS_WORDS:
        notes.append(f"left and right from {whose} lie along the line of sight; without depth they cannot be told")
    if said & _DEPTH_WORDS and not geometry.has_depth:
        notes.append(
            f"near and far from {whose} lie across no direction of the picture; without depth they cannot be told"
            if DEPTH in geometry.unseen
            else "no depth: near, far, in front of and behind are judged from the picture alone"
        )
    return tuple(notes)


def unverified_notes(query: Query) -> tuple[str, ...]:
    """What is said of the things that no model looks at, so that an answer does not tell whether it is so."""
    words = [word for thing in (query.target, *named_things(query)) for word in unverified_words(thing)]
    if not words:
        return ()
    said = " and ".join(f"'{word}'" for word in dict.fromkeys(words))
    return (f"{said} cannot be verified by looking: the answer goes by the rest of the command",)


def names_direction(query: Query) -> bool:
    """Whether a command says left, near, above or the like, so that it matters where the camera stands."""
    return not (_SIDEWAYS_WORDS | _DEPTH_WORDS | _UPRIGHT_WORDS).isdisjoint(_direction_words(query))


def conversation_notes(query: Query, previous: MaskArray | None) -> tuple[str, ...]:
    """What a person should know: referents that this answer leaves out, an earlier answer that there was not."""
    notes = []
    if query.also:
        left_out = ", ".join(f"'{thing.phrase or 'another one'}'" for thing in query.also)
        notes.append(f"this answer is about '{query.target.phrase or query.expression}' alone; ask for {left_out} too")
    if query.target.count != 1:
        notes.append(f"'{query.expression}' asks for several; this answer is one of them, ask for each by its place")
    if query.other and previous is None:
        notes.append("'the other one' is said of an earlier answer, and there is none")
    return tuple(notes)


def _direction_words(thing: Query | ObjectPhrase) -> Iterator[Position | SuperlativeKind | RelationKind]:
    """Of the target and of every anchor."""
    yield from thing.positions
    yield from (each.kind for each in thing.superlatives)
    if thing.ordinal is not None:
        yield thing.ordinal.side
    if isinstance(thing, Query):
        yield from thing.excluded_positions
    for relation in thing.relations:
        yield relation.kind
        for anchor in relation.anchors:
            yield from _direction_words(anchor)
