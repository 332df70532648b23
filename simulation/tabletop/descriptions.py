# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a sentence says about a thing, before it is put into words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Side:
    """It is on that side (two combine: "top left"). Sides: left, right, top, bottom, front, back."""

    sides: tuple[str, ...]
    of_pair: bool = False
    """Said of one of two ("the left mug"), wherever both lie; else of where in the view or before the person it is."""


@dataclass(frozen=True)
class Corner:
    """It is in that corner of the view."""

    sides: tuple[str, str]


@dataclass(frozen=True)
class Middle:
    """It is in the middle: of three of its like, or of the view."""

    of_view: bool = False


@dataclass(frozen=True)
class Extreme:
    """It is the most so: left, right, top, bottom, closest, farthest, biggest, smallest, tallest, shortest."""

    kind: str
    rank: int = 0
    """1 for "the second biggest"."""
    plain: bool = False
    """Said plainly ("the big one")."""


@dataclass(frozen=True)
class Ordinal:
    """It is the index-th from that side, from 1; 0 is the last."""

    index: int
    side: str


Selector = Side | Corner | Middle | Extreme | Ordinal


@dataclass(frozen=True)
class Link:
    """It stands so to other things: left, right, front, behind, above, below, on, in, over, under, next, with_on,
    with_in, between.
    """

    kind: str
    anchors: tuple[Description, ...]
    """One; two for between, or one that means two ("the two mugs")."""
    negated: bool = False


@dataclass(frozen=True)
class Description:
    """A thing as somebody describes it."""

    noun: str = ""
    """Empty for "one", "thing"."""
    colour: str = ""
    not_colour: str = ""
    links: tuple[Link, ...] = ()
    selector: Selector | None = None
    extreme_link: tuple[str, Description] | None = None
    """("closest" or "farthest", from what)."""
    pair: bool = False
    """It means two things ("the two mugs"); anchors of between only."""
