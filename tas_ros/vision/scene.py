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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tas_ros.arrays import FloatArray, ImageArray, IndexArray, MaskArray
from tas_ros.cancellation import check_cancelled
from tas_ros.vision.captioning import CaptionRule
from tas_ros.vision.filtering import AnyFilterRule, FilterRule, filter_proposals
from tas_ros.vision.frame import Frame
from tas_ros.vision.neutral_light import in_neutral_light
from tas_ros.vision.objectness import (
    ObjectnessRule,
    ThingRule,
    parthood,
    soundness,
    standing,
    thing_likeness,
    thing_probability,
)
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.protocols import ColourNamer, ImageTextEncoder, MaskProposer, ThingJudge
from tas_ros.vision.region_views import RegionView, cut_regions
from tas_ros.vision.surface_points import SurfacePoints, sample_surface
from tas_ros.vision.upright import upright
from tas_ros.vision.working_size import WORKING_PIXELS, FullSize, reduce

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
    working_pixels: int = WORKING_PIXELS
    """Larger frames are analysed at so many pixels. Areas and boxes of the other rules are meant at that size."""


@dataclass(frozen=True, eq=False)
class Scene:
    """One analysed frame. Made from the image alone; a stage not needed by a query is never run.

    All stages work on `frame`. Where that is a reduction, what is told of the proposals outside is in the pixels of the
    picture that came: `picture`, `proposals`, `centroids`, `in_picture`.

    given_proposals: masks to use instead of the proposer's (evaluation with given masks); they are not filtered.
    full_size: what `frame` and `given_proposals` were reduced from; None where they are as they came.
    """

    frame: Frame
    models: VisionModels
    rules: VisionRules = field(default_factory=VisionRules)
    given_proposals: Proposals | None = None
    timings: dict[str, float] = field(default_factory=dict)
    """Seconds spent in each stage that has run."""
    full_size: FullSize | None = None

    @classmethod
    def of(cls, frame: Frame, models: VisionModels, rules: VisionRules, given: Proposals | None = None) -> Scene:
        """A scene of `frame` at its working size; `given` masks are of the frame's own size."""
        reduced, masks, full_size = reduce(frame, rules.working_pixels, given)
        return cls(reduced, models, rules, masks, full_size=full_size)

    @cached_property
    def proposals(self) -> Proposals:
        """Filtered mask proposals (N) as masks of the picture; those of a reduced frame are all enlarged for it."""
        full = self.full_size
        if full is None:
            return self.working_proposals
        if full.given is not None:
            return full.given
        masks = np.array(list(self.full_masks()), np.bool_).reshape(-1, *self.picture.shape[:2])
        return Proposals(masks, self.working_proposals.quality)

    @cached_property
    def working_proposals(self) -> Proposals:
        """Filtered mask proposals (N) of `frame`."""
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
        return standing(self.working_proposals, self.rules.objectness)

    @cached_property
    def thing_likeness(self) -> NDArray[np.float32]:
        """(N,) in (0, 1]: how much each proposal looks like a thing of any kind. Masks that were given are things."""
        if self.given_proposals is not None:
            return np.ones(len(self.working_proposals), np.float32)
        return thing_likeness(self._thing_probability, self.rules.thing)

    @cached_property
    def soundness(self) -> NDArray[np.float32]:
        """(N,) in (0, 1]: what the score of each proposal keeps for being one whole thing. Given masks are that."""
        if self.given_proposals is not None or not self.rules.thing.doubt:
            return np.ones(len(self.working_proposals), np.float32)
        return soundness(self._thing_probability, self.working_proposals.quality, self.rules.thing)

    @cached_property
    def _thing_probability(self) -> NDArray[np.float32]:
        """(N,) in (0, 1)."""
        proposals, rule, seen = self.working_proposals, self.rules.thing, self._judged[1]
        return self._timed("objectness", lambda: thing_probability(proposals, rule, seen))

    @cached_property
    def parthood(self) -> NDArray[np.float32]:
        """(N, N) in [0, 1]: how surely each proposal is a part of each other."""
        return parthood(self.working_proposals)

    @cached_property
    def shown(self) -> tuple[NDArray[np.uint8], Proposals]:
        """RGB and proposals as encoder and captioner see them: (H', W', 3) and the same N masks (H', W')."""
        proposals = self.working_proposals
        return upright(self.frame, proposals) if self.rules.upright else (self.frame.rgb, proposals)

    @cached_property
    def region_features(self) -> NDArray[np.float32]:
        """(V, N, D) L2-normalised features of V views of each proposal."""
        return self._judged[0]

    @cached_property
    def colours(self) -> NDArray[np.float32]:
        """(N, C) share of each proposal's pixels in each colour term of the colour namer, as the camera gives them.

        For captions: they are compared with what the encoder sees, and that is the picture as it is.
        """
        proposals = self.working_proposals
        return self._timed("colours", lambda: self.models.colour_namer.name_regions(self.frame.rgb, proposals))

    @cached_property
    def colours_in_neutral_light(self) -> NDArray[np.float32]:
        """(N, C) the same as people call them, who see past the colour of the light."""
        proposals, namer = self.working_proposals, self.models.colour_namer
        return self._timed(
            "colours_in_neutral_light", lambda: namer.name_regions(in_neutral_light(self.frame.rgb), proposals)
        )

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
        return sample_surface(self.frame, self.working_proposals)

    @cached_property
    def depths(self) -> NDArray[np.float32]:
        """(N,) median depth in metres along the optical axis, NaN where no depth is known."""
        # A mask has depth at all its sampled points or at none.
        return np.asarray(np.median(self.surface_points.depth, axis=1), np.float32)

    @property
    def picture(self) -> ImageArray:
        """(H, W, 3) uint8 RGB as it came."""
        return self.frame.rgb if self.full_size is None else self.full_size.picture

    @property
    def centroids(self) -> FloatArray:
        """(N, 2) mean x, y of each proposal in the picture."""
        centroids = self.working_proposals.centroids
        return centroids if self.full_size is None else self.full_size.points(centroids)

    def full_masks(self, rows: Sequence[int] | None = None) -> Sequence[MaskArray]:
        """Those proposals, or all, as masks (H, W) of the picture; given ones as they were given."""
        return self.in_picture(range(len(self.working_proposals)) if rows is None else rows)[0]

    def in_picture(self, rows: Sequence[int]) -> tuple[Sequence[MaskArray], IndexArray, IndexArray]:
        """Masks (H, W) of those proposals, and (N, 4) boxes and (N,) areas of all, in the picture.

        Where the frame is reduced, only the masks of `rows` are made, and box and area are theirs; any other box is the
        smallest that covers the reduced one, any other area is scaled.
        """
        full = self.full_size
        if full is None or full.given is not None:
            whole = self.working_proposals if full is None or full.given is None else full.given
            return [whole.masks[row] for row in rows], whole.boxes, whole.areas
        boxes, areas = full.boxes(self.working_proposals.boxes), full.areas(self.working_proposals.areas)
        masks = full.masks((self.working_proposals.masks[row] for row in rows), self.frame.rgb)
        boxes[list(rows)], areas[list(rows)] = masks.boxes, masks.areas
        return masks, boxes, areas

    def reduced(self, mask: MaskArray) -> MaskArray:
        """A mask of the picture in the pixels of `frame`; one of any other size as it is."""
        if self.full_size is None or mask.shape != self.picture.shape[:2]:
            return mask
        return self.full_size.reduced(mask)

    @cached_property
    def _judged(self) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Features of the regions and, from an encoder that tells, how far each looks like a whole thing."""
        self.working_proposals  # noqa: B018  their time is theirs
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
