# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the pipeline needs of a parser."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from tas_ros.language.query import ObjectPhrase, Query


@runtime_checkable
class PhraseParser(Protocol):
    """Text to Query, and the nouns and noun phrases of free text."""

    def parse(self, text: str) -> Query:
        """Understand one command. Raises InvalidCommandError when the text cannot be read at all."""
        ...

    def noun_phrases(self, text: str) -> tuple[ObjectPhrase, ...]:
        """The things a caption names, in order; empty for empty text."""
        ...

    def noun_chunks(self, text: str) -> tuple[str, ...]:
        """Base noun phrases of free text as they stand in it, with article and case, in order."""
        ...

    def nouns(self, text: str) -> tuple[str, ...]:
        """The words of `text` that are tagged as common or proper nouns, as they stand in it, in order."""
        ...
