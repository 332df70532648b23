# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Every command is answered, in whatever state the node is, and the answer says whose it is."""

from __future__ import annotations

import time
from typing import Any

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")
from lifecycle_msgs.msg import Transition
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import String
from vision_msgs.msg import LabelInfo

from tas_ros.msg import Command, Referral
from tas_ros.srv import Segment

from .conftest import PATIENCE, wait_until
from .test_lifecycle import change, set_parameter

pytestmark = pytest.mark.ros
BURST = 120
REQUESTS = 24


def answers_to(peer: Any, texts: set[str], seen: int) -> list[Any]:
    return [each for each in peer.received["referral"][seen:] if each.command in texts]


def send(peer: Any, **fields: Any) -> Any:
    """Publish a typed command; its answer, found by its id."""
    publisher = peer.typed_command
    wait_until(publisher.get_subscription_count, "the node's subscription to ~/command")
    seen = len(peer.received["referral"])
    publisher.publish(Command(**fields))
    return wait_until(
        lambda: next((r for r in peer.received["referral"][seen:] if r.command_id == fields["id"]), None),
        f"the answer to {fields['id']}",
    )


def test_a_burst_is_answered_to_the_last(peer: Any, tabletop: Any) -> None:
    peer.image.publish(tabletop.image())
    peer.ask("the red box")
    seen = len(peer.received["referral"])
    texts = {f"the red box, number {number}" for number in range(BURST)}
    for text in texts:
        peer.command.publish(String(data=text))
    wait_until(lambda: len(answers_to(peer, texts, seen)) == BURST, f"{BURST} answers")
    answers = answers_to(peer, texts, seen)
    assert len({each.command_id for each in answers}) == BURST
    late = [each for each in answers if each.status == Referral.NOT_ANSWERED]
    assert all("commands are waiting" in each.reason for each in late)
    assert len(late) < BURST


def test_a_burst_of_requests_that_carry_pictures_is_answered_to_the_last(peer: Any, tabletop: Any) -> None:
    image, depth, info = tabletop.frame()
    fields = {"command": "the red box", "image": image, "depth": depth, "camera_info": info}
    # Of its own 10 a busy client would drop the oldest before they are sent, and no node could answer them.
    client = peer.node.create_client(Segment, "tas/segment", qos_profile=QoSProfile(depth=REQUESTS))
    assert client.wait_for_service(PATIENCE)
    time.sleep(0.5)  # the node's side of the match is not visible from here
    futures = {
        number: client.call_async(Segment.Request(id=f"picture {number}", **fields)) for number in range(REQUESTS)
    }
    wait_until(
        lambda: all(future.done() for future in futures.values()),
        f"{REQUESTS} answers",
    )
    for number, future in futures.items():
        response = future.result()
        assert response.referral.command_id == f"picture {number}"
        if response.success:
            assert response.referral.status == Referral.FOUND and (response.mask.width, response.mask.height) == (
                640,
                480,
            )
        else:
            assert "commands are waiting" in response.message
    assert sum(future.result().success for future in futures.values()) > 0


def test_the_clients_id_comes_back(peer: Any, tabletop: Any) -> None:
    peer.image.publish(tabletop.image())
    answer = send(peer, text="the red box", id="task 7")
    assert answer.command == "the red box" and answer.status == Referral.FOUND
    response = peer.request(command="the red box", id="request 8")
    assert response.referral.command_id == "request 8" and response.success


def test_a_typed_command_says_whose_left(peer: Any, tabletop: Any) -> None:
    peer.image.publish(tabletop.image())
    assert send(peer, text="the left box", id="mine", perspective="image").status == Referral.FOUND
    unknown = send(peer, text="the left box", id="whose", perspective="the cat")
    assert unknown.status == Referral.NOT_A_REFERENCE
    assert "'the cat'" in unknown.reason and "speaker" in unknown.reason


def test_a_command_after_its_deadline_is_refused(peer: Any) -> None:
    late = Command(text="the red box", id="late")
    late.deadline.sec = 1
    answer = send(peer, text=late.text, id=late.id, deadline=late.deadline)
    assert answer.status == Referral.NOT_ANSWERED and "deadline passed" in answer.reason


def test_an_answer_is_sorted_by_its_scores_and_counts_its_contenders(peer: Any, tabletop: Any) -> None:
    peer.image.publish(tabletop.image())
    for text in ("the red box", "the box", "the purple teapot", "the left box"):
        answer = peer.ask(text)
        scores = [each.score for each in answer.candidates]
        assert scores == sorted(scores, reverse=True) and all(0 < score <= 1 for score in scores)
        contending = [each.contender for each in answer.candidates]
        assert contending == sorted(contending, reverse=True) and sum(contending) == answer.contenders
        assert (answer.status == Referral.FOUND) == (answer.contenders == 1)
        assert (answer.status == Referral.AMBIGUOUS) == (answer.contenders > 1)
        assert all("own_score" in each.term_names for each in answer.candidates)


def test_the_matched_set_carries_the_images_stamp(peer: Any, tabletop: Any) -> None:
    image, depth, info = tabletop.frame()
    depth.header.stamp.nanosec -= 5_000_000
    info.header.stamp.nanosec -= 9_000_000
    for publisher, msg in ((peer.camera_info, info), (peer.depth, depth), (peer.image, image)):
        publisher.publish(msg)
    answer = wait_until(
        lambda: next((r for r in [peer.ask("the red box")] if r.header == image.header), None), "the answer on it"
    )
    for topic in ("mask", "detections", "matched/image", "matched/depth", "matched/depth_masked"):
        assert peer.of_frame(topic, image.header).header == image.header
    assert peer.of_frame("matched/camera_info", image.header).k.tolist() == info.k.tolist()
    assert peer.of_frame("matched/depth", image.header).data == depth.data
    assert (answer.depth_stamp, answer.camera_info_stamp) == (depth.header.stamp, info.header.stamp)


def test_labels_are_told_anew_when_a_parameter_changes_them(peer: Any, tabletop: Any) -> None:
    told: list[LabelInfo] = []
    latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
    peer.node.create_subscription(LabelInfo, "tas/label_info", told.append, latched)
    wait_until(lambda: told, "the latched label info")
    assert [each.class_id for each in told[0].class_map] == [0, 1]
    assert set_parameter(peer, "found_threshold", 0.25).successful
    wait_until(lambda: told[-1].threshold == pytest.approx(0.25), "the new threshold")
    assert set_parameter(peer, "mask_encoding", "mono8_label").successful
    peer.image.publish(tabletop.image())
    answer = peer.ask("the red box")
    mask = peer.of_frame("mask", answer.header)
    assert mask.encoding == "mono8" and set(mask.data) == {0, 1}
    assert set_parameter(peer, "mask_encoding", "mono16").successful
    answer = peer.ask("the green box")
    formats = wait_until(
        lambda: [m.format for m in peer.received["mask/compressed"] if "mono16" in m.format], "a 16 bit png"
    )
    assert formats[-1] == "mono16; png compressed"
    assert set_parameter(peer, "mask_encoding", "mono8").successful
    assert set_parameter(peer, "found_threshold", -1).successful, "an integer for a double"


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("device", "the graphics card", "is no device"),
        ("profile", "no_such_profile.yaml", "cannot be read"),
        ("camera_pose", "1 2 3", "must be 6 numbers"),
        ("max_frame_age", "soon", "finite number"),
        ("max_frame_age", 7200, "must be from 0 to 3600"),
        ("max_frame_age", 7200.0, "out of range"),
    ],
)
def test_what_cannot_be_used_is_refused_when_it_is_set(peer: Any, name: str, value: Any, complaint: str) -> None:
    refused = set_parameter(peer, name, value)
    assert not refused.successful and complaint in refused.reason


def test_a_node_that_is_not_active_answers_so(start_node: Any, make_peer: Any) -> None:
    start_node(autostart=False, max_frame_age=10, namespace="/asleep")  # an integer, as people write it
    peer = make_peer("/asleep")
    assert peer.segment.wait_for_service(PATIENCE)
    wait_until(peer.command.get_subscription_count, "the node's subscription")
    wait_until(lambda: peer.node.count_publishers("/asleep/tas/referral"), "the node's referrals")
    time.sleep(1.0)  # the node's side of the match is not visible from here
    answer = peer.ask("the red box")
    assert answer.status == Referral.NOT_ANSWERED and "not active" in answer.reason and answer.command_id
    response = peer.request(command="the red box", id="early")
    assert (response.success, response.referral.status) == (False, Referral.NOT_ANSWERED)
    assert response.referral.command_id == "early" and "not active" in response.referral.reason
    assert change(peer, Transition.TRANSITION_CONFIGURE)
    assert "not active" in peer.ask("the blue box").reason
