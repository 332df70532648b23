# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Whose a side is, said behind it or without an apostrophe: "the right, mine not yours", "on the robots left"."""

from __future__ import annotations

from tas_ros.language.data import vocabulary as v
from tas_ros.language.data.courtesy_words import phrases
from tas_ros.language.data.stance_words import BE, OWNERS, POSSESSIVES
from tas_ros.language.data.word_sets import word_set
from tas_ros.language.query import Perspective
from tas_ros.language.words.selectors import at

_HOLDERS = frozenset({"robot", "camera", "cam", "operator", "user", "viewer", "speaker", "machine", "webcam", "human"})
_USUAL = {"machine": "robot", "cam": "camera", "webcam": "camera", "human": "operator"}
_SIDES = frozenset({"left", "right", "leftmost", "rightmost", "lefthand", "righthand"})
_BEFORE_SIDES = frozenset({"own", "far", "very", "immediate", "near", "upper", "lower", "front", "back"})
_LATERAL = _SIDES | {"front", "back", "behind", "first", "last", "lhs", "rhs"} | v.ORDINALS.keys()
_OWNED_NOUNS = (
    _SIDES | _BEFORE_SIDES | v.VIEWPOINT_NOUNS | {"point", "eye", "frame", "reckoning", "line", "field", "current"}
)
_SIDED = frozenset({"side", "hand", "end", "one"})
_ENDING = _SIDED | {"", ",", ".", "please", "and", "is", "the", "there", "not", "hand"}
_REFLEXIVES = {"yourself": "you", "myself": "me", "ourselves": "us", "urself": "you"}
_SUBJECTS = frozenset({"you", "i", "we", "robot", "camera", "u"})
_PLACED_IN_MIND = frozenset({"imagine", "picture", "pretend", "suppose", "put", "place", "position", "consider"})
_ABSOLUTE = {"mine": Perspective.SPEAKER, "ours": Perspective.SPEAKER, "yours": Perspective.ROBOT}
# Said between a side and whose it is, the longest first.
_MEANING = phrases(
    "i mean | i meant | we mean | i am talking about | i am saying | i am thinking of | meaning | being | as in |"
    "that is | that being | that would be | that will be | this is | which means | in other words | namely |"
    "to be clear | i would say | is | was | i said | i want | i should add | to be precise | i was thinking of |"
    "talking about | mind you | i am referring to | i refer to | i am using | go by | going by | use | using |"
    "of course | specifically"
)
_UNSURE = frozenset({"is", "was", "that", "i"})
_BEFORE_OWNERS = frozenset({"on", "at", "to", "from", "by", "in", "the"})
_NAMING_SIDE = frozenset({"by", "with", "saying", "say", "where", "when", "for"})
_CONTRASTS = (("not",), ("and", "not"), ("rather", "than"), ("instead", "of"), (",", "not"), ("as", "opposed", "to"))
_AFTERTHOUGHTS = (("that", "is"), ("i", "mean"), ("of", "course"), ("obviously",), ("please",), ("i", "meant"))


_OWNING = _HOLDERS | {f"{word}s" for word in _HOLDERS} | _REFLEXIVES.keys() | _ABSOLUTE.keys() | POSSESSIVES


def with_owned_sides(words: list[str]) -> tuple[list[str], Perspective | None]:
    """The words with their apostrophes and plain pronouns, without an owner told apart; whose side that tells of."""
    if _OWNING.isdisjoint(words):
        return words, None
    words = _with_apostrophes(_without_reflexives(words))
    if _LATERAL.isdisjoint(words):
        return words, None
    defined = _defined(words)
    if defined is not None:
        return words[defined[0] :], defined[1]
    words = _without_denied(words)
    for i in range(1, len(words)):
        found = _appended(words, i)
        if found is not None:
            end, owner = found
            rest = words[end:]
            return [*words[:i], *([","] if rest and rest[0] not in (",", ".") else []), *rest], owner
    return words, None


def _defined(words: list[str]) -> tuple[int, Perspective] | None:
    """ "when i say left i mean mine, ...", "left is my left here, ...": where that ends, and whose left it is."""
    end = next((k for k, w in enumerate(words) if w in (",", ".") or (k > 2 and w == "so")), 0)
    sides = _SIDES.intersection(words[:end])
    if not sides or not _DEFINING.issuperset(words[:end]) or not _MEANS.intersection(words[:end]):
        return None
    owners = [k for k, w in enumerate(words[:end]) if w in _ABSOLUTE or (w in POSSESSIVES and words[k + 1] in _SIDES)]
    contrasts = [k for k in owners if "not" in words[max(k - 1, 0) : k]]
    told = [k for k in owners if k not in contrasts]
    after = end + 1 + (at(words, end + 1) in ("so", "and", "now", "then", ","))
    if len(told) != 1 or not _LATERAL.intersection(words[after:]) or at(words, 0) in POSSESSIVES:
        return None
    return after, {**OWNERS, **_ABSOLUTE}[words[told[0]]]


_MEANS = frozenset({"mean", "means", "is", "being", "meaning", "refers", "use", "using", "meant"})
_DEFINING = (
    _SIDES | _MEANS | _ABSOLUTE.keys() | POSSESSIVES
    | word_set(
        "note remember keep bear in mind that when whenever i say by with the if for me please here always just to "
        "be clear side sides and not say saying now from we robot ok hey"
    )
)  # fmt: skip


def _without_denied(words: list[str]) -> list[str]:
    """ "not my left, your left" is your left."""
    for i in range(len(words) - 4):
        end = i + 3
        if words[i] != "not" or words[i + 1] not in POSSESSIVES or words[i + 2] not in _SIDES:
            continue
        while at(words, end) in (",", "but", "side", "hand"):
            end += 1
        if at(words, end) in POSSESSIVES - {words[i + 1]} and at(words, end + 1) == words[i + 2]:
            return [*words[:i], *words[end:]]
    return words


def _without_reflexives(words: list[str]) -> list[str]:
    """ "closest to yourself" is closest to you, "as you yourself see it" as you see it."""
    kept: list[str] = []
    for i, word in enumerate(words):
        before = at(words, i - 1) if i else ""
        if word in _REFLEXIVES and before not in _PLACED_IN_MIND | {"that", ""}:
            if before not in _SUBJECTS or (before == "you" and at(words, i - 2) in v.RELATIONS):
                kept.append(_REFLEXIVES[word])
        elif not (word == "itself" and before in _HOLDERS):
            kept.append(word)
    return kept


def _with_apostrophes(words: list[str]) -> list[str]:
    kept: list[str] = []
    for i, word in enumerate(words):
        following, after = at(words, i + 1), at(words, i + 2)
        if (
            word[:-1] in _HOLDERS
            and word.endswith("s")
            and following in _OWNED_NOUNS
            and (after in _ENDING or following not in _SIDES or (following.endswith("most") and after != "of"))
        ):
            kept += [word[:-1], "'s"]
        elif word in _HOLDERS and following == "'s" and after in _OWNED_NOUNS and word not in v.PERSPECTIVES:
            kept.append(_USUAL.get(word, word))
        elif word in _HOLDERS and following in _SIDES and _owns(words, i):
            kept += [word, "'s"]
        else:
            kept.append(word)
    return kept


def _owns(words: list[str], i: int) -> bool:
    """ "robot left side, the filter", "on the robot left": a side is named, nobody is spoken to."""
    end = i + 2
    while at(words, end) in _SIDED:
        end += 1
    following = at(words, end)
    closed = following in ("", ",", ".", "please") or following in v.DETERMINERS or following in v.COPULAS
    led = i > 0 and (words[i - 1] in ("on", "to", "at", "from") or words[i - 1] in v.ARTICLES)
    fronted = (i == 0 or words[i - 1] in (",", ".")) and following and (end > i + 2 or following == ",")
    return closed and bool(led or fronted) and following != "of"


def _appended(words: list[str], i: int) -> tuple[int, Perspective] | None:
    """What starts at i and only tells whose the side before is: where it ends, and whose."""
    before = words[:i]
    if not _LATERAL.intersection(before) or words[i - 1] in ("and", ",", "."):
        return None
    paused, sided = at(words, i) in (",", "."), words[i - 1] in _SIDES | _SIDED
    k, told = _connected(words, i)
    if k < 0:
        return None
    denied = at(words, k) == "not" and (paused or sided)  # "the left, not yours, mine"
    end, owner, bare = _owner(words, k + denied, before)
    if denied and owner is not None:
        other = owner
        k = end + (at(words, end) in (",", "but")) + (at(words, end + 1) == "but")
        end, owner, bare = _owner(words, k, before)
        owner = None if owner is other else owner
    if owner is None or not (told or paused or sided):
        return None
    end, contrasted = _after_contrast(words, end, before)
    for thought in _AFTERTHOUGHTS:
        if tuple(words[end : end + len(thought)]) == thought:
            end, told = end + len(thought), told or thought != ("please",)
    # "the mug on the left, mine": a side is told apart only right behind it, a thing may be mine anywhere else.
    tells = told or contrasted or denied or (sided and (paused or not bare))
    return (end, owner) if tells and at(words, end) in ("", ",", ".", "please") else None


def _connected(words: list[str], i: int) -> tuple[int, bool]:
    """Where the owner stands behind ", i mean", "and by right i mean", and whether so much was said of a side.

    -1 where no side is meant ("the mug on the left is mine").
    """
    k, told, paused = i, False, at(words, i) in (",", ".", "and")
    while at(words, k) in (",", ".", "and", "so", "but"):
        k += 1
    if at(words, k) in _NAMING_SIDE:
        named = k + 1 + (at(words, k + 1) in ("the", "which", "that", "i", "we"))
        named += at(words, named) in ("say", "said")
        if at(words, named) in _SIDES or at(words, named - 1) == "which":
            k, told = named + (at(words, named) in _SIDES), True
    elif at(words, k) in _SIDES and paused and at(words, k) in words[:i]:
        k += 1  # ", right being yours"
        told = at(words, k) in ("being", "as", "is", "meaning")
    while True:
        phrase = next((p for p in _MEANING if tuple(words[k : k + len(p)]) == p), ())
        if not phrase:
            return k, told
        told = told or not _UNSURE.issuperset(phrase[:1]) or phrase[:2] in (("i", "mean"), ("i", "meant"))
        if not told and not paused:
            return -1, False
        k += len(phrase)
        k += at(words, k) == ","


def _after_contrast(words: list[str], end: int, before: list[str]) -> tuple[int, bool]:
    """Behind "not yours", and whether that stood there."""
    for contrast in _CONTRASTS:
        start = end + len(contrast)
        if tuple(words[end:start]) == contrast:
            other, whose, _ = _owner(words, start, before)
            if whose is not None:
                return other, True
    return end, False


def _owner(words: list[str], k: int, before: list[str]) -> tuple[int, Perspective | None, bool]:
    """An owner at k ("mine", "my own", "the robot's", "your right"): its end, whose, and whether no side is named."""
    start = k
    while at(words, k) in _BEFORE_OWNERS:
        k += 1
    word = at(words, k)
    if word in _ABSOLUTE:
        return k + 1, _ABSOLUTE[word], True
    if word[:-1] in _HOLDERS and word.endswith("s") and at(words, k + 1) in ("", ",", ".", "not"):
        return k + 1, OWNERS[word[:-1]], True  # "meaning the robots"
    holder = word in _HOLDERS and at(words, k + 1) == "'s"
    if not holder and word not in POSSESSIVES:
        return start, None, False
    k += 1 + holder
    owned = k
    while at(words, k) in _SIDES | _SIDED | _BEFORE_SIDES | v.VIEWPOINT_NOUNS:
        k += 1
    sides = _SIDES.intersection(words[owned:k])
    claimed = any(w in POSSESSIVES and at(before, n + 1) in _SIDES for n, w in enumerate(before))
    if not sides.issubset(before) or claimed or (k == owned and not holder) or at(words, k) in BE:
        return start, None, False
    return k, OWNERS[word], not sides
