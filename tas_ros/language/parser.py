# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""SpacyParser: commands to Queries with a small spaCy model and the grammar of this package."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from tas_ros.language.data import vocabulary as v
from tas_ros.language.data.action_verbs import SPELT_VERBS
from tas_ros.language.data.command_words import VERBS
from tas_ros.language.data.courtesy_words import COURTESY
from tas_ros.language.expression.grammar import read_expression
from tas_ros.language.expression.reader_state import Reading
from tas_ros.language.frame.commands import Command, take_apart
from tas_ros.language.query import ObjectPhrase, Query
from tas_ros.language.words.spacy_model import (
    DEFAULT_MODEL,
    dictionary_words,
    forgetting,
    load_spacy_model,
    noun_chunk_texts,
    noun_texts,
)
from tas_ros.language.words.tagged import Word, words_of
from tas_ros.language.words.text import clean_command, correct_spelling, join_compounds, split_words
from tas_ros.language.words.word_classes import name_the_thing

_PAUSES = frozenset({",", "."})


class SpacyParser:
    """Parses referring commands. Not thread-safe (spaCy pipelines keep state); one worker owns it.

    model: name of an installed spaCy pipeline; en_core_web_sm serves in its place where only that is installed.
    max_characters: longer commands raise InvalidCommandError.
    """

    def __init__(self, model: str = DEFAULT_MODEL, max_characters: int = 500) -> None:
        self._nlp = load_spacy_model(model)
        self._max_characters = max_characters
        # A snapshot: parsing adds every word it meets to the string store, which would make a typo known.
        lexicon = {s for s in self._nlp.vocab.strings if s.isalpha() and s.islower()}
        dictionary = dictionary_words(self._nlp)
        verbs = {word for phrase in VERBS for word in phrase.split() if len(word) >= 3}
        self._dictionary = dictionary
        self._english_verbs = dictionary.get("verb", frozenset())
        self._targets = (
            v.SPELLING_ANCHORS
            | {w for w in SPELT_VERBS if len(w) >= 4}
            | {w for w in v.LOOKING if len(w) >= 6}
            | {form for t in v.THINGS if len(t) >= 4 for form in (t, t + "s")}
        )
        self._known = frozenset(lexicon.union(v.KNOWN_WORDS, verbs, self._targets, COURTESY, *dictionary.values()))

    def parse(self, text: str) -> Query:
        """Understand one command.

        Text that refers to nothing gives a Query with an invalid_reason. Raises InvalidCommandError for text that is
        empty, too long, binary or no text at all.
        """
        plain = clean_command(text, self._max_characters)
        words = join_compounds(correct_spelling(split_words(plain), self._known, self._targets))
        command = take_apart(words, self._english_verbs)
        if command.reason:
            return _invalid(text, command.reason)
        tagged = self._tag(command.expression)
        reading = read_expression(tagged)
        query = _query(text, command, reading, self._destination(command))
        return query if query is not None else _invalid(text, _nothing_named(command))

    def noun_phrases(self, text: str) -> tuple[ObjectPhrase, ...]:
        """The things that free text (a caption) names, in order; empty for empty text."""
        with forgetting(self._nlp):
            doc = self._nlp(" ".join(text.lower().split()))
            words = words_of(doc)
            chunks = [words[chunk.start : chunk.end] for chunk in doc.noun_chunks]
        phrases = []
        for chunk in chunks:
            kept = [w for w in chunk if w.pos not in ("DET", "PRON", "PUNCT", "NUM")]
            phrase = read_expression(kept).target.build() if kept else None
            if phrase is not None and phrase.head:
                phrases.append(phrase)
        return tuple(phrases)

    def noun_chunks(self, text: str) -> tuple[str, ...]:
        """Base noun phrases of free text as they stand in it, with article and case, in order."""
        with forgetting(self._nlp):
            return noun_chunk_texts(self._nlp(text))

    def nouns(self, text: str) -> tuple[str, ...]:
        """The words of `text` that are tagged as common or proper nouns, as they stand in it, in order."""
        with forgetting(self._nlp):
            return noun_texts(self._nlp(text))

    def _tag(self, words: Sequence[str]) -> list[Word]:
        with forgetting(self._nlp):
            doc = Doc(self._nlp.vocab, words=list(words))
            for _, component in self._nlp.pipeline:
                doc = component(doc)
            tagged = words_of(doc)
        return name_the_thing(tagged, self._dictionary)

    def _destination(self, command: Command) -> ObjectPhrase | None:
        if not command.destination:
            return None
        target = read_expression(self._tag(command.destination)).target
        phrase = target.build()
        if phrase.head or not phrase.relations:
            return phrase if phrase.head else None
        # "in the blue bin" is read as a relation of nothing to the bin.
        return phrase.relations[0].anchors[0]


def _query(text: str, command: Command, reading: Reading, destination: ObjectPhrase | None) -> Query | None:
    built = reading.target.build()
    # The target's own constraints stand in the Query; an anchor's stand in its phrase.
    target = ObjectPhrase(built.phrase, built.head, built.attributes, built.colours, count=built.count)
    query = Query(
        text=text,
        expression=" ".join(w for w in command.expression if w not in _PAUSES),
        target=target,
        positions=built.positions,
        superlatives=built.superlatives,
        ordinal=built.ordinal,
        lines=built.lines,
        relations=built.relations,
        excluded=tuple(reading.excluded),
        excluded_positions=tuple(reading.excluded_positions),
        perspective=command.perspective or reading.perspective,
        destination=destination,
        also=tuple(d.build() for d in reading.also if not d.is_empty),
        other=reading.other,
    )
    # "hear me": a verb alone names nothing.
    named = [w for run in reading.target.runs for w in run if w.tag not in ("VB", "VBP", "VBD") or w.pos != "VERB"]
    says_something = query.is_spatial or query.excluded or query.other or (target.phrase and named) or target.colours
    return query if says_something else None


def _nothing_named(command: Command) -> str:
    pronoun = next((w for w in command.expression if w in v.PRONOUNS), "")
    if pronoun:
        return f"'{pronoun}' in '{' '.join(command.expression)}' points at nothing I know; name the object"
    return f"'{' '.join(command.expression)}' names no object and no place"


def _invalid(text: str, reason: str) -> Query:
    return Query(text=text, expression="", target=ObjectPhrase("", ""), invalid_reason=reason)
