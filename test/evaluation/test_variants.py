# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Which presets are evaluated beside the base."""

from dataclasses import replace

import pytest

from tas_ros.choices.presets import PRESETS
from tas_ros.errors import TasError
from tas_ros.evaluation.variants import parse_sweep, variants_of


@pytest.mark.parametrize("name", PRESETS)
def test_ablations_leave_out_one_term_and_look_at_frames_alike(name: str) -> None:
    base = PRESETS[name]
    found = {each.name: each.preset for each in variants_of(base, ablations=True)}
    assert list(found) == ["base", "no_positive", "no_negative", "no_rectifier", "text_only"]
    assert found["base"] == base
    assert found["no_positive"].score == replace(base.score, positive_weight=0)
    assert found["no_negative"].score == replace(base.score, negative_weight=0)
    assert (found["no_rectifier"].score, found["no_rectifier"].rectifier) == (base.score, None)
    alone = found["text_only"]
    assert (alone.score.visual_weight, alone.score.positive_weight, alone.score.negative_weight) == (0, 1, 0)
    assert alone.rectifier is None
    assert {(repr(each.vision), each.parser) for each in found.values()} == {(repr(base.vision), base.parser)}


def test_what_the_base_does_not_use_is_not_ablated() -> None:
    base = PRESETS["default"]
    bare = replace(base, score=replace(base.score, positive_weight=0, negative_weight=0), rectifier=None)
    assert [each.name for each in variants_of(bare, ablations=True)] == ["base", "text_only"]


def test_a_sweep_is_every_combination() -> None:
    sweep = parse_sweep(["positive=0,.1", "negative=0,0.7,0"])
    assert sweep == {"positive": (0, 0.1), "negative": (0, 0.7)}
    base = PRESETS["default"]
    found = {each.name: each.preset.score for each in variants_of(base, ablations=False, sweep=sweep)}
    assert list(found) == [
        "base",
        "positive=0,negative=0",
        "positive=0,negative=0.7",
        "positive=0.1,negative=0",
        "positive=0.1,negative=0.7",
    ]
    assert found["positive=0.1,negative=0.7"] == replace(base.score, positive_weight=0.1, negative_weight=0.7)


@pytest.mark.parametrize("wrong", ["positive", "positive=", "positive=a", "colour=1", "positive=0,,1"])
def test_a_sweep_that_cannot_be_read_is_refused(wrong: str) -> None:
    with pytest.raises(TasError, match="sweep"):
        parse_sweep([wrong])
    with pytest.raises(TasError, match="at most once"):
        parse_sweep(["positive=0", "positive=1"])
