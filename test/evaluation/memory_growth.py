# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Whether an evaluation grows: the process' memory along a run of many sentences.

From the repository's root: python test/evaluation/memory_growth.py [SENTENCES] [--source DIR]

Prints the resident memory after each hundredth of the run, and how much it grew between the first and the last tenth
after a warm-up of a tenth; exits with 1 when that is more than 2 %.
"""

import argparse
import statistics
import sys
import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from tas_ros.evaluation.plan import EvaluationPlan
from tas_ros.evaluation.run_folder import RunFolder, evaluate, in_this_process

ALLOWED_GROWTH = 0.02


def resident_bytes() -> int:
    with Path("/proc/self/status").open() as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sentences", type=int, nargs="?", default=1000)
    parser.add_argument("--source", type=Path, help="COCO-style set to repeat (default: the real photos)")
    parser.add_argument("--proposals", choices=("given", "own"), default="given")
    args = parser.parse_args()
    spec = spec_from_file_location("refer_maker", Path(__file__).with_name("refer_maker.py"))
    maker = module_from_spec(spec)
    spec.loader.exec_module(maker)
    with tempfile.TemporaryDirectory() as folder:
        root = maker.make_refer_set(Path(folder, "set"), args.source or maker.REAL_PHOTOS, args.sentences)
        plan = EvaluationPlan(root, proposals=args.proposals, ablations=True)
        run = RunFolder(Path(folder, "run"))
        run.claim(plan.settings(), plan.where("one process"))
        samples: list[int] = []

        def sample(sentences: int) -> None:
            samples.extend([resident_bytes()] * sentences)
            if len(samples) * 100 // args.sentences != (len(samples) - sentences) * 100 // args.sentences:
                print(f"{len(samples):6} sentences {samples[-1] / 2**20:9.1f} MiB", flush=True)

        evaluate(plan, run, in_this_process(), advance=sample)
    tenth = len(samples) // 10
    first = statistics.median(samples[tenth : 2 * tenth])
    last = statistics.median(samples[-tenth:])
    growth = last / first - 1
    print(
        f"{len(samples)} sentences: {first / 2**20:.1f} MiB after the warm-up, {last / 2**20:.1f} MiB at the end, "
        f"growth {100 * growth:.2f} %"
    )
    return int(growth > ALLOWED_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
