# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""config/sros2/tas.policy.xml allows what the node does, and no more."""

from __future__ import annotations

import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")

from .conftest import ROOT

pytestmark = pytest.mark.ros
POLICY = ROOT / "config" / "sros2" / "tas.policy.xml"


def test_the_policy_is_that_of_the_running_node() -> None:
    written = subprocess.run(
        [sys.executable, ROOT / "scripts" / "sros2_policy.py"],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"},
        cwd=ROOT, capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert written.returncode == 0, written.stderr
    assert written.stdout == POLICY.read_text("utf-8")


def test_the_policy_has_what_sros2_asks_for() -> None:
    """The shape of sros2's policy.xsd, version 0.2.0."""
    root = ElementTree.parse(POLICY).getroot()
    assert (root.tag, root.attrib) == ("policy", {"version": "0.2.0"})
    (profile,) = root.findall("enclaves/enclave[@path='/tas']/profiles/profile[@node='tas'][@ns='/']")
    rules = {(each.tag, *each.attrib.items()): [name.text for name in each] for each in profile}
    assert set(rules) == {
        ("topics", ("publish", "ALLOW")), ("topics", ("subscribe", "ALLOW")), ("services", ("reply", "ALLOW")),
    }  # fmt: skip
    assert {each.tag for rule in profile for each in rule} == {"topic", "service"}
    subscribed = rules["topics", ("subscribe", "ALLOW")]
    assert {"image", "image/compressed", "depth/compressedDepth", "/clock", "/tf", "~/command"} <= set(subscribed)
    assert {"/rosout", "/parameter_events", "~/transition_event"} <= set(rules["topics", ("publish", "ALLOW")])
    assert {"~/segment", "~/change_state", "~/set_parameters"} <= set(rules["services", ("reply", "ALLOW")])
