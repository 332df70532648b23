"""Profiles: which models. Any preset (which algorithm) runs on any profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tas_ros.errors import UnknownBackendError
from tas_ros.matching.calibration import KindCalibration


@dataclass(frozen=True)
class BackendChoice:
    """A registered backend and its constructor options."""

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    model: str = ""
    """Entry of the model catalogue, or path, whose files the backend gets as `checkpoint`, together with `device` and
    `precision`; empty for a backend whose weights come inside a package."""


@dataclass(frozen=True)
class Profile:
    """One choice for every kind of backend."""

    name: str
    proposer: BackendChoice
    encoder: BackendChoice
    captioner: BackendChoice
    colour_namer: BackendChoice
    parser: BackendChoice
    kind_calibration: KindCalibration
    """Fitted to the encoder: from the total score to a probability."""


PROFILES: dict[str, Profile] = {
    "embedded": Profile(
        name="embedded",
        proposer=BackendChoice("rgbd"),
        encoder=BackendChoice("conse"),
        captioner=BackendChoice("template"),
        colour_namer=BackendChoice("tselab"),
        parser=BackendChoice("spacy"),
        # training.fit_kind_calibration gives slope .85 and midpoint 1.67 on renders; on photos true things score lower
        # and wrong ones spread wider, so the curve is flatter.
        kind_calibration=KindCalibration(slope=0.6, midpoint=1.2),
    ),
}


def get_profile(name: str) -> Profile:
    """The profile of that name. Raises UnknownBackendError."""
    try:
        return PROFILES[name]
    except KeyError:
        raise UnknownBackendError(f"no profile is called {name!r}; known: {', '.join(PROFILES)}") from None
