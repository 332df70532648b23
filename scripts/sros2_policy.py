# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Print config/sros2/tas.policy.xml: what a running node speaks and hears, in the format of ROS's sros2.

Use it after a topic or service is added: `.venv/bin/python scripts/sros2_policy.py > config/sros2/tas.policy.xml`.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

# Nobody else's nodes are to be met; set before any ROS library looks.
os.environ.setdefault("ROS_DOMAIN_ID", str(1 + os.getpid() % 100))
os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "LOCALHOST"

import rclpy
from lifecycle_msgs.msg import State
from lifecycle_msgs.srv import GetState
from rclpy.node import Node

NODE = "tas"
VARIANTS = {
    "/raw": {},
    "/compressed": {"image_transport": "compressed", "depth_transport": "compressed", "use_sim_time": "true"},
}
"""Namespace to parameters: together the nodes have every interface that a node may have."""
PATIENCE = 120.0
ASKED = {
    ("topics", "publish"): "get_publisher_names_and_types_by_node",
    ("topics", "subscribe"): "get_subscriber_names_and_types_by_node",
    ("services", "reply"): "get_service_names_and_types_by_node",
    ("services", "request"): "get_client_names_and_types_by_node",
}
"""What the policy allows, and who of rclpy knows it."""

Interfaces = dict[tuple[str, str], set[str]]


def running_interfaces() -> Interfaces:
    """Names of all variants' topics and services, as the policy writes them. Raises TimeoutError, RuntimeError."""
    rclpy.init()
    asker = rclpy.create_node("policy_writer")
    try:
        with _nodes() as processes:
            for namespace, process in processes.items():
                _wait_until_active(asker, namespace, process)
            return {
                kind: {
                    _relative(name, namespace)
                    for namespace in VARIANTS
                    for name, _ in getattr(asker, method)(NODE, namespace)
                }
                for kind, method in ASKED.items()
            }
    finally:
        asker.destroy_node()
        rclpy.shutdown()


def policy(interfaces: Interfaces) -> str:
    """The policy file of a node `tas` in the root namespace and an enclave `/tas`."""
    root = ElementTree.Element("policy", version="0.2.0")
    enclave = ElementTree.SubElement(ElementTree.SubElement(root, "enclaves"), "enclave", path=f"/{NODE}")
    profile = ElementTree.SubElement(ElementTree.SubElement(enclave, "profiles"), "profile", ns="/", node=NODE)
    for (kind, direction), names in interfaces.items():
        if names:
            allowed = ElementTree.SubElement(profile, kind, {direction: "ALLOW"})
            for name in sorted(names):
                ElementTree.SubElement(allowed, kind.removesuffix("s")).text = name
    ElementTree.indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<!-- Written by scripts/sros2_policy.py from a running node. -->\n'
    return f"{head}{ElementTree.tostring(root, encoding='unicode')}\n"


@contextmanager
def _nodes() -> Iterator[dict[str, Any]]:
    """A node process of each variant, ended in order."""
    processes = {}
    try:
        for namespace, parameters in VARIANTS.items():
            command = [sys.executable, "-m", "tas_ros.ros.node", "--ros-args", "-r", f"__ns:={namespace}"]
            command += [word for name, value in parameters.items() for word in ("-p", f"{name}:={value}")]
            processes[namespace] = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        yield processes
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            process.wait(PATIENCE)


def _wait_until_active(asker: Node, namespace: str, process: Any) -> None:
    client = asker.create_client(GetState, f"{namespace}/{NODE}/get_state")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if client.wait_for_service(0.5):
            future = client.call_async(GetState.Request())
            rclpy.spin_until_future_complete(asker, future, timeout_sec=2.0)
            if future.done() and future.result().current_state.id == State.PRIMARY_STATE_ACTIVE:
                asker.destroy_client(client)
                time.sleep(1.0)  # the graph hears of the last topics a moment later
                return
    raise TimeoutError(f"the node in {namespace} did not become active; see what it printed")


def _relative(name: str, namespace: str) -> str:
    """`~/mask`, `image` or, outside of the namespace, `/tf`."""
    own = f"{namespace}/{NODE}/"
    return f"~/{name.removeprefix(own)}" if name.startswith(own) else name.removeprefix(f"{namespace}/")


if __name__ == "__main__":
    sys.stdout.write(policy(running_interfaces()))
