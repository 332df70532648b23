# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Fits KindCalibration of profile `embedded`: `python -m training.fit_kind_calibration FOLDER`.

FOLDER is of simulation.training_tables.render_tables; only its held-out tables are used. Every visible thing of every
table is asked for every noun of the kinds' table, by the matcher itself under preset `default`, and a logistic is
fitted from the total score to whether the noun is right (Platt 1999). A noun of another kind that a person would also
accept counts as neither. Prints the line for tas_ros/choices/profiles.py and how well the probabilities hold on tables
left out of the fit.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from simulation.training_tables.render_tables import RenderedTable, read_tables
from tas_ros.choices import registry
from tas_ros.choices.presets import get_preset
from tas_ros.choices.profiles import get_profile
from tas_ros.language.query import ObjectPhrase
from tas_ros.matching.calibration import KindCalibration
from tas_ros.matching.matcher import Matcher
from tas_ros.vision.encoders.class_names import NamedClass, tabletop_classes
from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.scene import Scene, VisionModels
from training.regions import SMALLEST

RIGHT_SHARE = 0.2
"""What share of all (thing, noun) pairs should count as right: a command names something that is likely there, and a
table holds a handful of kinds, so the nouns of all other kinds would make everything improbable."""
AKIN = (
    {"cube", "box", "wooden block", "cereal box", "milk carton"},
    {"mug", "cup"},
    {"can", "cylinder"},
    {"ball", "soccer ball"},
    {"plate", "tray", "bowl"},
    {"lemon", "apple", "banana"},
    {"lego brick", "wooden block"},
    {"teddy bear", "rabbit", "duck"},
)
"""Kinds whose nouns a person may use for one another ("box" of a cube): such pairs are left out unless right."""


def observed_pairs(tables: Iterable[RenderedTable]) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    """Total scores of (thing, noun) pairs, whether the noun is right, and the number of the table."""
    profile, rule = get_profile("embedded"), get_preset("default").score
    models = VisionModels(
        proposer=registry.create("proposer", profile.proposer.name),
        encoder=registry.create("encoder", profile.encoder.name),
        captioner=registry.create("captioner", profile.captioner.name),
        colour_namer=registry.create("colour_namer", profile.colour_namer.name),
    )
    parser = registry.create("parser", profile.parser.name)
    matcher = Matcher(models.encoder, parser, rule, profile.kind_calibration)
    kinds = {kind.names[0]: kind for kind in tabletop_classes()}
    nouns = sorted({noun for kind in kinds.values() for noun in (*kind.names, *kind.common_nouns)})
    scores: list[float] = []
    right: list[bool] = []
    groups: list[int] = []
    for number, table in enumerate(tables):
        shown = [i for i in range(len(table.kinds)) if np.count_nonzero(table.labels == i + 1) >= SMALLEST]
        masks = np.stack([table.labels == i + 1 for i in shown])
        given = Proposals(masks, np.ones(len(masks), np.float32))
        scene = Scene(Frame(table.rgb), models, given_proposals=given)
        for noun in nouns:
            shares = matcher.match(scene, ObjectPhrase(noun, noun.split()[-1])).shares
            total = (
                shares["visual_text"]
                + rule.positive_weight * shares["positive"]
                - rule.negative_weight * shares["negative"]
            )
            for row, i in enumerate(shown):
                verdict = _is_right(noun, table.kinds[i], kinds)
                if verdict is not None:
                    scores.append(float(total[row]))
                    right.append(verdict)
                    groups.append(number)
    return np.array(scores), np.array(right), np.array(groups)


def _is_right(noun: str, kind: str, kinds: dict[str, NamedClass]) -> bool | None:
    """Whether the noun names a thing of that kind; None where people differ."""
    if noun in (*kinds[kind].names, *kinds[kind].common_nouns):
        return True
    akin = {other for group in AKIN if kind in group for other in group}
    if any(noun in (*kinds[other].names, *kinds[other].common_nouns) for other in akin):
        return None
    return False


def fit(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> KindCalibration:
    """The logistic of least cross-entropy with right pairs weighted to RIGHT_SHARE."""
    weights = _weights(right)

    def loss(parameters: NDArray[np.float64]) -> float:
        slope, midpoint = parameters
        margin = slope * (scores - midpoint)
        return float(np.sum(weights * np.logaddexp(0.0, np.where(right, -margin, margin))))

    slope, midpoint = minimize(loss, np.array([1.0, 2.0]), method="Nelder-Mead").x
    return KindCalibration(slope=float(slope), midpoint=float(midpoint))


def reliability(calibration: KindCalibration, scores: NDArray[np.float64], right: NDArray[np.bool_]) -> str:
    """For each tenth of probability: pairs, mean probability and share of right ones, weighted as in the fit."""
    probability = calibration.probability(scores.astype(np.float32))
    weights = _weights(right)
    lines = ["  probability   pairs   mean   right"]
    for low in np.arange(0.0, 1.0, 0.1):
        here = (probability >= low) & (probability < low + 0.1)
        if here.any():
            mean, share = (np.average(values[here], weights=weights[here]) for values in (probability, right))
            lines.append(f"  {low:.1f} to {low + 0.1:.1f}  {here.sum():6d}  {mean:5.2f}  {share:6.2f}")
    return "\n".join(lines)


def _weights(right: NDArray[np.bool_]) -> NDArray[np.float64]:
    share = right.mean()
    return np.where(right, RIGHT_SHARE / share, (1 - RIGHT_SHARE) / (1 - share)) / len(right)


def main() -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description="Fit the kind calibration of profile embedded.")
    parser.add_argument("folder", type=Path, help="of simulation.training_tables.render_tables, with held-out tables")
    options = parser.parse_args()
    scores, right, groups = observed_pairs(read_tables(options.folder, held_out=True))
    even = groups % 2 == 0
    sys.stdout.write(f"{len(scores)} pairs, {right.sum()} right; fitted on every other table, seen on the rest:\n")
    sys.stdout.write(reliability(fit(scores[even], right[even]), scores[~even], right[~even]) + "\n")
    final = fit(scores, right)
    sys.stdout.write(f"kind_calibration=KindCalibration(slope={final.slope:.2f}, midpoint={final.midpoint:.2f})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
