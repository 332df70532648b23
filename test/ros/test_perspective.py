# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Whose left is meant, through the node in a process of its own: rolled cameras, cameras that look back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")
from benchmarks.live.camera import image_of
from benchmarks.live.peer import Peer
from benchmarks.live.waiting import wait_until
from tas_ros.msg import Referral

from ..laws.drawn_table import BEHIND_ROBOT, FACING_ROBOT, Thing, draw, looking

pytestmark = pytest.mark.ros

ROBOTS_LEFT, ROBOTS_RIGHT = 0, 1
THINGS = (
    Thing("box", "red", 0.64, 0.17, 0.09), Thing("box", "red", 0.66, -0.17, 0.09), Thing("ball", "blue", 0.8, 0.0, 0.09)
)  # fmt: skip
BEHIND, FACING = looking(BEHIND_ROBOT), looking(FACING_ROBOT)
CAMERAS = {
    "level": BEHIND,
    "rolled_90": looking(BEHIND_ROBOT, roll=90),
    "rolled_180": looking(BEHIND_ROBOT, roll=180),
    "facing": FACING,
    "facing_rolled_90": looking(FACING_ROBOT, roll=-90),
}
"""Frames in the transform tree, by their poses in base_link."""
SPEAKER = np.eye(4)
SPEAKER[:3, :3] = Rotation.from_euler("z", np.pi).as_matrix()
SPEAKER[0, 3] = 1.8
"""A person across the table, who looks at the robot."""
_ticks = iter(range(1_000_000))


class Camera:
    """An RGB-D camera over the table; each picture is of another stamp."""

    def __init__(self, frame_id: str, pose: np.ndarray, things: tuple[Thing, ...] = THINGS) -> None:
        self.frame_id = frame_id
        self._seen = draw(things, pose, 640, 480)

    def publish(self, peer: Peer) -> Any:
        """One frame; its header."""
        from sensor_msgs.msg import CameraInfo
        from std_msgs.msg import Header

        header = Header(frame_id=self.frame_id)
        header.stamp.sec = 5_000 + next(_ticks)
        frame = self._seen.frame
        info = CameraInfo(header=header, width=640, height=480, distortion_model="plumb_bob", d=[0.0] * 5)
        pinhole = frame.intrinsics
        info.k = [pinhole.fx, 0.0, pinhole.cx, 0.0, pinhole.fy, pinhole.cy, 0.0, 0.0, 1.0]
        peer.camera_info.publish(info)
        peer.depth.publish(image_of(frame.depth, "32FC1", header))
        peer.image.publish(image_of(frame.rgb, "rgb8", header))
        return header

    def named(self, mask: np.ndarray) -> int | None:
        """Which thing a mask is of, None when it is of none."""
        for number, truth in enumerate(self._seen.proposals.masks):
            if np.count_nonzero(truth & mask) > 0.6 * np.count_nonzero(truth | mask):
                return number
        return None


def ask(peer: Peer, camera: Camera, text: str) -> tuple[Any, int | None]:
    """The referral on a new frame of that camera, and which thing it found."""
    header = camera.publish(peer)
    for _ in range(20):  # DDS keeps no order between topics: the command may overtake the image
        referral = peer.ask(text)
        if referral.header == header:
            break
    assert referral.header == header and referral.status == Referral.FOUND, (referral.reason, list(referral.notes))
    message = next(m for m in reversed(peer.received["mask"]) if m.header == header)
    return referral, camera.named(np.frombuffer(message.data, np.uint8).reshape(480, 640) > 0)


def say_where(peer: Peer, poses: dict[str, np.ndarray]) -> Any:
    """Publish the static transforms of frames in base_link; the publisher, which must live on to be heard."""
    from geometry_msgs.msg import TransformStamped
    from rclpy.qos import DurabilityPolicy, QoSProfile
    from tf2_msgs.msg import TFMessage

    publisher = peer.node.create_publisher(
        TFMessage, "/tf_static", QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
    )
    message = TFMessage()
    for name, pose in poses.items():
        each = TransformStamped(child_frame_id=name)
        each.header.frame_id = "base_link"
        place, turn = each.transform.translation, each.transform.rotation
        place.x, place.y, place.z = pose[:3, 3].tolist()
        turn.x, turn.y, turn.z, turn.w = Rotation.from_matrix(pose[:3, :3]).as_quat().tolist()
        message.transforms.append(each)
    publisher.publish(message)
    wait_until(publisher.get_subscription_count, "the node to listen to /tf_static")
    time.sleep(0.5)  # that it has read the message is not visible from here
    return publisher


def set_perspective(peer: Peer, value: str) -> None:
    from rcl_interfaces.msg import Parameter, ParameterType, ParameterValue
    from rcl_interfaces.srv import SetParameters

    client = peer.node.create_client(SetParameters, "tas/set_parameters")
    assert client.wait_for_service(30)
    string = ParameterValue(type=ParameterType.PARAMETER_STRING, string_value=value)
    future = client.call_async(SetParameters.Request(parameters=[Parameter(name="perspective", value=string)]))
    wait_until(future.done, f"perspective to become {value}")
    assert future.result().results[0].successful
    peer.node.destroy_client(client)


@pytest.fixture(scope="module")
def own_parameters() -> dict[str, Any]:
    """The node knows who speaks."""
    return {"speaker_frame": "person"}


@pytest.fixture(scope="module")
def placed_peer(peer: Peer) -> Iterator[Peer]:
    """A peer whose cameras' transforms the node has heard."""
    publisher = say_where(peer, {**CAMERAS, "person": SPEAKER})
    yield peer
    peer.node.destroy_publisher(publisher)


@pytest.fixture
def as_robot(placed_peer: Peer) -> Iterator[Peer]:
    set_perspective(placed_peer, "robot")
    yield placed_peer
    set_perspective(placed_peer, "camera")


@pytest.mark.parametrize("frame_id", ["level", "rolled_90", "rolled_180"])
def test_left_is_a_persons_left_however_the_camera_is_mounted(placed_peer, frame_id) -> None:
    camera = Camera(frame_id, CAMERAS[frame_id])
    referral, found = ask(placed_peer, camera, "the left red box")
    assert found == ROBOTS_LEFT and not referral.notes
    assert ask(placed_peer, camera, "the red box on the right")[1] == ROBOTS_RIGHT


@pytest.mark.parametrize("frame_id", ["facing", "facing_rolled_90"])
def test_perspective_robot_is_the_other_one_on_a_camera_that_looks_back(placed_peer, frame_id) -> None:
    camera = Camera(frame_id, CAMERAS[frame_id])
    assert ask(placed_peer, camera, "the left red box")[1] == ROBOTS_RIGHT
    set_perspective(placed_peer, "robot")
    try:
        assert ask(placed_peer, camera, "the left red box")[1] == ROBOTS_LEFT
    finally:
        set_perspective(placed_peer, "camera")
    assert ask(placed_peer, camera, "the left red box")[1] == ROBOTS_RIGHT


def test_words_win_over_the_parameter(as_robot) -> None:
    """The person sits across the table, so their left is the robot's right, whichever camera sees it."""
    for frame_id in ("level", "facing", "rolled_90"):
        camera = Camera(frame_id, CAMERAS[frame_id])
        assert ask(as_robot, camera, "the red box on my left")[1] == ROBOTS_RIGHT, frame_id
        assert ask(as_robot, camera, "the red box on your left")[1] == ROBOTS_LEFT, frame_id


def test_without_a_transform_the_notes_say_so(placed_peer) -> None:
    camera = Camera("unheard_of", CAMERAS["rolled_180"])
    referral, found = ask(placed_peer, camera, "the left red box")
    assert found == ROBOTS_RIGHT, "the raw picture is upside down, and nothing tells so"
    assert any("no transform" in note for note in referral.notes)
    referral, _ = ask(placed_peer, camera, "the red box on your left")
    assert any("no transform to the robot's base" in note for note in referral.notes)
    assert not ask(placed_peer, camera, "the blue ball")[0].notes, "no direction, nothing to guess"


def test_a_pose_given_as_parameter_serves_where_there_is_no_transform(start_node, make_peer) -> None:
    pose = CAMERAS["rolled_90"]
    numbers = (*pose[:3, 3], *Rotation.from_matrix(pose[:3, :3]).as_euler("xyz"))
    node = start_node(
        frame_timeout=1.0, max_frame_age=0.0, threads=2, namespace="/posed",
        camera_pose=" ".join(f"{value:.6f}" for value in numbers),
    )  # fmt: skip
    node.wait_for_log("ready: waiting for images")
    peer = make_peer("/posed")
    peer.wait_for_node()
    camera = Camera("unheard_of", pose)
    referral, found = ask(peer, camera, "the left red box")
    assert found == ROBOTS_LEFT and not referral.notes
    assert ask(peer, camera, "the right red box")[1] == ROBOTS_RIGHT
