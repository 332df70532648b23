# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What people call the classes an encoder knows, as data: ImageNet's 1000 by WordNet synonyms and the common nouns of
everyday commands, and the kinds of things that heads trained on top of its features tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CLASS_COUNT = 1000
_HERE = "tas_ros.vision.encoders"


@dataclass(frozen=True)
class NamedClass:
    """One class: its usual name first among `names`, and the common nouns that also name it."""

    names: tuple[str, ...]
    common_nouns: tuple[str, ...]


@cache
def imagenet_classes() -> tuple[NamedClass, ...]:
    """ImageNet's 1000 classes in the order of the classifier's outputs."""
    folder = files(_HERE)
    names = [
        tuple(line.split(", ")) for line in folder.joinpath("imagenet_classes.txt").read_text("utf-8").splitlines()
    ]
    nouns: list[list[str]] = [[] for _ in names]
    for line in folder.joinpath("imagenet_aliases.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        words, _, numbers = line.partition(":")
        for number in _numbers(numbers):
            nouns[number] += words.split(", ")
    return tuple(NamedClass(own, tuple(common)) for own, common in zip(names, nouns, strict=True))


def tabletop_classes() -> tuple[NamedClass, ...]:
    """The kinds of the tabletop head, in the order of its outputs."""
    return _kinds("tabletop_kinds.txt")


def photo_classes() -> tuple[NamedClass, ...]:
    """The kinds of the photo head, in the order of its outputs; the first name is COCO's."""
    return _kinds("photo_kinds.txt")


@cache
def known_classes() -> tuple[NamedClass, ...]:
    """All of them: ImageNet's, then the tabletop kinds, then the photo kinds."""
    return imagenet_classes() + tabletop_classes() + photo_classes()


@cache
def vocabulary() -> tuple[str, ...]:
    """Every name and common noun once, sorted."""
    return tuple(sorted({word for each in known_classes() for word in each.names + each.common_nouns}))


@cache
def _kinds(file: str) -> tuple[NamedClass, ...]:
    """The classes of a file with a class a line: its own names, then after "; " the common nouns that also name it."""
    kinds = []
    for line in files(_HERE).joinpath(file).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            names, _, nouns = line.partition("; ")
            kinds.append(NamedClass(tuple(names.split(", ")), tuple(nouns.split(", ")) if nouns else ()))
    return tuple(kinds)


def _numbers(text: str) -> list[int]:
    """The class numbers of "3 7-9": 3, 7, 8, 9."""
    numbers: list[int] = []
    for part in text.split():
        first, _, last = part.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers
