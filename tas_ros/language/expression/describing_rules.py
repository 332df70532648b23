# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Rules for what a thing does, looks like or says of itself: traits, which place nothing."""

from __future__ import annotations

from dataclasses import replace

from tas_ros.language.data import vocabulary as v
from tas_ros.language.expression.reader_state import ReaderState
from tas_ros.language.query import RelationKind
from tas_ros.language.words.relations import match_relation
from tas_ros.language.words.selectors import at, match_place, skip

_WITH = RelationKind.WITH


def read_looking(state: ReaderState, i: int) -> int | None:
    """ "facing right", "looking at us", "going left to right": where a thing turns or moves is no place of it."""
    word = state.texts[i]
    if word in ("back", "backs") and at(state.texts, i + 1) in ("to", "towards", "toward"):
        viewer = skip(state.texts, i + 2, v.DETERMINERS)
        if at(state.texts, viewer) not in v.VIEWERS:
            return None
        state.drop_unnamed_anchor()
        return viewer + 1  # "with his back to us"
    if word not in v.LOOKING or (word == "faces" and state.words[i].is_noun):
        return None
    _leave_clothes(state)
    state.current.add(replace(state.words[i], pos="VERB"))
    j = skip(state.texts, i + 1, frozenset({"straight", "out", "away"}))
    if word in v.GAZING:
        j = skip(state.texts, j, frozenset({"to", "toward", "towards", "at", "from"}))
        j = skip(state.texts, j, frozenset({"the", "your", "my"}))
    end = skip(
        state.texts,
        j,
        frozenset({"left", "right", "up", "down", "back", "forward", "front", "us", "you", "me", "camera", "away"}),
    )
    if end > j and at(state.texts, end) == "to" and at(state.texts, end + 1) in ("left", "right"):
        end += 2
    if end == j and word in v.POSTURES:
        return _after_particle(state, i)
    return end if end > j else i + 1


def read_posture(state: ReaderState, i: int) -> int | None:
    """ "bent over", "sitting", "lying down": the particle places nothing unless a thing follows it."""
    if state.texts[i] not in v.POSTURES:
        return None
    _leave_clothes(state)
    state.current.add(replace(state.words[i], pos="VERB"))
    return _after_particle(state, i)


def _after_particle(state: ReaderState, i: int) -> int:
    following = at(state.texts, i + 1)
    bare = following in v.PARTICLES and match_place(state.texts, i + 2) is not None
    after = at(state.texts, i + 2)
    ends = following in v.PARTICLES and after in v.AFTER_NOUN | {""}
    before_noun = following in v.PARTICLES and not state.current.has_noun and after not in v.DETERMINERS
    return i + 2 if ends or bare or before_noun else i + 1


def _leave_clothes(state: ReaderState) -> None:
    """ "the man in the red shirt sitting": who sits is the one who wears it."""
    host = state.current.host
    if host is not None and host.kind is _WITH and not state.current.is_empty:
        state.current = host.owner
        state.current.break_run()


def read_activity(state: ReaderState, i: int) -> int | None:
    """ "kicking the ball", "rolling up his sleeve": what is acted on is with the thing that acts."""
    word = state.words[i]
    acts = word.tag == "VBG" and word.pos == "VERB" and (state.current.has_noun or state.current.placeholder)
    if not acts or word.text in v.COPULAS or match_relation(state.texts, i) is not None:
        return None
    _leave_clothes(state)
    state.current.add(word)
    if at(state.texts, i + 1) == "over" and at(state.texts, i + 2) in v.DETERMINERS:
        return i + 1  # "hovering over the field" says where
    j = skip(state.texts, i + 1, v.PARTICLES | {"off", "out"})
    if at(state.texts, j) in v.DETERMINERS and state.has_anchor(j) and match_place(state.texts, j) is None:
        state.attach(_WITH)
        return j
    state.current.break_run()
    return i + 1


def read_likeness(state: ReaderState, i: int) -> int | None:
    """ "looks like a ladybug", "says stop": the words stay traits, the thing they name is not there."""
    form = next((f for f in v.LIKENING if tuple(state.texts[i : i + len(f)]) == f), None)
    if form is None or state.current.is_empty:
        return None
    j = skip(state.texts, i + len(form), v.DETERMINERS)
    start = j
    while j < len(state.words) and (
        j == start or state.words[j].is_noun or state.words[j].pos in ("ADJ", "NUM", "COLOUR")
    ):
        if match_place(state.texts, j) is not None or match_relation(state.texts, j) is not None:
            break
        state.current.add(replace(state.words[j], pos="ADJ"))
        j += 1
    state.current.break_run()
    return j if j > start else None


def read_bare_clothes(state: ReaderState, i: int) -> int | None:
    """ "the guy next to the tv white jacket": a thing wears none, so they are the target's."""
    current, target = state.current, state.reading.target
    apart = current.host is not None and current.host.kind is not _WITH and current.has_noun
    if not apart or not target.is_animate or current.is_animate or not state.words[i - 1].is_noun:
        return None
    j = i
    while j < len(state.words) and (state.words[j].is_colour or state.words[j].pos == "ADJ"):
        j += 1
    if j == i or at(state.texts, j) not in v.CLOTHES:
        return None
    state.close_to_target()
    state.attach(_WITH)
    state.current.add(state.words[i])
    return i + 1
