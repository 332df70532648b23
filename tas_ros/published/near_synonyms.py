# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Which mined phrases mean the target itself, so that they are no negatives (TAS, section 3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from tas_ros.language.protocols import PhraseParser
from tas_ros.published.wordnet import load_wordnet

if TYPE_CHECKING:
    from nltk.corpus.reader.wordnet import Synset


@dataclass(frozen=True)
class NearSynonymRule:
    """How the first nouns of two phrases are compared."""

    source: Literal["wordnet", "same_noun"] = "wordnet"
    """`wordnet`: as published. `same_noun`: only the very same noun is one; needs no WordNet and is nowhere chosen
    unasked, as it leaves more negatives.
    """
    path_similarity: float = 0.9
    """Two synsets agree when WordNet's path similarity, 1 / (1 + steps), is above it; above .5 only a synset and itself
    can be."""
    synset_pairs: int = 3
    """How many pairs of synsets must agree. Nouns of fewer senses are no near-synonyms, not even of themselves."""
    wordnet_folder: str = ""
    """Folder of WordNet's index.noun, data.noun ...; empty looks where it may be (matching/wordnet.py)."""


class NearSynonyms:
    """Compares phrases under a rule. Raises ModelError when made without the WordNet that the rule needs."""

    def __init__(self, rule: NearSynonymRule, parser: PhraseParser) -> None:
        self._rule = rule
        self._parser = parser
        self._wordnet = load_wordnet(rule.wordnet_folder) if rule.source == "wordnet" else None
        self._agree = lru_cache(maxsize=4096)(self._compare)

    def first_noun(self, phrase: str) -> str:
        """The noun a phrase is compared by; empty when it has none."""
        return next(iter(self._parser.nouns(phrase)), "")

    def agree(self, noun: str, other: str) -> bool:
        """Whether two nouns, as they stand in the text, mean about the same. An empty one agrees with none."""
        return self._agree(noun, other) if noun and other else False

    def _compare(self, noun: str, other: str) -> bool:
        if self._wordnet is None:
            return noun.lower() == other.lower()
        agreeing = 0
        for synset in self._wordnet.synsets(noun):
            for rival in self._wordnet.synsets(other):
                agreeing += self._similarity(synset, rival) > self._rule.path_similarity
                if agreeing >= self._rule.synset_pairs:
                    return True
        return False

    def _similarity(self, synset: Synset, rival: Synset) -> float:
        if synset == rival:
            return 1.0
        # Different synsets are a step apart at least; walking WordNet's tree for them would take most of the time.
        return 0.0 if self._rule.path_similarity >= 0.5 else synset.path_similarity(rival) or 0.0
