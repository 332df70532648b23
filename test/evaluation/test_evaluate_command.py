# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""`tas evaluate` whole: real models, the real photos in the refer layout, killed, resumed and sharded."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
REAL_PHOTOS = REPOSITORY.parent / "shared" / "eval" / "real_photos"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not REAL_PHOTOS.is_dir(), reason="the real photos are not on this machine"),
]


@pytest.fixture(scope="module", autouse=True)
def models() -> None:
    for package in ("torch", "spacy", "h5py"):
        pytest.importorskip(package)


@pytest.fixture(scope="module")
def refer_set(tmp_path_factory: pytest.TempPathFactory, refer_maker) -> Path:
    return refer_maker.make_refer_set(tmp_path_factory.mktemp("photos") / "refer")


@pytest.fixture(scope="module")
def unbroken(refer_set: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unbroken") / "run"
    run = evaluate(refer_set, folder)
    assert "oracle of the proposals" in run.stdout
    assert "39/39" in run.stderr
    return folder


def command(refer_set: Path, folder: Path, *options: str) -> list[str]:
    return [
        *(sys.executable, "-m", "tas_ros.cli", "evaluate", str(refer_set), "--out", str(folder)),
        *("--dataset", "refcoco", "--split-by", "unc", "--split", "val", "--field", "sent", "--proposals", "given"),
        *("--sweep", "positive=0,.1", "negative=.7"),
        *options,
    ]


def evaluate(refer_set: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    run = subprocess.run(
        command(refer_set, folder, *options), capture_output=True, text=True, check=False, env=environment()
    )
    assert run.returncode == 0, run.stderr
    return run


def environment() -> dict[str, str]:
    """One thread in every process: sums over more end in other last digits, which turn the ranks of near ties."""
    return os.environ | {"PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1"}


def decided(folder: Path) -> list[dict[str, str]]:
    """Every cell but the times and the score, whose last digits depend on what shares a batch."""
    with (folder / "results.csv").open(newline="") as stream:
        rows = csv.DictReader(stream)
        return [{name: cell for name, cell in row.items() if name not in ("seconds", "score")} for row in rows]


def figures(folder: Path) -> dict:
    report = json.loads((folder / "report.json").read_text())
    for name in ("made_at", "seconds", "machine", "engine", "peak_rss_bytes"):
        report.pop(name, None)
    return report


def test_killed_half_way_and_resumed(refer_set: Path, unbroken: Path, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    half = len(decided(unbroken)) // 2
    with subprocess.Popen(
        command(refer_set, folder), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 300
        while not (folder / "results.csv").is_file() or (folder / "results.csv").read_bytes().count(b"\n") <= half:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    resumed = evaluate(refer_set, folder)
    assert "sentences were answered before" in resumed.stderr
    assert decided(folder) == decided(unbroken)
    assert figures(folder) == figures(unbroken)


def test_two_ray_workers(refer_set: Path, unbroken: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray")
    evaluate(refer_set, tmp_path / "shared", "--ray", "2")
    assert decided(tmp_path / "shared") == decided(unbroken)
    assert figures(tmp_path / "shared") == figures(unbroken)


def test_report_only_and_a_run_with_other_settings(refer_set: Path, unbroken: Path) -> None:
    before = figures(unbroken)
    run = subprocess.run(
        [sys.executable, "-m", "tas_ros.cli", "evaluate", str(unbroken), "--report-only", "--json"],
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
    )
    assert json.loads(run.stdout) == json.loads((unbroken / "report.json").read_text())
    assert figures(unbroken) == before
    other = subprocess.run(
        command(refer_set, unbroken, "--no-ablations"), capture_output=True, text=True, check=False, env=environment()
    )
    assert other.returncode == 2
    assert "holds another run" in other.stderr
