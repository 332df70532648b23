# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""An evaluation without models: `python toy_run.py DIR RUN_DIR SECONDS_AN_IMAGE`."""

import os
import sys
import time
import zlib
from pathlib import Path

from tas_ros.evaluation.plan import EvaluationPlan
from tas_ros.evaluation.run_folder import RunFolder, evaluate, in_this_process
from tas_ros.language.query import ObjectPhrase, Query
from tas_ros.referral.referral import Candidate, Referral, Status
from tas_ros.vision.scene import Scene


class ByNumbers:
    """Chooses a proposal by a checksum of its own name and the text."""

    def __init__(self, name: str) -> None:
        self._name = name

    def parse(self, text):
        return Query(text, text, ObjectPhrase("box", "box"))

    def scene(self, frame, given=None):
        return Scene(frame, None, given_proposals=given)

    def refer(self, scene, query):
        if query.text == os.environ.get("TOY_DIES_ON"):
            _die_once()
        masks = scene.proposals.masks
        best = zlib.crc32(f"{self._name} {query.text}".encode()) % len(masks)
        return Referral(Status.FOUND, query, (Candidate(best, (0, 0, 1, 1), 1, 0.5, {}),), masks[best])


def _die_once() -> None:
    """End the process without a word, as running out of memory does, until a file says that this has happened."""
    marker = Path(os.environ["TOY_DIES_UNLESS"])
    if not marker.exists():
        if "TOY_NEVER_LEARNS" not in os.environ:
            marker.touch()
        os._exit(1)


class ToyPlan(EvaluationPlan):
    """Loads no models."""

    def load_systems(self, progress=lambda step: None):
        return {each.name: ByNumbers(each.name) for each in self.variants}


def make_plan(directory: Path) -> ToyPlan:
    return ToyPlan(directory, proposals="given", ablations=True)


def run(directory: Path, out: Path, seconds: float = 0.0, engine=None) -> dict:
    plan, folder = make_plan(directory), RunFolder(out)
    answer = in_this_process()

    def slowly(plan, images):
        for answered in answer(plan, images):
            time.sleep(seconds)
            yield answered

    folder.claim(plan.settings(), plan.where("toy"))
    counts = {"resumed": 0, "done": 0}

    def add(name):
        return lambda sentences: counts.__setitem__(name, counts[name] + sentences)

    evaluate(plan, folder, engine or slowly, add("resumed"), add("done"))
    return counts


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
