# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Commands and requests to a node, each answer of which is held against the laws of every result."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.live.peer import Peer
from benchmarks.live.waiting import PATIENCE, NothingCameError, wait_until
from tas_ros.msg import Command, Referral
from tas_ros.ros.messages import MAX_ECHOED_COMMAND

JUDGED = (Referral.FOUND, Referral.NOT_FOUND, Referral.AMBIGUOUS)
SHOWN = 20
"""Broken laws and unanswered inputs that a report quotes."""
MASK_PATIENCE = 20.0
"""Seconds from a judged referral to its mask."""


@dataclass
class Tally:
    """What became of all that was asked."""

    asked: Counter[str] = field(default_factory=Counter)
    """By kind."""
    answered: Counter[str] = field(default_factory=Counter)
    unanswered: list[str] = field(default_factory=list)
    results_checked: int = 0
    laws_broken: list[str] = field(default_factory=list)

    def report(self) -> dict[str, Any]:
        """For the result file."""
        return {
            "asked": dict(self.asked),
            "answered": dict(self.answered),
            "unanswered": len(self.unanswered),
            "unanswered_examples": self.unanswered[:SHOWN],
            "results_checked": self.results_checked,
            "laws_broken": len(self.laws_broken),
            "laws_broken_examples": self.laws_broken[:SHOWN],
        }

    def kept(self) -> dict[str, bool]:
        """The promises that hold in every part."""
        return {"nobody unanswered": not self.unanswered, "every result keeps the laws": not self.laws_broken}

    def count(self, kind: str, what: str, answer: Any) -> None:
        """Note one that was promised an answer, and the answer, None when it did not come."""
        self.asked[kind] += 1
        if answer is None:
            self.unanswered.append(f"{kind}: {what}")
        else:
            self.answered[kind] += 1

    def check(self, referral: Any, text: str, command_id: str, mask: Any = None) -> None:
        """The laws: a result carries its command; its mask is of the image's header and size and fills its box."""
        self.results_checked += 1
        expected = echoed(text)
        sent_id = command_id.split("\0", 1)[0]
        if referral.command != expected or (sent_id and referral.command_id != sent_id):
            self._broken(f"{expected[:60]!r} id {command_id[:60]!r} was answered as {referral.command[:60]!r} "
                         f"id {referral.command_id[:60]!r}")  # fmt: skip
        if not referral.reason and referral.status != Referral.FOUND:
            self._broken(f"{expected[:60]!r}: status {referral.status} without a reason")
        for candidate in referral.candidates:
            roi = candidate.roi
            if not (roi.x_offset + roi.width <= referral.width and roi.y_offset + roi.height <= referral.height):
                self._broken(f"{expected[:60]!r}: box {roi} leaves the picture {referral.width}x{referral.height}")
        if mask is not None:
            self._check_mask(referral, mask)

    def _check_mask(self, referral: Any, mask: Any) -> None:
        said = f"{referral.command[:60]!r}"
        if mask.header != referral.header:
            self._broken(f"{said}: the mask's header is {mask.header}, the image's {referral.header}")
        if (mask.height, mask.width) != (referral.height, referral.width):
            self._broken(
                f"{said}: the mask is {mask.width}x{mask.height}, the image {referral.width}x{referral.height}"
            )
            return
        rows, columns = np.nonzero(np.frombuffer(mask.data, np.uint8).reshape(mask.height, mask.step))
        if referral.status != Referral.FOUND:
            if len(rows):
                self._broken(f"{said}: nothing was chosen, but the mask is not empty")
            return
        roi = referral.candidates[0].roi
        box = (roi.x_offset, roi.y_offset, roi.x_offset + roi.width, roi.y_offset + roi.height)
        extent = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) if len(rows) else ()
        if box != extent:
            self._broken(f"{said}: the box is {box}, the mask's extent {extent}")

    def _broken(self, what: str) -> None:
        self.laws_broken.append(what)


class Questions:
    """One peer's questions, one at a time.

    alive: raises when the node's process has ended, so that nobody waits for a dead one.
    """

    def __init__(self, peer: Peer, alive: Callable[[], None], tally: Tally | None = None) -> None:
        self.peer = peer
        self.tally = tally or Tally()
        self._alive = alive
        self._ids = itertools.count(1)

    def ask(self, text: str, kind: str = "command", patience: float = PATIENCE, **fields: Any) -> Any:
        """Publish a typed command with an id of its own; its referral, None when none came."""
        command = Command(text=text, **{"id": f"q{next(self._ids)}", **fields})
        self._forget()
        self.peer.typed_command.publish(command)
        sent_id = command.id.split("\0", 1)[0]
        return self._answer(
            kind,
            text,
            command.id,
            lambda r: r.command_id == sent_id if sent_id else r.command == echoed(text),
            patience,
        )

    def say(self, text: str, kind: str = "command", patience: float = PATIENCE) -> Any:
        """Publish a plain command; its referral, None when none came."""
        from std_msgs.msg import String

        self._forget()
        self.peer.command.publish(String(data=text))
        return self._answer(kind, text, "", lambda r: r.command == echoed(text), patience)

    def refusal(self, header: Any, what: str, patience: float = PATIENCE) -> Any:
        """The referral that turns an image of that header away, None when none came."""
        referral = self._wait(lambda r: r.header == header and not r.command, patience)
        self.tally.count("image", what, referral)
        if referral is not None:
            self.tally.check(referral, "", "")
            if referral.status != Referral.NOT_ANSWERED:
                self.tally.laws_broken.append(f"a malformed image was answered with status {referral.status}: {what}")
        return referral

    def request(self, kind: str = "request", patience: float = PATIENCE, **fields: Any) -> Any:
        """Call ~/segment; its response, None when none came."""
        from tas_ros.srv import Segment

        request = Segment.Request(**{"id": f"q{next(self._ids)}", **fields})
        future = self.peer.segment.call_async(request)
        try:
            self._until(future.done, "the answer of ~/segment", patience)
        except NothingCameError:
            self.peer.segment.remove_pending_request(future)
            self.tally.count(kind, request.command[:80], None)
            return None
        response = future.result()
        self.tally.count(kind, request.command[:80], response)
        self.check_response(response, request)
        return response

    def check_response(self, response: Any, request: Any) -> None:
        """Hold a response of ~/segment against the laws."""
        mask = response.mask if response.mask.height else None
        self.tally.check(response.referral, request.command, request.id, mask)
        if mask is None and response.referral.status in JUDGED:
            self.tally.laws_broken.append(f"{request.command[:60]!r}: judged, but no mask came")

    def found(self, header: Any, text: str = "the red box", patience: float = 30.0) -> bool:
        """Whether the good frame of that header, which was just published, is answered with the thing found on it.

        DDS keeps no order between topics: a command that overtakes the frame is asked again. A frame that loses a piece
        on its way is whole after the writer's next heartbeat, 3 s later.
        """
        end = time.monotonic() + patience
        while time.monotonic() < end:
            referral = self.ask(text, kind="good command")
            if referral is None:
                return False
            if referral.header == header:
                return bool(referral.status == Referral.FOUND)
            time.sleep(0.05)
        return False

    def _forget(self) -> None:
        """What was heard is dropped, or a long run would be this process's own leak."""
        for messages in self.peer.received.values():
            messages.clear()

    def _answer(self, kind: str, text: str, command_id: str, mine: Callable[[Any], bool], patience: float) -> Any:
        referral = self._wait(mine, patience)
        self.tally.count(kind, repr(text[:80]), referral)
        if referral is None:
            return None
        mask = None
        if referral.status in JUDGED and "mask" in self.peer.received:
            masks = self.peer.received["mask"]
            try:
                self._until(lambda: any(each.header == referral.header for each in masks), "the mask", MASK_PATIENCE)
                mask = next(each for each in masks if each.header == referral.header)
            except NothingCameError:
                self.tally.laws_broken.append(f"{text[:60]!r}: judged, but no mask came within {MASK_PATIENCE:.0f} s")
        self.tally.check(referral, text, command_id, mask)
        return referral

    def _wait(self, mine: Callable[[Any], bool], patience: float) -> Any:
        received = self.peer.received["referral"]
        try:
            return self._until(lambda: next((r for r in list(received) if mine(r)), None), "a referral", patience)
        except NothingCameError:
            return None

    def _until(self, condition: Callable[[], Any], what: str, patience: float) -> Any:
        def checked() -> Any:
            self._alive()
            return condition()

        return wait_until(checked, what, patience)


def echoed(text: str) -> str:
    """What comes back of a text: a DDS string ends at its first NUL, and a long command is echoed in part."""
    return text.split("\0", 1)[0][:MAX_ECHOED_COMMAND]
