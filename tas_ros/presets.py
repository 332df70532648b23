"""Presets: which algorithm, as data. Any profile (which models) runs under any preset."""

from __future__ import annotations

from dataclasses import dataclass, field

from tas_ros.errors import UnknownBackendError
from tas_ros.matching.scores import ScoreRule
from tas_ros.referral_decision import DecisionRule
from tas_ros.spatial.rectifier import RectifierRule
from tas_ros.vision.scene import VisionRules


@dataclass(frozen=True)
class Preset:
    """The rules of every stage between the models and the answer."""

    name: str
    vision: VisionRules = field(default_factory=VisionRules)
    score: ScoreRule = field(default_factory=ScoreRule)
    rectifier: RectifierRule | None = field(default_factory=RectifierRule)
    """None leaves direction words without effect."""
    decision: DecisionRule = field(default_factory=DecisionRule)
    parser: str = ""
    """Parser backend to use instead of the profile's; empty for the profile's."""


PRESETS: dict[str, Preset] = {"default": Preset("default")}


def get_preset(name: str) -> Preset:
    """The preset of that name. Raises UnknownBackendError."""
    try:
        return PRESETS[name]
    except KeyError:
        raise UnknownBackendError(f"no preset is called {name!r}; known: {', '.join(PRESETS)}") from None
