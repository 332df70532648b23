# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Variants of a preset that one pass over the images serves: ablations and sweeps of the score's weights."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from tas_ros.choices.presets import Preset
from tas_ros.errors import TasError

BASE = "base"
"""Name of the unaltered preset."""

SWEPT_WEIGHTS: dict[str, str] = {
    "visual": "visual_weight",
    "positive": "positive_weight",
    "negative": "negative_weight",
}
"""What a sweep calls a weight, and the field of the score rule."""


@dataclass(frozen=True)
class Variant:
    """A preset under the name its results are filed by."""

    name: str
    preset: Preset


def variants_of(base: Preset, ablations: bool, sweep: Mapping[str, Sequence[float]] | None = None) -> list[Variant]:
    """The base first, then the ablations, then every combination of the sweep's weights.

    All look at frames and read text as the base does, so that one Scene and one Query serve them.
    """
    variants = [Variant(BASE, base)]
    if ablations:
        variants += _ablations(base)
    for point in itertools.product(*(sweep or {}).values()):
        if sweep:
            variants.append(_at_weights(base, dict(zip(sweep, point, strict=True))))
    return variants


def parse_sweep(arguments: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """`positive=0,.05,.1 negative=0,.7` to weights by name. Raises TasError for what is no such list."""
    sweep: dict[str, tuple[float, ...]] = {}
    for argument in arguments:
        name, _, listed = argument.partition("=")
        try:
            values = tuple(dict.fromkeys(float(value) for value in listed.split(",")))
        except ValueError:
            values = ()
        if name not in SWEPT_WEIGHTS or name in sweep or not values:
            raise TasError(
                f"sweep {argument!r} cannot be read; give each of {', '.join(SWEPT_WEIGHTS)} at most once, as in "
                "positive=0,.05,.1"
            )
        sweep[name] = values
    return sweep


def _ablations(base: Preset) -> list[Variant]:
    """Each term of the method left out. A term that the base does not use needs no variant of its own."""
    found = []
    if base.score.positive_weight:
        found.append(_variant(base, "no_positive", positive_weight=0.0))
    if base.score.negative_weight:
        found.append(_variant(base, "no_negative", negative_weight=0.0))
    if base.rectifier is not None:
        found.append(Variant("no_rectifier", replace(base, name=f"{base.name}/no_rectifier", rectifier=None)))
    # The released code's "blip only baseline": captions of the regions against the text, nothing else.
    text_only = _variant(base, "text_only", visual_weight=0.0, positive_weight=1.0, negative_weight=0.0)
    return [*found, replace(text_only, preset=replace(text_only.preset, rectifier=None))]


def _at_weights(base: Preset, weights: Mapping[str, float]) -> Variant:
    name = ",".join(f"{key}={value:g}" for key, value in weights.items())
    return _variant(base, name, **{SWEPT_WEIGHTS[key]: value for key, value in weights.items()})


def _variant(base: Preset, name: str, **weights: float) -> Variant:
    known = {each.name for each in fields(base.score)}
    if missing := set(weights) - known:
        raise TasError(f"preset {base.name} has no {', '.join(sorted(missing))} to vary; choose another preset")
    rule: Any = base.score  # one of several kinds of rule, all with these weights
    score = replace(rule, **weights)
    return Variant(name, replace(base, name=f"{base.name}/{name}", score=score))
