# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Frames of a clock that is turned back, of a recording that starts again, and of the future."""

from __future__ import annotations

import threading

import pytest

pytest.importorskip("sensor_msgs")
from sensor_msgs.msg import CameraInfo, Image

from tas_ros.errors import InvalidImageError
from tas_ros.ros.frame_store import FUTURE_TOLERANCE, FrameStore, FreshnessRule, NoFrameError

from .test_frame_store import RULE, Clock, stamped

SIMULATED = FreshnessRule(max_age=1.0, by_stamp=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_no_frame_is_left_after_forgetting(clock: Clock) -> None:
    """Calibration holds at all times, as static transforms do; a latched one would not be sent again."""
    store = FrameStore(clock)
    store.add_image(stamped(Image, 1000.0))
    store.add_depth(stamped(Image, 1000.0))
    infos = [stamped(CameraInfo, 999.0), stamped(CameraInfo, 1000.0)]
    for info in infos:
        store.add_camera_info(info)
    store.forget()
    with pytest.raises(NoFrameError, match="no image has been received"):
        store.take(RULE, clock.now, 0.0)
    image = stamped(Image, 5.0)
    store.add_image(image)
    taken = store.take(RULE, clock.now, 0.0)
    assert taken.image is image and taken.depth is None and not taken.depth_missed
    assert taken.camera_info is infos[-1]


def test_a_command_from_before_the_jump_takes_a_frame_from_after(clock: Clock) -> None:
    store = FrameStore(clock)
    asked = clock.now
    clock.now = 5.0
    store.forget()
    image = stamped(Image, 5.0)
    store.add_image(image)
    assert store.take(SIMULATED, asked, 0.0).image is image


def test_a_frame_that_arrived_before_a_jump_is_not_fresh(clock: Clock) -> None:
    """Nobody told the store of the jump: a clock that cannot tell, or a callback that comes late."""
    store = FrameStore(clock)
    store.add_image(stamped(Image, 1000.0))
    clock.now = 5.0
    with pytest.raises(NoFrameError, match=r"995\.0 s ahead"):
        store.take(RULE, clock.now, 0.0)


def test_a_frame_from_the_future_waits_for_the_clock(clock: Clock) -> None:
    store = FrameStore(clock)
    ahead = stamped(Image, clock.now + FUTURE_TOLERANCE + 0.5)
    store.add_image(ahead)
    with pytest.raises(NoFrameError, match=r"1\.5 s ahead of the node's clock"):
        store.take(SIMULATED, clock.now, 0.0)
    asked = clock.now

    def pass_on() -> None:
        clock.now += 1.0

    threading.Timer(0.1, pass_on).start()
    assert store.take(SIMULATED, asked, 60.0).image is ahead


def test_a_straggler_of_the_future_does_not_hide_a_fresh_frame(clock: Clock) -> None:
    clock.now = 5.0
    store = FrameStore(clock)
    fresh = stamped(Image, 5.0)
    store.add_image(fresh)
    store.add_image(stamped(Image, 1000.0))
    store.add_depth(stamped(Image, 5.0))
    store.add_depth(stamped(Image, 1000.0))
    taken = store.take(SIMULATED, clock.now, 0.0)
    assert taken.image is fresh and taken.depth.header.stamp.sec == 5


def test_stamps_somewhat_ahead_of_a_simulated_clock_are_fresh(clock: Clock) -> None:
    """/clock comes a few times a second, and by another way than the image."""
    store = FrameStore(clock)
    image = stamped(Image, clock.now + 0.25)
    store.add_image(image)
    assert store.take(SIMULATED, clock.now, 0.0).image is image


def test_before_a_simulated_clock_begins_stamps_tell_nothing(clock: Clock) -> None:
    clock.now = 0.0
    store = FrameStore(clock)
    image = stamped(Image, 1234.0)
    store.add_image(image)
    assert store.take(SIMULATED, 0.0, 0.0).image is image
    clock.now = 1234.5  # it has begun, and the image is as old as its stamp says
    assert store.take(SIMULATED, clock.now, 0.0).image is image


@pytest.mark.parametrize("first", ["image", "depth"])
def test_a_looping_bag_never_mixes_two_passes(clock: Clock, first: str) -> None:
    """Three frames, shorter than the buffers; every message tells its pass by its frame_id."""
    restarts: list[int] = []
    store = FrameStore(clock, restarted=restarts.append)
    for passing in range(4):
        for stamp in (7.0, 7.2, 7.4):
            for kind in ("image", "depth") if first == "image" else ("depth", "image"):
                message = stamped(Image, stamp)
                message.header.frame_id = f"pass {passing}"
                (store.add_image if kind == "image" else store.add_depth)(message)
                try:
                    taken = store.take(RULE, clock.now, 0.0)
                except NoFrameError:
                    continue  # the other topic has not started again yet
                if taken.depth is not None:
                    assert taken.depth.header == taken.image.header, (passing, stamp, kind)
        assert taken.depth is not None and taken.image.header.frame_id == f"pass {passing}"
    assert len(restarts) >= 3


def test_a_looping_bag_keeps_calibration_that_was_sent_once(clock: Clock) -> None:
    store = FrameStore(clock)
    info = stamped(CameraInfo, 500.0)
    store.add_camera_info(info)
    store.add_image(stamped(Image, 500.0))
    store.add_image(stamped(Image, 3.0))
    assert store.take(RULE, clock.now, 0.0).camera_info is info


def test_jitter_and_malformed_images_are_no_restart(clock: Clock) -> None:
    restarts: list[int] = []
    store = FrameStore(clock, restarted=restarts.append)
    depth = stamped(Image, 500.0)
    store.add_depth(depth)
    store.add_image(stamped(Image, 500.05))
    store.add_image(stamped(Image, 0.0), InvalidImageError("image: no stamp, no pixels"))
    store.add_image(stamped(Image, 500.0))
    assert store.take(RULE, clock.now, 0.0).depth is depth and not restarts
