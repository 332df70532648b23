# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Presets `paper` and `released` end to end on the bundled recording, with the models of profile `embedded`."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("nltk")

from tas_ros.choices.make_matcher import load_resources
from tas_ros.choices.presets import get_preset
from tas_ros.demo.recording import BAG
from tas_ros.errors import ModelError
from tas_ros.pipeline import Pipeline
from tas_ros.plain_arrays import select_mask
from tas_ros.referral.referral import Status
from tas_ros.replay.bag import find_camera_topics, open_bag
from tas_ros.replay.frames import read_frames

COMMANDS = (
    "red mug",
    "mug on the right",
    "the left mug",
    "mug left of the cube",
    "a purple teapot",
    "thank you",
    "top mug",
)


@pytest.fixture(scope="module")
def frame():
    with open_bag(BAG) as reader:
        return next(iter(read_frames(reader, find_camera_topics(reader), count=1))).frame


@pytest.fixture(scope="module", params=["paper", "released"])
def pipeline(request):
    preset = get_preset(request.param)
    try:
        load_resources(preset.score)
    except ModelError as error:
        pytest.skip(str(error))
    return Pipeline.load(profile="embedded", preset=request.param)


@pytest.fixture(scope="module")
def scene(pipeline, frame):
    return pipeline.scene(frame)


@pytest.mark.parametrize("text", COMMANDS)
def test_a_reference_is_always_answered_and_as_on_plain_arrays(pipeline, scene, text):
    query = pipeline.parse(text)
    referral = pipeline.refer(scene, query)
    if not query.valid:  # preset `paper` reads as the default does, and knows talk
        assert referral.status is Status.NOT_A_REFERENCE and pipeline.preset.name == "paper"
        return
    assert referral.status is Status.FOUND and referral.mask is not None
    assert 2 < len(referral.candidates) == len(scene.proposals)
    assert all(0 < candidate.score <= 1 for candidate in referral.candidates)
    shares = {candidate.index: candidate.shares for candidate in referral.candidates}
    image, caption, negative = (
        np.array([shares[i][name] for i in range(len(shares))]) for name in ("visual_text", "positive", "negative")
    )
    assert np.abs(image).max() > 1  # logits are 100 * cosine
    chosen = select_mask(scene.proposals.masks, image, caption, negative[:, None], query, pipeline.preset)
    assert referral.candidates[0].index == chosen
    np.testing.assert_array_equal(referral.mask, scene.proposals.masks[chosen])


def test_a_direction_decides_hard(pipeline, scene):
    referral = pipeline.refer(scene, pipeline.parse("mug on the right"))
    columns = np.array([np.nonzero(mask)[1].mean() for mask in scene.proposals.masks])
    assert columns[referral.candidates[0].index] >= np.median(np.floor(columns))
    assert referral.candidates[0].shares["quadrant"] == 1
    assert "quadrant" not in pipeline.refer(scene, pipeline.parse("red mug")).candidates[0].shares


def test_ablations_share_the_scene(pipeline, scene):
    query = pipeline.parse("mug on the right")
    rules = pipeline.preset
    full = pipeline.refer(scene, query)
    free = pipeline.with_preset(replace(rules, rectifier=None)).refer(scene, query)
    assert "quadrant" not in free.candidates[0].shares
    quiet = pipeline.with_preset(replace(rules, score=replace(rules.score, negative_weight=0.0))).refer(scene, query)
    assert quiet.candidates[0].shares["negative"] == 0 < full.candidates[0].shares["negative"]
    mute = pipeline.with_preset(replace(rules, score=replace(rules.score, positive_weight=0.0))).refer(scene, query)
    assert mute.candidates[0].shares["positive"] == 0 < full.candidates[0].shares["positive"]
    assert not {"encode", "captions", "caption_image"} & set(mute.timings)


def test_a_near_synonym_of_the_target_is_no_negative(pipeline, scene):
    rules = pipeline.preset
    same_noun = get_preset(f"{rules.name}_without_wordnet")
    other = pipeline.with_preset(same_noun)
    chunks = pipeline.parser.noun_chunks(scene.image_caption)
    noun = pipeline.parser.nouns(chunks[0])[0]
    named = other.refer(scene, pipeline.parse(f"the {noun}"))
    encoder = pipeline.models.encoder
    rivals = [f"a photo of {chunk}" for chunk in chunks if pipeline.parser.nouns(chunk)[:1] != (noun,)]
    assert 0 < len(rivals) < len(chunks)
    expected = 100 * (scene.region_features.mean(axis=0) @ encoder.encode_texts(rivals).T).mean(axis=1)
    for candidate in named.candidates:
        assert candidate.shares["negative"] == pytest.approx(expected[candidate.index], rel=1e-4)


def test_without_wordnet_the_presets_that_need_it_are_refused_before_models_load(monkeypatch):
    def nowhere(folder=""):
        raise ModelError(f"no WordNet in {folder}")

    monkeypatch.setattr("tas_ros.choices.make_matcher.load_wordnet", nowhere)
    loaded = []
    with pytest.raises(ModelError, match="no WordNet"):
        Pipeline.load(profile="embedded", preset="paper", progress=loaded.append)
    assert loaded == []
    load_resources(get_preset("paper_without_wordnet").score)
    load_resources(replace(get_preset("paper").score, negative_weight=0.0))
