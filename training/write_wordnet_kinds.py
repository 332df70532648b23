# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Writes tas_ros/matching/wordnet_kinds.txt out of WordNet: `python -m training.write_wordnet_kinds`.

For every name of a class that the encoders' heads know and every everyday thing of the language's word lists: the
nearest of the words in general_words.txt that name it, too, its synonyms among them, and its parts among them.
What WordNet lacks, or says of another sense, stands in everyday_kinds.txt, which no program writes.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import tas_ros
from tas_ros.language.data.noun_vocabulary import BUILT_IN, THINGS
from tas_ros.matching.kinds_of_things import WORDNET_KINDS
from tas_ros.published.wordnet import load_wordnet
from tas_ros.vision.encoders.class_names import vocabulary

if TYPE_CHECKING:
    from nltk.corpus.reader.wordnet import Synset, WordNetCorpusReader

GENERAL_WORDS = Path(__file__).with_name("general_words.txt")
SOLID = tuple(f"noun.{kind}" for kind in ("artifact", "food", "animal", "plant", "object", "person", "body", "Tops"))
"""Lexicographer files of what can lie on a table or stand around it."""
LESS_MEANT = {"noun.person": SOLID, "noun.plant": ("noun.food",)}
"""Senses that are not meant where the word has another of these: a mug is no face, broccoli lies there as food."""
HEADER = """\
# Which words name the same things: written by training/write_wordnet_kinds.py out of WordNet 3, Copyright 2006 by
# Princeton University (its licence: wordnet.princeton.edu/license-and-commercial-use). Add to everyday_kinds.txt
# instead, which says what the signs mean.
"""


@dataclass(frozen=True)
class GeneralWords:
    """What general_words.txt says."""

    words: dict[Synset, str]
    without: dict[str, set[Synset]]


def sense(wordnet: WordNetCorpusReader, word: str) -> Synset | None:
    """What people mean by the word if they mean something solid."""
    found = [each for each in wordnet.synsets(word.replace(" ", "_"), "n") if each.lexname() in SOLID]
    files = {each.lexname() for each in found}
    for file, others in LESS_MEANT.items():
        if not files.isdisjoint(set(others) - {file}):
            found = [each for each in found if each.lexname() != file]
    return next((each for each in found if not each.instance_hypernyms()), None)


def general_words(wordnet: WordNetCorpusReader) -> GeneralWords:
    """The general word for each sense that general_words.txt names."""
    words: dict[Synset, str] = {}
    without: dict[str, set[Synset]] = {}
    for line in GENERAL_WORDS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            word, _, names = line.partition(": ")
            kept, _, dropped = names.partition(" without ")
            words.update((wordnet.synset(name), word) for name in kept.split(", "))
            without[word] = {wordnet.synset(name) for name in dropped.split(", ") if name}
    return GeneralWords(words, without)


def nearest_general(synset: Synset, general: GeneralWords) -> set[str]:
    """The general words of the nearest of its hypernyms that have one, on every way up."""
    found: set[str] = set()
    for above in synset.hypernyms():
        if above in general.words:
            found.add(general.words[above])
        else:
            found |= {word for word in nearest_general(above, general) if above not in general.without[word]}
    return {word for word in found if synset not in general.without[word]}


def relations(wordnet: WordNetCorpusReader) -> list[str]:
    """The file's lines, sorted."""
    general = general_words(wordnet)
    named: defaultdict[Synset, set[str]] = defaultdict(set)
    for synset, word in general.words.items():
        named[synset].add(word)
    for word in {*vocabulary(), *THINGS, *BUILT_IN} - set(general.words.values()):
        if (meant := sense(wordnet, word)) is not None:
            named[meant].add(word)
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for synset, words in named.items():
        wider = {general.words[synset]} if synset in general.words else nearest_general(synset, general)
        if synset in general.words:
            wider |= nearest_general(synset, general)
        for word in words:
            for each in wider - {word}:
                kinds[each].add(word)
            parts[word].update(part for own in synset.part_meronyms() for part in named.get(own, set()) - words)
    lines = [f"{wider} > {', '.join(sorted(narrower))}" for wider, narrower in kinds.items()]
    lines += [f"{whole} has {', '.join(sorted(own))}" for whole, own in parts.items() if own]
    lines += {" = ".join(sorted(words)) for words in named.values() if len(words) > 1}
    return sorted(lines)


def main() -> int:
    """Command line entry."""
    path = Path(tas_ros.__path__[0], WORDNET_KINDS)
    path.write_text(HEADER + "\n".join(relations(load_wordnet())) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
