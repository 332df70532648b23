# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

import json

import numpy as np
import pytest

from tas_ros.cli import ERROR, main
from tas_ros.commands.bench import DEMO_BAG
from tas_ros.errors import DatasetError, TasError
from tas_ros.evaluation.bench import WARM_UP, BenchPlan, format_bench, measure_import, run_bench
from tas_ros.evaluation.bench_frames import given_regions, recorded_frames, synthetic_frame, without_depth
from tas_ros.language.query import ObjectPhrase, Query
from tas_ros.referral.referral import Referral, Status


class ToyScene:
    """Offers what is given, else three masks of its own, which take a while."""

    def __init__(self, frame, given):
        self.frame, self.given, self.timings = frame, given, {}

    @property
    def working_proposals(self):
        if self.given is not None:
            return self.given
        self.timings["proposals"] = 0.005
        return "abc"


class CountsItsWork:
    """Stands where the pipeline does and notes what it is asked."""

    def __init__(self):
        self.frames, self.texts = [], []

    def parse(self, text):
        self.texts.append(text)
        return Query(text, text, ObjectPhrase("", ""))

    def scene(self, frame, given=None):
        self.frames.append(frame)
        return ToyScene(frame, given)

    def refer(self, scene, query):
        timings = {"match": 0.002, "total": 9.0}
        return Referral(Status.NOT_FOUND, query, reason="nothing", timings=timings)


def test_every_new_frame_differs_and_warm_up_is_left_out() -> None:
    repeats = 3
    frames = [synthetic_frame(seed, 48, 64) for seed in range(WARM_UP + repeats)]
    assert len({frame.rgb.tobytes() for frame in frames}) == len(frames)
    system, steps = CountsItsWork(), []
    report = run_bench(system, frames, BenchPlan(repeats), steps.append)
    assert len(steps) == 4
    assert sum(frame.depth is None for frame in system.frames) == len(frames)
    assert len(system.frames) == 2 * len(frames)
    assert report["proposals"]["rgb"] == {"own": {"least": 3, "median": 3.0, "most": 3}}
    for case in ("rgbd", "rgb"):
        for kind in ("first_command", "further_command"):
            stages = report["seconds"][case][kind]
            assert stages["total"]["count"] == repeats
            assert stages["match"]["median"] == 0.002
            assert stages["total"]["most"] < 9.0  # measured around the parser too, not taken from the referral
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert "rgbd first command" in format_bench(report)
    assert report["peak_rss_bytes"] > 2**20


def test_too_few_frames_are_refused() -> None:
    with pytest.raises(TasError, match="different frames"):
        run_bench(CountsItsWork(), [synthetic_frame(0, 48, 64)], BenchPlan(10), print)


def test_given_regions_are_the_load_and_the_proposer_is_timed_apart() -> None:
    frames = [synthetic_frame(seed, 48, 64) for seed in range(3)]
    system = CountsItsWork()
    report = run_bench(system, frames, BenchPlan(repeats=2, warm_up=1, cases=("rgb",), masks=7), print)
    assert list(report["seconds"]) == ["rgb"]
    assert report["proposals"]["rgb"]["given"] == {"least": 7, "median": 7.0, "most": 7}
    assert report["proposals"]["rgb"]["own"]["most"] == 3
    alone = report["seconds"]["rgb"]["proposer_alone"]
    assert alone["proposals"]["median"] == 0.005 and alone["total"]["count"] == 2
    table = format_bench(report)
    assert "masks a frame: 7 given; 3 found by the proposer" in table
    assert "rgb proposer alone" in table


def test_given_regions_are_valid_and_repeatable() -> None:
    frame = synthetic_frame(0)
    regions = given_regions(frame, 30, seed=5)
    assert len(regions) == 30
    shares = regions.areas / frame.rgb[..., 0].size
    assert shares.min() > 0.005 and shares.max() < 0.2
    np.testing.assert_array_equal(regions.masks, given_regions(frame, 30, seed=5).masks)
    assert len(given_regions(synthetic_frame(0, 5, 5), 4, seed=1)) == 4


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--masks", "0"], "at least 1"),
        (["--warm-up", "-1"], "0 or more"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, complaint, capsys) -> None:
    assert main(["bench", *arguments]) == ERROR
    assert complaint in capsys.readouterr().err


def test_import_is_light() -> None:
    measured = measure_import(2)
    assert measured["count"] == 2
    assert measured["torch_loaded"] is False


def test_synthetic_frames_are_valid_and_repeatable() -> None:
    frame = synthetic_frame(4)
    assert (frame.height, frame.width) == (480, 640)
    np.testing.assert_array_equal(frame.rgb, synthetic_frame(4).rgb)
    assert np.isfinite(frame.depth).all()
    assert without_depth(frame).depth is None


def test_a_short_recording_is_continued_by_mirror_images() -> None:
    pytest.importorskip("rosbags")
    frames = recorded_frames(DEMO_BAG, 16)
    assert len({frame.rgb.tobytes() for frame in frames}) == 16
    assert all(frame.depth is not None and frame.intrinsics is not None for frame in frames)
    with pytest.raises(DatasetError, match="fewer --repeats"):
        recorded_frames(DEMO_BAG, 500)
