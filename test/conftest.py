# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Fixtures that several folders use."""

import json
import os
from pathlib import Path
from typing import Any

from tas_ros.thread_pools import prepare_environment

prepare_environment()  # before numpy is imported here or in any test; processes that tests start inherit it

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402

from tas_ros.language.parser import SpacyParser  # noqa: E402


class ToyEvaluationSet:
    """A tiny COCO-style set: two pictures, three boxes each, four sentences."""

    height, width = 40, 60
    boxes = {1: (0, 0, 20, 20), 2: (30, 0, 50, 20), 3: (0, 0, 60, 40)}  # noqa: RUF012  read only

    def content(self) -> dict[str, Any]:
        """The json's content, to be altered at will."""
        annotations = [
            {"id": image * 10 + number, "image_id": image, "segmentation": [[x0, y0, x1, y0, x1, y1, x0, y1]]}
            for image in (1, 2)
            for number, (x0, y0, x1, y1) in self.boxes.items()
        ]
        sentences = [(1, 11, "left box"), (1, 12, "right box"), (1, 11, "the box on the left"), (2, 23, "everything")]
        return {
            "images": [{"id": i, "file_name": f"{i}.png", "height": self.height, "width": self.width} for i in (1, 2)],
            "annotations": annotations,
            "expressions": [
                {"id": i, "image_id": image, "ann_id": ann, "text": text, "types": ["spatial"], "dataset": "toy"}
                for i, (image, ann, text) in enumerate(sentences)
            ],
        }

    def write(self, root: Path, index: dict[str, Any] | None = None) -> Path:
        """Make the folder `root` with pictures and json."""
        (root / "images").mkdir(parents=True)
        for name in ("1.png", "2.png"):
            picture = np.full((self.height, self.width, 3), 200, np.uint8)
            picture[:20, :20] = (0, 0, 255)
            picture[:20, 30:50] = (255, 0, 0)
            cv2.imwrite(str(root / "images" / name), picture)
        (root / "set.json").write_text(json.dumps(index or self.content()))
        return root


@pytest.fixture(scope="session", autouse=True)
def ros_log_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """ROS's log files go to the tests' own folder: the user's home may be missing or read-only."""
    os.environ.setdefault("ROS_LOG_DIR", str(tmp_path_factory.mktemp("ros_log")))


@pytest.fixture
def toy_set() -> ToyEvaluationSet:
    """Writes a tiny evaluation set where it is told to."""
    return ToyEvaluationSet()


@pytest.fixture(scope="session")
def parser() -> SpacyParser:
    """The parser of preset `default`."""
    return SpacyParser()
