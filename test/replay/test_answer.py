# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Commands answered in process on recorded frames, with the real models."""

import cv2
import numpy as np
import pytest

pytest.importorskip("rosbags")
pytest.importorskip("torch")

from tas_ros.demo.recording import BAG, load_views
from tas_ros.errors import InvalidCommandError
from tas_ros.pipeline import Pipeline
from tas_ros.replay.answer import answer_bag


@pytest.fixture(scope="module")
def pipeline():
    return Pipeline.load()


def test_each_command_on_each_frame_is_answered_and_drawn(pipeline, tmp_path):
    heard = []
    results = answer_bag(
        BAG, ["the red mug", "the purple teapot"], pipeline, out=tmp_path, frames=1, on_answer=heard.append
    )
    assert results == heard and len(results) == 2
    view = load_views()[0]
    found, absent = results
    assert (found["stamp"], found["frame_id"], found["depth"]) == (view.stamp, view.frame_id, True)
    assert found["status"] == "FOUND" and 0 < found["score"] <= 1
    x0, y0, x1, y1 = found["box"]
    rows, columns = np.nonzero(view.labels == view.names["red mug"])
    truth = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    assert np.abs(np.subtract((x0, y0, x1, y1), truth)).max() < 20, "all but the handle, which depth may not show"
    assert absent["status"] == "NOT_FOUND" and absent["box"] is None and absent["reason"]
    for result in results:
        assert cv2.imread(str(tmp_path / result["picture"])).shape == (480, 640, 3)


def test_an_empty_command_is_refused_before_the_bag_is_read(pipeline, tmp_path):
    with pytest.raises(InvalidCommandError):
        answer_bag(tmp_path / "no_such_bag", ["  "], pipeline)
