# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Noun chunks as the released TAS code uses them: its target phrase, and the chunks it widens for the rectifier."""

from __future__ import annotations

from collections.abc import Mapping

from spacy.tokens import Doc, Token

Bounds = tuple[int, int]
"""First token and one past the last."""


def chunk_bounds(doc: Doc) -> dict[int, Bounds]:
    """Token index to the bounds of the base noun chunk it lies in; tokens outside all chunks are absent."""
    return {i: (chunk.start, chunk.end) for chunk in doc.noun_chunks for i in range(chunk.start, chunk.end)}


def into_chunk(token: Token, chunks: Mapping[int, Bounds]) -> Token | None:
    """The token, or its first child, whichever lies in a chunk; None when neither does."""
    if token.i in chunks:
        return token
    first_child = next(iter(token.children), None)
    return first_child if first_child is not None and first_child.i in chunks else None


def target_chunk(doc: Doc, chunks: Mapping[int, Bounds]) -> Bounds | None:
    """Chunk of the last root of the parse, or of that root's first child; None when there is none."""
    roots = [token for token in doc if token.head.i == token.i]
    inside = into_chunk(roots[-1], chunks) if roots else None
    return chunks[inside.i] if inside is not None else None


def widen_chunks(doc: Doc, chunks: Mapping[int, Bounds]) -> dict[int, Bounds]:
    """Chunks grown by the dependents around them, for each token by itself.

    To the left a chunk grows to the farthest token that depends on it and governs no other chunk; what lies between
    comes along. To the right the first dependent that lies in another chunk or governs one ends the growth. "Other"
    means the chunk of any other token, which is the very same chunk where it has several tokens.
    """
    ancestors = [{above.i for above in token.ancestors} for token in doc]

    def depends_on(i: int, chunk: Bounds) -> bool:
        return any(j in ancestors[i] for j in range(*chunk))

    def governs(i: int, chunk: Bounds) -> bool:
        return any(i in ancestors[j] for j in range(*chunk))

    widened: dict[int, Bounds] = {}
    for key, chunk in chunks.items():
        others = {bounds for other, bounds in chunks.items() if other != key}
        start, end = chunk
        for i in range(chunk[0]):
            if depends_on(i, chunk) and not any(governs(i, other) for other in others):
                start = i
                break
        for i in range(chunk[1], len(doc)):
            if depends_on(i, chunk):
                if i in chunks or any(governs(i, other) for other in others):
                    break
                end = i + 1
        widened[key] = (start, end)
    return widened
