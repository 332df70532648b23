# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Scene: what is seen in one frame. Every stage runs when first asked for and is kept for further commands."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tas_ros.cancellation import check_cancelled
from tas_ros.vision.captioning import CaptionRule
from tas_ros.vision.filtering import AnyFilterRule, FilterRule, filter_proposals
from tas_ros.vision.frame import Frame
from tas_ros.vision.objectness import ObjectnessRule, ThingRule, parthood, standing, thing_likeness
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.protocols import ColourNamer, ImageTextEncoder, MaskProposer, ThingJudge
from tas_ros.vision.region_views import RegionView, cut_regions
from tas_ros.vision.surface_points import SurfacePoints, sample_surface
from tas_ros.vision.upright import upright

T = TypeVar("T")


class Captioner(Protocol):
    """Says in words what a region shows."""

    def caption_regions(self, scene: Scene) -> tuple[str, ...]:
        """One caption for each of the scene's proposals, in their order, under `scene.rules.caption`."""
        ...

    def caption_image(self, scene: Scene) -> str:
        """A caption of the whole image whose noun phrases name the things in it."""
        ...


@dataclass(frozen=True)
class VisionModels:
    """The loaded backends a Scene draws on."""

    proposer: MaskProposer
    encoder: ImageTextEncoder
    captioner: Captioner
    colour_namer: ColourNamer


@dataclass(frozen=True)
class VisionRules:
    """How a frame is analysed, whatever the models: the vision part of a preset."""

    filter: AnyFilterRule = field(default_factory=FilterRule)
    objectness: ObjectnessRule = field(default_factory=ObjectnessRule)
    thing: ThingRule = field(default_factory=ThingRule)
    views: tuple[RegionView, ...] = ()
    """How regions are shown to the encoder, one feature each; none leaves it to the encoder."""
    caption: CaptionRule = field(default_factory=CaptionRule)
    upright: bool = True
    """Whether encoder and captioner are shown what a rolled camera sees turned upright, where its pose is known."""


@dataclass(frozen=True, eq=False)
class Scene:
    """One analysed frame. Made from the image alone; a stage not needed by a query is never run.

    given_proposals: masks to use instead of the proposer's (evaluation with given masks); they are not filtered.
    """

    frame: Frame
    models: VisionModels
    rules: VisionRules = field(default_factory=VisionRules)
    given_proposals: Proposals | None = None
    timings: dict[str, float] = field(default_factory=dict)
    """Seconds spent in each stage that has run."""

    @cached_property
    def proposals(self) -> Proposals:
        """Filtered mask proposals (N)."""
        if self.given_proposals is not None:
            return self.given_proposals
        found = self._timed("proposals", lambda: self.models.proposer.propose(self.frame))
        return self._timed("filter", lambda: filter_proposals(found, self.rules.filter))

    @cached_property
    def standing(self) -> NDArray[np.float32]:
        """(N,) in (0, 1]: how well each proposal stands out, whatever it is.

        By its look where the encoder tells whole things from other masks, else by the proposer's own quality.
        """
        if self.given_proposals is None and self._judged[1] is not None:
            return self.thing_likeness
        return standing(self.proposals, self.rules.objectness)

    @cached_property
    def thing_likeness(self) -> NDArray[np.float32]:
        """(N,) in (0, 1]: how much each proposal looks like a thing of any kind. Masks that were given are things."""
        if self.given_proposals is not None:
            return np.ones(len(self.proposals), np.float32)
        seen = self._judged[1]
        return self._timed("objectness", lambda: thing_likeness(self.proposals, self.rules.thing, seen))

    @cached_property
    def parthood(self) -> NDArray[np.float32]:
        """(N, N) in [0, 1]: how surely each proposal is a part of each other."""
        return parthood(self.proposals)

    @cached_property
    def shown(self) -> tuple[NDArray[np.uint8], Proposals]:
        """RGB and proposals as encoder and captioner see them: (H', W', 3) and the same N masks (H', W')."""
        return upright(self.frame, self.proposals) if self.rules.upright else (self.frame.rgb, self.proposals)

    @cached_property
    def region_features(self) -> NDArray[np.float32]:
        """(V, N, D) L2-normalised features of V views of each proposal."""
        return self._judged[0]

    @cached_property
    def colours(self) -> NDArray[np.float32]:
        """(N, C) share of each proposal's pixels in each colour term of the colour namer."""
        proposals = self.proposals
        return self._timed("colours", lambda: self.models.colour_namer.name_regions(self.frame.rgb, proposals))

    @cached_property
    def captions(self) -> tuple[str, ...]:
        """A caption for each proposal."""
        self.region_features, self.colours  # noqa: B018  their time is theirs, not the captioner's
        return self._timed("captions", lambda: self.models.captioner.caption_regions(self))

    @cached_property
    def caption_features(self) -> NDArray[np.float32]:
        """(N, D) L2-normalised text features of `captions` (P-score)."""
        captions = self.captions
        return self._timed("encode_captions", lambda: self.models.encoder.encode_texts(captions))

    @cached_property
    def image_caption(self) -> str:
        """A caption of the whole image (N-score)."""
        return self._timed("caption_image", lambda: self.models.captioner.caption_image(self))

    @cached_property
    def surface_points(self) -> SurfacePoints:
        """A fixed number of pixels of each proposal, with depth where it is known."""
        return sample_surface(self.frame, self.proposals)

    @cached_property
    def depths(self) -> NDArray[np.float32]:
        """(N,) median depth in metres along the optical axis, NaN where no depth is known."""
        # A mask has depth at all its sampled points or at none.
        return np.asarray(np.median(self.surface_points.depth, axis=1), np.float32)

    @cached_property
    def _judged(self) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Features of the regions and, from an encoder that tells, how far each looks like a whole thing."""
        self.proposals  # noqa: B018  their time is theirs
        return self._timed("encode", self._encode)

    def _encode(self) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        encoder, (rgb, proposals) = self.models.encoder, self.shown
        if self.rules.views:
            views = [encoder.encode_crops(cut_regions(rgb, proposals, view)) for view in self.rules.views]
            return np.stack(views), None
        if isinstance(encoder, ThingJudge):
            return encoder.judge_regions(rgb, proposals)
        return encoder.encode_regions(rgb, proposals), None

    def _timed(self, stage: str, run: Callable[[], T]) -> T:
        check_cancelled()
        start = time.perf_counter()
        result = run()
        self.timings[stage] = time.perf_counter() - start
        return result
