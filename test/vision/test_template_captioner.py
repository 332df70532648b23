# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Captions made of what the other models see."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from tas_ros.vision.captioners.template import TemplateCaptioner
from tas_ros.vision.colour_naming import BasicColourNamer
from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals
from tas_ros.vision.scene import Scene, VisionModels


@pytest.fixture
def models(hed, encoder) -> VisionModels:
    """Real ones."""
    return VisionModels(hed, encoder, TemplateCaptioner(), BasicColourNamer())


def _scene(models: VisionModels, rgb: np.ndarray, masks: np.ndarray) -> Scene:
    return Scene(Frame(rgb), models, given_proposals=Proposals(masks, np.ones(len(masks), np.float32)))


def test_a_cat_is_captioned_a_cat(models: VisionModels) -> None:
    rgb = data.chelsea()
    scene = _scene(models, rgb, np.ones((1, *rgb.shape[:2]), np.bool_))
    (caption,) = scene.captions
    assert caption.split()[0] in ("a", "an")
    assert "cat" in caption or "tabby" in caption
    assert "cat" in scene.image_caption or "tabby" in scene.image_caption


def test_every_proposal_is_captioned(models: VisionModels) -> None:
    scene = Scene(Frame(data.coffee()), models)
    assert len(scene.captions) == len(scene.proposals) > 5
    assert scene.caption_features.shape == (len(scene.proposals), 384)
    assert scene.image_caption


def test_a_colour_is_said(models: VisionModels) -> None:
    rgb = np.full((64, 64, 3), 230, np.uint8)
    rgb[16:48, 16:48] = (200, 20, 20)
    mask = np.zeros((1, 64, 64), np.bool_)
    mask[0, 16:48, 16:48] = True
    assert "red" in _scene(models, rgb, mask).captions[0].split()


def test_what_is_not_known_is_a_thing(hed, encoder) -> None:
    models = VisionModels(hed, encoder, TemplateCaptioner(min_similarity=2.0), BasicColourNamer())
    rgb = data.coffee()
    scene = _scene(models, rgb, np.ones((1, *rgb.shape[:2]), np.bool_))
    assert scene.captions[0].endswith("thing")
    assert scene.image_caption == ""


def test_no_proposals_give_no_captions(models: VisionModels) -> None:
    scene = _scene(models, data.coffee(), np.zeros((0, 400, 600), np.bool_))
    assert scene.captions == ()
    assert scene.image_caption == ""
