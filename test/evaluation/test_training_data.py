# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tas_ros.choices.profile import BackendChoice
from tas_ros.choices.profiles import PROFILES
from tas_ros.choices.registry import BACKENDS
from tas_ros.evaluation.training_data import LEAK_CLASSES, describe_training_data
from tas_ros.models.catalogue import CATALOGUE
from training.coco_photos import learnt_photos

REAL_PHOTOS = Path(__file__).parents[2].parent / "shared" / "eval" / "real_photos"


@pytest.mark.parametrize("name", PROFILES)
def test_every_backend_of_every_profile_is_on_record(name: str) -> None:
    described = describe_training_data(PROFILES[name])
    assert described["leak_class"] in LEAK_CLASSES[:-1]
    assert {kind: each["name"] for kind, each in described["backends"].items()}["encoder"] == PROFILES[
        name
    ].encoder.name
    assert all(each["trained_on"] != "not recorded" for each in described["backends"].values())


@pytest.mark.parametrize(
    ("name", "leak"), [("embedded", "COCO instances"), ("realtime", "COCO captions"), ("paper", "COCO captions")]
)
def test_profiles_with_weights_learned_on_coco_say_so(name: str, leak: str) -> None:
    assert describe_training_data(PROFILES[name])["leak_class"] == leak


@pytest.mark.skipif(not REAL_PHOTOS.is_dir(), reason="the real photos are not on this machine")
def test_no_photo_that_is_measured_on_was_learnt_from() -> None:
    measured = json.loads((REAL_PHOTOS / "refer_eval.json").read_text("utf-8"))["images"]
    assert not learnt_photos() & {int(each["id"]) for each in measured}


@pytest.mark.parametrize("model", CATALOGUE)
def test_every_catalogue_model_is_on_record(model: str) -> None:
    profile = replace(PROFILES["embedded"], encoder=BackendChoice("open_clip", model=model))
    encoder = describe_training_data(profile)["backends"]["encoder"]
    assert encoder["trained_on"] != "not recorded"
    assert encoder["model"] == model


@pytest.mark.parametrize("name", BACKENDS["parser"])
def test_every_parser_is_on_record(name: str) -> None:
    profile = replace(PROFILES["embedded"], parser=BackendChoice(name))
    assert describe_training_data(profile)["backends"]["parser"]["leak_class"] == "none"


def test_own_files_count_as_the_worst() -> None:
    profile = replace(PROFILES["paper"], proposer=BackendChoice("segment_anything", model="/home/me/finetuned.pth"))
    described = describe_training_data(profile)
    assert described["leak_class"] == "unknown"
    assert described["backends"]["proposer"]["trained_on"] == "not recorded"
