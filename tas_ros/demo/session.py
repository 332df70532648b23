# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A node and its client side by side, on a DDS domain of their own that does not leave this machine."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import rclpy
from rclpy.utilities import try_shutdown

from tas_ros.demo.client import DemoClient
from tas_ros.demo.messages import CAMERA_INFO_TOPIC, DEPTH_TOPIC, IMAGE_TOPIC
from tas_ros.demo.node_process import NodeProcess
from tas_ros.ros.log_files import logging_arguments

CONFIGURE_GRACE = 5.0
"""Seconds that a node may say it is unconfigured before it begins to load."""
STANDS_STILL = {"max_frame_age": "0.0"}
"""The recording stands still between commands, which a live camera would not."""


@contextmanager
def node_and_client(
    parameters: Mapping[str, str], log: Path, domain_id: int | None = None
) -> Iterator[tuple[NodeProcess, DemoClient]]:
    """Start the node and connect to it; ends both.

    parameters: of the node. domain_id: of DDS; by default one derived from this process, so that nobody else hears it.
    """
    domain = 1 + os.getpid() % 100 if domain_id is None else domain_id
    environment = {"ROS_DOMAIN_ID": str(domain), "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}
    remappings = {"image": IMAGE_TOPIC, "depth": DEPTH_TOPIC, "camera_info": CAMERA_INFO_TOPIC}
    node_process = NodeProcess(remappings, {**parameters, **STANDS_STILL}, environment, log)
    with _environment(environment), node_process as node:
        rclpy.init(args=logging_arguments(), domain_id=domain)
        try:
            client = DemoClient(node.check)
            try:
                yield node, client
            finally:
                client.close()
        finally:
            try_shutdown()  # a signal may have shut it down already


def wait_until_active(
    node: NodeProcess, client: DemoClient, timeout: float, on_wait: Callable[[str], None] = lambda line: None
) -> float:
    """Seconds until the node is active; `on_wait` hears the last line of its log.

    Raises NodeError when it dies, fails to configure or takes longer than `timeout` seconds.
    """
    start = time.monotonic()
    unconfigured_since: float | None = None
    while True:
        node.check()
        state, now = client.node_state(), time.monotonic()
        if state == "active" and client.is_connected():
            return now - start
        # While models load it does not answer; once it answers and stays unconfigured, loading has failed.
        unconfigured_since = (unconfigured_since or now) if state == "unconfigured" else None
        if unconfigured_since is not None and now - unconfigured_since > CONFIGURE_GRACE:
            raise node.failure("the node could not load its models")
        if now - start > timeout:
            raise node.failure(f"the node was not active after {timeout:.0f} s")
        on_wait(node.last_line)
        time.sleep(0.1)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set variables that DDS reads when it starts, and put them back."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
