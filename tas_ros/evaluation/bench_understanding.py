# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""How long understanding and grounding a command take, apart from everything that looks at pixels."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tas_ros.arrays import FloatArray
from tas_ros.evaluation.bench_frames import given_regions, synthetic_frame
from tas_ros.evaluation.spread import spread
from tas_ros.files.poses import pose_from_text
from tas_ros.language.query import ObjectPhrase, Perspective, Query
from tas_ros.spatial.geometry import geometry_of
from tas_ros.spatial.rectifier import RectifierRule, rectify
from tas_ros.spatial.reference_frames import reference_frame
from tas_ros.vision.scene import Scene, VisionModels

Parse = Callable[[str], Query]

PROPOSALS = 60
"""N candidates; each of them may be the anchor too, so there are as many anchors."""

GROUNDED = {
    "position": "the red mug on the left",
    "superlative": "the biggest mug",
    "ordinal": "the third mug from the right",
    "relation": "the mug left of the laptop",
    "nested": "the cup next to the plate under the lamp",
    "between": "the box between the bottle and the bowl",
    "negated": "the mug that is not on the tray and not behind the box",
    "together": "the second mug from the left behind the biggest box next to the lamp",
}
"""A sentence for every construction that the rectifier treats in its own way."""

COMMANDS = (
    *GROUNDED.values(),
    "grab the red mug left of the laptop and put it in the blue bin",
    "could you please hand me the second bottle from the right",
    "um pick up the the yellow duck behind the box",
    "robot bring me the mug closest to you",
    "the one on my left",
    "put the small green cube into the bowl on the left",
    "show me the man in the white shirt holding an umbrella",
    "not the red one the other cup",
    "the tallest glass on the top shelf",
    "take the book under the lamp on the right hand side",
    "give me teh biger apple",
    "where is the remote",
    "pink",
    "the left one",
    "stop",
    "what time is it",
    "lady in the back with black hair",
    "second guy from left",
    "the woman wearing a blue dress between the two men",
    "bottom right corner pizza slice",
    "the chair farthest from the window",
    "person whose head is cut off on the left side of the picture",
    "please find the nearest bottle that is not on the tray",
    "point at the cow facing the camera",
    "the elephant behind the smaller one",
    "i want the third can from the left in the front row",
    "the laptop on the wooden desk near the window",
    "lift the cup in front of the teapot from your side",
    "fetch the umbrella leaning against the wall",
    "the black and white cat lying on the couch",
    "drop the last block onto the blue plate",
    "kid in the middle wearing a red hat",
    "the plate with the sandwich on it",
    "select the vase to the right of the clock and above the drawer",
    "move the sponge from the sink to the counter",
    "the highest balloon",
    "the donut that is closest to the coffee cup",
    "hand me the scissors next to the tape please",
    "the banana without a sticker",
    "the car parked in front of the truck",
    "the bird on the branch over the river",
    "let us take the lower drawer",
    "the horse on the far left",
    "the brown dog sleeping beside the sofa",
    "any of the white boxes at the back",
    "the robot's right arm",
    "get the phone from the table and give it to me",
    "the slice of cake on the plate in the middle",
    "the fork to the left of the knife",
    "bring the largest of the three bowls",
    "the bus that is partly hidden behind the tree",
    "ok now the pen inside the open box",
)
"""As people type and a speech recogniser hands over, short and long."""


def measure_language(parse: Parse, repeats: int, warm_up: int) -> dict[str, Any]:
    """Seconds that one command takes to be understood, over all COMMANDS, each `repeats` times."""
    for text in COMMANDS[:warm_up]:
        parse(text)
    seconds = [_seconds(parse, text) for _ in range(repeats) for text in COMMANDS]
    return {"commands": len(COMMANDS), "seconds": spread(seconds)}


def measure_grounding(parse: Parse, rule: RectifierRule, repeats: int, warm_up: int) -> dict[str, Any]:
    """Seconds from appearances to every constraint's factor, for each sentence of GROUNDED and over all of them.

    PROPOSALS random masks with depth under a camera whose pose is known, so that directions are taken in space. What is
    done once for a frame is not counted, nor is matching texts with regions: its appearances are drawn at random.
    """
    random = np.random.default_rng(0)
    frame = replace(synthetic_frame(0), robot_from_camera=_looking_down())
    scene = Scene(frame, _NO_MODELS, given_proposals=given_regions(frame, PROPOSALS, seed=0))
    likeness = _appearance(random)
    appearances: dict[ObjectPhrase, FloatArray] = {}

    def match_anchor(anchor: ObjectPhrase) -> FloatArray:
        return appearances.setdefault(anchor, _appearance(random))

    def ground(query: Query) -> None:
        rectify(query, geometry_of(scene, reference_frame(frame, Perspective.ROBOT)), likeness, match_anchor, rule)

    seconds: dict[str, list[float]] = {}
    for name, text in GROUNDED.items():
        query = parse(text)
        runs = [_seconds(ground, query) for _ in range(warm_up + repeats)]
        seconds[name] = runs[warm_up:]
    every = [each for runs in seconds.values() for each in runs]
    return {
        "candidates": PROPOSALS,
        "anchors": PROPOSALS,
        "seconds": {"all": spread(every)} | {name: spread(runs) for name, runs in seconds.items()},
    }


_NO_MODELS: VisionModels = None  # type: ignore[assignment]
"""The scene's masks are given and nothing asks what they look like."""


def _seconds(run: Callable[[Any], object], given: object) -> float:
    start = time.perf_counter()
    run(given)
    return time.perf_counter() - start


def _appearance(random: np.random.Generator) -> FloatArray:
    """(N,) as matching gives it: a few regions look like the thing, most do not."""
    return np.asarray(np.clip(random.beta(0.4, 2.0, PROPOSALS), 1e-3, 1.0), np.float32)


def _looking_down() -> NDArray[np.float64]:
    """(4, 4) of a camera 0.7 m up, pitched 45 degrees down."""
    return pose_from_text("-0.2 0 0.7 -2.356 0 -1.571")
