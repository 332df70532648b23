# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Every encoding through the live node."""

from __future__ import annotations

import array
import random
from typing import Any

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("tas_ros.msg")
from sensor_msgs.msg import Image

from tas_ros.ros.image_conversions import LAYOUTS

pytestmark = pytest.mark.ros

SEED = 20231018


def test_every_encoding_reaches_the_pipeline(peer: Any, tabletop: Any) -> None:
    """No supported encoding is refused: random bytes of the right length are answered on that very frame."""
    draw = random.Random(SEED)
    for encoding, layout in LAYOUTS.items():
        step = 64 * layout.channels * int(layout.dtype[1]) + 6
        msg = Image(header=tabletop.header(), width=64, height=48, encoding=encoding, step=step)
        msg.data = array.array("B", draw.randbytes(step * 48))
        response = peer.request(command="the red box", image=msg)
        assert response.success, f"{encoding}: {response.message}"
        assert response.mask.header == msg.header and (response.mask.width, response.mask.height) == (64, 48)
