# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Where a command puts its thing: "and put it in the bin", "into the skip", "back on the shelf"."""

from __future__ import annotations

from collections.abc import Collection

from tas_ros.language.data import vocabulary as v
from tas_ros.language.data.action_verbs import (
    AMBIGUOUS_VERBS,
    CARRYING_VERBS,
    FURNISHING_VERBS,
    GOING,
    NOUN_VERBS,
    ONLY_BEFORE_ARTICLES,
    PATH_PARTICLES,
    PLACING_VERBS,
    TOOLS,
    WORKING_VERBS,
)
from tas_ros.language.data.command_words import VERBS
from tas_ros.language.data.word_sets import word_set
from tas_ros.language.frame.courtesy import strip_courtesy
from tas_ros.language.frame.leading_verb import PRESENTING, is_place, leading_verb
from tas_ros.language.words.counts import counts_to_last
from tas_ros.language.words.relations import match_relation
from tas_ros.language.words.selectors import match_place

OBJECT_PRONOUNS = frozenset({"it", "them", "him", "her", "that", "this", "those", "these", "everything", "they", "one"})
DESTINATION_STARTS = word_set(
    "in into on onto to inside at next under beside by near over behind between above below underneath beneath "
    "left right against atop upon within alongside toward towards closer nearer around"
)
_DIRECTED = frozenset({"into", "onto", "to", "toward", "towards", "closer", "nearer"})
_INTO = frozenset({"into", "onto"})
_INSIDE = frozenset({"in", "into", "inside"})
_CONTAINING = frozenset({"in", "on", "to", "into", "onto", "inside", "upon", "atop", "within"})
_MOVED = word_set(
    "moved put placed brought taken carried transferred delivered thrown dropped hung stored packed loaded"
)
_BEFORE_NEW_CLAUSE = word_set("to and then so can could you would will please i we now just or") | {",", "."}
_UNITS = word_set(
    "inch inches cm centimeter centimeters centimetre centimetres mm meter meters metre metres foot feet steps degrees"
)
# Placing verbs that take a thing from its place with "up": "scoop up the marble under the piano".
_TAKEN_UP = frozenset({"scoop", "shovel", "take", "hoist", "heave", "ladle"})
_TAKES_OUT = ("away", "out")
_NEARNESS = frozenset({"nearest", "closest"})
_HANGING = frozenset({"hang", "suspend", "dangle", "rehang"})
_COUNTED_FROM = frozenset({*v.ORDINALS, *v.SUPERLATIVES, *v.LAST_WORDS, "far", "away", "one"})
_FURNITURE = v.SURFACES | v.SEATS | {"ground", "chair", "stool", "sill", "windowsill", "worktop", "mantelpiece", "step"}
_VESSELS = frozenset(
    {"box", "bowl", "bin", "basket", "bag", "bucket", "jar", "sink", "dishwasher", "crate", "pot", "pan", "blender"}
    | {"washer", "trash", "rubbish", "hamper", "suitcase", "backpack", "cart", "trolley", "skip", "recycling", "tub"}
)


def split_destination(words: list[str], verb: str) -> tuple[list[str], list[str]]:
    """The words before "and put it in ..." or, for verbs of placing, before the last "into/in/on/to ..."."""
    for split in (_second_clause, _bare_clause, _going_clause):
        found = split(words, verb)
        if found is not None:
            return _without_path(found[0]), strip_courtesy(found[1])
    first_word, _, particle = verb.partition(" ")
    worked_on = _without_tool(words, first_word)
    if worked_on != words or not verb:
        return worked_on, []
    wished = _wished_into(words, first_word)
    if wished:
        return words[:wished], words[wished:]
    if first_word in _HANGING and particle not in _TAKES_OUT and "from" in words[1:]:
        hook = len(words) - 1 - words[::-1].index("from")
        side = match_place(words, hook)
        later = {"on", "onto", "to", "in", "into", "over"}.intersection(words[hook:])
        if not later and words[hook - 1] not in _COUNTED_FROM and (side is None or not side.positions):
            return _without_path(words[:hook]), words[hook:]
    starts_with: Collection[str] = _INTO
    if particle == "up" and first_word in _TAKEN_UP:
        return _split_at_place(words, starts_with)
    if particle in _TAKES_OUT or (words and words[-1] in _TAKES_OUT):
        words = words[:-1] if len(words) > 1 and words[-1] in _TAKES_OUT else words
    elif first_word in PLACING_VERBS and particle not in ("in", "over"):  # "plug in the lamp behind the sofa"
        starts_with = _DIRECTED if first_word in CARRYING_VERBS else DESTINATION_STARTS
    elif first_word == "file":
        starts_with = _INSIDE  # papers; a nail is filed "on the bench"
    sent = _sent_to(words) if " " not in verb and verb not in VERBS else 0
    return (_without_path(words[:sent]), words[sent:]) if sent else _split_at_place(words, starts_with)


def _sent_to(words: list[str]) -> int:
    """Where "to the lift" starts behind a verb that no table has ("convey the drum to the lift"); 0 for nowhere."""
    i = len(words) - 1 - words[::-1].index("to") if "to" in words[1:-1] else 0
    near = max((k for k, w in enumerate(words[:i]) if w in _NEARNESS), default=i)
    measured = near < i and "to" not in words[near:i]  # "the nearest mug to the pot"
    if not i or measured or words[i + 1] not in v.ARTICLES:
        return 0
    related = any((found := match_relation(words, k)) is not None and found[0] > i for k in range(max(i - 4, 0), i))
    fixed = words[i - 1].endswith(("ed", "ing"))  # "the lid attached to the pot"
    return 0 if related or fixed or counts_to_last(words, i) or not _starts_destination(words, i, carried=True) else i


def _wished_into(words: list[str], verb: str) -> int:
    """Where "in the toy box" starts in "(i want) the doll on the bed in the toy box": no bed is in a box."""
    if verb not in ("i", "we", "want", "need") or len(words) < 6:
        return 0
    starts = [k for k in range(2, len(words) - 1) if words[k] in ("in", "into", "inside")]
    if not starts or words[starts[-1] + 1] not in v.DETERMINERS or len(words) - starts[-1] > 5:
        return 0
    last, before = starts[-1], words[: starts[-1]]
    stands = len(before) > 3 and before[-1] in _FURNITURE and any(w in ("on", "under", "off", "from") for w in before)
    return last if stands and words[-1] in _VESSELS else 0


def _without_tool(words: list[str], verb: str) -> list[str]:
    """ "fill the glass with water", "wipe the table with the sponge": what the verb takes is not with the thing."""
    if verb in FURNISHING_VERBS and "with" in words[1:]:
        return words[: words.index("with", 1)]
    if verb in ("swap", "exchange", "replace", "change") and "for" in words[1:]:
        return words[: words.index("for", 1)]
    amount = next((i for i in range(2, len(words)) if words[i] in _UNITS), 0)
    if amount and (
        words[amount - 1] in v.NUMBERS or words[amount - 1].isdigit() or words[amount - 1] in ("few", "an", "a")
    ):
        return words[: amount - 1]  # "move the block two inches to the left"
    if verb in WORKING_VERBS and len(words) > 3 and words[-1] in TOOLS and "with" in words[-4:-1]:
        return words[: len(words) - 1 - words[::-1].index("with")]
    return words


def _split_at_place(words: list[str], starts_with: Collection[str]) -> tuple[list[str], list[str]]:
    if starts_with is DESTINATION_STARTS and "where" in words[1:] and words[-1] in v.COPULAS:
        where = words.index("where", 1)
        return _without_path(words[:where]), strip_courtesy(words[where + 1 : -1])  # "put it where the blue one is"
    carried = starts_with is not DESTINATION_STARTS
    counting = {i - k for i in range(2, len(words)) for k in (0, 1) if counts_to_last(words, i)}  # "the next to last"
    starts = [i for i, w in enumerate(words) if i and w in starts_with and i not in counting]
    starts = [i for i in starts if _starts_destination(words, i, carried)]
    if not starts:
        return words, []
    directed = [i for i in starts if words[i] in _INTO] or [i for i in starts if words[i] in _DIRECTED]
    holding = [i for i in starts if words[i] in _CONTAINING]
    first = directed[0] if directed else (holding or starts)[-1]
    return _without_path(words[:first]), strip_courtesy(words[first:])


def _second_clause(words: list[str], verb: str) -> tuple[list[str], list[str]] | None:
    """ "... and put it in the bin", "..., then it goes on the shelf"."""
    for i, word in enumerate(words):
        if word not in ("and", "then", ",", ".") or not i:
            continue
        j = i + 1
        while j < len(words) and words[j] in ("then", "and", ",", "please", "now", "afterwards", "after", "just"):
            j += 1
        clause = strip_courtesy(words[j:])
        action, after = leading_verb(clause)
        if action in PRESENTING:
            continue  # "on the left, there is a cup"
        if not action and clause and clause[0] == "leave":
            action, after = "leave", clause[1:]
        described = clause[1:2] == ["one"] or (len(clause) > 1 and clause[1] in v.COPULAS)  # "it is on your left"
        if not action and clause and clause[0] in OBJECT_PRONOUNS and not described:
            action, after = "put", clause
        if action:
            path = next((k for k in range(1, len(clause)) if clause[k] not in PATH_PARTICLES), 0)
            if action in PLACING_VERBS and clause[path] in ("to", "at"):
                after = clause[path:]  # "carry to the porch": the place, nobody who is to get it
            return words[:i], _where_to(after)
    return None


def _where_to(after: list[str]) -> list[str]:
    """What follows the verb and its "it", where that is a place."""
    while after and (after[0] in OBJECT_PRONOUNS or after[0] in GOING):
        after = after[1:]
    while len(after) > 1 and after[0] in PATH_PARTICLES and after[1] in DESTINATION_STARTS | PATH_PARTICLES:
        after = after[1:]
    placed = after and (after[0] in DESTINATION_STARTS or after[0] in PATH_PARTICLES)
    return after if placed and after[1:2] not in (["me"], ["us"]) else []


def _bare_clause(words: list[str], verb: str) -> tuple[list[str], list[str]] | None:
    """ "pick up box put on shelf", "the drill stash it in the van": no word joins the clauses."""
    for i in range(1, len(words) - 2):
        word = words[i]
        if word not in PLACING_VERBS or words[i - 1] in v.DETERMINERS or words[i - 1] in v.COPULAS:
            continue
        following = words[i + 1]
        names_it = following in OBJECT_PRONOUNS - {"that", "this", "those", "these", "one", "her"}
        clear = word not in ONLY_BEFORE_ARTICLES | NOUN_VERBS | AMBIGUOUS_VERBS | {"right", "left", "leave"}
        told = (
            verb
            and verb.split(" ", maxsplit=1)[0] not in PLACING_VERBS - CARRYING_VERBS
            and (clear or word in ("drop", "place"))
        )
        wants = words[i - 1] not in ("that", "which", "who", "she", "he", "they")
        if wants and ((names_it and words[i + 2] in DESTINATION_STARTS | PATH_PARTICLES) or (
            told and following in DESTINATION_STARTS | {"back"} and following not in ("left", "right", "next", "at")
        )):  # fmt: skip
            target = words[:i]
            while len(target) > 1 and target[-1] in _BEFORE_NEW_CLAUSE:
                target = target[:-1]
            return target, _where_to(words[i + 1 :])
    return None


def _going_clause(words: list[str], verb: str) -> tuple[list[str], list[str]] | None:
    """ "the red mug goes in the sink", "i want the mug moved to the sink"."""
    wished = verb.split(" ", maxsplit=1)[0] in ("i", "we", "want", "need", "get", "have")
    for i in range(2, len(words) - 1):
        going = words[i] in GOING and words[i - 1] not in ("that", "which", "who", "where", "i", "you", "we", "to")
        going = going or (words[i] in ("go", "be") and words[i - 1] in ("to", "should", "must", "can"))
        moved = words[i] in _MOVED and (wished or words[i - 1] == "be")
        where = next((k for k in range(i + 1, len(words)) if words[k] not in PATH_PARTICLES | _MOVED), len(words))
        going = going and not (
            words[i] == "be" and _is_side(words, where)
        )  # "should be on your left" tells where it is
        if (going or moved) and where < len(words) and words[where] in _CONTAINING | {"under", "inside", "next", "by"}:
            target = words[:i]
            while len(target) > 1 and target[-1] in ("to", "should", "must", "needs", "has", "is", "be", "can", "will"):
                target = target[:-1]
            return target, words[where:]
    return None


def _is_side(words: list[str], i: int) -> bool:
    place = match_place(words, i)
    return place is not None and place.of_end < 0 and words[place.end : place.end + 1] in ([], [","], ["."])


def _without_path(target: list[str]) -> list[str]:
    """ "the mop back | in the cupboard": the particle belongs to the verb."""
    if len(target) > 4 and target[-1] == "back" and target[-2] in v.POSITIONS and target[-3] in ("the", "my", "your"):
        target = target[:-1]  # "the book second from the right | back on the shelf"
    while len(target) > 1 and target[-1] in PATH_PARTICLES - {"right"} and not is_place(target[-2]):
        target = target[:-1]
    return target


def _starts_destination(words: list[str], i: int, carried: bool) -> bool:
    """The first word of a place phrase, not one inside it ("next TO", "in front of", "to the LEFT of")."""
    if words[i] in ("closer", "nearer"):
        return words[i + 1 : i + 2] == ["to"] and words[i - 1] not in v.DETERMINERS | v.COPULAS
    if words[i] in ("left", "right"):
        return i + 1 < len(words) and words[i + 1] == "of" and words[i - 1] not in ("the", "my", "your", "to")
    if words[i - 1] in v.COPULAS or words[i - 1] in ("next", "close", "from") or words[i - 1] in v.SUPERLATIVES:
        return False
    if words[i] in PATH_PARTICLES and words[i + 1 : i + 2] and words[i + 1] in DESTINATION_STARTS:
        return False  # "over TO the dock"
    if words[i] in ("on", "in", "at", "to"):
        j = i + 1
        while j < len(words) and (words[j] in v.DETERMINERS or words[j] in v.POSITIONS or words[j] in ("far", "very")):
            j += 1
        placed = any(w in v.POSITIONS for w in words[i + 1 : j])
        while j < len(words) and placed and words[j] in v.PLACE_NOUNS:
            j += 1
        following = words[j] if j < len(words) else ""
        # "the mug on the left" says which mug; "on the right plate" and "to the left of the plate" say where to.
        return not placed or (bool(following) and following not in v.AFTER_NOUN) or (following == "of" and not carried)
    return True
