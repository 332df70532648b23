# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The node's process gives Fast DDS room for an answer, unless the user has set it up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tas_ros.ros.transport import PROFILE_VARIABLES, prepare_transport, profile_path


def test_both_names_of_the_variable_point_to_the_profile() -> None:
    environment: dict[str, str] = {}
    prepare_transport(environment)
    assert set(environment) == set(PROFILE_VARIABLES)
    sizes = [each.text for each in ElementTree.parse(environment[PROFILE_VARIABLES[0]]).iter() if "segment" in each.tag]
    assert sizes and int(sizes[0] or 0) >= 1 << 24


@pytest.mark.parametrize("name", PROFILE_VARIABLES)
def test_a_setting_of_the_users_own_wins(name: str) -> None:
    environment = {name: "/etc/robot/fastdds.xml"}
    prepare_transport(environment)
    assert environment == {name: "/etc/robot/fastdds.xml"}


def test_the_installed_package_finds_its_own(tmp_path: Path) -> None:
    """Away from the checkout, as ros2 launch starts it."""
    code = "from tas_ros.ros.transport import profile_path; import tas_ros; print(tas_ros.__file__, profile_path())"
    run = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        pytest.skip("tas_ros is not installed here, only checked out")
    package, found = run.stdout.split()
    assert Path(found).is_file() and Path(found).name == "fastdds_shm.xml", package
    assert profile_path() is not None
