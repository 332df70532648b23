# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tas_ros.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parents[1]


def test_help_lists_every_command_and_loads_nothing_heavy() -> None:
    probe = (
        "import sys\n"
        "from tas_ros.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print('HEAVY', [m for m in ('torch', 'numpy', 'cv2', 'spacy', 'rclpy') if m in sys.modules])"
    )
    output = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
    assert all(f"\n    {name}" in output for name in COMMANDS)
    assert "HEAVY []" in output


@pytest.mark.parametrize(
    "arguments",
    [
        ["segment", "no_such_picture.png", "the mug"],
        ["segment", "no_such_picture.png", "the mug", "--out", "no_such_folder/a.png"],
        ["evaluate", "no_such_folder"],
        ["bench", "--repeats", "0"],
        ["parse", "the mug", "--profile", "no_such_profile"],
    ],
)
def test_a_mistake_is_one_line_on_stderr(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(f"tas {arguments[0]}: error: ")
    assert output.err.count("\n") == 1


def test_debug_shows_the_traceback() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tas_ros.cli", "evaluate", "no_such_folder", "--debug"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "Traceback" in run.stderr
    assert "DatasetError" in run.stderr


def test_unknown_usage_exits_with_2() -> None:
    for arguments in ([], ["nonsense"], ["evaluate"]):
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        assert stop.value.code == 2


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_stays_json_on_a_stdout_that_lacks_a_character(encoding: str) -> None:
    pytest.importorskip("spacy")
    run = run_with_encoding(encoding, "parse", "the café's ☕ mug")
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout.decode(encoding))["text"] == "the café's ☕ mug"


def test_lines_for_people_show_an_escape_for_a_character_that_stdout_lacks() -> None:
    probe = (
        "import tas_ros.cli, tas_ros.commands.models as models\n"
        "models.run = lambda args: print('☕') or 0\n"
        "tas_ros.cli.main(['models', 'list'])"
    )
    run = run_with_encoding("ascii", code=probe)
    assert run.returncode == 0 and run.stdout == b"\\u2615\n", run.stderr


def test_undecodable_input_is_refused_line_by_line_not_by_a_traceback() -> None:
    pytest.importorskip("spacy")
    run = run_with_encoding("utf-8:strict", "parse", "-", given=b"the \xff mug\nthe red mug\n")
    assert run.returncode == 1, run.stderr
    bad, good = map(json.loads, run.stdout.splitlines())
    assert "undecodable" in bad["reason"] and good["valid"]


def run_with_encoding(
    encoding: str, *arguments: str, given: bytes = b"", code: str = ""
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, *(["-c", code] if code else ["-m", "tas_ros.cli", *arguments])]
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, input=given, capture_output=True, check=False)
