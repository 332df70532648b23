"""Reads a referring expression word by word into a target with its constraints.

The reader walks the tagged words once. At each word the longest construction that fits is taken: viewpoint, negation,
ordinal, superlative, place, relation; anything else belongs to the thing being named at that moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tas_ros.language import vocabulary as v
from tas_ros.language.draft import Draft, RelationDraft
from tas_ros.language.query import ObjectPhrase, Ordinal, Perspective, Position, RelationKind, Superlative
from tas_ros.language.relations import match_far_from, match_relation
from tas_ros.language.selectors import (
    Place,
    at,
    match_place,
    match_side_of_count,
    match_superlative,
    match_viewpoint,
    skip,
)
from tas_ros.language.words import Word

_COUNTED_NOUNS = frozenset({"row", "column", "line", "shelf", "rows"})
_SIDES = (Position.LEFT, Position.RIGHT, Position.TOP, Position.BOTTOM, Position.FRONT, Position.BACK)
_TRANSPARENT = frozenset("pair bunch group row stack set pile kind type number part half side end edge rest top one".split())
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


def read_expression(words: Sequence[Word]) -> Reading:
    """Read the words of one referring expression."""
    return _Reader(words).read()


class _Reader:
    def __init__(self, words: Sequence[Word]) -> None:
        self._words = list(words)
        self._texts = [w.text for w in words]
        self._reading = Reading()
        self._current = self._reading.target
        self._negated_next = False

    def read(self) -> Reading:
        i = 0
        while i < len(self._words):
            i = self._step(i)
        return self._reading

    def _step(self, i: int) -> int:
        for read in (
            self._viewpoint,
            self._conjunction,
            self._negation,
            self._superlative,
            self._ordinal,
            self._far_from,
            self._looking,
            self._relation_or_place,
            self._size,
            self._possessive,
        ):
            end = read(i)
            if end is not None and end > i:
                return end
        self._word(i)
        return i + 1

    # -- who stands where ---------------------------------------------------------------------------------------

    def _viewpoint(self, i: int) -> int | None:
        found = match_viewpoint(self._texts, i)
        if found is None:
            return None
        self._reading.perspective = found[1]
        return found[0]

    def _saw_perspective(self, perspective: Perspective | None) -> None:
        if perspective is not None and self._reading.perspective is None:
            self._reading.perspective = perspective

    # -- joining and denying ------------------------------------------------------------------------------------

    def _conjunction(self, i: int) -> int | None:
        word = self._texts[i]
        if word in (",", "."):
            self._close_to_target()
            return i + 1
        if word not in ("and", "or", "&", "but", "then", "than"):
            return None
        if word == "than":
            self._current = Draft()  # compared with, but no place of its own: "bigger than the mug"
            return i + 1
        after = skip(self._texts, i + 1, v.DETERMINERS)
        relation, current = self._current.host, self._current
        starts_thing = self._starts_thing(i + 1)
        if relation is not None and relation.kind is RelationKind.BETWEEN and len(relation.anchors) < 2:
            self._current = Draft(host=relation)
            relation.anchors.append(self._current)
        elif not starts_thing or word in ("but", "then"):
            self._close_to_target()
        elif self._joins_adjectives(i):
            return i + 1
        elif relation is not None and not current.is_empty:
            self._open(RelationDraft(relation.kind, [], relation.owner, relation.negated), Draft())
        elif current is self._reading.target and current.has_noun and after < len(self._words):
            self._reading.also.append(Draft())
            self._current = self._reading.also[-1]
        return i + 1

    def _starts_thing(self, i: int) -> bool:
        j = skip(self._texts, i, v.DETERMINERS | v.FILLERS)
        word = at(self._texts, j)
        if not word or word in v.COPULAS or word in v.NEGATIONS or word in v.LOOKING:
            return False
        if match_relation(self._texts, j) or word in ("on", "in", "at", "to") or word == "next":
            return False
        place = match_place(self._texts, j)
        if place is not None and place.end >= len(self._words):
            return False
        return not (self._words[j].pos == "VERB" and self._words[j].tag in ("VBG", "VBN"))

    def _joins_adjectives(self, i: int) -> bool:
        def describes(word: Word) -> bool:
            return word.is_colour or word.pos == "ADJ"

        return 0 < i < len(self._words) - 1 and describes(self._words[i - 1]) and describes(self._words[i + 1])

    def _close_to_target(self) -> None:
        self._current = self._reading.target
        self._current.break_run()

    def _negation(self, i: int) -> int | None:
        word = self._texts[i]
        if word not in v.NEGATIONS:
            return None
        start = skip(self._texts, i + 1, v.FILLERS | v.COPULAS | frozenset({"the", "a", "an", "any", "of"}))
        end = self._scope_end(start)
        inner = _Reader(self._words[start:end]).read()
        denied = inner.target
        host = self._reading.target
        absent = word in ("no", "without") or (word == "not" and at(self._texts, i - 1) in ("do", "does", "did"))
        only_relation = bool(denied.relations) and denied.is_empty
        if only_relation or (denied.is_empty and denied.relations):
            for relation in denied.relations:
                relation.negated, relation.owner = not relation.negated, host
                host.relations.append(relation)
        elif absent and word != "not" and not denied.is_empty and self._current.has_noun:
            relation = RelationDraft(_WITH, [Draft(runs=denied.runs)], host, negated=True)
            host.relations.append(relation)
            for position in denied.positions:
                host.add_position(position)
        elif not denied.is_empty and (any(denied.runs) or denied.relations):
            self._exclude(denied)
        else:
            self._reading.excluded_positions += [
                p for p in denied.positions if p not in self._reading.excluded_positions
            ]
            for superlative in denied.superlatives:
                self._reading.excluded_positions += [
                    p for p, kind in v.EXTREMES.items() if kind is superlative.kind
                ]
            for relation in denied.relations:
                relation.negated, relation.owner = not relation.negated, host
                host.relations.append(relation)
        self._close_to_target()
        return end

    def _exclude(self, denied: Draft) -> None:
        phrase = denied.build()
        if phrase.phrase or phrase.relations:
            self._reading.excluded.append(phrase)
        else:
            self._reading.excluded_positions += phrase.positions

    def _scope_end(self, start: int) -> int:
        """A denial reaches to the next comma, "but" or "and", else to the end."""
        for j in range(start, len(self._texts)):
            if self._texts[j] in (",", ".", "but") or (self._texts[j] == "and" and j > start):
                return j
        return len(self._texts)

    # -- counting and comparing ---------------------------------------------------------------------------------

    def _ordinal(self, i: int) -> int | None:
        host = self._host_of_selector()
        word = self._texts[i]
        if host.ordinal is not None and not host.ordinal_has_side:
            side = match_side_of_count(self._texts, i)
            if side is not None:
                self._saw_perspective(side[2])
                self._set_ordinal(host, _facing(host.ordinal.index, side[1]), has_side=True)
                return side[0]
        index, j = self._ordinal_index(i)
        if not index:
            side = match_side_of_count(self._texts, i)
            if side is not None and (word == "from" or at(self._texts, i + 1) == "from"):
                self._saw_perspective(side[2])
                host.break_run()
                host.add_position(side[1])
                return side[0]
            return None
        if at(self._texts, j) in _COUNTED_NOUNS:
            side = match_side_of_count(self._texts, j + 1)
            return side[0] if side else j + 1
        host.break_run()
        j = skip(self._texts, j, frozenset({"one", "most"})) if at(self._texts, j + 1) else j
        side = match_side_of_count(self._texts, j)
        if side is not None:
            self._saw_perspective(side[2])
            self._set_ordinal(host, _facing(index, side[1]), has_side=True)
            return side[0]
        place = match_place(self._texts, j)
        if place is not None and len(place.positions) == 1 and place.positions[0] in _SIDES and place.of_end < 0:
            self._saw_perspective(place.perspective)
            self._set_ordinal(host, _last_on(index, place.positions[0]), has_side=True)
            return place.end
        self._set_ordinal(host, Ordinal(index), has_side=False)
        return j

    def _ordinal_index(self, i: int) -> tuple[int, int]:
        """Index and where the count word ends; 0 when none stands here."""
        texts, word = self._texts, self._texts[i]
        if word in v.ORDINALS:
            j = i + 1
            if at(texts, j) in ("to", "from", "but") and at(texts, skip(texts, j + 1, frozenset({"the"}))) in v.LAST_WORDS:
                return -v.ORDINALS[word], skip(texts, j + 1, frozenset({"the"})) + 1
            if at(texts, j) in v.LAST_WORDS:
                return -v.ORDINALS[word], j + 1
            return v.ORDINALS[word], j
        if word in v.LAST_WORDS:
            if at(texts, i + 1) == "but" and at(texts, i + 2) == "one":
                return -2, i + 3
            return -1, i + 1
        if word == "next" and at(texts, i + 1) == "to" and at(texts, skip(texts, i + 2, v.DETERMINERS)) in v.LAST_WORDS:
            return -2, skip(texts, i + 2, v.DETERMINERS) + 1
        if word == "number" and at(texts, i + 1) in v.NUMBERS:
            return v.NUMBERS[texts[i + 1]], i + 2
        if word.startswith("#") and word[1:] in v.NUMBERS:
            return v.NUMBERS[word[1:]], i + 1
        if word in v.NUMBERS and at(texts, i - 1) not in ("the", "left", "right"):
            side = match_side_of_count(texts, i + 1)
            if side is not None and at(texts, i + 1) in ("from", "in", "over", "up", "down"):
                return v.NUMBERS[word], i + 1
        return 0, i

    def _set_ordinal(self, host: Draft, ordinal: Ordinal, has_side: bool) -> None:
        if host.ordinal is None or (has_side and not host.ordinal_has_side):
            host.ordinal, host.ordinal_has_side = ordinal, has_side

    def _superlative(self, i: int) -> int | None:
        word = self._texts[i]
        if word in ("farthest", "furthest", "farther", "further", "closest", "nearest"):
            place = match_place(self._texts, i) if word[0] == "f" else None
            if place is not None and place.of_end < 0:
                self._apply_place(place, i)
                return place.end
        found = match_superlative(self._texts, i)
        if found is None:
            return None
        end, superlative = found
        kind, host = superlative.kind, self._host_of_selector()
        if kind.name in ("CLOSEST", "FARTHEST") and at(self._texts, end) in ("to", "from", "towards", "toward", "by", "away"):
            after = skip(self._texts, end, frozenset({"to", "from", "towards", "toward", "by", "away", "the", "out"}))
            viewer = at(self._texts, after)
            place = match_place(self._texts, end)
            if viewer in v.VIEWERS:
                if viewer in ("me", "you", "robot"):
                    self._saw_perspective(v.PERSPECTIVES[viewer])
                end = after + 1
            elif place is not None and place.of_end < 0 and len(place.positions) == 1 and place.positions[0] in v.EXTREMES:
                host.break_run()
                host.superlatives.append(Superlative(v.EXTREMES[place.positions[0]], superlative.rank))
                self._saw_perspective(place.perspective)
                return place.end
            elif after < len(self._words):
                self._attach(RelationKind.NEXT_TO, negated=kind.name == "FARTHEST", extreme=True)
                return end + 1 if self._texts[end] != "away" else end + 2
        host.break_run()
        if superlative not in host.superlatives:
            host.superlatives.append(superlative)
        return end

    def _size(self, i: int) -> int | None:
        word, host = self._texts[i], self._current
        if word not in v.SIZE_WORDS or (host.host is not None and host.host.kind is _WITH):
            return None
        following = at(self._texts, i + 1)
        if following in v.CLOTHES or following in v.BODY or following in ("haired", "sleeved") or host.has_noun:
            return None
        superlative = Superlative(v.SIZE_WORDS[word])
        if superlative not in host.superlatives:
            host.superlatives.append(superlative)
        host.add(replace(self._words[i], pos="ADJ"))
        return i + 1

    # -- places and relations -----------------------------------------------------------------------------------

    def _host_of_selector(self) -> Draft:
        """Before its noun a selector belongs to the thing being named, after it to the target."""
        if self._current.host is None or not self._current.has_noun:
            return self._current if self._current.host is not None or self._current in self._reading.also else (
                self._reading.target
            )
        return self._reading.target

    def _far_from(self, i: int) -> int | None:
        end = match_far_from(self._texts, i)
        if end is None:
            return None
        if at(self._texts, skip(self._texts, end, v.DETERMINERS)) in v.VIEWERS:
            self._host_of_selector().add_position(Position.BACK)
            return skip(self._texts, end, v.DETERMINERS) + 1
        self._attach(RelationKind.NEXT_TO, negated=True)
        return end

    def _looking(self, i: int) -> int | None:
        """ "facing right", "looking at us": where a thing turns is no place of it."""
        if self._texts[i] not in v.LOOKING:
            return None
        self._current.add(replace(self._words[i], pos="VERB"))
        j = skip(self._texts, i + 1, frozenset({"straight", "out", "away"}))
        if self._texts[i] in ("facing", "looking", "looks", "turned", "faces", "pointing"):
            j = skip(self._texts, j, frozenset({"to", "toward", "towards", "at", "from"}))
            j = skip(self._texts, j, frozenset({"the", "your", "my"}))
        end = skip(self._texts, j, frozenset({"left", "right", "up", "down", "back", "forward", "us", "camera", "away"}))
        return end if end > j else i + 1

    def _relation_or_place(self, i: int) -> int | None:
        relation, place = match_relation(self._texts, i), match_place(self._texts, i)
        if place is not None:
            used = self._place(place, relation, i)
            if used is not None:
                return used
        if relation is None:
            if self._texts[i] in v.END_POSITIONS and self._is_end_position(i):
                self._host_of_selector().add_position(v.END_POSITIONS[self._texts[i]])
                return i + 1
            return self._of(i)
        end, kind = relation
        if not self._has_anchor(end):
            if self._texts[i] in v.END_POSITIONS:
                self._host_of_selector().add_position(v.END_POSITIONS[self._texts[i]])
            return end
        after = skip(self._texts, end, v.DETERMINERS)
        if at(self._texts, after) in v.VIEWERS | v.VIEW_NOUNS and kind is not _WITH:
            word = at(self._texts, after)
            if word in v.IMAGE_NOUNS | {"view", "scene"} or (word in v.VIEWERS and kind is not RelationKind.BEHIND):
                if kind in (RelationKind.IN_FRONT_OF, RelationKind.NEXT_TO):
                    self._host_of_selector().add_position(Position.FRONT)
                return after + 1
        if kind is RelationKind.IN and (at(self._texts, after) in v.CLOTHES or self._is_worn(after)):
            kind = _WITH
        self._attach(kind)
        return end

    def _is_end_position(self, i: int) -> bool:
        following = at(self._texts, i + 1)
        return not following or self._texts[i] in ("near", "far") and not self._current.has_noun

    def _has_anchor(self, i: int) -> bool:
        j = skip(self._texts, i, v.DETERMINERS | v.FILLERS)
        return j < len(self._words) and (self._texts[j] not in (",", ".", "and", "but", "is"))

    def _is_worn(self, i: int) -> bool:
        """ "in white", "in a red shirt", "in striped suit"."""
        j = i
        while j < len(self._words) and (self._words[j].is_colour or self._words[j].pos == "ADJ" or at(self._texts, j) in (
            "and", "dark", "light", "bright", "all", "solid", "striped", "stripes"
        )):  # fmt: skip
            j += 1
        following = at(self._texts, j)
        coloured = any(self._words[k].is_colour for k in range(i, j))
        return following in v.CLOTHES or (coloured and (not following or following in v.AFTER_NOUN or following in v.FILLERS))

    def _place(self, place: Place, relation: tuple[int, RelationKind] | None, i: int) -> int | None:
        """Use a place phrase as a position, or as the relation it spells; None when a relation fits better."""
        longer_relation = relation is not None and relation[0] - i > 1 and relation[1] is not None
        if longer_relation and relation is not None and not place.of_view:
            if place.of_end < 0 or relation[0] >= place.of_end:
                return None
        if place.of_end >= 0 and not place.of_view:
            return self._place_of_thing(place)
        following = at(self._texts, place.end)
        if relation is not None and place.preposition and self._current.has_noun and not place.of_view:
            # "on the left horse" names an anchor; "on right white shirt" does not.
            names = following and place.end < len(self._words) and self._words[place.end].is_noun
            if names and following not in v.CLOTHES | v.PEOPLE and place.preposition in ("on", "in", "by", "near", "at") and (
                place.article or following in v.SURFACES or following in v.THINGS
            ) and not place.place_noun and following != "one":  # fmt: skip
                return None
        self._apply_place(place, i)
        return place.end

    def _apply_place(self, place: Place, i: int) -> None:
        if place.positions == [Position.TOP] and self._is_garment_top(place, i):
            self._current.add(Word("top", "top", "NOUN"))
            return
        self._saw_perspective(place.perspective)
        host = self._host_of_selector()
        if self._current.host is None:
            self._current.break_run()
        lone = place.positions[0] if len(place.positions) == 1 else None
        if host.ordinal is not None and not host.ordinal_has_side and lone in _SIDES and place.preposition:
            self._set_ordinal(host, _last_on(host.ordinal.index, lone), has_side=True)
            return
        for position in place.positions:
            host.add_position(position)
        host.superlatives += [s for s in place.superlatives if s not in host.superlatives]
        if host is self._reading.target and self._current is not host and place.preposition:
            self._close_to_target()

    def _is_garment_top(self, place: Place, i: int) -> bool:
        previous = self._words[i - 1] if i else None
        worn = self._current.host is not None and self._current.host.kind is _WITH
        return bool(
            not place.preposition and not place.place_noun and previous is not None
            and (previous.text in ("tank", "crop", "halter") or (previous.is_colour and worn))
        )  # fmt: skip

    def _place_of_thing(self, place: Place) -> int | None:
        """ "left of the laptop" relates; "left side of pizza" as a whole description is the pizza's left."""
        after = skip(self._texts, place.of_end, v.DETERMINERS)
        lone = place.positions[0] if len(place.positions) == 1 and not place.superlatives else None
        described = not self._current.is_empty or bool(self._reading.target.relations)
        surface = any(t in v.SURFACES for t in self._texts[after : after + 3])
        related = {Position.LEFT: RelationKind.LEFT_OF, Position.RIGHT: RelationKind.RIGHT_OF}
        if lone in (Position.FRONT, Position.BACK) and (described or place.preposition):
            self._attach(RelationKind.IN_FRONT_OF if lone is Position.FRONT else RelationKind.BEHIND)
            return place.of_end
        if lone in related and (described or place.preposition) and not (surface and place.place_noun):
            self._saw_perspective(place.perspective)
            self._attach(related[lone])
            return place.of_end
        if lone is Position.TOP and place.preposition and not place.place_noun:
            self._attach(RelationKind.ON)
            return place.of_end
        if lone is Position.MIDDLE and (described or place.preposition) and self._names_several(place.of_end):
            self._attach(RelationKind.BETWEEN)
            return place.of_end
        self._apply_place(place, place.end)
        if described:
            self._attach(RelationKind.ON if surface else RelationKind.IN)
        return place.of_end

    def _names_several(self, i: int) -> bool:
        j = skip(self._texts, i, v.DETERMINERS)
        return at(self._texts, j) in v.COUNT_WORDS or any(
            w.tag == "NNS" or w.text == "and" for w in self._words[j : j + 4]
        )

    def _of(self, i: int) -> int | None:
        if self._texts[i] not in ("of", "off") or not self._has_anchor(i + 1):
            return i + 1 if self._texts[i] in ("of", "to", "from", "for", "as") else None
        after = skip(self._texts, i + 1, v.DETERMINERS)
        current = self._current
        if at(self._texts, after) in v.VIEW_NOUNS and at(self._texts, after) not in _TRANSPARENT:
            return after + 1
        names = [w for run in current.runs for w in run if w.is_noun]
        if current.is_empty or (names and names[-1].text in _TRANSPARENT) or (current.placeholder and not names):
            current.runs = [[w for w in run if w not in names] for run in current.runs] if names else current.runs
            return after
        if after > i + 1:
            self._attach(RelationKind.IN)
            return i + 1
        end = i + 1
        while end < len(self._words) and (self._words[end].is_noun or self._words[end].pos == "ADJ") and not (
            match_place(self._texts, end) or match_relation(self._texts, end)
        ):  # fmt: skip
            end += 1
        if end == i + 1:
            return None
        current.text_parts.append(" ".join(self._texts[i:end]))
        current.break_run()
        return end

    def _attach(self, kind: RelationKind, negated: bool = False, extreme: bool = False) -> None:
        """Open a relation of the thing it most likely belongs to."""
        owner, target = self._current, self._reading.target
        if owner.host is not None:
            worn = owner.host.kind is _WITH
            if owner.is_empty or worn or (kind is _WITH and target.is_animate and not owner.is_animate):
                owner = target if not (worn and owner.host.owner is not target) else owner.host.owner
        self._open(RelationDraft(kind, [], owner, negated, extreme), Draft())

    def _open(self, relation: RelationDraft, anchor: Draft) -> None:
        relation.owner.break_run()
        relation.owner.relations.append(relation)
        anchor.host = relation
        relation.anchors.append(anchor)
        self._current = anchor

    # -- the thing itself ---------------------------------------------------------------------------------------

    def _possessive(self, i: int) -> int | None:
        """ "the man's hat" is a hat; whose it is ties it to him."""
        if self._texts[i] != "'s":
            return None
        current = self._current
        if current.host is None and any(w.is_noun for w in current.runs[-1]):
            owner = Draft(runs=[current.runs.pop()])
            current.runs.append([])
            relation = RelationDraft(RelationKind.IN, [owner], current)
            owner.host = relation
            current.relations.append(relation)
        return i + 1

    def _word(self, i: int) -> None:
        word, current = self._words[i], self._current
        text = word.text
        if text in ("other", "another", "others"):
            self._reading.other = self._reading.other or current is self._reading.target
            return
        if text in v.COUNT_WORDS and not current.has_noun and at(self._texts, i + 1):
            current.count = v.COUNT_WORDS[text]
            return
        if text in ("one", "ones", "1"):
            current.placeholder = True
            return
        skipped = text in v.DETERMINERS or text in v.FILLERS or text in v.COPULAS or text in v.PRONOUNS
        if skipped or word.pos in ("DET", "CCONJ", "SCONJ", "PUNCT", "PART") or text in ("most", "far", "to", "up", "down"):
            return
        current.add(word)


def _facing(index: int, side: Position) -> Ordinal:
    return Ordinal(index, side)


def _last_on(index: int, side: Position) -> Ordinal:
    """ "last on the right" is the last when counting from the left."""
    opposite = {
        Position.LEFT: Position.RIGHT,
        Position.RIGHT: Position.LEFT,
        Position.TOP: Position.BOTTOM,
        Position.BOTTOM: Position.TOP,
        Position.FRONT: Position.BACK,
        Position.BACK: Position.FRONT,
    }
    return Ordinal(index, side if index > 0 else opposite[side])
