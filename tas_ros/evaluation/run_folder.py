# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A run on the disk: its settings, its results so far, its reports. The same command takes a stopped run up again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tas_ros.errors import DatasetError, TasError
from tas_ros.evaluation.datasets import AnnotatedImage, DatasetSelection, open_dataset
from tas_ros.evaluation.plan import EvaluationPlan
from tas_ros.evaluation.results import ResultFile, ResultRow
from tas_ros.evaluation.runner import evaluate_image
from tas_ros.evaluation.settings import require_same

SETTINGS, RESULTS = "settings.json", "results.csv"
REPORTS = ("report.json", "report.md", "report.html")

Answer = tuple[str, Sequence[ResultRow]]
"""An image's id and all its rows."""

Engine = Callable[[EvaluationPlan, Sequence[AnnotatedImage]], Iterable[Answer]]
"""Answers images in whatever order it finishes them."""


class RunFolder:
    """Where a run is kept: settings.json, results.csv and the reports."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def results(self) -> Path:
        """One line a sentence and variant."""
        return self.path / RESULTS

    def settings(self) -> dict[str, Any]:
        """As the run was begun. Raises TasError when the folder holds no run."""
        try:
            content = json.loads((self.path / SETTINGS).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise TasError(f"{self.path} holds no run that can be read ({error}); give the --out of one") from error
        return dict(content)

    def images(self) -> Iterator[AnnotatedImage] | None:
        """The set's images, None when it is no longer where it was."""
        where = self.settings()["where"]
        try:
            return open_dataset(Path(where["directory"]), DatasetSelection(**where["selection"])).images()
        except DatasetError:
            return None

    def clear(self) -> None:
        """Throw away what a run wrote here; other files stay."""
        for name in (RESULTS, SETTINGS, *REPORTS):
            with suppress(FileNotFoundError):
                (self.path / name).unlink()

    def claim(self, settings: Mapping[str, Any], where: Mapping[str, Any]) -> None:
        """Begin a run here, or make sure that the one begun here is the same.

        settings: what the results depend on; where: what they do not (paths, device), kept to find the pictures again.
        Raises TasError when it is another run, or when the folder holds something else or cannot be written.
        """
        if (self.path / SETTINGS).is_file():
            require_same(self.settings()["run"], settings, self.path)
            return
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise TasError(f"{self.path} exists and is no folder of a run; give another --out")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            part = self.path / (SETTINGS + ".part")
            part.write_text(json.dumps({"run": settings, "where": where}, indent=2) + "\n", encoding="utf-8")
            part.replace(self.path / SETTINGS)
        except OSError as error:
            raise TasError(f"{self.path} cannot be written ({error.strerror}); give another --out") from error


def evaluate(
    plan: EvaluationPlan,
    folder: RunFolder,
    engine: Engine,
    resumed: Callable[[int], None] = lambda sentences: None,
    advance: Callable[[int], object] = lambda sentences: None,
) -> None:
    """Answer every sentence that the folder has no answer to yet, writing each image's rows as they come.

    resumed: called once with the number of sentences that were answered before; advance: with each image's, as done.
    Only one image's rows are held in memory. What was written stands, whatever raises.
    """
    expected = {image.image_id: len(image.sentences) for image in plan.images()}
    names = {each.name for each in plan.variants}

    def complete(image_id: str, rows: Sequence[ResultRow]) -> bool:
        answered = {(row.sentence_id, row.variant) for row in rows}
        wanted = expected.get(image_id, -1) * len(names)
        return len(answered) == len(rows) == wanted and {row.variant for row in rows} == names

    with ResultFile(folder.results) as results:
        finished = results.keep(complete, list(expected))
        resumed(sum(expected[image_id] for image_id in finished))
        pending = [image for image in plan.images() if image.image_id not in finished]
        if pending:
            try:
                for image_id, rows in engine(plan, pending):
                    results.append(rows)
                    advance(expected[image_id])
            finally:
                results.keep(complete, list(expected))


def in_this_process(progress: Callable[[str], None] = lambda step: None) -> Engine:
    """The engine that answers image after image here."""

    def run(plan: EvaluationPlan, images: Sequence[AnnotatedImage]) -> Iterable[Answer]:
        systems = plan.load_systems(progress)
        for image in images:
            yield image.image_id, evaluate_image(systems, image, plan.proposals)

    return run
