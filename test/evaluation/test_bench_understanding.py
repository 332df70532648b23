# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Times of understanding and grounding alone."""

import json

from tas_ros.evaluation.bench_understanding import COMMANDS, GROUNDED, PROPOSALS, measure_grounding, measure_language
from tas_ros.language.parser import SpacyParser
from tas_ros.spatial.rectifier import RectifierRule


def test_every_construction_is_grounded_and_every_command_parsed() -> None:
    parser = SpacyParser()
    language = measure_language(parser.parse, repeats=1, warm_up=2)
    assert language["commands"] == len(COMMANDS) == len(set(COMMANDS)) >= 50
    assert language["seconds"]["count"] == len(COMMANDS)
    grounding = measure_grounding(parser.parse, RectifierRule(), repeats=2, warm_up=1)
    assert (grounding["candidates"], grounding["anchors"]) == (PROPOSALS, PROPOSALS) == (60, 60)
    assert set(grounding["seconds"]) == {"all", *GROUNDED} and grounding["seconds"]["all"]["count"] == 2 * len(GROUNDED)
    assert json.loads(json.dumps([language, grounding])) == [language, grounding]


def test_the_sentences_say_what_they_are_called() -> None:
    queries = {name: SpacyParser().parse(text) for name, text in GROUNDED.items()}
    assert queries["position"].positions and queries["superlative"].superlatives and queries["ordinal"].ordinal
    assert queries["relation"].relations and queries["nested"].relations[0].anchors[0].relations
    assert len(queries["between"].relations[0].anchors) == 2
    assert all(relation.negated for relation in queries["negated"].relations)
    assert queries["together"].ordinal and queries["together"].relations[0].anchors[0].superlatives
