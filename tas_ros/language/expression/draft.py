# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Phrases while they are being read, and how a finished one becomes an ObjectPhrase."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tas_ros.language.data import vocabulary as v
from tas_ros.language.query import ObjectPhrase, Ordinal, Position, Relation, RelationKind, Superlative
from tas_ros.language.words.tagged import Word


@dataclass
class Draft:
    """A thing being described: word runs (broken wherever a constraint stood between) and constraints so far."""

    runs: list[list[Word]] = field(default_factory=lambda: [[]])
    positions: list[Position] = field(default_factory=list)
    superlatives: list[Superlative] = field(default_factory=list)
    ordinal: Ordinal | None = None
    ordinal_has_side: bool = False
    relations: list[RelationDraft] = field(default_factory=list)
    count: int = 1
    lines: list[Ordinal] = field(default_factory=list)
    placeholder: bool = False
    """A word such as "one" stood for the noun."""
    text_parts: list[str] = field(default_factory=list)
    """Words after "of" that belong to the phrase: "cup OF COFFEE"."""
    host: RelationDraft | None = None
    """The relation this is an anchor of; None for the target."""

    @property
    def has_noun(self) -> bool:
        """Whether a noun, or a stand-in, was read."""
        return self.placeholder or any(w.is_noun for run in self.runs for w in run)

    @property
    def is_empty(self) -> bool:
        """Whether no word of the thing itself was read."""
        return not self.placeholder and not any(self.runs)

    @property
    def says_something(self) -> bool:
        """Whether it is named or placed."""
        return not self.is_empty or bool(self.positions or self.superlatives or self.ordinal or self.lines)

    @property
    def is_animate(self) -> bool:
        """Whether it names a person."""
        return any(w.text in v.PEOPLE for run in self.runs for w in run)

    def add(self, word: Word) -> None:
        """Append a word of the thing itself."""
        self.runs[-1].append(word)

    def break_run(self) -> None:
        """A constraint stood here: what follows is not the same noun phrase."""
        if self.runs[-1]:
            self.runs.append([])

    def add_position(self, position: Position) -> None:
        """Record a position once."""
        if position not in self.positions:
            self.positions.append(position)

    def build(self) -> ObjectPhrase:
        """The finished phrase; its own positions, superlatives and ordinal are included."""
        segments = _segments(self.runs if self.has_noun else with_noun(self.runs))
        head_at = _head_segment(segments)
        relations = [r.build() for r in self.relations if r.is_complete]
        kept: list[Word] = []
        for k, segment in enumerate(segments):
            if k == head_at or not _is_possession(segment):
                kept += segment
            else:
                relations.append(Relation(RelationKind.WITH, (_plain_phrase(segment),)))
        head_segment = segments[head_at] if head_at is not None else []
        if head_segment:
            own, worn = _split_worn(head_segment)
            if worn:
                relations.append(Relation(RelationKind.WITH, (_plain_phrase(worn),)))
                kept = [w for w in kept if w not in worn]
                head_segment = own
        head = _head_word(head_segment)
        plain = _plain_phrase(kept, head)
        return ObjectPhrase(
            phrase=" ".join([plain.phrase, *self.text_parts]).strip(),
            head=plain.head,
            attributes=plain.attributes,
            colours=plain.colours,
            relations=tuple(relations),
            positions=tuple(self.positions),
            superlatives=tuple(self.superlatives),
            ordinal=self.ordinal,
            count=self.count,
            lines=tuple(self.lines),
        )


@dataclass
class RelationDraft:
    """A relation whose anchors are still being read."""

    kind: RelationKind
    anchors: list[Draft]
    owner: Draft
    negated: bool = False
    extreme: bool = False
    rank: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether any anchor says something."""
        return any(a.says_something for a in self.anchors)

    def build(self) -> Relation:
        """The finished relation without empty anchors."""
        anchors = [a.build() for a in self.anchors if a.says_something]
        if self.kind is RelationKind.BETWEEN and len(anchors) == 1 and anchors[0].count == 1:
            # Between takes two: "between the cups" names both with one plural.
            only = anchors[0]
            anchors = [ObjectPhrase(**{**only.__dict__, "count": 2})]
        return Relation(self.kind, tuple(anchors), self.negated, self.extreme, self.rank)


def with_noun(runs: list[list[Word]]) -> list[list[Word]]:
    """Where nothing was tagged a noun, the last word that cannot stand alone as a trait is one ("left sailboat")."""
    for run in runs:
        last = run[-1] if run else None
        taken = last is not None and last.pos in ("ADJ", "ADV", "X") and last.tag not in ("JJR", "JJS", "RB")
        if last is not None and taken and last.text not in v.ADJECTIVES and last.text not in v.SIZE_WORDS:
            return [[*run[:-1], replace(last, pos="NOUN")], *(r for r in runs if r is not run)]
    return runs


def _segments(runs: list[list[Word]]) -> list[list[Word]]:
    """Cut runs where a noun is followed by a new modifier: "guy | orange shirt", "chair | empty"."""
    segments: list[list[Word]] = []
    for run in runs:
        current: list[Word] = []
        for k, word in enumerate(run):
            after_noun = bool(current) and any(w.is_noun for w in current) and not word.is_noun
            if after_noun and _is_compound(run[k - 1 : k + 2]):
                # "chocolate covered donut": the noun and its participle describe what follows.
                current = [replace(w, pos="ADJ") if w.is_noun else w for w in current]
                after_noun = False
            owner_then_thing = (
                bool(current) and current[-1].text in v.PLAIN_PEOPLE and word.is_noun and word.text not in v.PEOPLE
            )
            if after_noun or owner_then_thing:
                segments.append(current)
                current = []
            current.append(word)
        if current:
            segments.append(current)
    return segments


def _is_compound(words: list[Word]) -> bool:
    """Noun, participle, noun: "snow covered tree", but not "guy checkered shirt"."""
    if len(words) < 3 or not words[2].is_noun or words[2].text in v.CLOTHES | v.BODY or words[0].text in v.PEOPLE:
        return False
    return words[1].tag in ("VBN", "VBD") and words[1].text.endswith("ed")


def _head_segment(segments: list[list[Word]]) -> int | None:
    """The first segment with a noun; a person named later beats clothing named first ("blue shirt left guy")."""
    with_noun = [k for k, segment in enumerate(segments) if any(w.is_noun for w in segment)]
    if not with_noun:
        return None
    first = with_noun[0]
    if _head_word(segments[first]) is not None and _head_text(segments[first]) in v.CLOTHES | v.BODY:
        for k in with_noun[1:]:
            if _head_text(segments[k]) in v.PEOPLE:
                return k
    return first


def _is_possession(segment: list[Word]) -> bool:
    """A further noun of the same description is something the thing has on or with it."""
    return any(w.is_noun and w.text not in v.EMPTY_HEADS for w in segment)


def _split_worn(segment: list[Word]) -> tuple[list[Word], list[Word]]:
    """ "pink shirt woman": the clothing before a person is worn by that person."""
    head = _head_word(segment)
    if head is None or head.text not in v.PEOPLE:
        return segment, []
    worn_ends = [k for k, w in enumerate(segment) if w.text in v.CLOTHES and w is not head]
    if not worn_ends:
        return segment, []
    cut = worn_ends[-1] + 1
    return segment[cut:], segment[:cut]


def _head_word(segment: list[Word]) -> Word | None:
    """The last noun of the first unbroken noun run: "tennis PLAYER", "coffee MUG"."""
    head = None
    for word in segment:
        if word.is_noun:
            head = word
        elif head is not None:
            break
    return head


def _head_text(segment: list[Word]) -> str:
    head = _head_word(segment)
    return head.text if head else ""


def _plain_phrase(segment: list[Word], head: Word | None = None) -> ObjectPhrase:
    head = head or _head_word(segment)
    words = [w for w in segment if w.text not in ("one", "ones", "1")]
    names_kind = head is not None and head.text not in v.EMPTY_HEADS
    return ObjectPhrase(
        phrase=" ".join(w.text for w in words),
        head=head.lemma if head is not None and names_kind else "",
        attributes=tuple(w.text for w in words if w is not head and not w.is_colour),
        colours=tuple(dict.fromkeys(v.COLOURS[w.text] for w in words if w.is_colour)),
    )
