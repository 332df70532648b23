# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The entity that the released TAS code sees in a sentence: a chunk, its relations and whether a superlative holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from tas_ros.language.data.word_sets import word_set
from tas_ros.published.chunks import Bounds, into_chunk

RELATION_WORDS = word_set(
    """left west right east above north top below south under bigger larger closer smaller tinier further inside within
    contained"""
)
SUPERLATIVE_WORDS = word_set(
    """left west leftmost western right rightmost east eastern above north top below south underneath bigger biggest
    larger largest closer closest smaller smallest tinier tiniest further furthest"""
)
NULL_WORDS = word_set("part image side picture half region section")
"""Nouns that name a place in the view rather than a thing."""


@dataclass(frozen=True)
class ReleasedRelation:
    """Words on the way from the target down to another chunk, in sentence order, and that chunk's widened text."""

    words: tuple[str, ...]
    other: str


@dataclass(frozen=True)
class ReleasedEntity:
    """Widened text of the target's chunk and what hangs below it."""

    text: str
    relations: tuple[ReleasedRelation, ...]
    superlative: bool


def find_entity(doc: Doc, chunks: Mapping[int, Bounds], widened: Mapping[int, Bounds]) -> ReleasedEntity | None:
    """Entity of the first root, else of what governs the first chunk; None where neither leads into a chunk."""
    root = next((token for token in doc if token.head.i == token.i), None)
    head = into_chunk(root, chunks) if root is not None else None
    if head is None and chunks:
        start, end = chunks[min(chunks)]
        head = into_chunk(doc[start:end].root.head, chunks)
    if head is None:
        return None
    relations, superlative = _below(head, head, (), doc, widened)
    return ReleasedEntity(_text(doc, widened[head.i]), tuple(relations), superlative)


def _below(
    token: Token, head: Token, path: tuple[Token, ...], doc: Doc, widened: Mapping[int, Bounds]
) -> tuple[list[ReleasedRelation], bool]:
    """Relations and superlatives found at `token` and under it; `path`: the words passed on the way from `head`."""
    keyword = token.text in RELATION_WORDS or token.text in NULL_WORDS
    in_chunk = token.i in widened
    if in_chunk and token.i != head.i and not keyword:
        words = tuple(each.text for each in sorted(path, key=lambda each: each.i))
        return [ReleasedRelation(words, _text(doc, widened[token.i]))], False
    children = list(token.children)
    if not children:
        return [], any(each.text in SUPERLATIVE_WORDS for each in (*path, token))
    if not in_chunk or keyword or token.text in SUPERLATIVE_WORDS:
        path = (*path, token)
    relations: list[ReleasedRelation] = []
    superlative = False
    for child in children:
        found, extreme = _below(child, head, path, doc, widened)
        relations += found
        superlative |= extreme
    return relations, superlative


def _text(doc: Doc, bounds: Bounds) -> str:
    return str(doc[bounds[0] : bounds[1]].text)
