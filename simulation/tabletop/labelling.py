# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Sentences of a picture as records of the index, from what is stored of it: no renderer is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.tabletop.cross_check import CrossCheck
from simulation.tabletop.observation import Observation
from simulation.tabletop.sentences import SentenceMaker
from tas_ros.evaluation.tabletop_set import read_depth, read_labels

SENTENCES = 24
"""At most, a picture."""


def label(name: str, observation: Observation, depth: NDArray[np.float32], labels: NDArray[np.uint8]) -> dict[str, Any]:
    """The fields `sentences` and `disputed` of the picture's record; the same for the same picture.

    name: seed and number of the view, "00012_1". depth: (H, W) metres as measured, NaN where unknown.
    labels: (H, W) 1 + row of the thing that shows, 0 elsewhere.
    """
    random = np.random.default_rng([20260407, *(int(part) for part in name.split("_"))])
    maker = SentenceMaker(observation, CrossCheck(observation, depth, labels), random)
    sentences = [
        {
            "id": f"{name}_{number}",
            "text": each.text,
            "kind": each.kind,
            "form": each.form,
            "perspective": each.perspective,
            "says_perspective": each.says_perspective,
            "expected": each.expected,
            "target_ids": list(each.target_ids) if each.expected == "FOUND" else [],
            "fitting_ids": list(each.target_ids),
            "rgbd_only": each.rgbd_only,
        }
        for number, each in enumerate(maker.draw(SENTENCES))
    ]
    return {"sentences": sentences, "disputed": len(maker.disputed)}


def label_anew(root: Path, record: dict[str, Any]) -> dict[str, Any]:
    """The record with its sentences drawn again from the stored picture. Raises DatasetError naming a missing file."""
    observation = Observation.from_record(record)
    return record | label(record["id"], observation, read_depth(root, record), read_labels(record))
