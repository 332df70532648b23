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

# Hashes of the official packages. tf2_msgs: as reported by Jazzy robots in public logs (ros2 topic info -v, rosbag2
# metadata). vision_msgs: of the definitions in ros-perception/vision_msgs at 4.1.1, the release in Jazzy.
OFFICIAL = {
    "std_msgs/msg/String": "RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18",
    "tf2_msgs/msg/TFMessage": "RIHS01_e369d0f05a23ae52508854b66f6aa0437f3449d652e8cbf22d5abe85d020f087",
    "tf2_msgs/msg/TF2Error": "RIHS01_db2485e7d6a0ec75bf087e058ee45df682acc3a621ca7780503d10aac141809a",
    "vision_msgs/msg/BoundingBox2D": "RIHS01_008eacbb0cf8f26e83795547bed013eec3675485ef386ec056d80eaaf1c1ce2f",
    "vision_msgs/msg/Detection2D": "RIHS01_0d12b69df5c593b3455b7346fac8205437a7d4bcb09b9e0e0b2dde787ded38ea",
    "vision_msgs/msg/Detection2DArray": "RIHS01_214274120007f4a683866481336b70310268cfa107aebe9d594a6acf75bda968",
    "vision_msgs/msg/LabelInfo": "RIHS01_3d37df4015cdf660cc851c51897f2acd957e1ca6205ba0a99aebffb9406b0783",
    "vision_msgs/msg/ObjectHypothesis": "RIHS01_51da43cec11c01957a64d1e05a24acd18aae7745ec30b74348ad5f6d634f7f90",
    "vision_msgs/msg/ObjectHypothesisWithPose": "RIHS01_41c12344c0396c48b81df12467c192d99b2a0eb1463c5c37194e4223251c80bc",  # noqa: E501
    "vision_msgs/msg/Point2D": "RIHS01_eab0e83f44ab4de92ceaf76dd7d0e7638f2bdd1d16ffbe16c7a136c48e407247",
    "vision_msgs/msg/Pose2D": "RIHS01_b0b5d1d7b4c20dd4fcde3ed1d4b289a919290572007d67a97043814db25d3648",
    "vision_msgs/msg/VisionClass": "RIHS01_1e4a11f0fed50b5623cb8ff26ca0e37952a48a9c074d16f804b44e9164c2037a",
}

PRIMITIVES = {
    "int8": 2, "uint8": 3, "int16": 4, "uint16": 5, "int32": 6, "uint32": 7, "int64": 8, "uint64": 9,
    "float32": 10, "float64": 11, "char": 3, "bool": 15, "byte": 16, "string": 17,
}  # fmt: skip
NESTED, ARRAY, SEQUENCE = 1, 48, 144


def definition_file(type_name: str) -> Path:
    """The .msg file of a type: ours where we carry it, else the installed package's."""
    package, _, name = type_name.split("/")
    ours = (ROOT if package == "tas_ros" else INTERFACES / package) / "msg" / f"{name}.msg"
    prefixes = [*os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep), sys.prefix]  # the wheels set no variable
    installed = [Path(prefix) / "share" / package / "msg" / f"{name}.msg" for prefix in prefixes if prefix]
    return next(file for file in (ours, *installed) if file.is_file())


def describe(type_name: str) -> dict[str, object]:
    """The type description (REP 2016) of a message definition; arrays, sequences and nested types only."""
    fields = []
    for line in definition_file(type_name).read_text().splitlines():
        code = line.split("#")[0].strip()
        if not code or "=" in code:  # constants are no part of the wire type
            continue
        base, brackets, size, name = re.fullmatch(r"([\w/]+)(\[(\d*)\])?\s+(\w+)(?:\s+\S+)?", code).groups()
        nested = ""
        if base not in PRIMITIVES:
            package, _, short = base.rpartition("/")
            nested = f"{package or type_name.split('/', maxsplit=1)[0]}/msg/{short}"
        kind = PRIMITIVES.get(base, NESTED) + (0 if not brackets else ARRAY if size else SEQUENCE)
        field_type = {
            "type_id": kind, "capacity": int(size or 0), "string_capacity": 0, "nested_type_name": nested
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
        deadline = time.monotonic() + 10
        while not (endpoints := node.get_publishers_info_by_topic(topic)):
            assert time.monotonic() < deadline, f"the publisher of {type_name} never appeared in the graph"
            time.sleep(0.02)
        return str(endpoints[0].topic_type_hash)
    finally:
        node.destroy_publisher(publisher)


FALLBACK_TYPES = sorted(f"{file.parent.parent.name}/msg/{file.stem}" for file in INTERFACES.glob("*/msg/*.msg"))


def test_every_fallback_message_has_an_official_hash() -> None:
    assert set(FALLBACK_TYPES) == set(OFFICIAL) - {"std_msgs/msg/String"}


@pytest.mark.parametrize("type_name", OFFICIAL)
def test_definition_has_the_official_hash(type_name: str) -> None:
    assert rihs01(type_name) == OFFICIAL[type_name]


@pytest.mark.ros
@pytest.mark.parametrize("type_name", OFFICIAL)
def test_publisher_announces_the_official_hash(node, type_name: str) -> None:
    assert reported_hash(node, type_name) == OFFICIAL[type_name]


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
