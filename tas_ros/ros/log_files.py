# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Whether ROS can write its log files: where it cannot, `rclpy.init` fails unless it is told to do without."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def logging_arguments() -> list[str]:
    """Arguments for `rclpy.init`: none where log files can be written, else that it is to do without, told on stderr.

    Containers often run as a user without a home, or with a read-only one; the console shows the log all the same.
    """
    problem = _why_not_written()
    if not problem:
        return []
    print(f"no ROS log file is written: {problem}; set ROS_LOG_DIR to a folder that can be written", file=sys.stderr)
    return ["--ros-args", "--disable-external-lib-logs"]


def _why_not_written() -> str:
    """Empty when a file can be made in the folder that rcl takes."""
    named, ros_home, home = (os.environ.get(name, "") for name in ("ROS_LOG_DIR", "ROS_HOME", "HOME"))
    chosen = named or str(Path(ros_home or "~/.ros") / "log")
    if chosen.startswith("~"):
        if not home:
            return "HOME is not set"
        chosen = home + chosen[1:]
    try:
        Path(chosen).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=chosen):
            return ""
    except OSError as error:
        return f"{chosen}: {error.strerror}"
