# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Profiles: which models. Any preset (which algorithm) runs on any profile."""

from __future__ import annotations

from pathlib import Path

from tas_ros.choices.profile import BackendChoice, Profile
from tas_ros.choices.profile_file import read_profile
from tas_ros.errors import UnknownBackendError
from tas_ros.files.home_folder import expand_home
from tas_ros.matching.calibration import KindCalibration

# training.fit_kind_calibration gives slope .85 and midpoint 1.67 on renders; on photos true things score lower and
# wrong ones spread wider, so the curve is flatter. It was fitted to `conse`. For CLIP it is a guess, as no CLIP weights
# were at hand to fit it with; a profile file can set better values (kind_calibration).
_CONSE_CALIBRATION = KindCalibration(slope=0.6, midpoint=1.2)

PROFILES: dict[str, Profile] = {
    "embedded": Profile(
        name="embedded",
        proposer=BackendChoice("rgbd"),
        encoder=BackendChoice("conse"),
        captioner=BackendChoice("template"),
        colour_namer=BackendChoice("tselab"),
        parser=BackendChoice("spacy"),
        kind_calibration=_CONSE_CALIBRATION,
    ),
    "realtime": Profile(
        name="realtime",
        proposer=BackendChoice("transformers_sam", model="sam2.1-hiera-tiny"),
        # OpenAI trained its networks with the faster approximation of GELU; with the exact one they answer worse.
        encoder=BackendChoice("open_clip", {"quick_gelu": True}, "clip-vit-b-16"),
        captioner=BackendChoice("blip", model="blip-base"),
        colour_namer=BackendChoice("tselab"),
        parser=BackendChoice("spacy"),
        kind_calibration=_CONSE_CALIBRATION,
    ),
    "paper": Profile(
        name="paper",
        proposer=BackendChoice(
            "segment_anything",
            {
                "points_per_side": 8,
                "pred_iou_thresh": 0.7,
                "stability_score_thresh": 0.7,
                "crop_n_layers": 0,
                "min_mask_region_area": 800,
            },
            "sam-vit-h",
        ),
        # fp32 as published, also where the other models run in half precision.
        encoder=BackendChoice("open_clip", {"quick_gelu": True, "precision": "fp32"}, "clip-vit-b-32"),
        captioner=BackendChoice("blip2", model="blip2-opt-2.7b"),
        colour_namer=BackendChoice("tselab"),
        parser=BackendChoice("spacy"),
        kind_calibration=_CONSE_CALIBRATION,
    ),
}


def get_profile(name: str) -> Profile:
    """The built-in profile of that name, or the one in a YAML file at that path (profile_file).

    Raises UnknownBackendError for an unknown name, ModelError for a file that cannot be used.
    """
    if name in PROFILES:
        return PROFILES[name]
    path = expand_home(name) or Path(name)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return read_profile(path, PROFILES)
    raise UnknownBackendError(
        f"no profile is called {name!r}; known: {', '.join(PROFILES)}, or the path of a .yaml file"
    )
