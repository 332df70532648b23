# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Goods that are asked for by their name and seen as their container: "the mustard" is a bottle, mostly yellow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tas_ros.language.query import ObjectPhrase
from tas_ros.matching.kinds_of_things import kinds_of_things

TABLE = "matching/packed_goods.txt"


@dataclass(frozen=True)
class PackedGoods:
    """A line of packed_goods.txt."""

    name: str
    """Lower case, singular: "orange juice"."""
    containers: tuple[str, ...]
    """What it is sold in."""
    colours: tuple[str, ...]
    """Basic colour terms, of which its container usually shows one; empty where any may be."""


@cache
def packed_goods() -> Mapping[str, PackedGoods]:
    """The package's own table by name; read once."""
    return read_packed_goods(files("tas_ros").joinpath(TABLE).read_text("utf-8").splitlines())


def read_packed_goods(lines: Iterable[str]) -> dict[str, PackedGoods]:
    """By name, of lines as packed_goods.txt describes them; blank ones and those from "#" do not count.

    Raises ValueError naming a line that has no container.
    """
    table = {}
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        name, _, rest = line.partition(":")
        containers, colours = (_listed(part) for part in (*rest.split(";", 1), "")[:2])
        if not containers:
            raise ValueError(f"{line!r} names no container; write 'goods: container; colour'")
        table[name.strip()] = PackedGoods(name.strip(), containers, colours)
    return table


def goods_asked_for(phrase: ObjectPhrase) -> PackedGoods | None:
    """The goods of "the mustard", "mustard bottle" or "can of spam"; None of a "cup of coffee", which no one sells.

    The longest name of the table that is said.
    """
    words = phrase.phrase.lower().split() if phrase.head else []
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length, -1, -1):
            goods = _named(words[start : start + length])
            if goods and (is_content(phrase, goods) or _holds(phrase.head, goods)):
                return goods
    return None


def is_content(phrase: ObjectPhrase, goods: PackedGoods) -> bool:
    """Whether the phrase names the goods alone, not their container."""
    return phrase.head == goods.name.split()[-1]


def _named(words: list[str]) -> PackedGoods | None:
    *front, last = words
    singular = (last, last.removesuffix("s"), last.removesuffix("es"))
    return next(
        (packed_goods()[name] for each in singular if (name := " ".join((*front, each))) in packed_goods()), None
    )


def _holds(head: str, goods: PackedGoods) -> bool:
    """Whether goods are sold in what is called so: a kind of their container, or by a more general name."""
    wider = kinds_of_things().wider
    return any(head == each or head in wider.get(each, ()) or each in wider.get(head, ()) for each in goods.containers)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())
