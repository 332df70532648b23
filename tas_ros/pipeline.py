# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The whole method on one screen: command to Query, image to Scene, (Scene, Query) to Referral."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tas_ros.arrays import FloatArray, MaskArray
from tas_ros.cancellation import check_cancelled
from tas_ros.choices import registry
from tas_ros.choices.make_matcher import AnyMatcher, load_resources, make_matcher
from tas_ros.choices.presets import Preset, get_preset
from tas_ros.choices.profile import BackendChoice, Profile
from tas_ros.choices.profiles import get_profile
from tas_ros.language.protocols import PhraseParser
from tas_ros.language.query import ObjectPhrase, Perspective, Query
from tas_ros.matching.calibration import KindCalibration
from tas_ros.matching.unverified import unverified_words
from tas_ros.models.store import ModelStore
from tas_ros.published.quadrants import QuadrantRule, quadrant_factors
from tas_ros.referral.decision import DecisionRule, Evidence, certainty, ranked_scores, rivals_of_best
from tas_ros.referral.notes import conversation_notes, spatial_notes, unverified_notes
from tas_ros.referral.previous import other_than
from tas_ros.referral.referral import Candidate, Referral, Status
from tas_ros.referral.tell_apart import tell_apart
from tas_ros.spatial.rectifier import rectify
from tas_ros.spatial.scene_geometry import SceneGeometries
from tas_ros.thread_pools import limit_threads
from tas_ros.vision.frame import Frame
from tas_ros.vision.objectness import wholeness
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.scene import Scene, VisionModels


def _silent(_: str) -> None:
    """Progress that nobody listens to."""


@dataclass(frozen=True)
class Pipeline:
    """Loaded models and rules. Not thread-safe: one worker owns it."""

    preset: Preset
    calibration: KindCalibration
    parser: PhraseParser
    models: VisionModels
    matcher: AnyMatcher
    geometries: SceneGeometries = field(default_factory=SceneGeometries)

    @classmethod
    def load(
        cls,
        profile: str | Profile = "embedded",
        preset: str | Preset = "default",
        progress: Callable[[str], None] = _silent,
        decision: DecisionRule | None = None,
        store: ModelStore | None = None,
        device: str = "auto",
        precision: str = "auto",
        threads: int = 0,
        working_pixels: int | None = None,
    ) -> Pipeline:
        """Load every model of `profile`; `progress` hears what is being loaded.

        store: where model files lie; None looks in the default places. Nothing is ever downloaded here.
        device, precision: for backends with model files: auto, cpu, cuda:0 ...; auto, fp32, fp16, bf16.
        threads: of the CPU, for one inference; 0 takes one a core. It holds for the whole process.
        working_pixels: larger frames are analysed at so many; None leaves it to the preset.
        Raises ModelError when a model is missing or altered, UnknownBackendError for an unknown name, CancelledError.
        """
        models = get_profile(profile) if isinstance(profile, str) else profile
        rules = get_preset(preset) if isinstance(preset, str) else preset
        if decision is not None:
            rules = replace(rules, decision=decision)
        if working_pixels is not None:
            rules = replace(rules, vision=replace(rules.vision, working_pixels=working_pixels))
        files = store or ModelStore()
        # All are looked for before the first is loaded, so that a missing one is told at once.
        load_resources(rules.score)
        limit_threads(threads)
        fetch = profile if isinstance(profile, str) else ""
        checkpoints = {model: files.require(model, fetch) for model in models.model_files}

        def load(kind: str, choice: BackendChoice) -> object:
            check_cancelled()
            progress(f"loading {kind.replace('_', ' ')} '{choice.name}'" + (f" {choice.model}" if choice.model else ""))
            options = dict(choice.options)
            if choice.model:
                # What a profile says of one backend (the paper's CLIP in fp32) holds against what is said of all.
                options = {
                    "device": device,
                    "precision": precision,
                    **options,
                    "checkpoint": checkpoints[choice.model],
                }
            return registry.create(kind, choice.name, options)

        vision = VisionModels(
            proposer=load("proposer", models.proposer),  # type: ignore[arg-type]
            encoder=load("encoder", models.encoder),  # type: ignore[arg-type]
            captioner=load("captioner", models.captioner),  # type: ignore[arg-type]
            colour_namer=load("colour_namer", models.colour_namer),  # type: ignore[arg-type]
        )
        reader = BackendChoice(rules.parser, models.parser.options) if rules.parser else models.parser
        parser: PhraseParser = load("parser", reader)  # type: ignore[assignment]
        matcher = make_matcher(vision.encoder, parser, rules.score, models.kind_calibration)
        return cls(rules, models.kind_calibration, parser, vision, matcher)

    def with_preset(self, preset: Preset) -> Pipeline:
        """The same loaded models under other score, rectifier or decision rules (ablations, sweeps).

        Scenes serve both, so nothing of an image is done again. Raises ValueError when `preset` needs another parser or
        analyses frames differently.
        """
        if (preset.vision, preset.parser) != (self.preset.vision, self.preset.parser):
            raise ValueError(f"preset {preset.name!r} analyses frames or reads text differently; load it on its own")
        matcher = make_matcher(self.models.encoder, self.parser, preset.score, self.calibration)
        return replace(self, preset=preset, matcher=matcher)

    def parse(self, text: str) -> Query:
        """Command to Query. Raises InvalidCommandError when the text cannot be read at all."""
        return self.parser.parse(text)

    def scene(self, frame: Frame, given: Proposals | None = None) -> Scene:
        """Image to Scene: costs nothing until a command needs a stage, but for the reduction of a large image.

        given: masks to choose from instead of the proposer's, of the frame's own size.
        """
        return Scene.of(frame, self.models, self.preset.vision, given)

    def refer(
        self,
        scene: Scene,
        query: Query,
        perspective: Perspective = Perspective.CAMERA,
        previous: MaskArray | None = None,
    ) -> Referral:
        """Which of the scene's proposals the query means.

        perspective: whose left and right is meant where the query does not say.
        previous: (H, W) the mask last answered, of the image's size, which "the other one" is not.
        Raises CancelledError.
        """
        if not query.valid:
            return Referral(Status.NOT_A_REFERENCE, query, reason=query.invalid_reason)
        timings = _Stopwatch(scene)
        if not len(scene.working_proposals):
            return Referral(
                Status.NOT_FOUND, query, reason="nothing in view stands out as an object", timings=timings.read()
            )
        self.matcher.prepare(query)
        timings.lap("encode_text")
        target = self.matcher.match(scene, query.target, query.expression)
        timings.lap("match")

        def match_anchor(anchor: ObjectPhrase) -> FloatArray:
            return self.matcher.match(scene, anchor).probability

        # What is called by no name must look like a thing at all; of a mug the name says enough.
        standing = scene.standing if query.target.head else scene.thing_likeness
        likeness = target.likeness * standing * self._wholeness(scene, target.likeness)
        rule = self.preset.rectifier
        perspective = query.perspective or perspective
        factors: Mapping[str, FloatArray] = {}
        met = np.ones_like(likeness)
        notes: tuple[str, ...] = ()
        if isinstance(rule, QuadrantRule):
            factors = quadrant_factors(query, scene.working_proposals.masks, likeness, rule)
            met = np.asarray(np.prod([*factors.values(), met], axis=0), np.float32)
        elif rule is not None:
            reference, geometry = self.geometries.of(scene, perspective)
            rectified = rectify(query, geometry, likeness, match_anchor, rule)
            factors, met = rectified.factors, rectified.met
            notes = spatial_notes(query, reference, geometry)
        if query.other and previous is not None:
            factors = {**factors, "other": other_than(scene.reduced(previous), scene.working_proposals)}
            met = met * factors["other"]
        if self.preset.decision.unverified < 1:
            notes += unverified_notes(query)
        notes += conversation_notes(query, previous)
        timings.lap("rectify")
        spatial = np.asarray(np.prod([*factors.values(), np.ones_like(likeness)], axis=0), np.float32)
        whole = self._wholeness(scene, target.likeness * spatial)
        unseen = self.preset.decision.unverified ** len(unverified_words(query.target))
        score = np.clip(target.probability * whole * met * unseen * scene.soundness, 1e-6, 1.0)
        evidence = Evidence(target.likeness * whole, standing, spatial, score)
        answer = self._answer(scene, query, evidence, {**target.shares, **factors}, perspective)
        return replace(answer, notes=notes, timings=timings.read())

    def _wholeness(self, scene: Scene, fit: FloatArray) -> FloatArray:
        """(N,) what each proposal keeps for being no part of one that fits as well."""
        return wholeness(scene.parthood, fit, self.preset.vision.objectness)

    def _answer(
        self,
        scene: Scene,
        query: Query,
        evidence: Evidence,
        shares: dict[str, FloatArray],
        perspective: Perspective,
    ) -> Referral:
        rule, proposals = self.preset.decision, scene.working_proposals
        captions = scene.captions if self.preset.score.positive_weight else ("",) * len(proposals)
        order = evidence.order.tolist()
        best, own_score = order[0], evidence.score
        rivals = rivals_of_best(evidence, proposals.containment, rule)
        certain = certainty(evidence, [best, *rivals], proposals.containment, rule)
        fits = certain >= rule.found_threshold
        fitting = [best, *rivals] if fits else []
        ranked = [*fitting, *(i for i in order if i not in fitting)]
        scores = ranked_scores(evidence, ranked, certain)
        masks, boxes, areas = scene.in_picture(fitting)
        shares = {**shares, "own_score": own_score}
        candidates = tuple(
            Candidate(
                index=i,
                box=tuple(int(v) for v in boxes[i]),  # type: ignore[arg-type]
                area=int(areas[i]),
                score=float(score),
                shares={name: float(values[i]) for name, values in shares.items()},
                caption=captions[i],
                contender=i in fitting,
            )
            for i, score in zip(ranked[: rule.max_candidates], scores, strict=False)
        )
        status, reason = Status.FOUND, ""
        if not fits:
            status = Status.NOT_FOUND
            reason = (
                f"nothing matches '{query.expression}': the closest is {candidates[0].caption or 'a region'} with "
                f"score {candidates[0].score:.2f}, below {rule.found_threshold:.2f}"
            )
            if own_score[best] >= rule.found_threshold:
                reason += ", as another thing fits nearly as well"
        elif rivals:
            status = Status.AMBIGUOUS
            _, geometry = self.geometries.of(scene, perspective)
            question = tell_apart(geometry, [best, *rivals]) or "say which one"
            reason = f"'{query.expression}' fits {len(rivals) + 1} things about equally well: {question}"
        mask = masks[0] if status is Status.FOUND else None
        return Referral(status, query, candidates, mask, reason, contenders=masks if fits and rivals else ())


class _Stopwatch:
    """Seconds per stage of one command: its own laps, and the image stages it was the first to need."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._known_stages = set(scene.timings)
        self._laps: dict[str, float] = {}
        self._start = self._last = time.perf_counter()
        self._image_seconds = sum(scene.timings.values())

    def lap(self, name: str) -> None:
        """Time since the last lap, without the image stages that ran meanwhile. Raises CancelledError."""
        check_cancelled()
        now, image_seconds = time.perf_counter(), sum(self._scene.timings.values())
        self._laps[name] = max(0.0, now - self._last - (image_seconds - self._image_seconds))
        self._last, self._image_seconds = now, image_seconds

    def read(self) -> dict[str, float]:
        """All stages of this command and their total."""
        image = {name: s for name, s in self._scene.timings.items() if name not in self._known_stages}
        return {**image, **self._laps, "total": time.perf_counter() - self._start}
