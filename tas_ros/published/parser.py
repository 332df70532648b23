# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""ReleasedParser: reads a sentence exactly as the released TAS code does, for preset `released`.

Quirks of that code which decide a selection, all kept (its reading of the sentence; weaknesses as numbered in
docs/method.md section 2):

1.  The expression is the whole text lower-cased: no command words, no spelling, no punctuation are taken away.
2.  The target phrase is the noun chunk of the *last* root of the parse, the rectifier's entity that of the *first*;
    from a root outside all chunks only its first child is tried (then, for the entity, what governs the first chunk).
3.  The entity's chunk is widened by its dependents and then compared by text with the unwidened target phrase: any
    difference switches the rectifier off (weakness 1).
4.  Chunks are widened token by token, so that two tokens of one chunk no longer count as one: every word of the
    target's own chunk but keywords ("the", "red") is a relation to another thing.
5.  Superlatives decide only without relations and relations only without superlatives (weakness 5), so the article of
    "the left mug" is enough to lose its direction.
6.  Where superlatives decide, which superlative it was does not matter: the sentence is searched for direction words
    as substrings ("laptop" holds top, "bright" right; weakness 2); up goes before down, left before right.
7.  A relation counts only if a word was passed on the way to its chunk; its first direction word decides, if the other
    chunk has the target's very text or the direction word in it ("on the left"), and else blocks those after it. The
    second direction of the two is again a substring of the whole sentence.
8.  A later relation overrides an earlier one. The test for null words (side, image ...) has no effect.
9.  "under" is a direction of relations, "underneath" of superlatives; bottom, lower, upper, middle, front, back and
    ordinals are none (weakness 3). Size words are superlatives without effect of their own.

What crashes that code reads here as: the whole text as target phrase, no quadrants.
"""

from __future__ import annotations

from tas_ros.language.query import ObjectPhrase, Position
from tas_ros.language.words.spacy_model import (
    DEFAULT_MODEL,
    forgetting,
    load_spacy_model,
    noun_chunk_texts,
    noun_texts,
)
from tas_ros.language.words.text import clean_command
from tas_ros.published.chunks import chunk_bounds, target_chunk, widen_chunks
from tas_ros.published.entity import ReleasedEntity, find_entity
from tas_ros.published.quadrant_choice import Quadrant, QuadrantQuery, quadrants_on_sides

_UP = ("above", "top", "north")
_LEFT = ("left", "west")
_RIGHT = ("right", "east")
_DOWN_BY_SUPERLATIVE = ("below", "south", "underneath")
_DOWN_BY_RELATION = ("below", "south", "under")
_SIDE_OF_WORD = {
    **dict.fromkeys(_LEFT, Position.LEFT),
    **dict.fromkeys(_RIGHT, Position.RIGHT),
    **dict.fromkeys(_UP, Position.TOP),
    **dict.fromkeys(_DOWN_BY_RELATION, Position.BOTTOM),
}


class ReleasedParser:
    """Reads sentences as the released code does. Not thread-safe (spaCy pipelines keep state); one worker owns it.

    model: name of an installed spaCy pipeline. The published numbers were made with en_core_web_trf.
    max_characters: longer texts raise InvalidCommandError.
    """

    def __init__(self, model: str = DEFAULT_MODEL, max_characters: int = 500) -> None:
        self._nlp = load_spacy_model(model)
        self._max_characters = max_characters

    def parse(self, text: str) -> QuadrantQuery:
        """Every readable text is a reference; its quadrants are settled here.

        Raises InvalidCommandError for text that is empty, too long, binary or no text at all.
        """
        clean_command(text, self._max_characters)
        sentence = text.lower()
        with forgetting(self._nlp):
            doc = self._nlp(sentence)
            chunks = chunk_bounds(doc)
            bounds = target_chunk(doc, chunks)
            target = doc[bounds[0] : bounds[1]] if bounds else doc[:]
            phrase = target.text if bounds else sentence
            entity = find_entity(doc, chunks, widen_chunks(doc, chunks))
            return QuadrantQuery(
                text=text,
                expression=sentence,
                target=ObjectPhrase(phrase, target.root.lemma_),
                quadrants=_quadrants(sentence, phrase, entity),
            )

    def noun_phrases(self, text: str) -> tuple[ObjectPhrase, ...]:
        """The noun chunks of free text, with article, and the lemma of each one's root; empty for empty text."""
        with forgetting(self._nlp):
            return tuple(ObjectPhrase(chunk.text, chunk.root.lemma_) for chunk in self._nlp(text).noun_chunks)

    def noun_chunks(self, text: str) -> tuple[str, ...]:
        """Base noun phrases of free text as they stand in it, with article and case, in order."""
        with forgetting(self._nlp):
            return noun_chunk_texts(self._nlp(text))

    def nouns(self, text: str) -> tuple[str, ...]:
        """The words of `text` that are tagged as common or proper nouns, as they stand in it, in order.

        The released code asks nltk's perceptron tagger, which needs data of its own; the parser has the same tag set.
        """
        with forgetting(self._nlp):
            return noun_texts(self._nlp(text))


def _quadrants(sentence: str, phrase: str, entity: ReleasedEntity | None) -> tuple[Quadrant, ...]:
    """Quadrants in which the released rectifier looks; none where it leaves the choice alone."""
    if entity is None or entity.text != phrase or bool(entity.relations) == entity.superlative:
        return ()
    if entity.superlative:
        return quadrants_on_sides(_horizontal(sentence), _vertical(sentence, _DOWN_BY_SUPERLATIVE))
    quadrants: tuple[Quadrant, ...] = ()
    for relation in entity.relations:
        word = next((word for word in relation.words if word in _SIDE_OF_WORD), None)
        if word is not None and (relation.other == entity.text or word in relation.other):
            side = _SIDE_OF_WORD[word]
            if side in (Position.LEFT, Position.RIGHT):
                quadrants = quadrants_on_sides(side, _vertical(sentence, _DOWN_BY_RELATION))
            else:
                quadrants = quadrants_on_sides(_horizontal(sentence), side)
    return quadrants


def _horizontal(sentence: str) -> Position | None:
    if any(word in sentence for word in _LEFT):
        return Position.LEFT
    return Position.RIGHT if any(word in sentence for word in _RIGHT) else None


def _vertical(sentence: str, down: tuple[str, ...]) -> Position | None:
    if any(word in sentence for word in _UP):
        return Position.TOP
    return Position.BOTTOM if any(word in sentence for word in down) else None
