# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The documents name what the code has: parameters, launch arguments, and files that are there (topics and services are
asked of a running node: ros/test_contract.py).
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
ROS_PAGE = (ROOT / "docs" / "ros.md").read_text("utf-8")
QUOTED = {word for part in ROS_PAGE.split("`")[1::2] for word in re.split(r"[\s,]+", part)}
DEFAULTS = yaml.safe_load((ROOT / "config" / "embedded.yaml").read_text("utf-8"))["/**"]["ros__parameters"]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


def test_every_parameter_is_described() -> None:
    assert DEFAULTS.keys() - QUOTED == set()


def test_the_parameter_file_holds_the_defaults() -> None:
    pytest.importorskip("rcl_interfaces")
    from tas_ros.ros.parameters import PARAMETERS

    assert {name: row.default for name, row in PARAMETERS.items()} == DEFAULTS


def test_every_launch_argument_is_described() -> None:
    named: set[str] = set()
    for file in sorted((ROOT / "launch").glob("*.launch.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DeclareLaunchArgument":
                named |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in {"TOPICS", "PARAMETERS"}:
                named |= set(ast.literal_eval(node.value))
    assert {"bag", "image", "camera_pose", "on_exit"} <= named
    assert named - QUOTED == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []
