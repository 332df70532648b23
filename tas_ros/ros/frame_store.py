# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""FrameStore: the newest camera frame with the depth image and camera_info that belong to it.

message_filters is not used: it is not there on a wheels-only machine, and its synchronisers answer "all sets, in order"
where a command asks for "the newest one, now, even if depth is missing".
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tas_ros.errors import InvalidImageError, TasError

BUFFER_LENGTH = 6
"""Messages kept of each kind: enough for depth that lags its image by 0.2 s at 30 Hz."""
DEPTH_WAIT = 1.0
"""Seconds a command waits for an image and its depth before it goes without: depth is on its way, or its image is."""
COMPLETE_FRAME_AGE = 0.3
"""Seconds by which an image with depth may be older than the newest image, whose depth is still on its way."""
RESTARTED = 0.1
"""Seconds by which the stamps of a topic go back, or lie behind another topic's, when a recording starts again."""
FUTURE_TOLERANCE = 1.0
"""Seconds by which a stamp may be ahead of a simulated clock: /clock comes a few times a second, and by another way."""


NO_IMAGE = "no image"
NONE_CAME, NONE_FITTED = "none came", "none fitted"
DEPTH_AWAITED = "waiting for the depth of the newest image"
CAMERA_HINT = "check that the camera runs and that its topic is remapped"


class NoFrameError(TasError):
    """No usable frame came within the time limit."""


@dataclass(frozen=True, eq=False)
class FrameSet:
    """Messages that belong together, as received. `depth` and `camera_info` may be None."""

    image: Any
    depth: Any = None
    camera_info: Any = None
    notes: tuple[str, ...] = ()
    """What is missing though it is published, and why; sentences for a person."""

    @property
    def depth_missed(self) -> bool:
        """Depth is being published, but none of it fits this image: then a note says why."""
        return self.depth is None and bool(self.notes)


@dataclass(frozen=True)
class FreshnessRule:
    """Which frames may still answer a command."""

    max_age: float = 0.0
    """Seconds between a frame's arrival and the command; 0 is no limit."""
    sync_tolerance: float = 0.02
    """Largest difference of stamps, seconds, between an image and its depth or camera_info."""
    by_stamp: bool = False
    """Stamps count too: age is also counted from the header stamp, and an image stamped in the future waits until the
    clock is there. Right only when camera and node share a clock (use_sim_time)."""


@dataclass(frozen=True, eq=False)
class _Arrival:
    msg: Any
    received: float
    error: InvalidImageError | None = None
    stamp: float = field(init=False)

    def __post_init__(self) -> None:
        stamp = self.msg.header.stamp
        object.__setattr__(self, "stamp", stamp.sec + 1e-9 * stamp.nanosec)


class FrameStore:
    """Bounded buffers filled by callbacks, emptied by nobody, read by the worker. Thread-safe.

    Frames are newest by arrival, not by stamp. When the stamps of images or of depth go back, a recording has started
    again or a simulator was reset: what came before is dropped, so that no image meets the depth of another pass, and
    `restarted` is called. The last calibration stays, here and in `forget`: it holds at all times, and a latched one is
    sent only once.

    now: the clock that ages are counted in, seconds: the simulated one with use_sim_time (0 before it has begun), else
    one that nobody sets.
    depth_published: whether anyone announces depth.
    explain: why nothing may have come on the topic `image` or `depth`, for a person; empty when nothing is known.
    """

    def __init__(
        self,
        now: Callable[[], float],
        depth_published: Callable[[], bool] = lambda: False,
        restarted: Callable[[float], None] = lambda behind: None,
        explain: Callable[[str], str] = lambda topic: "",
    ) -> None:
        self._now = now
        self._depth_published = depth_published
        self._restarted = restarted
        self._explain = explain
        self._images: deque[_Arrival] = deque(maxlen=BUFFER_LENGTH)
        self._depths: deque[_Arrival] = deque(maxlen=BUFFER_LENGTH)
        self._infos: deque[_Arrival] = deque(maxlen=BUFFER_LENGTH)
        self._changed = threading.Condition()
        self._closed = ""
        self._waited_in_vain = ""
        """What a command found when it had waited for depth: NONE_CAME or NONE_FITTED. No other waits before some has
        come, or has fitted."""
        self._last_depth_arrival = -math.inf
        """Monotonic seconds."""
        self._depth_refused: InvalidImageError | None = None
        """Why the last depth image was turned away, None when it was not."""

    def add_image(self, msg: Any, error: InvalidImageError | None = None) -> None:
        """Note an image; with `error` it is known to be malformed and a command that meets it gets that error."""
        self._add(self._images, self._depths, msg, error)

    def add_depth(self, msg: Any) -> None:
        """Note a depth image that was checked."""
        with self._changed:
            self._depth_refused = None
            if self._waited_in_vain == NONE_CAME:
                self._waited_in_vain = ""
            self._last_depth_arrival = time.monotonic()
        self._add(self._depths, self._images, msg)

    def refuse_depth(self, error: InvalidImageError) -> None:
        """Note that the newest depth image is malformed: it is not waited for, and frames without it say why."""
        with self._changed:
            self._depth_refused = error
            self._changed.notify_all()

    def add_camera_info(self, msg: Any) -> None:
        """Note a camera_info; the same one again, as two subscriptions hear a latched publisher, counts once."""
        with self._changed:
            if self._infos and self._infos[-1].msg == msg:
                return
            self._infos.append(_Arrival(msg, self._now()))
            self._changed.notify_all()

    def forget(self) -> None:
        """Drop all frames that were received, for the clock was turned back, and all but the last calibration."""
        with self._changed:
            self._images.clear()
            self._depths.clear()
            while len(self._infos) > 1:
                self._infos.popleft()
            self._waited_in_vain, self._depth_refused = "", None

    def close(self, reason: str) -> None:
        """Make a waiting and every later `take` fail with `reason`."""
        with self._changed:
            self._closed = reason
            self._changed.notify_all()

    def take(self, rule: FreshnessRule, asked: float, timeout: float) -> FrameSet:
        """The newest frame that `rule` allows for a command of time `asked` (by `now`), waiting up to `timeout` s.

        The frame is looked at as of `asked`, so a queue of commands does not make it stale; of a command from before
        the clock was turned back, as of now.
        Raises InvalidImageError when the newest image is malformed, NoFrameError with the reason when there is none.
        """
        start = time.monotonic()
        depth_awaited: float | None = None
        with self._changed:
            while True:
                if self._closed:
                    raise NoFrameError(self._closed)
                now = time.monotonic()
                waited, for_depth = now - start, now - (now if depth_awaited is None else depth_awaited)
                may_wait = waited < timeout and for_depth < DEPTH_WAIT and not self._waited_in_vain
                found, reason = self._pick(rule, asked, may_wait)
                if found is not None:
                    if found.depth is not None:
                        self._waited_in_vain = ""
                    elif depth_awaited is not None and for_depth >= DEPTH_WAIT:
                        came = self._last_depth_arrival >= depth_awaited
                        self._waited_in_vain = NONE_FITTED if came else NONE_CAME
                    return found
                if reason == DEPTH_AWAITED and depth_awaited is None:
                    depth_awaited = now
                if waited >= timeout:
                    if reason == NO_IMAGE:
                        reason = f"no image has been received: {self._explain('image') or CAMERA_HINT}"
                    raise NoFrameError(f"{reason} (waited {timeout:.1f} s)")
                self._changed.wait(min(timeout - waited, 0.05))

    def _add(
        self, buffer: deque[_Arrival], partner: deque[_Arrival], msg: Any, error: InvalidImageError | None = None
    ) -> None:
        with self._changed:
            arrival = _Arrival(msg, self._now(), error)
            before = next((each for each in reversed(buffer) if each.error is None), None)
            # The stamp of a malformed image tells nothing.
            restarted = error is None and before is not None and arrival.stamp < before.stamp - RESTARTED
            if restarted:
                buffer.clear()
                if partner and partner[-1].stamp > arrival.stamp + RESTARTED:
                    partner.clear()  # it has not started again yet; when it has, its own stamps were seen to go back
            buffer.append(arrival)
            self._changed.notify_all()
        if restarted and before is not None:
            self._restarted(before.stamp - arrival.stamp)

    def _pick(self, rule: FreshnessRule, asked: float, may_wait: bool) -> tuple[FrameSet | None, str]:
        now = self._now()
        asked = min(asked, now)
        images = [arrival for arrival in self._images if not self._ahead(arrival, rule, now)]
        depths = [arrival for arrival in self._depths if not self._ahead(arrival, rule, now)]
        if reason := self._why_none(images, rule, asked, now):
            return None, reason
        newest = images[-1]
        if newest.error is not None:
            raise newest.error
        if not self._depths and self._depth_refused is None and not self._depth_published():
            return self._with_info(newest, None, rule), ""
        for arrival in reversed(images):
            if arrival.error is None and not (rule.max_age and self._age(arrival, rule, asked) > rule.max_age):
                depth = _nearest(depths, arrival.stamp, rule.sync_tolerance)
                if depth is not None and newest.received - arrival.received <= COMPLETE_FRAME_AGE:
                    return self._with_info(arrival, depth, rule), ""
        # Also when later depth than the image's has come: where messages get lost, the next image finds its depth here.
        if may_wait and self._depth_refused is None:
            return None, DEPTH_AWAITED
        found = self._with_info(newest, None, rule)
        return replace(found, notes=(f"using colour alone: {self._why_no_depth(newest, depths, rule)}",)), ""

    def _why_no_depth(self, image: _Arrival, depths: Sequence[_Arrival], rule: FreshnessRule) -> str:
        """Why none of the depth that is published belongs to that image."""
        if self._depth_refused is not None:
            return str(self._depth_refused)
        if not depths:
            return f"depth is announced, but none has come; {self._explain('depth') or CAMERA_HINT}"
        gap = min(abs(depth.stamp - image.stamp) for depth in depths)
        return (
            "depth is published, but none has the image's stamp within sync_tolerance "
            f"({rule.sync_tolerance:g} s), the nearest is {gap:.3f} s away"
        )

    def _why_none(self, images: list[_Arrival], rule: FreshnessRule, asked: float, now: float) -> str:
        """Why none of the images that are not `_ahead` may answer, empty when one may."""
        if not self._images:
            return NO_IMAGE
        if not images:
            return (
                f"the newest image is stamped {self._images[-1].stamp - now:.1f} s ahead of the node's clock; do the "
                "camera and /clock come from one source?"
            )
        age = self._age(images[-1], rule, asked)
        if rule.max_age and age > rule.max_age:
            return f"the newest image is {age:.1f} s old, max_frame_age is {rule.max_age:.1f} s; is the camera alive?"
        return ""

    @staticmethod
    def _ahead(arrival: _Arrival, rule: FreshnessRule, now: float) -> bool:
        """Whether it is of a time that has yet to come: left over from before the clock was turned back."""
        if not rule.max_age or not now:  # no age counts, or a simulated clock that has not begun tells none
            return False
        return arrival.received > now or (rule.by_stamp and arrival.stamp > now + FUTURE_TOLERANCE)

    @staticmethod
    def _age(arrival: _Arrival, rule: FreshnessRule, asked: float) -> float:
        """Seconds; a frame that came after the command has age 0 or less."""
        age = asked - arrival.received if arrival.received else 0.0  # it came before a simulated clock had begun
        return max(age, asked - arrival.stamp) if rule.by_stamp else age

    def _with_info(self, image: _Arrival, depth: _Arrival | None, rule: FreshnessRule) -> FrameSet:
        info = _nearest(self._infos, image.stamp, rule.sync_tolerance)
        if info is None and self._infos:
            info = self._infos[-1]  # calibration is constant; some drivers send it once, or with stamps of its own
        return FrameSet(image.msg, depth.msg if depth else None, info.msg if info else None)


def _nearest(buffer: Sequence[_Arrival], stamp: float, tolerance: float) -> _Arrival | None:
    """The arrival nearest to `stamp`, the later one on a tie; None when none is within `tolerance` seconds."""
    best = min(reversed(buffer), key=lambda arrival: abs(arrival.stamp - stamp), default=None)
    return best if best is not None and abs(best.stamp - stamp) <= tolerance + 1e-9 else None
