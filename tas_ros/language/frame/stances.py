# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Where somebody stands, sits or looks from, said around what is meant: "from the couch where i am sitting, ...".

Unlike the set phrases of `viewpoints`, these hold any noun and any place; words are read one after another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tas_ros.language.data import stance_words as s
from tas_ros.language.data import vocabulary as v
from tas_ros.language.data.action_verbs import ACTIONS
from tas_ros.language.frame.leading_verb import leading_verb
from tas_ros.language.frame.stance_clauses import (
    Phrase,
    owned_in,
    read_clause,
    read_presenting,
    read_reference,
    read_seeing,
    whose_in,
)
from tas_ros.language.frame.stance_places import is_side, noun_phrase, tail
from tas_ros.language.query import Perspective
from tas_ros.language.words.selectors import at


def take_stances(words: Sequence[str]) -> tuple[list[str], Perspective | None]:
    """The words without phrases that say where somebody looks from, and whose view that is (the first one named)."""
    kept, perspective, i = list(words), None, 0
    while i < len(kept):
        phrase = _stance_at(kept, i)
        before, after = kept[:i], kept[phrase.end :] if phrase else []
        if phrase is None or phrase.end <= i or not _stays_sensible(before, after, phrase):
            i += 1
            continue
        perspective = perspective or phrase.owner
        paused = bool(before) and before[-1] == "," and bool(after) and after[0] != ","
        while before and before[-1] in (",", ".", "and", "so"):
            before.pop()
        while after and (after[0] in (",", ".") or (not before and after[0] in ("so", "and", "then"))):
            after = after[1:]
        comma = [","] if paused or (before and after and i and kept[phrase.end : phrase.end + 1] == [","]) else []
        kept, i = [*before, *comma, *after], len(before)
    return kept, perspective


def _stays_sensible(before: list[str], after: list[str], phrase: Phrase) -> bool:
    rest = [*before, *after]
    if not any(w.isalpha() and w not in v.FILLERS | v.PRONOUNS | ACTIONS - v.THINGS for w in rest):
        return False
    if phrase.sure:
        return True
    # "take the left cup from my desk" tells where it is, "from my desk the left cup" how it is seen.
    return not leading_verb(rest)[0] and bool(s.LATERAL.intersection(rest)) and (not before or before[-1] in (",", "."))


def _stance_at(words: list[str], i: int) -> Phrase | None:  # noqa: PLR0911 (one return a construction)
    starts = i == 0 or words[i - 1] in (",", ".", "so", "and") or (i == 1 and words[0] in s.LEADING_IN)
    j = i
    if words[j] in ("as", "when", "if", "while", "being") and at(words, j + 1) in s.SEEN:
        j += 1
    seen = words[j] in s.SEEN
    while at(words, j) in s.SEEN | {"out", "down", "over", "at", "it", "up", "across"} and seen:
        j += 1
    if words[i : i + 3] == ["in", "the", "direction"]:
        clause = read_clause(words, i + 3)
        gaze = next((k for k in range(i + 3, len(words)) if words[k] in s.GAZES | s.STAYS), 0)
        return replace(clause, end=gaze + 1) if clause is not None and gaze else None
    lens = _lens(words, j) if j > i else None
    if lens is not None:
        return lens
    if at(words, j) == "from":
        found = _from(words, j + 1, seen=seen, fronted=i == 0)
        if found is None and j > i and (starts or words[i] not in s.SEEN):
            end = tail(words, j)
            owner = whose_in(words[j:end], None)
            found = Phrase(end, owner) if at(words, end) in ("", ",") and not is_side(words, j + 1) else None
        if found is not None:
            return found
    if i == 0 and words[0] == "where" and s.LATERAL.intersection(words):
        return read_clause(words, 0)  # "where i am sitting the cup is on the left"
    i += starts and words[i] in ("when", "while", "if", "as") and at(words, i + 1) in s.STAYS
    posture = words[i] in s.STAYS | s.GAZES and (words[i].endswith(("ing", "ed")) or words[i] in ("stood", "sat"))
    if starts and posture:
        return _participle(words, i)
    if words[i] in ("given", "considering", "knowing", "seeing") or words[i : i + 2] in s.REFERRING:
        found = read_reference(words, i + 1 + (words[i : i + 2] in s.REFERRING))
        if found is not None:
            return found
    found = _asked(words, i) or _conjoined(words, i) or _with(words, i) or _lens(words, i)
    found = found or read_seeing(words, i) or read_presenting(words, i)
    if found is not None:
        return found
    return (
        _scene(words, i)
        if starts and words[i] in s.SUBJECTS | {"the", "since", "because", "now", "seeing", "given"}
        else None
    )


def _from(words: list[str], j: int, seen: bool, fronted: bool) -> Phrase | None:  # noqa: PLR0911 (one return a construction)
    """ "from the couch where i am sitting", "from your charging station", "from where the robot is parked"."""
    start = j
    while at(words, j) in ("right", "over", "just", "down", "up", "here", "there"):
        j += 1
    told = not (s.LATERAL.intersection(words) and not ACTIONS.intersection(words))
    if words[j - 1] == "here" and at(words, j) not in ("where", "'s"):
        return None if told and not seen else Phrase(j, Perspective.SPEAKER)  # "get it from here" is its place
    if fronted and words[j : j + 3] in (["the", "other", "side"], ["the", "opposite", "side"]) and not told:
        return Phrase(tail(words, j + 3), None)
    if at(words, j) in ("by", "near", "behind", "beside", "at", "in", "on"):
        end = noun_phrase(words, j + 1)
        return read_clause(words, end) if at(words, end) == "where" else None
    owned = at(words, j) in s.POSSESSIVES
    possessor = s.OWNERS.get(at(words, j)) if owned else None
    end = noun_phrase(words, j) if at(words, j) in v.DETERMINERS | v.ARTICLES else j
    if at(words, end) == "'s" and words[end - 1] in s.OWNERS and end > j:
        possessor, owned = s.OWNERS[words[end - 1]], True
        end = noun_phrase(words, end + 1)
    if end == j and at(words, j) in v.DETERMINERS and at(words, j + 1) in s.SEATS:
        end = j + 2  # "the corner i occupy"
    clause = read_clause(words, end)
    if clause is not None and end > j:
        return clause  # a noun before: "the couch (where) i am sitting on"
    if clause is not None and at(words, end) == "where":
        return clause
    if not owned or end < j + 2 or words[end - 1] in (*s.OWNERS, "'s") or s.LATERAL.intersection(words[start:end]):
        return None
    if words[end - 1] in v.PLACE_NOUNS | v.VIEWPOINT_NOUNS - {"side", "end"} or words[end - 1] in ("line", "field"):
        return None  # set phrases
    seat = words[end - 1] in s.SEATS
    return Phrase(tail(words, end), possessor, sure=seen or (seat and fronted and not _takes(words, end)))


def _takes(words: list[str], end: int) -> bool:
    """A command follows: "from my desk, take the pen"."""
    k = end + (at(words, end) == ",")
    return at(words, k) in ACTIONS and words[end - 1] in ("desk", "bench", "bed", "workbench", "table")


def _as_one_is(words: list[str], k: int) -> bool:
    """Whether "as you are", "like i do" stands at k."""
    return at(words, k) in ("as", "like") and at(words, k + 1) in s.SUBJECTS and at(words, k + 2) in s.IS_OR_DOES


def _participle(words: list[str], i: int) -> Phrase | None:
    """ "standing here by the sink, ...", "sitting at my desk, ...", "facing the shelf as you are, ..."."""
    if _as_one_is(words, i + 1):
        return Phrase(tail(words, i + 4), s.OWNERS[words[i + 2]])  # "standing as you are by the oven"
    end = tail(words, i + 1)
    owned = (w for n, w in enumerate(words[i:end], i) if w in s.POSSESSIVES or words[n + 1 : n + 2] == ["'s"])
    owner = next((s.OWNERS[w] for w in owned if w in s.OWNERS), None)
    if owner is None and "here" in words[i:end]:
        owner = Perspective.SPEAKER
    if _as_one_is(words, end):
        owner, end = s.OWNERS[words[end + 1]], end + 3
    if at(words, end) in ("as", "like") and at(words, end + 1) in ("me", "us", "you") and at(words, end + 2) == ",":
        owner, end = s.OWNERS[words[end + 1]], end + 2
    picture = next((w for w in words[i:end] if w in v.IMAGE_NOUNS or w in ("camera", "lens", "cam")), "")
    if picture and words[i] in s.GAZES:
        owner = s.OWNERS[picture]
    following = at(words, end)
    closed = following in ("", ",", "it", "there") or (i <= 1 and following in v.DETERMINERS)
    rest = words[end:]
    setting = i == 0 and following == "," and bool(s.LATERAL.intersection(rest)) and not v.PEOPLE.intersection(rest)
    return Phrase(end, owner) if (owner is not None or setting) and end > i + 1 and closed else None


def _scene(words: list[str], i: int) -> Phrase | None:
    """ "i am looking at the table from the window side, ...": who looks is told before or after what is meant."""
    j = i
    j += 2 * (words[i : i + 2] in (["seeing", "as"], ["seeing", "that"], ["given", "that"]))
    while at(words, j) in ("since", "because", "now", "the", "as") or words[j - 1 : j + 1] == ["now", "that"]:
        j += 1
    owner = at(words, j)
    k = j + 1
    if owner not in s.SUBJECTS or at(words, k) not in s.BE - {"have", "would", "'s", "will"}:
        return None
    while at(words, k) in s.BE | s.ADVERBS - {"right", "back", "up", "down"}:
        k += 1
    placed = words[k - 1] in ("opposite", "across", "here") or at(words, k) in (
        "behind",
        "beside",
        "at",
        "by",
        "in",
        "on",
        "near",
        "opposite",
        "across",
    )
    stays = at(words, k) in s.STAYS | s.GAZES | {"turned", "moved", "swivelled", "come", "gone"}
    if not stays and not placed:
        return None
    end = tail(words, k + stays)
    closed = at(words, end) in (",", "so", "then") or (at(words, end) in ("", ".") and i > 0)
    closed = closed or (at(words, end) == "and" and at(words, end + 1) in ("it", "that", "there"))
    if not closed:
        return None
    rest = words[:i] + words[end:]
    owned = bool({"my", "your", "mine", "yours", "'s"}.intersection(rest))
    return Phrase(end, None if owned or not s.LATERAL.intersection(rest) else s.OWNERS[owner])


def _conjoined(words: list[str], i: int) -> Phrase | None:  # noqa: PLR0911 (one return a construction)
    """ "when you stand at the sink", "as i walk in", "picture yourself at the desk": only beside a side."""
    j = i + 1
    if words[i] in ("imagine", "picture", "pretend", "suppose", "put"):
        j += at(words, j) == "that"
        myself = at(words, j) in ("yourself", "myself")
        if words[i] == "put" and not myself:
            return None
        if not myself and not (at(words, j) in s.SUBJECTS and at(words, j + 1) in s.BE):
            return None
    elif words[i] in ("as", "when", "if", "while", "whenever", "once", "were") or (
        words[i] == "had" and at(words, i + 2) in ("been", "stood", "sat")
    ):
        j += at(words, j) == "the"
        myself = False
        if at(words, j) not in s.SUBJECTS:
            return None
    else:
        return None
    owner: Perspective | None = s.OWNERS[words[j]]
    k = j + 1
    while at(words, k) in s.BE | s.ADVERBS | {"to"}:
        k += 1
    turned = at(words, k) in ("turn", "turned", "swivel", "swivelled", "rotate", "rotated", "get", "got")
    moves = turned or at(words, k) in ("come", "came", "arrive", "walk", "enter", "walking", "coming", "entering")
    placed = at(words, k) in ("in", "at", "on") and any(w in s.SHOES for _, w in owned_in(words[k + 1 : k + 4]))
    if not moves and not myself and not placed and at(words, k) not in s.STAYS | s.GAZES:
        return None
    if "have" in words[j:k] and at(words, k + 1) in v.ARTICLES:
        return None  # "if you have parked the trolley"
    k += (not myself and not placed) or at(words, k) in s.STAYS | s.GAZES
    inwards = moves and at(words, k) in ("in", "out", "up", "around", "round", "over")
    end = k + 1 if inwards and at(words, k + 1) not in ("to", "through", "from") else tail(words, k + inwards)
    if at(words, end) == "where" and read_clause(words, end) is not None:
        return read_clause(words, end)  # "if you were sitting where i am"
    if myself:
        owner = next((s.OWNERS[w] for w in words[k:end] if w in s.POSSESSIVES), owner)  # "put yourself in my shoes"
    if words[i] != "when":
        owner = next((s.OWNERS[w] for w, of in owned_in(words[k:end]) if of in s.SHOES), owner)  # "in my seat"
    owner = whose_in(words[k:end], owner)
    return Phrase(end, owner) if s.LATERAL.intersection(words[:i] + words[end:]) else None


def _asked(words: list[str], i: int) -> Phrase | None:
    """ "if you ask me", "if you ask me from my chair": beside a side an opinion is a view."""
    if words[i : i + 4] != ["if", "you", "ask", "me"]:
        return None
    seat = _from(words, i + 5, seen=True, fronted=False) if at(words, i + 4) == "from" else None
    sided = s.LATERAL.intersection(words[:i] + words[i + 4 :])
    return seat or (Phrase(i + 4, Perspective.SPEAKER) if sided else None)


def _with(words: list[str], i: int) -> Phrase | None:
    """ "with your back to the door", "with the camera facing the rack"."""
    if words[i] != "with":
        return None
    k = i + 1
    while at(words, k) in ("the", "this"):
        k += 1
    owner = s.OWNERS.get(at(words, k))
    k += 1
    if owner is not None and words[k - 1] in s.POSSESSIVES and at(words, k) in ("back", "face", "eyes", "body", "head"):
        k += 1
        turned = at(words, k) in ("to", "toward", "towards", "against", "turned", "facing")
    else:
        turned = at(words, k) in s.STAYS | s.GAZES | {"pointing", "pointed", "aimed", "turned"}
    if owner is None or not turned:
        return None
    end = tail(words, k + (at(words, k) not in ("to", "toward", "towards", "against")))
    return Phrase(end, owner) if s.LATERAL.intersection(words[:i] + words[end:]) else None


def _lens(words: list[str], i: int) -> Phrase | None:
    """ "through your camera", "on camera", and in front of everything "from the camera"."""
    k = i + 1
    while at(words, k) in s.POSSESSIVES | {"the", "this", "a", "robot", "'s", "own", "head"}:
        k += 1
    if at(words, k) not in s.LENSES or at(words, k + 1) in ("'s", *v.VIEWPOINT_NOUNS, *v.IMAGE_NOUNS):
        return None
    through = words[i] in ("through", "via") or (words[i] == "on" and k == i + 1)
    fronted = i == 0 and words[i] in ("from", "in", "to", "for", "with") and bool(s.LATERAL.intersection(words[k:]))
    return Phrase(k + 1, Perspective.CAMERA) if through or fronted else None
