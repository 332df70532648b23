# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The demo itself, once: real node process, real DDS, real models, every command."""

import json
import os

import cv2
import pytest

pytest.importorskip("rosbags")
pytest.importorskip("rclpy", reason="the demo needs ROS 2")
pytest.importorskip("tas_ros.msg", reason="the demo needs the package's messages built")

from tas_ros.demo.commands import COMMANDS
from tas_ros.demo.node_process import NodeError
from tas_ros.demo.run import run

pytestmark = pytest.mark.ros


@pytest.mark.slow
def test_every_command_is_answered_right(tmp_path, capsys):
    code = run(out=tmp_path)
    table = capsys.readouterr().out
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    wrong = [row for row in results["commands"] if not row["right"]]
    assert not wrong, f"wrong answers:\n{table}"
    assert code == 0, "the node did not end in order"
    assert len(results["commands"]) == len(COMMANDS) >= 14
    for row in results["commands"]:
        assert row["expected"] is None or row["iou"] >= 0.5
        picture = cv2.imread(str(tmp_path / row["picture"]))
        assert picture is not None and picture.shape[0] >= 300
        assert row["command"][:30] in table
    assert cv2.imread(str(tmp_path / "contact_sheet.jpg")) is not None
    assert any(row["scene_reused"] for row in results["commands"]), "no command used an analysed frame again"


def test_a_node_that_cannot_start_is_reported_with_its_log(tmp_path):
    before = dict(os.environ)
    with pytest.raises(NodeError, match=r"(?s)the node .*node\.log.*no_such_profile"):
        run(out=tmp_path, profile="no_such_profile")
    assert dict(os.environ) == before
