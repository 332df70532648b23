# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The generated interfaces are what they say: same wire types as the official packages, same constants as the core.

A type's RIHS01 hash covers the names, types and order of its fields and of all types it refers to; two ROS nodes that
report the same hash read each other's messages.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

rclpy = pytest.importorskip("rclpy")

ROOT = Path(__file__).resolve().parents[2]
INTERFACES = ROOT / "interfaces"

# Hashes of the official packages: what rosidl's generator writes for the definitions in ros2/geometry2 (branch jazzy)
# and in ros-perception/vision_msgs at 4.1.1, the release in Jazzy. Those of tf2_msgs' messages are also what Jazzy
# robots report in public logs (ros2 topic info -v, rosbag2 metadata).
OFFICIAL = {
    "std_msgs/msg/String": "RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18",
    "tf2_msgs/action/LookupTransform": "RIHS01_0b8adf6bc0b5958879e3265b41a457e03558fe523890a81252c70eba97a82c5d",
    "tf2_msgs/msg/TF2Error": "RIHS01_db2485e7d6a0ec75bf087e058ee45df682acc3a621ca7780503d10aac141809a",
    "tf2_msgs/msg/TFMessage": "RIHS01_e369d0f05a23ae52508854b66f6aa0437f3449d652e8cbf22d5abe85d020f087",
    "tf2_msgs/srv/FrameGraph": "RIHS01_0d1fbc6222c018ba5f33822904a2fdd4063705289956d3fdde07cd8c50fe8067",
    "vision_msgs/msg/BoundingBox2D": "RIHS01_008eacbb0cf8f26e83795547bed013eec3675485ef386ec056d80eaaf1c1ce2f",
    "vision_msgs/msg/BoundingBox2DArray": "RIHS01_2464e82838009386d371b523211c21c91d74d313fcdd6788223c531d621cf691",
    "vision_msgs/msg/BoundingBox3D": "RIHS01_bbb73a65c163d7f9bb29009c7bde9f7faa576bd2d23299c4511d19230dab4698",
    "vision_msgs/msg/BoundingBox3DArray": "RIHS01_a81938db9576b10c2eecd7c5a5da3eac496efd00221b25ed051dfbc81fb56da6",
    "vision_msgs/msg/Classification": "RIHS01_f74db28d0eaef3afb78f48bf2161cd709a1383a0309d3454383b25be11345143",
    "vision_msgs/msg/Detection2D": "RIHS01_0d12b69df5c593b3455b7346fac8205437a7d4bcb09b9e0e0b2dde787ded38ea",
    "vision_msgs/msg/Detection2DArray": "RIHS01_214274120007f4a683866481336b70310268cfa107aebe9d594a6acf75bda968",
    "vision_msgs/msg/Detection3D": "RIHS01_ddd703be132ab0b69d33121f1bb034132bfbb3b0ac5f9fb1516005ba1c8a265b",
    "vision_msgs/msg/Detection3DArray": "RIHS01_793f5eab9595ac1c0da07873cc859db42eae51f0ee76056db8562515d830e018",
    "vision_msgs/msg/LabelInfo": "RIHS01_3d37df4015cdf660cc851c51897f2acd957e1ca6205ba0a99aebffb9406b0783",
    "vision_msgs/msg/ObjectHypothesis": "RIHS01_51da43cec11c01957a64d1e05a24acd18aae7745ec30b74348ad5f6d634f7f90",
    "vision_msgs/msg/ObjectHypothesisWithPose": "RIHS01_41c12344c0396c48b81df12467c192d99b2a0eb1463c5c37194e4223251c80bc",  # noqa: E501
    "vision_msgs/msg/Point2D": "RIHS01_eab0e83f44ab4de92ceaf76dd7d0e7638f2bdd1d16ffbe16c7a136c48e407247",
    "vision_msgs/msg/Pose2D": "RIHS01_b0b5d1d7b4c20dd4fcde3ed1d4b289a919290572007d67a97043814db25d3648",
    "vision_msgs/msg/VisionClass": "RIHS01_1e4a11f0fed50b5623cb8ff26ca0e37952a48a9c074d16f804b44e9164c2037a",
    "vision_msgs/msg/VisionInfo": "RIHS01_95d3116a17484ad91c9a2686e1d54890bbfc3ff6c6a2de137738c4950d45d284",
}

PRIMITIVES = {
    "int8": 2, "uint8": 3, "int16": 4, "uint16": 5, "int32": 6, "uint32": 7, "int64": 8, "uint64": 9,
    "float32": 10, "float64": 11, "char": 3, "bool": 15, "byte": 16, "string": 17,
}  # fmt: skip
NESTED, ARRAY, BOUNDED, SEQUENCE = 1, 48, 96, 144
SECTIONS = {"srv": ("Request", "Response"), "action": ("Goal", "Result", "Feedback")}
NO_FIELDS = ["uint8 structure_needs_at_least_one_member"]


def definition_file(type_name: str) -> Path:
    """The file that defines a message, service or action: ours where we carry it, else the installed package's."""
    package, kind, name = type_name.split("/")
    ours = (ROOT if package == "tas_ros" else INTERFACES / package) / kind / f"{name}.{kind}"
    prefixes = [*os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep), sys.prefix]  # the wheels set no variable
    installed = [Path(prefix) / "share" / package / kind / f"{name}.{kind}" for prefix in prefixes if prefix]
    return next(file for file in (ours, *installed) if file.is_file())


def declarations(type_name: str) -> list[str]:
    """The type's fields as lines "type name"; for services, actions and their parts those that rosidl makes of them."""
    package, kind, name = type_name.split("/")
    base, _, part = name.partition("_")
    own = f"{package}/{kind}/{base}"
    goal_id = "unique_identifier_msgs/UUID goal_id"
    derived = {
        "": [
            f"{own}_Goal goal", f"{own}_Result result", f"{own}_Feedback feedback", f"{own}_SendGoal send_goal_service",
            f"{own}_GetResult get_result_service", f"{own}_FeedbackMessage feedback_message",
        ],
        "SendGoal_Request": [goal_id, f"{own}_Goal goal"],
        "SendGoal_Response": ["bool accepted", "builtin_interfaces/Time stamp"],
        "GetResult_Request": [goal_id],
        "GetResult_Response": ["int8 status", f"{own}_Result result"],
        "FeedbackMessage": [goal_id, f"{own}_Feedback feedback"],
    }  # fmt: skip
    if kind == "action" and part in derived:
        return derived[part]
    if kind != "msg" and part.endswith("Event"):
        service = type_name.removesuffix("_Event")
        exchange = [f"{service}_Request[<=1] request", f"{service}_Response[<=1] response"]
        return ["service_msgs/ServiceEventInfo info", *exchange]
    if kind != "msg" and part not in SECTIONS[kind]:
        return [f"{type_name}_{each.capitalize()} {each}_message" for each in ("request", "response", "event")]
    sections = re.split(r"^---$", definition_file(own if part else type_name).read_text(), flags=re.MULTILINE)
    lines = [line.split("#")[0].strip() for line in sections[SECTIONS[kind].index(part) if part else 0].splitlines()]
    fields = [line for line in lines if line and "=" not in line.replace("<=", "")]  # constants are no fields
    return fields or NO_FIELDS


def describe(type_name: str) -> dict[str, object]:
    """The type description (REP 2016) of a definition; strings without bounds only."""
    fields = []
    for line in declarations(type_name):
        base, brackets, bound, size, name = re.fullmatch(r"([\w/]+)(\[(<=)?(\d*)\])?\s+(\w+)(?:\s+\S+)?", line).groups()
        nested = ""
        if base not in PRIMITIVES:
            package, _, short = base.rpartition("/")
            package = package or type_name.split("/", maxsplit=1)[0]
            nested = f"{package}/{short}" if "/" in package else f"{package}/msg/{short}"
        container = 0 if not brackets else BOUNDED if bound else ARRAY if size else SEQUENCE
        field_type = {
            "type_id": PRIMITIVES.get(base, NESTED) + container, "capacity": int(size or 0), "string_capacity": 0,
            "nested_type_name": nested,
        }  # fmt: skip
        fields.append({"name": name, "type": field_type})
    return {"type_name": type_name, "fields": fields}


def referenced(type_name: str) -> set[str]:
    """Names of all types that a type is made of."""
    direct = {f["type"]["nested_type_name"] for f in describe(type_name)["fields"]} - {""}
    return direct.union(*(referenced(name) for name in direct))


def rihs01(type_name: str) -> str:
    """The type's hash by the published rule, computed from its definition alone."""
    description = {
        "type_description": describe(type_name),
        "referenced_type_descriptions": [describe(name) for name in sorted(referenced(type_name))],
    }
    return "RIHS01_" + hashlib.sha256(json.dumps(description).encode()).hexdigest()


@pytest.fixture(scope="module")
def node() -> Iterator[object]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
        context = rclpy.Context()
        context.init(domain_id=87)
        node = rclpy.create_node("interface_probe", context=context)
        yield node
        node.destroy_node()
        context.shutdown()


def reported_hash(node, type_name: str) -> str:
    """The hash that a real publisher of the type announces over DDS."""
    package, _, name = type_name.split("/")
    topic = f"/probe/{package}/{name}"
    publisher = node.create_publisher(getattr(import_module(f"{package}.msg"), name), topic, 1)
    try:
        return announced_hash(node, topic)
    finally:
        node.destroy_publisher(publisher)


def announced_hash(node, topic: str, no_mangle: bool = False) -> str:
    """The type hash of the topic's first publisher in the graph; `no_mangle` takes a DDS name for a ROS one."""
    deadline = time.monotonic() + 10
    while not (endpoints := node.get_publishers_info_by_topic(topic, no_mangle)):
        assert time.monotonic() < deadline, f"no publisher of {topic} ever appeared in the graph"
        time.sleep(0.02)
    return str(endpoints[0].topic_type_hash)


def test_every_official_definition_is_carried_and_no_other() -> None:
    carried = {str(file.relative_to(INTERFACES).with_suffix("")) for file in INTERFACES.glob("*/*/*")}
    assert carried == set(OFFICIAL) - {"std_msgs/msg/String"}


@pytest.mark.parametrize("package", sorted(folder.name for folder in INTERFACES.iterdir() if folder.is_dir()))
def test_every_carried_definition_is_generated(package: str) -> None:
    generated = re.findall(r'"(\w+/\w+)\.(?:msg|srv|action)"', (INTERFACES / package / "CMakeLists.txt").read_text())
    assert sorted(f"{package}/{each}" for each in generated) == [each for each in OFFICIAL if each.startswith(package)]


@pytest.mark.parametrize("type_name", OFFICIAL)
def test_definition_has_the_official_hash(type_name: str) -> None:
    assert rihs01(type_name) == OFFICIAL[type_name]


@pytest.mark.ros
@pytest.mark.parametrize("type_name", [name for name in OFFICIAL if "/msg/" in name])
def test_publisher_announces_the_official_hash(node, type_name: str) -> None:
    assert reported_hash(node, type_name) == OFFICIAL[type_name]


@pytest.mark.ros
def test_service_and_action_announce_the_official_parts(node) -> None:
    """DDS knows neither: it carries a service as a topic each way, an action as services and a feedback topic."""
    from rclpy.action import ActionServer
    from tf2_msgs.action import LookupTransform
    from tf2_msgs.srv import FrameGraph

    client = node.create_client(FrameGraph, "/probe/frames")
    service = node.create_service(FrameGraph, "/probe/frames", lambda _, response: response)
    action = ActionServer(node, LookupTransform, "/probe/lookup", lambda _: LookupTransform.Result())
    topics = {
        "rq/probe/framesRequest": "tf2_msgs/srv/FrameGraph_Request",
        "rr/probe/framesReply": "tf2_msgs/srv/FrameGraph_Response",
        "rr/probe/lookup/_action/send_goalReply": "tf2_msgs/action/LookupTransform_SendGoal_Response",
        "rr/probe/lookup/_action/get_resultReply": "tf2_msgs/action/LookupTransform_GetResult_Response",
        "rt/probe/lookup/_action/feedback": "tf2_msgs/action/LookupTransform_FeedbackMessage",
    }
    try:
        announced = {name: announced_hash(node, name, no_mangle=True) for name in topics}
    finally:
        action.destroy()
        node.destroy_client(client)
        node.destroy_service(service)
    assert announced == {topic: rihs01(name) for topic, name in topics.items()}


@pytest.mark.ros
@pytest.mark.parametrize("name", ["Candidate", "Command", "Referral", "StageTiming"])
def test_installed_bindings_are_those_of_this_checkout(node, name: str) -> None:
    assert reported_hash(node, f"tas_ros/msg/{name}") == rihs01(f"tas_ros/msg/{name}")


def test_status_constants_are_those_of_the_core() -> None:
    from tas_ros.msg import Referral
    from tas_ros.referral.referral import Status

    assert {status.name: status.value for status in Status} == {
        name: getattr(Referral, name) for name in ("NOT_ANSWERED", "FOUND", "NOT_FOUND", "AMBIGUOUS", "NOT_A_REFERENCE")
    }


def test_service_and_action_have_the_same_request_and_answer() -> None:
    from tas_ros.action import Refer
    from tas_ros.srv import Segment

    assert Refer.Goal.get_fields_and_field_types() == Segment.Request.get_fields_and_field_types()
    assert Refer.Result.get_fields_and_field_types() == Segment.Response.get_fields_and_field_types()
