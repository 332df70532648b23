# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""`tas bench` of a whole profile whose model files are not at hand: true networks, random weights.

`python -m benchmarks.random_weights DIR --profile paper` writes the stand-ins into DIR where missing, and measures.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.stand_ins.folder import provide_stand_ins
from tas_ros.choices.profiles import get_profile
from tas_ros.commands import bench
from tas_ros.commands.common import say
from tas_ros.errors import TasError

RANDOM_WEIGHTS = (
    "RANDOM WEIGHTS: stand-ins of {size}. Times and memory are those of these networks; answers and numbers of masks "
    "mean nothing (--masks sets a load), and captions run to the preset's full length, where real ones end earlier"
)


def main(argv: list[str] | None = None) -> int:
    """Measure and print; 2 for what cannot be measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("stand_ins", type=Path, metavar="DIR", help="where the random weights are, or are written")
    parser.add_argument("--reduced", action="store_true", help="tiny networks, to try the command")
    bench.add_arguments(parser)
    parser.set_defaults(synthetic=True)
    args = parser.parse_args(argv)
    try:
        bench.require_measurable(args)
        weights = _provide(args)
        # Frames of a plain camera: what the profiles with model files are made for.
        return bench.measure(args, ("rgb",), weights)
    except TasError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _provide(args: argparse.Namespace) -> str:
    """Write the stand-ins, and look for models there alone; what they are, in words."""
    models = get_profile(args.profile).model_files
    if not models:
        raise TasError(f"profile {args.profile} has no model files to stand in for; try --profile realtime or paper")
    if args.models_dir:
        raise TasError("DIR is where the models are; leave --models-dir out")
    provide_stand_ins(args.stand_ins, models, args.reduced, on_step=lambda step: say(f"  {step}"))
    args.models_dir = args.stand_ins
    return RANDOM_WEIGHTS.format(size="reduced size, far smaller than the real ones" if args.reduced else "true size")


if __name__ == "__main__":
    sys.exit(main())
