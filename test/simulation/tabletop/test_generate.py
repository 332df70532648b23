# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The generator: three scenes rendered, twice the same, everything stored as it was seen. Needs pybullet."""

import json
from importlib.util import find_spec

import numpy as np
import pytest

pytest.importorskip("pybullet", reason="pybullet is needed only to render the benchmark")
if find_spec("robosuite") is None:  # only its meshes are used: without its own dependencies it cannot be imported
    pytest.skip("robosuite's meshes are needed only to render the benchmark", allow_module_level=True)
pytest.importorskip("pycocotools")

from simulation.tabletop.generate import LEAST_VISIBLE, generate, main, seeds_of
from simulation.tabletop.observation import Observation
from simulation.tabletop.scenes import FAMILIES, FIRST_HELD_OUT_SEED
from tas_ros.errors import DatasetError
from tas_ros.evaluation.datasets import open_dataset
from tas_ros.evaluation.tabletop_set import INDEX


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    root = tmp_path_factory.mktemp("rendered") / "set"
    assert main([str(root), "--split", "tune", "--scenes", "3", "--first", "40"]) == 0
    return root, json.loads((root / INDEX).read_text())


def test_same_seed_same_scene(rendered, tmp_path):
    root, index = rendered
    (again,) = generate(tmp_path, [41])
    stored = [record for record in index["images"] if record["seed"] == 41]
    assert json.loads(json.dumps(again)) == stored
    for record in stored:
        for folder in ("rgb", "depth"):
            name = f"{folder}/{record['id']}.png"
            assert (tmp_path / name).read_bytes() == (root / name).read_bytes()


def test_a_stopped_run_goes_on(tmp_path):
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes" / "00041.json").write_text('[{"id": "made before"}]')
    assert list(generate(tmp_path, [41])) == [[{"id": "made before"}]]


def test_scenes_are_what_was_asked_for(rendered):
    for record in rendered[1]["images"]:
        assert 4 <= len(record["things"]) <= 9
        assert record["family"] in FAMILIES
        assert min(thing["visible"] for thing in record["things"]) >= LEAST_VISIBLE
        assert record["sentences"]
        for thing in record["things"]:
            x0, y0, x1, y1 = thing["box"]
            assert 0 <= x0 < x1 <= 640 and 0 <= y0 < y1 <= 480


def test_masks_depth_and_geometry_agree(rendered):
    """A thing's measured surface lies within its box in the robot's frame, give or take the depth noise."""
    for image in open_dataset(rendered[0]).images():
        frame, instances = image.read()
        camera, pose = frame.intrinsics, frame.robot_from_camera
        for thing, mask in zip(Observation.from_record(image.record).things, instances.masks, strict=True):
            rows, columns = np.nonzero(mask & np.isfinite(frame.depth))
            depth = frame.depth[rows, columns]
            points = np.stack(
                [(columns - camera.cx) / camera.fx * depth, (rows - camera.cy) / camera.fy * depth, depth]
            )
            base = pose[:3, :3] @ points + pose[:3, 3:]
            off = np.abs(np.median(base, axis=1) - thing.centre) - np.array(thing.extent) / 2
            assert off.max() < 0.02, thing
            assert mask.sum() == thing.pixels


def test_every_camera_is_upright_in_the_robots_frame_when_turned_back(rendered):
    """The base is upright, so the camera's right, turned back by its roll, is level."""
    for record in rendered[1]["images"]:
        pose = Observation.from_record(record).robot_from_camera
        roll = np.deg2rad(record["roll"])
        level = np.cos(roll) * pose[:3, 0] - np.sin(roll) * pose[:3, 1]
        assert abs(level[2]) < 1e-9
        assert pose[2, 2] < 0  # it looks down


def test_sentences_only_keeps_pictures_and_says_the_same(rendered):
    root, index = rendered
    assert main([str(root), "--sentences-only"]) == 0
    assert json.loads((root / INDEX).read_text()) == index


def test_tuning_seeds_never_reach_the_held_out():
    assert seeds_of("held_out", 150)[0] == FIRST_HELD_OUT_SEED
    assert seeds_of("tune", 60)[-1] < FIRST_HELD_OUT_SEED
    with pytest.raises(DatasetError, match="held-out"):
        seeds_of("tune", 2, FIRST_HELD_OUT_SEED - 1)


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "holiday.png").write_bytes(b"")
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--split", "tune", "--scenes", "1"])
    assert [each.name for each in tmp_path.iterdir()] == ["holiday.png"]
