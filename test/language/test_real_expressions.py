# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""RefCOCO val's expressions: what names a place must be read as a place. Nothing of the set is copied here."""

import re
from pathlib import Path

import pytest

from tas_ros.language.parser import SpacyParser

REFCOCO = Path(__file__).parents[3] / "shared/eval/expressions/refcoco_val.tsv"
LEAST_SHARE = 0.99
_WORDS = """
left right top bottom upper lower middle center centre corner front back far near leftmost rightmost closest nearest
farthest furthest biggest largest smallest tallest highest lowest first second third fourth last 1st 2nd 3rd next
behind above below under underneath between beside by on in with holding wearing background foreground rear
"""
SPATIAL_WORDS = frozenset(_WORDS.split())
"""Chosen by hand, not from the parser's vocabulary; some, as in "walking by", name no place."""


@pytest.mark.skipif(not REFCOCO.is_file(), reason="RefCOCO val's expressions are not on this machine")
def test_expressions_with_a_spatial_word_yield_a_constraint() -> None:
    pytest.importorskip("spacy")
    parser = SpacyParser()
    texts = [line.split("\t")[3] for line in REFCOCO.read_text("utf-8").splitlines()[1:]]
    spatial = [text for text in texts if SPATIAL_WORDS & set(re.findall(r"[a-z0-9]+", text.lower()))]
    assert len(spatial) > 0.7 * len(texts)
    queries = [(text, parser.parse(text)) for text in spatial]
    missed = [text for text, query in queries if not (query.is_spatial or query.excluded)]
    assert len(missed) <= (1 - LEAST_SHARE) * len(spatial), missed
