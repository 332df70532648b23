# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What a new backend costs: one file and one line in the registry. Nothing else of the package is touched."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tas_ros.choices.registry import BACKENDS
from tas_ros.pipeline import Pipeline
from tas_ros.referral.referral import Status
from tas_ros.vision.frame import Frame

FILE = '''
"""Proposes the four quarters of the picture."""

import numpy as np

from tas_ros.vision.frame import Frame
from tas_ros.vision.proposals import Proposals


class QuarterProposer:
    def __init__(self, quality: float = 0.9) -> None:
        self._quality = quality

    def propose(self, frame: Frame) -> Proposals:
        masks = np.zeros((4, frame.height, frame.width), bool)
        rows, columns = frame.height // 2, frame.width // 2
        masks[0, :rows, :columns] = masks[1, :rows, columns:] = True
        masks[2, rows:, :columns] = masks[3, rows:, columns:] = True
        return Proposals(masks, np.full(4, self._quality, np.float32))
'''
LINE = ("quarters", "quarter_proposer:QuarterProposer")
PROFILE = "base: embedded\nproposer: {name: quarters, options: {quality: 0.8}}\n"


def test_a_proposer_is_one_file_and_one_registry_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "quarter_proposer.py").write_text(FILE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(BACKENDS["proposer"], *LINE)
    (tmp_path / "mine.yaml").write_text(PROFILE)
    picture = np.full((120, 160, 3), 128, np.uint8)
    picture[60:, 80:] = (200, 20, 20)

    pipeline = Pipeline.load(profile=str(tmp_path / "mine.yaml"))
    scene = pipeline.scene(Frame(picture))
    assert len(scene.proposals) == 4 and np.allclose(scene.proposals.quality, 0.8)
    referral = pipeline.refer(scene, pipeline.parse("the red one"))
    assert referral.status is Status.FOUND and referral.best is not None
    assert referral.best.box == (80, 60, 160, 120)
