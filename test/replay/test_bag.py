# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Reading camera frames from bags of any kind."""

import numpy as np
import pytest

pytest.importorskip("rosbags")

from rosbags.rosbag2 import StoragePlugin, Writer

from tas_ros.demo.messages import DEPTH_TOPIC, IMAGE_TOPIC, MessageFactory
from tas_ros.demo.recording import BAG, load_views
from tas_ros.errors import DatasetError
from tas_ros.replay.bag import CameraTopics, find_camera_topics, open_bag
from tas_ros.replay.frames import read_frames

MESSAGES = MessageFactory()
IMAGE_TYPE, INFO_TYPE = "sensor_msgs/msg/Image", "sensor_msgs/msg/CameraInfo"
MILLISECOND = 1_000_000


def image(stamp, encoding="rgb8", value=7, padding=0):
    """A 6 x 4 image whose rows are padded."""
    channels = {"rgb8": 3, "bgr8": 3, "16UC1": 2, "mono8": 1}[encoding]
    pixels = np.full((4, 6 * channels + padding), value, np.uint8)
    return MESSAGES.image(MESSAGES.header(stamp, "optical"), pixels, encoding, (4, 6))


def write(folder, rows, plugin=StoragePlugin.MCAP):
    """rows: (topic, type, bag time, message)."""
    with Writer(folder, version=9, storage_plugin=plugin) as writer:
        connections = {}
        for topic, kind, time, message in rows:
            if topic not in connections:
                connections[topic] = writer.add_connection(topic, kind, typestore=MESSAGES.store)
            writer.write(connections[topic], time, MESSAGES.store.serialize_cdr(message, kind))
    return folder


def frames_of(path, count=None, **names):
    with open_bag(path) as reader:
        return list(read_frames(reader, find_camera_topics(reader, **names), count))


def test_bundled_recording_comes_out_as_it_went_in():
    frames, views = frames_of(BAG), load_views()
    assert len(frames) == 12
    for read, view in zip(frames, views, strict=False):
        assert (read.stamp, read.frame_id) == (view.stamp, view.frame_id)
        np.testing.assert_array_equal(read.frame.rgb, view.rgb)
        assert read.frame.depth is not None and 0.3 < np.nanmedian(read.frame.depth) < 2
        assert read.frame.intrinsics.fx == pytest.approx(606.0)


def test_the_truth_is_not_taken_for_the_camera():
    with open_bag(BAG) as reader:
        assert find_camera_topics(reader).image == IMAGE_TOPIC
        assert find_camera_topics(reader).depth == DEPTH_TOPIC


@pytest.mark.parametrize("plugin", [StoragePlugin.MCAP, StoragePlugin.SQLITE3])
@pytest.mark.parametrize("whole_folder", [True, False])
def test_folders_and_bare_files_of_both_kinds(tmp_path, plugin, whole_folder):
    folder = write(tmp_path / "bag", [("/image", IMAGE_TYPE, 1, image(1))], plugin)
    path = folder if whole_folder else next(file for file in folder.iterdir() if file.suffix in {".mcap", ".db3"})
    (frame,) = frames_of(path)
    assert frame.frame.rgb.shape == (4, 6, 3) and (frame.frame.rgb == 7).all()
    assert frame.frame.depth is None and frame.frame.intrinsics is None


def test_padded_rows_are_stepped_over(tmp_path):
    message = image(1, padding=5)
    message.data.reshape(4, -1)[:, 18:] = 255
    (frame,) = frames_of(write(tmp_path / "bag", [("/image", IMAGE_TYPE, 1, message)]))
    assert (frame.frame.rgb == 7).all()


def test_depth_belongs_by_header_stamp_whatever_the_order_of_arrival(tmp_path):
    rows = []
    for i in range(6):
        stamp = i * 100 * MILLISECOND
        rows.append(("/rgb", IMAGE_TYPE, stamp, image(stamp, value=i)))
        late = stamp + (150 if i % 2 else -20) * MILLISECOND
        if i != 3:
            rows.append(("/depth", IMAGE_TYPE, max(0, late), image(stamp, "16UC1", value=i + 1)))
    rows.sort(key=lambda row: row[2])
    frames = frames_of(write(tmp_path / "bag", rows))
    assert [frame.index for frame in frames] == list(range(6))
    for i, frame in enumerate(frames):
        assert (frame.frame.rgb == i).all()
        if i == 3:
            assert frame.frame.depth is None
        else:
            np.testing.assert_allclose(frame.frame.depth, 0.257 * (i + 1))


@pytest.mark.parametrize(
    ("count", "expected"), [(1, [0]), (3, [0, 4, 9]), (10, list(range(10))), (99, list(range(10)))]
)
def test_frames_are_spread_over_the_recording(tmp_path, count, expected):
    rows = [("/rgb", IMAGE_TYPE, i * 1000 * MILLISECOND, image(i, value=i)) for i in range(10)]
    assert [frame.index for frame in frames_of(write(tmp_path / "bag", rows), count)] == expected


def test_the_camera_with_a_calibration_is_preferred_and_names_given_are_kept(tmp_path):
    info = MESSAGES.camera_info(MESSAGES.header(1, "optical"), frames_of(BAG, 1)[0].frame.intrinsics, 6, 4)
    rows = [
        ("/overview/image", IMAGE_TYPE, 1, image(1, value=1)),
        ("/overview/image", IMAGE_TYPE, 2, image(2, value=1)),
        ("/hand/image_raw", IMAGE_TYPE, 1, image(1, "bgr8", value=2)),
        ("/hand/camera_info", INFO_TYPE, 1, info),
        ("/hand/depth", IMAGE_TYPE, 1, image(1, "16UC1")),
        ("/labels", IMAGE_TYPE, 1, image(1, "mono8")),
    ]
    bag = write(tmp_path / "bag", rows)
    with open_bag(bag) as reader:
        assert find_camera_topics(reader) == CameraTopics("/hand/image_raw", "/hand/depth", "/hand/camera_info")
        assert find_camera_topics(reader, image="/overview/image").image == "/overview/image"
        with pytest.raises(DatasetError, match=r"/nowhere is not in the bag; it has: .*/labels"):
            find_camera_topics(reader, image="/nowhere")


def test_a_bag_without_images_says_so(tmp_path):
    text = MESSAGES.store.types["std_msgs/msg/String"]("hello")
    bag = write(tmp_path / "bag", [("/chatter", "std_msgs/msg/String", 1, text)])
    with open_bag(bag) as reader, pytest.raises(DatasetError, match="no colour image; its topics are: /chatter"):
        find_camera_topics(reader)
