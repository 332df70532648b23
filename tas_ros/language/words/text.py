# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""From raw text to clean lower-case words: validation, contractions, spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from tas_ros.errors import InvalidCommandError
from tas_ros.language.data import vocabulary as v
from tas_ros.language.data.action_verbs import ACTIONS

_WORD = re.compile(r"#?\d+(?:st|nd|rd|th)?|[^\W\d_]+(?:['/-][^\W\d_]+)*|\d|[,.;!?:]", re.UNICODE)
# "umm", "uhhh", "hmmm" as a recogniser spells them.
_HESITATION = re.compile(r"(?:u+h*m+|u+h+m*|e+r+m*|e+h+m+|h+m+|m+h*m+|a+h+m+)")
_OWNED_SIDE = re.compile(r"(?:robot|camera|image|picture|photo|operator|user|viewer)-(?:left|right)")
_ORDINAL_APART = re.compile(r"\b(\d+) (st|nd|rd|th)\b")
_DASH = re.compile(r" [-\u2013\u2014]+ |\u2014|(?<=\w)--(?=\w)")
_PAUSES = {",": ",", ";": ",", ":": ",", ".": ".", "!": ".", "?": "."}
_CONTRACTIONS: dict[str, tuple[str, ...]] = {
    "thats": ("that", "is"),
    "whos": ("who", "is"),
    "whats": ("what", "is"),
    "wheres": ("where", "is"),
    "its": ("its",),
    "im": ("i", "am"),
    "shes": ("she", "is"),
    "hes": ("he", "is"),
    "gimme": ("give", "me"),
    "lemme": ("let", "me"),
    "wanna": ("want", "to"),
    "gonna": ("going", "to"),
    "isnt": ("is", "not"),
    "arent": ("are", "not"),
    "doesnt": ("does", "not"),
    "dont": ("do", "not"),
    "cant": ("can", "not"),
    "cannot": ("can", "not"),
    "inbetween": ("between",),
    "infront": ("in", "front"),
    "ontop": ("on", "top"),
    "nextto": ("next", "to"),
    "nexto": ("next", "to"),
    "alot": ("a", "lot"),
    "w/o": ("without",),
    "w/out": ("without",),
    "w/": ("with",),
    "pickup": ("pick", "up"),
    "tshirt": ("shirt",),
    "t-shirt": ("shirt",),
    "mans": ("man", "'s"),
    "womans": ("woman", "'s"),
}
_COPULA_HOSTS = frozenset({"that", "what", "who", "where", "it", "there", "here", "he", "she", "which"})
_COPULA_HOSTS |= {"whatever", "whoever", "whichever", "anything", "something", "everything"}
_GLUED_SIDES = frozenset({"left", "right"})
# What is left of "can't" and "won't" without their ending.
_CLIPPED = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
_SUFFIXES = {
    "'d": ("would",),
    "n't": ("not",),
    "'s": ("'s",),
    "'m": ("am",),
    "'re": ("are",),
    "'ve": ("have",),
    "'ll": ("will",),
}


def clean_command(text: object, max_characters: int) -> str:
    """Check that `text` can be read at all and return it with plain spaces.

    Raises InvalidCommandError for anything but text, for empty text, and for text that is too long or binary.
    """
    if not isinstance(text, str):
        raise InvalidCommandError(f"command of type {type(text).__name__} is not text; send a sentence as a string")
    if len(text) > max_characters:
        raise InvalidCommandError(
            f"command {text[:40]!r}... has {len(text)} characters, more than {max_characters}; name one object briefly"
        )
    plain = unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\u2018", "'")
    junk = [
        c for c in plain if (unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") and not c.isspace()) or c == "\ufffd"
    ]
    if junk:
        raise InvalidCommandError(
            f"command {text[:40]!r} holds control or undecodable characters ({junk[0]!r}); send plain UTF-8 text"
        )
    plain = " ".join(plain.split())
    if not plain:
        raise InvalidCommandError(f"command {text[:40]!r} is empty; send a sentence such as 'the red mug'")
    if not any(c.isalnum() for c in plain):
        raise InvalidCommandError(f"command {text[:40]!r} has no words; send a sentence such as 'the red mug'")
    return plain


def split_words(text: str) -> list[str]:
    """Lower-case words; commas and full stops stay as "," and "."; contractions are taken apart."""
    words: list[str] = []
    text = _DASH.sub(" , ", _ORDINAL_APART.sub(r"\1\2", text.lower()))
    text = text.replace("w/o", "without ").replace("w/", "with ").replace("t-shirt", "shirt")
    for match in _WORD.finditer(text):
        for word in _expand(match.group()):
            if not (words and words[-1] == word and word.isalpha()):  # "next to the the toaster"
                words.append(word)
    words = _without_repeats(words)
    while words and words[-1] in ",.":
        words.pop()
    return words


def _without_repeats(words: list[str]) -> list[str]:
    """ "could you could you pass": two or three words that are said again are said once."""
    for n in (2, 3):
        i = 0
        while i + 2 * n <= len(words):
            if words[i : i + n] == words[i + n : i + 2 * n] and all(w.isalpha() for w in words[i : i + n]):
                words = words[: i + n] + words[i + 2 * n :]
            else:
                i += 1
    return words


def _expand(word: str) -> Iterable[str]:  # noqa: PLR0911 (one return a construction)
    if word in _PAUSES:
        return (_PAUSES[word],)
    if _HESITATION.fullmatch(word):
        return ("um",)
    if word in _CONTRACTIONS:
        return _CONTRACTIONS[word]
    if word.endswith("'s") and word[:-2] in _COPULA_HOSTS:
        return (word[:-2], "is")
    for suffix, parts in _SUFFIXES.items():
        if word.endswith(suffix) and len(word) > len(suffix):
            stem = word[: -len(suffix)]
            return (*(_expand(stem) if suffix != "n't" else (_CLIPPED.get(stem, stem),)), *parts)
    if word.endswith("s'"):
        return (word[:-1], "'s")
    if _OWNED_SIDE.fullmatch(word):
        owner, side = word.split("-")
        return (owner, "'s", side)  # "camera-left"
    if "-" in word or "/" in word:
        return tuple(part for part in re.split(r"[-/']", word) if part)
    return (word.replace("'", ""),)


def join_compounds(words: list[str]) -> list[str]:
    """ "hot dog" is one thing, and in "boys head" the boy owns the head."""
    joined: list[str] = []
    for i, word in enumerate(words):
        following = words[i + 1] if i + 1 < len(words) else ""
        if joined and (joined[-1], word) in v.COMPOUNDS:
            joined[-1] = v.COMPOUNDS[joined[-1], word]
        elif word.endswith("s") and word[:-1] in v.PEOPLE and following in v.BODY | v.CLOTHES:
            joined += [word[:-1], "'s"]
        else:
            joined.append(word)
    return joined


def correct_spelling(words: list[str], known: Collection[str], targets: Collection[str]) -> list[str]:
    """Replace each word that no lexicon knows by the one target a single slip away, if there is exactly one kind.

    A slip is one letter added, lost, changed, or two neighbours swapped (Damerau-Levenshtein distance 1). Known words
    are not touched, so "lamb" stays "lamb", but for a first word that is a verb with two neighbours swapped.
    """
    words = [v.COMMON_SLIPS.get(word, word) for word in words]
    if len(words) > 1 and words[1] in v.DETERMINERS and words[0] not in targets:
        # "garb the mug": a word by itself, but no command opens with a noun before an article.
        swapped = [verb for verb in sorted(ACTIONS) if sorted(verb) == sorted(words[0]) and _one_slip(verb, words[0])]
        words[:1] = swapped[:1] or words[:1]
    corrected: list[str] = []
    for word in words:
        if len(word) < 4 or not word.isalpha() or _is_known(word, known):
            corrected.append(word)
        else:
            corrected += _split_glued(word, targets) or [_nearest(word, targets)]
    return corrected


def _is_known(word: str, known: Collection[str]) -> bool:
    """Whether a lexicon has the word or what it is an ending of."""
    return word in known or any(
        word.endswith(ending) and len(word) - len(ending) >= 4 and word[: -len(ending)] + rest in known
        for ending, rest in _ENDINGS
    )


_ENDINGS = (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"))


def _split_glued(word: str, targets: Collection[str]) -> list[str]:
    """ "leftpurple", "farleft": two words without their space, one of them a side; empty for any other word."""
    for k in range(2, len(word) - 1):
        first, second = word[:k], word[k:]
        sides = {first, second} & _GLUED_SIDES
        if sides and all(part in _GLUED_SIDES or part in v.SHORT_WORDS or part in targets for part in (first, second)):
            return [first, second]
    return []


def _nearest(word: str, targets: Collection[str]) -> str:
    close = sorted(t for t in targets if abs(len(t) - len(word)) <= 1 and _one_slip(word, t))
    same_start = [t for t in close if t[0] == word[0]]
    # A wrong first letter is rare: "mallet" is no misspelt "pallet".
    best = same_start or [
        t for t in close if len(word) >= 5 and (sorted(t) == sorted(word) or word in (t[1:], word[:1] + t))
    ]
    # Between "sing." and "pl." of a word, or two candidates, the swap of neighbours is the commonest slip.
    swaps = [t for t in best if sorted(t) == sorted(word)]
    return (swaps or best or [word])[0]


def _one_slip(a: str, b: str) -> bool:
    if len(a) > len(b):
        a, b = b, a
    i = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) == len(b):
        return a[i + 1 :] == b[i + 1 :] or (a[i : i + 2] == b[i : i + 2][::-1] and a[i + 2 :] == b[i + 2 :])
    return a[i:] == b[i + 1 :]
