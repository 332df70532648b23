import subprocess
import sys

import pytest

from tas_ros.cli import COMMANDS, main


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
