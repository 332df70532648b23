# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Which words name the same things: kinds and kinds of kinds, synonyms, near names, parts.

Out of two tables: wordnet_kinds.txt, which a program wrote, and everyday_kinds.txt, where anyone may add a line and
which says how. Beside them stand the names that the encoders give to one class.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import permutations

from tas_ros.vision.encoders.class_names import known_classes, photo_classes, tabletop_classes

WORDNET_KINDS = "matching/wordnet_kinds.txt"
EVERYDAY_KINDS = "matching/everyday_kinds.txt"
SIGNS = KINDS, SAME, NEAR, PARTS, NOT = " > ", " = ", " ~ ", " has ", " not "


@dataclass(frozen=True)
class KindsOfThings:
    """What words name, by lower-cased singular word; a phrase counts by each known ending ("tin can", "can")."""

    wider: Mapping[str, frozenset[str]]
    """For each word all that also name what it names: itself, its synonyms, and the general words above them."""
    narrower: Mapping[str, tuple[str, ...]]
    """For each word its synonyms and the kinds of it that people speak of, nearest first, without itself."""
    near: Mapping[str, frozenset[str]]
    """For each word what is said of things that look like it or hang on it: near names, parts and wholes. Theirs and
    their kinds' are not meant: a lid may be a bottle's or a pot's, and bottles look like no pots."""

    def related(self, phrase: str, other: str) -> bool:
        """Whether both may be said of the same thing, or of a thing and its part: neither speaks against the other."""
        if _head(phrase) == _head(other):
            return True
        first, second = self._named_by(phrase), self._named_by(other)
        return any(
            one in self.wider[two] or two in self.wider[one] or one in self.near[two] for one in first for two in second
        )

    def kinds(self, phrase: str) -> tuple[str, ...]:
        """The kinds of what the phrase's longest known ending names, nearest first; of "cup" mug and glass."""
        named = self._named_by(phrase)
        return self.narrower[named[0]] if named else ()

    def name_in(self, phrase: str) -> str:
        """The longest ending of the phrase that is a word of the tables: "wooden block", not "block"; "" of none."""
        return next(iter(self._named_by(phrase)), "")

    def _named_by(self, phrase: str) -> list[str]:
        """The known endings of a phrase, the longest first: "tin can" and "can" of "red tin can"."""
        words = phrase.lower().split()
        endings = (" ".join(words[start:]) for start in range(len(words)))
        return [ending for ending in endings if ending in self.wider]


def _head(phrase: str) -> str:
    return "".join(phrase.lower().split()[-1:])


@cache
def kinds_of_things() -> KindsOfThings:
    """Of the package's own tables; read once."""
    return read_kinds([*class_lines(), *_lines(WORDNET_KINDS), *_lines(EVERYDAY_KINDS)], spoken=_spoken())


def class_lines() -> list[str]:
    """What the encoders call one class, as lines of such a table: a region of that class looks like all of it."""
    return [
        f"{name} ~ {', '.join((*each.names, *each.common_nouns))}"
        for each in known_classes()
        for name in each.names
        if len(each.names) + len(each.common_nouns) > 1
    ]


def read_kinds(lines: Iterable[str], spoken: Container[str] | None = None) -> KindsOfThings:
    """Of the lines of a table as everyday_kinds.txt describes them; blank lines and those from "#" do not count.

    spoken: of these words alone a general word is told to be; None for all.
    Raises ValueError naming a line that has no sign.
    """
    kinds: set[tuple[str, str]] = set()
    near: set[tuple[str, str]] = set()
    denied: set[tuple[str, str]] = set()
    for line in _rows(lines):
        sign, words = _parted(line)
        first, *others = words
        pairs = {(first, other) for other in others if other != first}
        if sign == NOT:
            denied |= pairs
        elif sign == KINDS:
            kinds |= pairs
        elif sign == SAME:
            kinds |= set(permutations(words, 2))
        else:
            near |= pairs | {(other, one) for one, other in pairs}
    return _closed(kinds - denied, near, spoken)


def _parted(line: str) -> tuple[str, list[str]]:
    """The sign of a line and its words."""
    for sign in SIGNS:
        if sign in line:
            return sign, [word.strip() for part in line.split(sign) for word in part.split(",")]
    raise ValueError(f"{line!r} relates no words; write one of {', '.join(map(repr, SIGNS))} between them")


def _rows(lines: Iterable[str]) -> Iterator[str]:
    """Those that count."""
    return (line for line in lines if line.strip() and not line.startswith("#"))


def _lines(table: str) -> list[str]:
    return files("tas_ros").joinpath(table).read_text("utf-8").splitlines()


def _spoken() -> frozenset[str]:
    """The words of everyday language among those that the tables hold: no "axolotl", of which no one thinks who says
    "animal".
    """
    words = {word for line in _rows(_lines(EVERYDAY_KINDS)) for word in _parted(line)[1]}
    words.update(noun for each in known_classes() for noun in each.common_nouns)
    words.update(name for each in (*tabletop_classes(), *photo_classes()) for name in each.names)
    return frozenset(words)


def _closed(kinds: set[tuple[str, str]], near: set[tuple[str, str]], spoken: Container[str] | None) -> KindsOfThings:
    """With kinds of kinds. kinds: (wider, narrower); near: both ways round."""
    below: defaultdict[str, list[str]] = defaultdict(list)
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for general, kind in sorted(kinds):
        below[general].append(kind)
    for one, other in near:
        beside[one].add(other)
    words = {word for pair in kinds | near for word in pair}
    narrower = {word: _reached(word, below) for word in sorted(words)}
    wider: defaultdict[str, set[str]] = defaultdict(set)
    for word, found in narrower.items():
        for each in (word, *found):
            wider[each].add(word)
    told = {word: tuple(kind for kind in found if spoken is None or kind in spoken) for word, found in narrower.items()}
    return KindsOfThings(
        {word: frozenset(wider[word]) for word in words}, told, {word: frozenset(beside[word]) for word in words}
    )


def _reached(word: str, below: Mapping[str, list[str]]) -> tuple[str, ...]:
    """All kinds of a word, breadth first."""
    found = [word]
    for each in found:
        found += [kind for kind in dict.fromkeys(below.get(each, ())) if kind not in found]
    return tuple(found[1:])
