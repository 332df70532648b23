"""What people call the 1000 ImageNet classes: WordNet synonyms and the common nouns of everyday commands, as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CLASS_COUNT = 1000
_HERE = "tas_ros.vision.encoders"


@dataclass(frozen=True)
class ImageNetClass:
    """One class: its usual name first among `names`, and the common nouns that also name it."""

    names: tuple[str, ...]
    common_nouns: tuple[str, ...]


@cache
def imagenet_classes() -> tuple[ImageNetClass, ...]:
    """The 1000 classes in the order of the classifier's outputs."""
    folder = files(_HERE)
    names = [tuple(line.split(", ")) for line in folder.joinpath("imagenet_classes.txt").read_text("utf-8").splitlines()]
    nouns: list[list[str]] = [[] for _ in names]
    for line in folder.joinpath("imagenet_aliases.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        words, _, numbers = line.partition(":")
        for number in _numbers(numbers):
            nouns[number] += words.split(", ")
    return tuple(ImageNetClass(own, tuple(common)) for own, common in zip(names, nouns, strict=True))


@cache
def vocabulary() -> tuple[str, ...]:
    """Every name and common noun once, sorted."""
    return tuple(sorted({word for each in imagenet_classes() for word in each.names + each.common_nouns}))


def _numbers(text: str) -> list[int]:
    """The class numbers of "3 7-9": 3, 7, 8, 9."""
    numbers: list[int] = []
    for part in text.split():
        first, _, last = part.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers
