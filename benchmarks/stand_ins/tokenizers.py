# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Tokenizers for stand-ins of language models: the true kinds and sizes, over a vocabulary written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count, product
from typing import Any

_WORDS = """
a an the and of on in at by to is are with without from near next left right top bottom front back behind above below
between red orange yellow green blue purple pink brown black white grey large small tall short round wooden metal
plastic one two three four group pair some sitting standing lying holding wearing looking what does image describe
detail shown question answer mug cup bowl plate bottle can box book laptop keyboard mouse phone lamp chair table sofa
door window wall floor man woman boy girl person dog cat horse sheep cow bird car bus truck train bicycle boat tree
flower apple banana lemon bread cake pizza spoon fork knife ball toy bear shirt hat shoe bag clock screen picture
street field sky
"""
WORDS = tuple(_WORDS.split())
"""Most are in the vocabulary whole, as in a trained one."""

_BERT_SPECIALS = {"[PAD]": 0, "[UNK]": 100, "[CLS]": 101, "[SEP]": 102, "[MASK]": 103}
NEWLINE = "Ċ"
"""The line end in byte-level notation."""


def wordpiece_tokenizer(size: int) -> Any:
    """BERT's uncased WordPiece with its special tokens at their true ids; `size` entries (30522 is the true number)."""
    from transformers import BertTokenizer

    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,'-?!"
    entries = (*letters, *(f"##{letter}" for letter in letters), *WORDS)
    return BertTokenizer(vocab=_numbered(_BERT_SPECIALS, entries, size))


def byte_level_vocabulary(
    size: int, pinned: Mapping[str, int], last: tuple[str, ...] = ()
) -> tuple[dict[str, int], Any]:
    """Vocabulary of `size` entries and merges of a byte-level BPE, as GPT-2, OPT and BART use it.

    pinned: entries with an id of their own; every other place is filled. last: entries at the end of the vocabulary.
    """
    import json

    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=4 * len(WORDS), initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    trained.train_from_iterator([f" {word} {word}" for word in WORDS], trainer)
    merges = [(str(first), str(second)) for first, second in json.loads(trained.to_str())["model"]["merges"]]
    entries = sorted(pre_tokenizers.ByteLevel.alphabet()) + [first + second for first, second in merges]
    places = {**pinned, **{entry: size - len(last) + i for i, entry in enumerate(last)}}
    return _numbered(places, entries, size, space="Ġ"), merges


def _numbered(places: Mapping[str, int], entries: Any, size: int, space: str = "") -> dict[str, int]:
    """`entries` in order around those with a place; what is left of `size` ids is filled with invented words."""
    taken = {number: entry for entry, number in places.items()}
    if max(taken, default=0) >= size:
        raise ValueError(f"a vocabulary of {size} has no place for id {max(taken)}")
    rest = dict.fromkeys(entry for entry in entries if entry not in places)
    missing = size - len(places) - len(rest)
    if missing < 0:
        raise ValueError(f"a vocabulary of {size} is too small: {len(places) + len(rest)} entries are needed")
    invented = _invented_words()
    while missing > 0:
        word = space + next(invented)
        if word not in rest:
            rest[word] = None
            missing -= 1
    remaining = iter(rest)
    return {taken[number] if number in taken else next(remaining): number for number in range(size)}


def _invented_words() -> Iterator[str]:
    """Endless pronounceable words, longer as they run out."""
    syllables = ["".join(pair) for pair in product("bdfgklmnprstvz", "aeiou")]
    for length in count(2):
        for parts in product(syllables, repeat=length):
            yield "".join(parts)
