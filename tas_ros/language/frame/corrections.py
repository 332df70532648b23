# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a speaker takes back and says anew: "the stool on the left, i mean your left"."""

from __future__ import annotations

from tas_ros.language.data import vocabulary as v
from tas_ros.language.data.talk_words import CORRECTIONS, SOFT_CORRECTIONS
from tas_ros.language.frame.courtesy import strip_courtesy
from tas_ros.language.frame.destinations import DESTINATION_STARTS, split_destination
from tas_ros.language.frame.leading_verb import leading_verb
from tas_ros.language.words.relations import match_relation
from tas_ros.language.words.selectors import match_place

_OWNERS = frozenset({"my", "your", "our", "mine", "yours", "robot", "'s", "own"})
_COUNTS = frozenset({*v.ORDINALS, *v.SUPERLATIVES, *v.SIZE_WORDS, *v.LAST_WORDS})
_BARE = frozenset(
    {*v.POSITIONS, *v.COLOURS, *_COUNTS, "on", "in", "at", "to", "from", "far", "near", "hand", "most", ",", "."}
    | v.DETERMINERS | v.EMPTY_HEADS | v.PLACE_NOUNS | v.FILLERS | _OWNERS | v.PERSPECTIVES.keys()
)  # fmt: skip


def after_correction(words: list[str]) -> list[str]:
    """The words as the speaker means them: what is said anew replaces what it corrects, and leaves the rest."""
    for i in range(len(words) - 1, 0, -1):
        for phrase in CORRECTIONS:
            end = i + len(phrase)
            if tuple(words[i:end]) == phrase and words[end : end + 1] == ["not"] and phrase[0] == "i":
                return [*words[:i], *words[end:]]  # "the trowel i said not the rake"
            if tuple(words[i:end]) == phrase and _says_something(words[end:]):
                return _merged(after_correction(words[:i]), _without_pause(words[end:]))
        end = i + 1
        if words[i] in SOFT_CORRECTIONS:
            while end < len(words) and words[end] in SOFT_CORRECTIONS | {",", "."}:
                end += 1
            apart = words[i - 1] in (",", ".") and words[i + 1 : i + 2] in ([","], ["."])
            named_anew = end < len(words) and (words[end] in v.DETERMINERS or apart or _is_place(words[end:]))
            denies = words[i - 1] in v.COPULAS or words[i - 1] in ("has", "have", "with", "and", "but", "or")
            if named_anew and not denies and _says_something(strip_courtesy(words[:i])):
                return _merged(after_correction(words[:i]), words[end:])
    return words


def _without_pause(words: list[str]) -> list[str]:
    while words and words[0] in (",", ".", "no", "sorry"):
        words = words[1:]
    return words


def _says_something(words: list[str]) -> bool:
    return any(w not in v.FILLERS and w not in (",", ".", "no", "wait") for w in words)


def _merged(old: list[str], new: list[str]) -> list[str]:
    old, said_anew = strip_courtesy(old), strip_courtesy(new)
    while old and (old[-1] in (",", ".", "and", "or") or old[-1] in v.DETERMINERS or old[-1] in SOFT_CORRECTIONS):
        old = old[:-1]
    verb, rest = leading_verb(old)
    if not rest or not any(w not in v.DETERMINERS | v.FILLERS | v.PRONOUNS for w in rest) or leading_verb(said_anew)[0]:
        return new
    command = verb.split()
    target, destination = split_destination(rest, verb)
    if destination and said_anew[0] in DESTINATION_STARTS:
        return [*command, *target, *_second(verb, destination), *said_anew]
    bare = all(w in _BARE for w in said_anew)
    placed = match_relation(said_anew, 0) is not None or _is_place(said_anew)
    if bare or placed:
        core = _core(target, said_anew)
        if bare and not _is_place(said_anew) and said_anew[0] not in _OWNERS:
            # "the big one" of "the small box" is "the big box".
            naming = [w for w in core if w not in v.DETERMINERS]
            described = [w for w in said_anew if w not in v.EMPTY_HEADS] if naming else said_anew
            return [*command, *described, *naming, *_second(verb, destination), *destination]
        return [*command, *core, *_joined(said_anew), *_second(verb, destination), *destination]
    _, destined_anew = split_destination(said_anew, verb)
    if destination and not destined_anew and not set(said_anew) & set(target) - v.DETERMINERS:
        return [*command, *target, *_second(verb, destination), destination[0], *said_anew]
    return [*command, *said_anew]


def _second(verb: str, destination: list[str]) -> list[str]:
    """The clause that said where to, where the verb itself does not ("grab the mug AND PUT IT in the sink")."""
    return (
        ["and", "put", "it"] if destination and split_destination(["x", *destination], verb)[1] != destination else []
    )


def _is_place(words: list[str]) -> bool:
    place = match_place(words, 0)
    return place is not None and (bool(place.preposition) or place.of_end >= 0)


def _core(target: list[str], new: list[str]) -> list[str]:
    """What is left of the first description: without its constraints of the kind that is said anew."""
    kept = list(target)
    if any(w in v.POSITIONS for w in new) or match_relation(new, 0) is not None:
        for k in range(1, len(kept)):
            place = match_place(kept, k)
            if (place is not None and place.preposition) or match_relation(kept, k) is not None:
                kept = kept[:k]
                break
        kept = [w for w in kept if w not in v.POSITIONS]
    for kind in (frozenset(v.COLOURS), _COUNTS):
        if any(w in kind for w in new):
            kept = [w for w in kept if w not in kind]
    while kept and kept[-1] in _OWNERS | {"that", "is", "on", "at", "to", ","}:
        kept.pop()
    return kept


def _joined(new: list[str]) -> list[str]:
    """ "your left" is "on your left"; "the blue one" stands apart."""
    if new[0] in _OWNERS and any(w in v.POSITIONS for w in new):
        return ["on", *new]
    return [",", *new] if new[0] in v.DETERMINERS or new[0] in v.COLOURS else new
