# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Users whose home cannot hold ROS's log files get a node all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("rclpy")

from tas_ros.ros.log_files import logging_arguments

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_LOG_FILES = ["--ros-args", "--disable-external-lib-logs"]


@pytest.fixture
def no_folder_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ROS_LOG_DIR", "ROS_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_folder_named")
def test_a_home_that_can_be_written_gets_log_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert logging_arguments() == []
    assert list(tmp_path.rglob("*")) == [tmp_path / ".ros", tmp_path / ".ros" / "log"]


@pytest.mark.usefixtures("no_folder_named")
def test_no_home_goes_without_and_names_the_cure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("HOME", raising=False)
    assert logging_arguments() == WITHOUT_LOG_FILES
    told = capsys.readouterr().err
    assert "HOME is not set" in told and "ROS_LOG_DIR" in told


@pytest.mark.parametrize("variable", ["ROS_LOG_DIR", "ROS_HOME", "HOME"])
@pytest.mark.usefixtures("no_folder_named")
def test_a_folder_that_cannot_be_made_is_named(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(variable, str(tmp_path / "file" / "below"))
    assert logging_arguments() == WITHOUT_LOG_FILES
    assert str(tmp_path / "file" / "below") in capsys.readouterr().err


@pytest.mark.ros
@pytest.mark.parametrize("home", [None, "/proc/nowhere"])
def test_the_node_starts_without_a_usable_home(home: str | None) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("HOME", "ROS_LOG_DIR", "ROS_HOME")}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | ({"HOME": home} if home else {})
    command = [sys.executable, "-m", "tas_ros.ros.node", "--ros-args", "-p", "frame_timeout:=-3.0"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    # The wrong parameter is refused in order, which comes after rclpy.init.
    assert done.returncode == 2, done.stderr
    assert "no ROS log file is written" in done.stderr and "Traceback" not in done.stderr
