# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The bundled recording: what it must hold for a ROS user and for the demo's verdicts."""

import json
from collections import defaultdict

import numpy as np
import pytest

rosbags = pytest.importorskip("rosbags")

from simulation.transforms import matrix_from_quaternion  # noqa: E402
from tas_ros.demo import messages as topics  # noqa: E402
from tas_ros.demo.commands import COMMANDS  # noqa: E402
from tas_ros.demo.recording import BAG, PHOTOS, load_views  # noqa: E402
from tas_ros.errors import DatasetError  # noqa: E402
from tas_ros.replay.bag import open_bag  # noqa: E402
from tas_ros.ros.image_conversions import depth_to_metres  # noqa: E402

MIN_VISIBLE_PIXELS = 300


@pytest.fixture(scope="module")
def messages():
    recorded = defaultdict(list)
    with open_bag(BAG) as reader:
        for connection, time, raw in reader.messages():
            recorded[connection.topic].append((time, reader.deserialize(raw, connection.msgtype)))
    return recorded


@pytest.fixture(scope="module")
def views():
    return load_views()


def stamp(message):
    return message.header.stamp.sec * 1_000_000_000 + message.header.stamp.nanosec


def test_every_frame_is_complete_and_of_one_stamp_and_frame(messages):
    frame_topics = (topics.IMAGE_TOPIC, topics.DEPTH_TOPIC, topics.CAMERA_INFO_TOPIC, topics.INSTANCES_TOPIC)
    rows = list(zip(*(messages[topic] for topic in frame_topics), strict=True))
    assert len(rows) >= 10
    for row in rows:
        assert {stamp(message) for _, message in row} == {row[0][0]}, "header stamps and bag times differ"
        assert len({message.header.frame_id for _, message in row}) == 1
        image, depth, info, labels = (message for _, message in row)
        assert {(message.width, message.height) for message in (image, depth, info, labels)} == {(640, 480)}
        assert (image.encoding, depth.encoding, labels.encoding) == ("rgb8", "16UC1", "mono8")
        assert image.step * image.height == image.data.size
    stamps = [row[0][0] for row in rows]
    assert stamps == sorted(set(stamps))


def test_labels_are_those_of_the_description(messages):
    for (_, labels), (_, text) in zip(messages[topics.INSTANCES_TOPIC], messages[topics.OBJECTS_TOPIC], strict=True):
        description = json.loads(text.data)
        assert description["stamp"] == stamp(labels)
        assert description["frame_id"] == labels.header.frame_id
        for entry in description["objects"]:
            assert np.count_nonzero(labels.data == entry["id"]) == entry["pixels"] >= MIN_VISIBLE_PIXELS, entry
        assert set(np.unique(labels.data)) == {0, *(entry["id"] for entry in description["objects"])}


def test_depth_agrees_with_the_truth_and_has_holes_like_a_real_one(messages):
    for (_, depth), (_, labels), (_, text) in zip(
        messages[topics.DEPTH_TOPIC], messages[topics.INSTANCES_TOPIC], messages[topics.OBJECTS_TOPIC], strict=True
    ):
        metres = depth_to_metres(depth).ravel()
        unknown = np.isnan(metres).mean()
        assert 0.0005 < unknown < 0.2
        for entry in json.loads(text.data)["objects"]:
            measured = np.nanmedian(metres[labels.data == entry["id"]])
            assert measured == pytest.approx(entry["depth"], abs=0.01)


def test_objects_lie_where_transforms_and_calibration_say(messages):
    """base_link -> camera link -> optical frame -> pixel leads from an object's foot to its mask's surroundings."""
    _, transforms = messages[topics.TF_STATIC_TOPIC][-1]
    chain = {each.child_frame_id: (each.header.frame_id, pose(each.transform)) for each in transforms.transforms}
    for (_, info), (_, labels), (_, text) in zip(
        messages[topics.CAMERA_INFO_TOPIC],
        messages[topics.INSTANCES_TOPIC],
        messages[topics.OBJECTS_TOPIC],
        strict=True,
    ):
        optical = labels.header.frame_id
        link, optical_in_link = chain[optical]
        base, link_in_base = chain[link]
        assert (base, link) == ("base_link", optical.replace("_color_optical_frame", "_link"))
        # REP-103: the optical frame looks along its z; the body frame looks along its x and its z points up.
        assert optical_in_link[:3, 2] == pytest.approx([1, 0, 0], abs=1e-6)
        assert link_in_base[2, 2] > 0
        to_optical = np.linalg.inv(link_in_base @ optical_in_link)
        image = labels.data.reshape(480, 640)
        for entry in json.loads(text.data)["objects"]:
            x, y, z, _ = to_optical @ [*entry["position"], 1.0]
            u, v = info.k[0] * x / z + info.k[2], info.k[4] * y / z + info.k[5]
            rows, columns = np.nonzero(image == entry["id"])
            assert columns.min() - 2 <= u <= columns.max() + 2, entry
            assert rows.min() <= v <= rows.max() + 25, entry  # the foot is at the mask's lower end


def pose(transform):
    t, q = transform.translation, transform.rotation
    matrix = np.eye(4)
    matrix[:3, :3] = matrix_from_quaternion(q.x, q.y, q.z, q.w)
    matrix[:3, 3] = t.x, t.y, t.z
    return matrix


def test_commands_are_about_things_in_view(views):
    by_name = {(view.scene, view.viewpoint): view for view in views}
    assert len(COMMANDS) >= 14 and len({command.text for command in COMMANDS}) == len(COMMANDS)
    for command in COMMANDS:
        view = by_name[command.scene, command.viewpoint]
        assert command.expected is None or (view.labels == view.names[command.expected]).any(), command
        assert (command.expected is None) == (command.kind == "absent")
    assert {command.kind for command in COMMANDS} >= {
        "colour", "noun", "position", "superlative", "ordinal", "absent",
    }  # fmt: skip


def test_photos_carry_their_credit_and_truth(views):
    credit = (PHOTOS / "README.md").read_text(encoding="utf-8")
    photos = [view for view in views if view.viewpoint == "photo"]
    assert len(photos) == 2
    for view in photos:
        assert f"{view.scene}.png" in credit and "CC0" in credit
        assert topics.DEPTH_TOPIC not in view.raw
        assert set(np.unique(view.labels)) == {0, *view.names.values()}


def test_a_bag_that_is_not_the_demos_is_named(tmp_path):
    with pytest.raises(DatasetError, match="does not exist"):
        load_views(tmp_path / "none")
    (tmp_path / "cut.mcap").write_bytes(b"\x89MCAP0\r\n")
    with pytest.raises(DatasetError, match=r"cut\.mcap cannot be read"):
        load_views(tmp_path / "cut.mcap")
