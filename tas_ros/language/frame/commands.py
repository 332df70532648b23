# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Takes a command apart: politeness, verb, the expression that refers, and where to put the thing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from tas_ros.language.data import vocabulary as v
from tas_ros.language.data.action_verbs import ACTIONS, PATH_PARTICLES
from tas_ros.language.data.command_words import MOTION_VERBS, VERBS
from tas_ros.language.frame.clauses import (
    after_denial,
    after_going_there,
    counted_behind,
    main_clause,
    presented_by_side,
    without_doer,
    without_finding,
    without_revoked,
)
from tas_ros.language.frame.corrections import after_correction
from tas_ros.language.frame.courtesy import strip_courtesy
from tas_ros.language.frame.destinations import OBJECT_PRONOUNS, split_destination
from tas_ros.language.frame.leading_verb import leading_verb
from tas_ros.language.frame.owned_sides import with_owned_sides
from tas_ros.language.frame.talk import (
    QUESTION_WORDS,
    asked_by_place,
    is_motion,
    is_statement,
    names_only_abstract,
    reason_of_talk,
)
from tas_ros.language.frame.viewpoints import take_viewpoint
from tas_ros.language.query import Perspective
from tas_ros.language.words.selectors import match_place

_ROBOT_PARTS = frozenset({"gripper", "base", "claw", "camera", "wheels", "joints", "speed"})
_PEOPLE_ASKED = frozenset({"you", "we", "i", "they", "he", "she"})
_RECIPIENTS = frozenset({"me", "us", "to", "for", "over", "here", "up", "back", "down", "out", "on", "with"})
_DESCRIBING = frozenset({"as", "where", "like", "that", "how", "to", "i", "you", "we", "which", "who", "can", "could"})


@dataclass(frozen=True)
class Command:
    """A command taken apart."""

    expression: tuple[str, ...]
    destination: tuple[str, ...] = ()
    verb: str = ""
    reason: str = ""
    """Why nothing is referred to; empty when something may be."""
    perspective: Perspective | None = None
    """Whose view the sentence is said from, where a phrase of its own says so."""


def take_apart(words: Sequence[str], english_verbs: Collection[str] = ()) -> Command:
    """Split the words of a command. A Command with a reason refers to nothing.

    english_verbs: base forms that may command besides those of the tables.
    """
    reason = reason_of_talk(words)
    if reason:
        return Command((), reason=reason)
    owned, owner = with_owned_sides(list(words))
    told = without_finding(without_doer(counted_behind(presented_by_side(owned))))
    corrected = after_correction(without_revoked(told))
    meant, perspective = take_viewpoint(corrected, asks_favour=bool(ACTIONS.intersection(corrected)))
    return replace(_take_apart(meant, english_verbs), perspective=owner or perspective)


def _take_apart(words: list[str], english_verbs: Collection[str]) -> Command:  # noqa: PLR0911 (one return a construction)
    words = strip_courtesy(main_clause(strip_courtesy(words)))
    if not words:
        return Command((), reason="the command names no object; say which one, such as 'the red mug'")
    joined = " ".join(w for w in words if w not in ",.")
    if words[0] == "never" or words[:2] == ["do", "not"] or _leaves_alone(words):
        wanted = next((j for j in range(3, len(words)) if words[j] in VERBS and words[j + 1 : j + 2] == ["the"]), 0)
        if not wanted:
            return Command((), reason=f"'{joined}' says what to leave alone; name the object that you want")
        return _take_apart(words[wanted:], english_verbs)
    reason = reason_of_talk(words)
    if reason:
        return Command((), reason=reason)
    denied = after_denial(words)
    if denied is not None:
        told = _take_apart(denied[1], english_verbs)
        return replace(told, expression=(*denied[0], ",", *told.expression)) if denied[0] and told.expression else told
    verb, rest = leading_verb(words, english_verbs)
    if verb and rest and rest[0] == "'s":
        rest = rest[1:]
    side = [] if verb else _fronted_side(words)
    if side:
        told = _take_apart(words[len(side) :], english_verbs)
        return replace(told, expression=(*side, ",", *told.expression)) if told.expression else told
    if after_going_there(verb, rest):
        return _take_apart(after_going_there(verb, rest), english_verbs)
    if not verb and words[0] in QUESTION_WORDS:
        asked = asked_by_place(words)
        return Command(
            tuple(asked),
            verb="what is" if asked else "",
            reason="" if asked else f"'{joined}' is a question that refers to no object in view",
        )
    reason = _reason_of_emptiness(words, verb, rest)
    if reason:
        return Command((), verb=verb, reason=f"'{joined}' {reason}")
    rest = _with_name(rest) if verb else rest
    rest, destination = split_destination(_without_afterthought(rest), verb)
    rest = strip_courtesy(rest)
    meaning = [w for w in rest if w not in v.FILLERS and w not in ",."]
    if not meaning:
        return Command((), tuple(destination), verb, f"'{joined}' says what to do but names no object")
    pointed = verb and meaning[0] in OBJECT_PRONOUNS and all(w in _RECIPIENTS | {"now"} for w in meaning[1:])
    if pointed or all(w in v.PRONOUNS or w in ("one", "the", "ones") for w in meaning):
        return Command((), tuple(destination), verb, f"'{' '.join(meaning)}' points at nothing I know; name the object")
    return Command(tuple(rest), tuple(destination), verb)


def _fronted_side(words: list[str]) -> list[str]:
    """ "on your left (, take the pan to the sink)": the side of the thing that the command then names."""
    place = match_place(words, 0)
    if place is None or not place.preposition or place.of_end >= 0 or words[place.end : place.end + 1] != [","]:
        return []
    verb, named = leading_verb(strip_courtesy(words[place.end :]))
    return words[: place.end] if verb in ACTIONS and named[:1] and named[0] in v.ARTICLES else []


def _with_name(rest: list[str]) -> list[str]:
    """ "put it in the sink, the dirty plate": the name that comes last stands for the pronoun."""
    pauses = [k for k in range(1, len(rest) - 2) if rest[k] == ","]
    if rest[:1] not in (["it"], ["them"], ["that"], ["this"]) or not pauses or rest[1] in ("one", "is"):
        return rest
    k = pauses[-1]
    named = strip_courtesy(rest[k + 1 :])
    return [*named, *rest[1:k]] if named and named[0] in v.DETERMINERS - {"it", "that", "this"} else rest


def _reason_of_emptiness(words: list[str], verb: str, rest: list[str]) -> str:
    """Why what follows the verb is nothing to be found; empty when it may be."""
    if verb in MOTION_VERBS and is_motion(rest):
        return "is about moving and names no object"
    if verb.endswith(" it") and all(w in PATH_PARTICLES | v.FILLERS | _RECIPIENTS for w in rest):
        return "points at nothing I know; name the object"  # "give it back"
    if not verb and is_statement(words):
        return "is a statement, it asks for no object"
    if verb in ("where is", "where are", "where did", "where 's") and rest[0] in _PEOPLE_ASKED:
        return "asks for nobody in view"
    if verb and _is_own_body(rest):
        return "is about the robot itself and names no object"
    return "names nothing that can be seen" if names_only_abstract(rest) else ""


def _is_own_body(rest: list[str]) -> bool:
    """ "raise your arm", "open your gripper": a part of the robot, and no more."""
    return rest[:1] == ["your"] and len(rest) > 1 and rest[1] in v.BODY | _ROBOT_PARTS and is_motion(rest[2:])


def _leaves_alone(words: list[str]) -> bool:
    """ "leave the mug alone", "leave the red one", but not "leave the parcel by the door"."""
    return words[0] == "leave" and ("alone" in words or not split_destination(words[1:], "leave")[1])


def _without_afterthought(words: list[str]) -> list[str]:
    """ "on your right there is a block, can you bring it": the last clause only says what to do with it."""
    if not OBJECT_PRONOUNS.intersection(words[-4:]):
        return words
    for i in range(max(1, len(words) - 8), len(words) - 1):
        if words[i - 1] in _DESCRIBING or words[i] == "right":
            continue  # "on the right, take it": the side, no "right then"
        verb, after = leading_verb(strip_courtesy(words[i:]))
        told = (verb and any(w in OBJECT_PRONOUNS - {"one", "that", "this"} for w in after)) or (
            verb and after in (["that"], ["this"], ["that", "one"], ["this", "one"])
        )
        if told and all(
            w in OBJECT_PRONOUNS - {"one"} or w in v.FILLERS or w in _RECIPIENTS for w in after if w != "one"
        ):
            return words[:i]
    return words
