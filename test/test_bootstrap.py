# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What scripts/bootstrap.sh says to a user who may install nothing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

BOOTSTRAP = Path(__file__).resolve().parents[1] / "scripts" / "bootstrap.sh"
TOOLS = ("bash", "dirname", "uname", "printf", "sed", "cat")
# A Python 3.11 as Debian's package alone has it: no venv, no headers.
BARE_PYTHON = """#!/bin/sh
case "$2" in
  *"import ensurepip"*) exit 1 ;;
  *get_path*) echo /nowhere/include/python3.11 ;;
  *%d.%d*) echo 3.11 ;;
  *) exit 0 ;;
esac
"""


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """A checkout with nothing but the script, on a machine with little more than a shell and a bare Python."""
    if not all(map(shutil.which, TOOLS)):
        pytest.skip("needs a shell and its tools")
    (tmp_path / "scripts").mkdir()
    shutil.copyfile(BOOTSTRAP, tmp_path / "scripts" / "bootstrap.sh")
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    for name, text in (("python3.11", BARE_PYTHON), ("id", "#!/bin/sh\necho 1000\n")):
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("what", ["", "test"])
def test_an_ordinary_user_is_told_all_that_is_missing_in_one_command(bare_machine: Path, what: str) -> None:
    run = subprocess.run(
        ["bash", str(bare_machine / "scripts" / "bootstrap.sh"), *([what] if what else [])],
        env={"PATH": str(bare_machine / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stdout + run.stderr
    commands = [line for line in run.stderr.splitlines() if "apt-get install" in line]
    assert len(commands) == 1
    assert commands[0].startswith("sudo apt-get install --no-install-recommends g++ python3.11-dev python3.11-venv")
    assert not (bare_machine / ".venv").exists()
