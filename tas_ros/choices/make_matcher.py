# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The matcher that a score rule asks for."""

from __future__ import annotations

from tas_ros.language.protocols import PhraseParser
from tas_ros.matching.calibration import KindCalibration
from tas_ros.matching.matcher import Matcher
from tas_ros.matching.scores import ScoreRule
from tas_ros.published.matcher import PublishedMatcher
from tas_ros.published.scores import PublishedScoreRule
from tas_ros.published.wordnet import load_wordnet
from tas_ros.vision.protocols import ImageTextEncoder

AnyScoreRule = ScoreRule | PublishedScoreRule
AnyMatcher = Matcher | PublishedMatcher


def load_resources(rule: AnyScoreRule) -> None:
    """Load what the rule needs beside models, so that its lack is told before any model is loaded.

    Raises ModelError when that is WordNet and there is none.
    """
    if isinstance(rule, PublishedScoreRule) and rule.negative_weight and rule.near_synonyms.source == "wordnet":
        load_wordnet(rule.near_synonyms.wordnet_folder)


def make_matcher(
    encoder: ImageTextEncoder, parser: PhraseParser, rule: AnyScoreRule, calibration: KindCalibration
) -> AnyMatcher:
    """Matcher under ScoreRule, PublishedMatcher under PublishedScoreRule (its weights need no `calibration`).

    Raises ModelError when the rule needs WordNet and there is none.
    """
    if isinstance(rule, PublishedScoreRule):
        return PublishedMatcher(encoder, parser, rule)
    return Matcher(encoder, parser, rule, calibration)
