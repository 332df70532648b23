# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Images sharded over real Ray workers on this machine; their systems need no models."""

import contextlib
import csv
import os
import threading
import time
from collections import defaultdict
from pathlib import Path

import pytest

from tas_ros.errors import TasError
from tas_ros.evaluation import ray_engine
from tas_ros.evaluation.ray_engine import with_ray
from tas_ros.evaluation.results import read_rows

ray = pytest.importorskip("ray", exc_type=ImportError)


@pytest.fixture(autouse=True)
def by_value(toy_run):
    """Workers cannot import the tests."""
    ray.cloudpickle.register_pickle_by_value(toy_run)


class Watch(threading.Thread):
    """Notes every process of Ray that descends from this one, while it runs."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: set[int] = set()
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.05):
            self.seen |= ray_descendants()


@pytest.fixture(autouse=True)
def watch():
    """Sees to it that nothing is left behind."""
    noting = Watch()
    noting.start()
    yield noting
    noting.over.set()
    noting.join()
    deadline = time.monotonic() + 20
    while any(is_ray(pid) for pid in noting.seen) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [pid for pid in noting.seen if is_ray(pid)]


def ray_descendants() -> set[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            children[int(path.read_text().rpartition(")")[2].split()[1])].append(int(path.parent.name))
    found, pending = set(), [os.getpid()]
    while pending:
        below = children[pending.pop()]
        pending += below
        found |= set(below)
    return {pid for pid in found if is_ray(pid)}


def is_ray(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return any(name in command for name in (b"ray::", b"raylet", b"gcs_server", b"/ray/"))


def rows_without_times(folder: Path) -> list[dict[str, str]]:
    with (folder / "results.csv").open(newline="") as stream:
        return [{name: cell for name, cell in row.items() if name != "seconds"} for row in csv.DictReader(stream)]


def test_two_workers_give_the_same_results_and_can_be_resumed(
    many_images: Path, tmp_path: Path, toy_run, watch: Watch
) -> None:
    toy_run.run(many_images, tmp_path / "alone")
    told: list[str] = []
    assert toy_run.run(many_images, tmp_path / "shared", engine=with_ray(2, progress=told.append))["done"] == 80
    workers = [line for line in told if "process" in line]
    assert len(workers) == 2
    # So the look for leftovers sees them.
    assert all(any(f"process {pid} " in line for pid in watch.seen) for line in workers)
    assert rows_without_times(tmp_path / "shared") == rows_without_times(tmp_path / "alone")

    results = tmp_path / "shared" / "results.csv"
    results.write_bytes(results.read_bytes()[: results.stat().st_size // 2])
    counts = toy_run.run(many_images, tmp_path / "shared", engine=with_ray(2))
    assert counts["done"] + counts["resumed"] == 80 and counts["resumed"] > 20
    assert rows_without_times(tmp_path / "shared") == rows_without_times(tmp_path / "alone")


def test_a_worker_that_dies_is_named_and_its_image_tried_once_more(
    many_images: Path, tmp_path: Path, toy_run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOY_DIES_ON", "left box")
    monkeypatch.setenv("TOY_DIES_UNLESS", str(tmp_path / "died"))
    told: list[str] = []
    toy_run.run(many_images, tmp_path / "once", engine=with_ray(1, progress=told.append))
    (death,) = [line for line in told if "died" in line]
    assert "worker 1 (process" in death and "image 0" in death
    assert len(list(read_rows(tmp_path / "once" / "results.csv"))) == 400

    monkeypatch.setenv("TOY_DIES_ON", "the deadly box")
    monkeypatch.setenv("TOY_DIES_UNLESS", str(tmp_path / "never"))
    monkeypatch.setenv("TOY_NEVER_LEARNS", "1")
    index = (many_images / "set.json").read_text()
    (many_images / "set.json").write_text(index.replace('"text": "right box"', '"text": "the deadly box"', 1))
    with pytest.raises(TasError, match="1 images ended 2 workers each and are not answered: 0 "):
        toy_run.run(many_images, tmp_path / "twice", engine=with_ray(2))
    assert len({row.image_id for row in read_rows(tmp_path / "twice" / "results.csv")}) == 39


def test_a_workers_error_is_the_runs(many_images: Path, tmp_path: Path, toy_run) -> None:
    (many_images / "images" / "1.png").unlink()
    with pytest.raises(TasError, match=r"1\.png is missing"):
        toy_run.run(many_images, tmp_path / "run", engine=with_ray(1))


def test_every_worker_finds_room() -> None:
    assert ray_engine._share([{"CPU": 8.0}], 2) == {"num_cpus": 4, "num_gpus": 0}
    assert ray_engine._share([{"CPU": 5.0}, {"CPU": 2.0}], 3) == {"num_cpus": 2, "num_gpus": 0}
    assert ray_engine._share([{"CPU": 16.0, "GPU": 2.0}], 2) == {"num_cpus": 8, "num_gpus": 1}
    assert ray_engine._share([{"CPU": 16.0, "GPU": 2.0}, {"CPU": 4.0}], 6) == {"num_cpus": 2, "num_gpus": 0.3333}
    with pytest.raises(TasError, match="more than the 2 cores"):
        ray_engine._share([{"CPU": 2.0}], 3)
    assert ray_engine._default_count([{"CPU": 16.0, "GPU": 2.0}]) == 2
    assert ray_engine._default_count([{"CPU": 1.0}]) == 1
