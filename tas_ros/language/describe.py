# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Query in words for logs, and as plain values for JSON."""

from __future__ import annotations

import dataclasses
import enum
from functools import singledispatch

from tas_ros.language.query import ObjectPhrase, Ordinal, Position, Query, Relation, RelationKind, Superlative

_NUMBER_WORDS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_RELATION_WORDS = {RelationKind.WITH: "with", RelationKind.BETWEEN: "between"}


@singledispatch
def describe_query(query: Query) -> str:
    """ "the mug that is red; left of the laptop; position: left". A kind of Query with more to say registers itself."""
    if not query.valid:
        return f"no reference: {query.invalid_reason}"
    parts = [_thing(query.target)]
    parts += [_relation(r) for r in query.relations]
    if query.positions:
        parts.append("position: " + ", ".join(p.value for p in query.positions))
    parts += [_superlative(s) for s in query.superlatives]
    if query.ordinal is not None:
        parts.append(_ordinal(query.ordinal))
    parts += [_line(each) for each in query.lines]
    parts += [f"not {_thing(e)}" for e in query.excluded]
    if query.excluded_positions:
        parts.append("not at: " + ", ".join(p.value for p in query.excluded_positions))
    if query.other:
        parts.append("another one than before")
    if query.perspective is not None:
        parts.append(f"as seen by: {query.perspective.value}")
    if query.destination is not None:
        parts.append(f"destination: {_thing(query.destination)}")
    if query.also:
        parts.append("also named: " + ", ".join(_thing(t) for t in query.also))
    return "; ".join(parts)


def query_to_dict(query: Query) -> dict[str, object]:
    """Every field as JSON-ready values, with `valid`, `reason` and the description beside them."""
    plain = _plain(query)
    assert isinstance(plain, dict)
    reason = plain.pop("invalid_reason")
    return {**plain, "valid": query.valid, "reason": reason, "description": describe_query(query)}


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
