# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Short forms of benchmarks/endurance: its promises in the live node, growth and seconds excepted.

Those need the long runs; of the seconds only a bound is held here that no machine should break.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")
from .conftest import ROOT

pytestmark = [pytest.mark.ros, pytest.mark.slow]

BRIEF = ("malformed", "cycles", "ends", "weights", "memory")
"""The parts that take no more than half a minute each; the others run with the benchmark alone."""
LATEST_END = 10.0
"""Seconds; ros2 launch kills after that long. The promise is 3 s, measured by the benchmark."""


@pytest.mark.parametrize("part", BRIEF)
def test_short_form_keeps_every_promise(part: str, tmp_path: Path) -> None:
    out = tmp_path / "endurance.json"
    command = [sys.executable, "-m", "benchmarks.endurance", "--parts", part, "--short", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert out.exists(), done.stderr
    result = json.loads(out.read_text())[part]
    if not result.get("covered", True):
        pytest.skip(result["why"])
    assert result["kept"], "a part that promises nothing shows nothing"
    broken = [
        promise for promise, held in result["kept"].items() if not held and not promise.startswith("ended within")
    ]
    result.pop("curve", None)
    assert not broken, f"{broken}: {json.dumps(result, indent=1)}"
    if part == "ends":
        assert result["end_seconds"]["max"] < LATEST_END, result["by_moment"]
