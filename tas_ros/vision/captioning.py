"""How captions are asked for: the captioning part of a preset."""

from __future__ import annotations

from dataclasses import dataclass, field

from tas_ros.vision.region_views import RegionView


@dataclass(frozen=True)
class CaptionRule:
    """What a neural captioner is shown of a region and how it searches. A template captioner has no use for it."""

    view: RegionView = field(default_factory=lambda: RegionView("blurred"))
    beams: int = 3
    max_new_tokens: int = 20
