# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Tagged words: what the tagger says, corrected where the vocabulary knows better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from tas_ros.language.data import vocabulary as v

_SEEING = frozenset({"can", "cannot", "you", "we", "i", "could"})
_AFTER_MODAL = frozenset({"see", "be", "tell", "you", "i", "we"})
_NOUN_TAGS = frozenset({"NOUN", "PROPN"})


@dataclass(frozen=True)
class Word:
    """One word with its part of speech (universal tags; "COLOUR" for colour words) and lemma."""

    text: str
    lemma: str
    pos: str
    tag: str = ""

    @property
    def is_noun(self) -> bool:
        """Whether the word names a thing."""
        return self.pos in _NOUN_TAGS

    @property
    def is_colour(self) -> bool:
        """Whether the word is a colour attribute."""
        return self.pos == "COLOUR"


def words_of(doc: Doc) -> list[Word]:
    """Words of a tagged document with the vocabulary's corrections."""
    texts = [token.text for token in doc]
    return [
        Word(token.text, _lemma(token.text, token.lemma_, pos, token.pos_ in _NOUN_TAGS), pos, token.tag_)
        for i, token in enumerate(doc)
        for pos in (_part_of_speech(texts, i, token.pos_, token.tag_),)
    ]


def _lemma(text: str, lemma: str, pos: str, tagged_noun: bool) -> str:
    if text in v.PAIRED:
        return text
    if text.endswith("ss") or text in v.SINGULAR_IN_S:
        return text
    if text.endswith(("ies", "ses", "xes")) and text[:-1] in v.THINGS | v.CLOTHES:
        return text[:-1]  # "cookies" are no "cooky", "vases" no "vas"
    if pos in _NOUN_TAGS and not tagged_noun and text not in (lemma, lemma + "s", lemma + "es", lemma[:-1] + "ies"):
        lemma = text  # the tagger took "peeler" for "more peel"
    if pos in _NOUN_TAGS and lemma == text and text.endswith("s") and not text.endswith(("ss", "us", "is")):
        # The tagger called a plural a name ("mugs"/NNP), whose lemma is itself.
        return text if len(text) < 4 else text[:-1]
    return lemma.lower()


def _part_of_speech(texts: Sequence[str], i: int, pos: str, tag: str) -> str:
    return _by_vocabulary(texts, i) or _retagged(texts, i, pos, tag)


def _by_vocabulary(texts: Sequence[str], i: int) -> str:  # noqa: PLR0911 (one return a construction)
    """What the vocabulary says of the word in its place; empty where it says nothing."""
    word, following = texts[i], texts[i + 1] if i + 1 < len(texts) else ""
    if word == "see" and _SEEING.intersection(texts[max(i - 3, 0) : i]):
        return "AUX"  # "you can only see half"
    if word == "can" and (_is_modal(texts, i) or (i and texts[i - 1] in v.PRONOUNS)):
        return "AUX"
    if word in v.COLOURS:
        return "NOUN" if _is_fruit(texts, i, following) else "COLOUR"
    if word in ("light", "dark", "bright", "pale") and (following in v.COLOURS or following in ("coloured", "colored")):
        return "ADJ"
    if word in v.PEOPLE or word in v.CLOTHES or word in v.BODY or word in v.EMPTY_HEADS or word in v.THINGS:
        return "NOUN"
    if word in v.ADJECTIVES:
        return "ADJ"
    led = i > 0 and texts[i - 1] in v.DETERMINERS
    if word in v.POSTURES and (word.endswith("ing") or not (led or (i and texts[i - 1] == "in"))):
        return "VERB"
    if word in _PUT and i and not led and _places(texts, i + 1):
        return "VERB"  # "the trowel hung left of the sickle"
    acts = (word in v.RELATIONS or word in v.LOOKING) and not led
    return "VERB" if word.endswith("ing") and (acts or (i and texts[i - 1] in v.PEOPLE)) else ""


_PUT = frozenset(
    {"hung", "kept", "stored", "laid", "placed", "set", "put", "stuck", "propped", "stacked", "parked"}
    | {"leant", "leaned", "draped", "slung", "tucked"}
)
_PLACING = frozenset(
    {
        "next",
        "beside",
        "near",
        "behind",
        "above",
        "below",
        "under",
        "beneath",
        "underneath",
        "over",
        "against",
        "between",
    }
)


def _places(texts: Sequence[str], i: int) -> bool:
    after = texts[i : i + 2]
    return bool(after) and (after[0] in _PLACING or tuple(after) in (("left", "of"), ("right", "of"), ("in", "front")))


def _is_modal(texts: Sequence[str], i: int) -> bool:
    """ "can barely see", but not "the can not near the duck"."""
    after = [t for t in texts[i + 1 : i + 4] if t not in ("not", "barely", "only", "hardly")]
    return bool(after) and after[0] in _AFTER_MODAL


def _retagged(texts: Sequence[str], i: int, pos: str, tag: str) -> str:
    """The tagger's word class, corrected for what it takes short descriptions for."""
    word, following = texts[i], texts[i + 1] if i + 1 < len(texts) else ""
    led = i > 0 and texts[i - 1] in v.DETERMINERS
    if (
        tag in ("JJR", "RBR")
        and _names_tool(word, following)
        and (led or not i or texts[i - 1] in v.THINGS | v.CLOTHES)
    ):
        return "NOUN"
    if pos == "VERB" and tag in ("VB", "VBP") and not i and (not following or following in v.AFTER_NOUN):
        return "NOUN"  # "bathtub", "tumbler on the right"
    told = i > 1 and texts[i - 1] in ("that", "which", "who", "what")
    if told and ((pos == "VERB" and tag == "VBZ") or (following in v.RELATIONS and tag in ("VB", "VBP", "NN", "VBZ"))):
        return "VERB"  # "bottle which stay on table"
    if pos in ("VERB", "AUX") and tag not in ("VBG", "VBN", "VBD") and i and not v.NEGATIONS & {texts[i - 1]}:
        # In a noun phrase a bare verb form is a noun that the tagger misread ("the fire hydrant cap").
        return "NOUN" if len(texts) > 1 and pos == "VERB" else pos
    if pos in ("X", "SYM", "INTJ", "PUNCT") and word.isalpha():
        return "NOUN"
    return pos


def _names_tool(word: str, following: str) -> bool:
    """ "the peeler" is no comparative; "the darker" is."""
    compares = word in v.SUPERLATIVES or word[:-2] in v.ADJECTIVES or word[:-2] in v.COLOURS or word[:-3] in v.COLOURS
    compares = compares or word[:-3] in v.ADJECTIVES or following == "of"  # "the thinner of the two"
    return word.endswith(("er", "or")) and not compares and (not following or following in v.AFTER_NOUN)


_COUNTING_OUT = frozenset(
    {"whichever", "which", "what", "every", "each", "any", "another", "one", "my", "your", "other", "last"}
    | v.ORDINALS.keys() | v.SUPERLATIVES.keys() | v.SIZE_WORDS.keys()
)  # fmt: skip


def _is_fruit(texts: Sequence[str], i: int, following: str) -> bool:
    """ "orange juice", "an orange", "the orange on the left" name a fruit; "orange shirt" names a colour."""
    word = texts[i]
    if word not in v.FRUIT_COLOURS:
        return False
    if following in v.FRUIT_COMPANY:
        return True
    article = i > 0 and texts[i - 1] in (
        "an",
        "the",
        "a",
        "single",
        "ripe",
        "peeled",
        "sliced",
        "whole",
        "this",
        "that",
    )
    article = article or (i > 0 and texts[i - 1] in _COUNTING_OUT)
    coloured = i > 0 and texts[i - 1] in v.COLOURS
    ends = not following or (
        following in v.AFTER_NOUN and not (following == "and" and texts[i + 2 : i + 3] and texts[i + 2] in v.COLOURS)
    )
    return ends and (article or coloured)
