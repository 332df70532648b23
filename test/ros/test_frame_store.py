# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Which frame answers a command: pairing, freshness, waiting, malformed images."""

from __future__ import annotations

import threading
import time

import pytest

pytest.importorskip("sensor_msgs")
from sensor_msgs.msg import CameraInfo, Image

from tas_ros.errors import InvalidImageError
from tas_ros.ros.frame_store import BUFFER_LENGTH, DEPTH_WAIT, FrameStore, FreshnessRule, NoFrameError

RULE = FreshnessRule(max_age=1.0, sync_tolerance=0.02)


class Clock:
    """A node clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def stamped(kind: type, stamp: float):
    msg = kind()
    msg.header.stamp.sec, msg.header.stamp.nanosec = int(stamp), round(stamp % 1 * 1e9)
    return msg


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_newest_image_by_arrival_even_when_stamps_jump_back(clock: Clock) -> None:
    store = FrameStore(clock)
    store.add_image(stamped(Image, 500.0))
    looped = stamped(Image, 3.0)
    store.add_image(looped)
    assert store.take(RULE, clock.now, 0.0).image is looped


def test_depth_pairs_by_nearest_stamp(clock: Clock) -> None:
    store = FrameStore(clock)
    images = [stamped(Image, 1.0 + i / 30) for i in range(4)]
    depths = [stamped(Image, 1.004 + i / 30) for i in range(4)]
    for image, depth in zip(images, depths, strict=True):
        store.add_image(image)
        store.add_depth(depth)
    taken = store.take(RULE, clock.now, 0.0)
    assert taken.image is images[-1] and taken.depth is depths[-1] and not taken.depth_missed


def test_a_complete_older_frame_beats_waiting_for_late_depth(clock: Clock) -> None:
    store = FrameStore(clock)
    first, second, depth = stamped(Image, 1.0), stamped(Image, 1.033), stamped(Image, 1.0)
    store.add_image(first)
    store.add_image(second)
    store.add_depth(depth)
    taken = store.take(RULE, clock.now, 0.0)
    assert taken.image is first and taken.depth is depth


def test_depth_that_never_fits_is_reported(clock: Clock) -> None:
    store = FrameStore(clock)
    store.add_image(stamped(Image, 1.0))
    store.add_depth(stamped(Image, 7.0))
    taken = store.take(RULE, clock.now, 5.0)
    assert taken.depth is None and taken.depth_missed


def test_late_depth_is_waited_for(clock: Clock) -> None:
    store = FrameStore(clock, depth_published=lambda: True)
    store.add_image(stamped(Image, 1.0))
    depth = stamped(Image, 1.0)
    threading.Timer(0.1, store.add_depth, [depth]).start()
    assert store.take(RULE, clock.now, 5.0).depth is depth


def test_camera_info_sent_once_serves_every_image(clock: Clock) -> None:
    store = FrameStore(clock)
    info = stamped(CameraInfo, 0.0)
    store.add_camera_info(info)
    store.add_image(stamped(Image, 50.0))
    assert store.take(RULE, clock.now, 0.0).camera_info is info
    exact = stamped(CameraInfo, 50.0)
    store.add_camera_info(exact)
    store.add_camera_info(stamped(CameraInfo, 51.0))
    assert store.take(RULE, clock.now, 0.0).camera_info is exact


def test_no_image_gives_a_reason_after_the_limit(clock: Clock) -> None:
    with pytest.raises(NoFrameError, match=r"no image has been received.*waited 0\.1 s"):
        FrameStore(clock).take(RULE, clock.now, 0.1)


def test_a_waiting_command_gets_the_first_image(clock: Clock) -> None:
    store = FrameStore(clock)
    image = stamped(Image, 1.0)
    threading.Timer(0.1, store.add_image, [image]).start()
    assert store.take(RULE, clock.now, 10.0).image is image


def test_stale_image_is_refused_but_a_queue_makes_nothing_stale(clock: Clock) -> None:
    store = FrameStore(clock)
    image = stamped(Image, 1.0)
    store.add_image(image)
    clock.now += 5.0
    with pytest.raises(NoFrameError, match=r"5\.0 s old, max_frame_age is 1\.0 s"):
        store.take(RULE, asked=clock.now, timeout=0.0)
    assert store.take(RULE, asked=clock.now - 4.5, timeout=0.0).image is image
    assert store.take(FreshnessRule(max_age=0.0), asked=clock.now, timeout=0.0).image is image


def test_stamps_count_with_simulated_time_only(clock: Clock) -> None:
    store = FrameStore(clock)
    image = stamped(Image, clock.now - 30.0)
    store.add_image(image)
    assert store.take(RULE, clock.now, 0.0).image is image
    with pytest.raises(NoFrameError, match=r"30\.0 s old"):
        store.take(FreshnessRule(max_age=1.0, by_stamp=True), clock.now, 0.0)


def test_newest_image_malformed_is_said_at_once(clock: Clock) -> None:
    store = FrameStore(clock)
    store.add_image(stamped(Image, 1.0))
    store.add_image(stamped(Image, 1.1), InvalidImageError("image: 0x0"))
    start = time.monotonic()
    with pytest.raises(InvalidImageError, match="0x0"):
        store.take(RULE, clock.now, 10.0)
    assert time.monotonic() - start < 5.0  # did not sit out the limit


def test_close_wakes_who_waits(clock: Clock) -> None:
    store = FrameStore(clock)
    threading.Timer(0.1, store.close, ["deactivated"]).start()
    with pytest.raises(NoFrameError, match="deactivated"):
        store.take(RULE, clock.now, 60.0)


def test_buffers_are_bounded(clock: Clock) -> None:
    store = FrameStore(clock)
    for i in range(1000):
        store.add_image(stamped(Image, i / 30))
        store.add_depth(stamped(Image, i / 30))
        store.add_camera_info(stamped(CameraInfo, i / 30))
    assert len(store._images) == len(store._depths) == len(store._infos) == BUFFER_LENGTH


def test_an_image_whose_depth_was_lost_gives_way_to_the_next_one(clock: Clock) -> None:
    store = FrameStore(clock)
    store.add_image(stamped(Image, 1.0))
    depth, image = stamped(Image, 1.1), stamped(Image, 1.1)
    store.add_depth(depth)
    threading.Timer(0.1, store.add_image, [image]).start()
    taken = store.take(RULE, clock.now, 5.0)
    assert taken.image is image and taken.depth is depth


def test_depth_that_never_fits_is_waited_for_once(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FrameStore(clock, depth_published=lambda: True)
    store.add_image(stamped(Image, 1.0))
    threading.Timer(0.1, store.add_depth, [stamped(Image, 1.5)]).start()
    assert store.take(RULE, clock.now, 600.0).depth_missed
    store.add_image(stamped(Image, 2.0))
    store.add_depth(stamped(Image, 2.5))
    with monkeypatch.context() as patch:
        patch.setattr(store._changed, "wait", lambda *_: pytest.fail("it waited again"))
        assert store.take(RULE, clock.now, 5.0).depth_missed
        store.add_depth(stamped(Image, 2.0))
        assert store.take(RULE, clock.now, 5.0).depth is not None
    # One fitted: another is waited for again.
    depth = stamped(Image, 3.0)
    clock.now += 0.5  # too long for the whole frame to be taken in the place of the newest
    store.add_image(stamped(Image, 3.0))
    threading.Timer(0.1, store.add_depth, [depth]).start()
    assert store.take(RULE, clock.now, 5.0).depth is depth


def test_silent_depth_is_waited_for_again_when_some_has_come(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FrameStore(clock, depth_published=lambda: True, explain=lambda topic: f"nobody sends {topic}")
    store.add_image(stamped(Image, 1.0))
    said = store.take(RULE, clock.now, 5.0).notes
    assert said == ("using colour alone: depth is announced, but none has come; nobody sends depth",)
    with monkeypatch.context() as patch:
        patch.setattr(store._changed, "wait", lambda *_: pytest.fail("it waited again"))
        assert store.take(RULE, clock.now, 5.0).notes == said
    store.add_depth(stamped(Image, 0.5))
    depth = stamped(Image, 1.0)
    threading.Timer(0.1, store.add_depth, [depth]).start()
    taken = store.take(RULE, clock.now, 5.0)
    assert taken.depth is depth and not taken.notes


def test_depth_is_waited_for_from_the_image_on(clock: Clock) -> None:
    """A command that waited long for its image still waits for the image's depth."""
    store = FrameStore(clock, depth_published=lambda: True)
    image, depth = stamped(Image, 1.0), stamped(Image, 1.0)
    threading.Timer(DEPTH_WAIT + 0.2, store.add_image, [image]).start()
    threading.Timer(DEPTH_WAIT + 0.5, store.add_depth, [depth]).start()
    assert store.take(RULE, clock.now, 60.0).depth is depth


def test_what_was_missing_is_in_the_notes(clock: Clock) -> None:
    store = FrameStore(clock)
    store.add_image(stamped(Image, 1.0))
    store.add_depth(stamped(Image, 1.5))
    (note,) = store.take(RULE, clock.now, 5.0).notes
    assert "within sync_tolerance (0.02 s), the nearest is 0.500 s away" in note
    store.refuse_depth(InvalidImageError("depth: encoding 'rgb8' is not a depth encoding"))
    store.add_image(stamped(Image, 2.0))
    assert store.take(RULE, clock.now, 600.0).notes == (
        "using colour alone: depth: encoding 'rgb8' is not a depth encoding",
    )
    with pytest.raises(NoFrameError, match="no image has been received: nobody sends image"):
        FrameStore(clock, explain=lambda topic: f"nobody sends {topic}").take(RULE, clock.now, 0.0)
