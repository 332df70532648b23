# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Presets: which algorithm, as data. Any profile (which models) runs under any preset."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tas_ros.choices.make_matcher import AnyScoreRule
from tas_ros.errors import UnknownBackendError
from tas_ros.matching.scores import ScoreRule
from tas_ros.published.near_synonyms import NearSynonymRule
from tas_ros.published.quadrants import QuadrantRule
from tas_ros.published.scores import PublishedScoreRule
from tas_ros.referral.decision import DecisionRule
from tas_ros.spatial.rectifier import RectifierRule
from tas_ros.vision.captioning import CaptionRule
from tas_ros.vision.objectness import ObjectnessRule, ThingRule
from tas_ros.vision.overlap_filtering import OverlapFilterRule
from tas_ros.vision.region_views import RegionView
from tas_ros.vision.scene import VisionRules


@dataclass(frozen=True)
class Preset:
    """The rules of every stage between the models and the answer."""

    name: str
    vision: VisionRules = field(default_factory=VisionRules)
    score: AnyScoreRule = field(default_factory=ScoreRule)
    rectifier: RectifierRule | QuadrantRule | None = field(default_factory=RectifierRule)
    """None leaves direction words without effect."""
    decision: DecisionRule = field(default_factory=DecisionRule)
    parser: str = ""
    """Parser backend to use instead of the profile's; empty for the profile's."""


def _published_vision(box_without_last: bool) -> VisionRules:
    return VisionRules(
        filter=OverlapFilterRule(min_area=2000, max_overlap=0.4),
        objectness=ObjectnessRule(quality_exponent=0.0, part_penalty=0.0),
        thing=ThingRule(exponent=0.0, doubt=0.0),
        views=(RegionView("black", box_without_last),),
        caption=CaptionRule(RegionView("blurred", box_without_last), beams=5, max_new_tokens=30),
        upright=False,
    )


_PAPER = Preset(
    name="paper",
    vision=_published_vision(box_without_last=False),
    score=PublishedScoreRule(visual_weight=1.0, positive_weight=0.1, negative_weight=0.7),
    rectifier=QuadrantRule(),
    # Published TAS always answers: its weights say which mask is best, never whether any is good.
    decision=DecisionRule(found_threshold=0.0, doubt=0.0, unverified=1.0, ambiguity_ratio=1.01),
)
_RELEASED = replace(_PAPER, name="released", vision=_published_vision(box_without_last=True), parser="released")
"""The published algorithm with every quirk of the released code that decides a selection (published/parser.py)."""


def _without_wordnet(preset: Preset) -> Preset:
    rule = PublishedScoreRule(near_synonyms=NearSynonymRule(source="same_noun"))
    return replace(preset, name=f"{preset.name}_without_wordnet", score=rule)


PRESETS: dict[str, Preset] = {
    each.name: each
    for each in (Preset("default"), _PAPER, _RELEASED, _without_wordnet(_PAPER), _without_wordnet(_RELEASED))
}
"""`default`, `paper` and `released` as in docs/method.md; the last two for machines where no WordNet can be had."""


def get_preset(name: str) -> Preset:
    """The preset of that name. Raises UnknownBackendError."""
    try:
        return PRESETS[name]
    except KeyError:
        raise UnknownBackendError(f"no preset is called {name!r}; known: {', '.join(PRESETS)}") from None
