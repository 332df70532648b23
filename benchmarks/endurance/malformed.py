# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Malformed input never kills the node, never silences it, and leaves nothing behind."""

from __future__ import annotations

import array
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rclpy.qos import DurabilityPolicy, QoSProfile
from sensor_msgs.msg import CompressedImage
from tf2_msgs.msg import TFMessage

from benchmarks.endurance import malformed_inputs as inputs
from benchmarks.endurance.node import WatchedNode
from benchmarks.endurance.questions import Questions
from benchmarks.endurance.watch import Watch, kept_promises
from benchmarks.live.camera import Tabletop
from benchmarks.live.peer import Peer
from tas_ros.errors import InvalidImageError, TasError
from tas_ros.ros.image_conversions import check_image

INPUTS, INPUTS_SHORT = 20_000, 300
COMPRESSED_SHARE = 0.15
"""Of the inputs, those that go to a node with compressed topics: what decodes all the same is analysed at length."""
SEED = 20231018
GOOD_EVERY, GOOD_EVERY_SHORT = 50, 100
"""After so many inputs a good frame must be answered rightly."""
MOST_GROWTH = 3.0
"""Per cent."""
SHARES = {
    "image": 30,
    "command": 15,
    "hypothesis": 5,
    "typed": 10,
    "request": 15,
    "depth": 8,
    "camera_info": 8,
    "tf": 9,
}
COMPRESSED_SHARES = {"picture": 80, "compressed_depth": 20}
PROMISED = {
    "image": "a refusal on ~/referral with the image's own header; the same fault in a row once a second, so the "
    "generator draws no fault twice in a row",
    "command": "a referral with its text",
    "hypothesis": "a referral with its text",
    "typed": "a referral with its id",
    "request": "a response",
    "depth": "none; the next good command is answered",
    "camera_info": "none; the next good command is answered",
    "tf": "none; the next good command is answered",
    "picture": "none by itself; the command that meets it is answered",
    "compressed_depth": "none by itself; the command that meets it is answered",
}
PROBE = "the green thing"


def run(short: bool, folder: Path) -> dict[str, Any]:
    """Both nodes in turn."""
    total = INPUTS_SHORT if short else INPUTS
    compressed = int(total * COMPRESSED_SHARE)
    reports = {
        "raw": _Assault(folder, False, short).run(total - compressed),
        "compressed": _Assault(folder, True, short).run(compressed),
    }
    kept: dict[str, bool] = {}
    for way, report in reports.items():
        kept |= {f"{way}: {promise}": held for promise, held in report.pop("kept").items()}
    return {
        "inputs": total,
        "seed": SEED,
        "deaths": sum(report["deaths"] for report in reports.values()),
        "unanswered": sum(report["unanswered"] for report in reports.values()),
        "promised": PROMISED,
        **reports,
        "kept": kept,
    }


class _Assault:
    """One node, and all that is thrown at it."""

    def __init__(self, folder: Path, compressed: bool, short: bool) -> None:
        transport = "compressed" if compressed else "raw"
        self._node = WatchedNode(
            folder,
            {"frame_timeout": 1.0, "max_frame_age": 0.0, "image_transport": transport, "depth_transport": transport},
            namespace=f"/malformed_{transport}",
        )
        self._compressed = compressed
        self._short = short
        self._good_every = GOOD_EVERY_SHORT if short else GOOD_EVERY
        self._table = Tabletop()
        self._draw = random.Random(SEED)
        self._last_fault = ""
        self._sent: Counter[str] = Counter()
        self._texts = inputs.texts_of_hypothesis(20 if short else 400)

    def run(self, count: int) -> dict[str, Any]:
        """Throw so many; what came of it."""
        with self._node as node:
            node.wait_until_ready()
            self._peer = Peer(node.namespace, hears=("referral", "mask"), compressed=self._compressed)
            try:
                self._peer.wait_for_node()
                latched = QoSProfile(depth=10, durability=DurabilityPolicy.TRANSIENT_LOCAL)
                self._transforms = [
                    self._peer.node.create_publisher(TFMessage, topic, qos)
                    for topic, qos in (("/tf", QoSProfile(depth=10)), ("/tf_static", latched))
                ]
                self._questions = Questions(self._peer, node.check)
                return self._throw(node, count)
            finally:
                self._peer.close()

    def _throw(self, node: WatchedNode, count: int) -> dict[str, Any]:
        right = asked = 0
        shares = COMPRESSED_SHARES if self._compressed else SHARES
        throws: dict[str, Callable[[], None]] = {kind: getattr(self, f"_{kind}") for kind in shares}
        watch, begin, death = Watch(node.pid), time.monotonic(), ""
        try:
            for number in range(count):
                if number % self._good_every == 0:
                    asked += 1
                    right += self._questions.found(self._peer.show(self._good_frame()))
                kind = self._draw.choices(list(shares), list(shares.values()))[0]
                self._sent[kind] += 1
                throws[kind]()
                if number % max(1, count // 400) == 0:
                    watch.take()
            asked += 1
            right += self._questions.found(self._peer.show(self._good_frame()))
        except TasError as error:
            if node.alive:
                raise
            death = str(error)
        code, seconds = node.end() if node.alive else (node.exit_code(0.0), 0.0)
        report = {
            **self._questions.tally.report(),
            **watch.report(),
            "sent": dict(self._sent),
            "seconds": round(time.monotonic() - begin, 1),
            "deaths": int(bool(death)),
            "death": death,
            "good_frames": asked,
            "good_frames_answered_rightly": right,
            "exit_code": code,
            "end_seconds": round(seconds, 2),
        }
        report["kept"] = {
            **self._questions.tally.kept(),
            "no death": not death,
            "good frames answered rightly": right == asked,
            "exit code 0": code == 0,
            **({} if self._short else kept_promises(report, MOST_GROWTH)),
        }
        return report

    def _good_frame(self) -> tuple[Any, Any, Any]:
        image, depth, info = self._table.frame()
        return (self._jpeg(image), self._depth_png(depth), info) if self._compressed else (image, depth, info)

    def _image(self) -> None:
        while True:
            message = inputs.malformed_image(self._draw)
            message.header.stamp.sec = 10_000 + sum(self._sent.values())
            try:
                check_image(message)
            except InvalidImageError as error:
                if str(error) != self._last_fault:
                    self._last_fault = str(error)
                    break
        self._peer.image.publish(message)
        self._questions.refusal(message.header, self._last_fault)

    def _command(self) -> None:
        self._questions.say(inputs.malformed_command(self._draw), kind="malformed command")

    def _hypothesis(self) -> None:
        self._questions.say(self._draw.choice(self._texts), kind="text of hypothesis")

    def _typed(self) -> None:
        text = self._draw.choice([PROBE, inputs.malformed_command(self._draw)])
        self._questions.ask(text, kind="malformed typed command", **inputs.odd_command_fields(self._draw))

    def _request(self) -> None:
        fields: dict[str, Any] = {"perspective": inputs.odd_command_fields(self._draw)["perspective"]}
        fault = self._draw.randrange(6)
        fields["image"] = inputs.small_image(self._draw) if fault < 3 else inputs.malformed_image(self._draw)
        if fault == 0:
            fields["depth"] = inputs.malformed_depth(self._draw)
        elif fault == 1:
            fields["camera_info"] = inputs.malformed_info(self._draw)
        elif fault == 2:
            fields["id"] = inputs.malformed_command(self._draw)
        text = self._draw.choice([PROBE, inputs.malformed_command(self._draw)])
        self._questions.request(kind="malformed request", command=text, **fields)

    def _depth(self) -> None:
        self._peer.depth.publish(inputs.malformed_depth(self._draw))
        self._probe()

    def _camera_info(self) -> None:
        self._peer.camera_info.publish(inputs.malformed_info(self._draw))
        self._probe()

    def _tf(self) -> None:
        self._draw.choice(self._transforms).publish(inputs.malformed_transforms(self._draw))
        self._probe()

    def _picture(self) -> None:
        self._peer.image.publish(inputs.malformed_picture(self._draw))
        self._probe()

    def _compressed_depth(self) -> None:
        image = inputs.small_image(self._draw)
        image.header = self._table.header()
        depth = inputs.malformed_compressed_depth(self._draw)
        depth.header = image.header
        self._peer.depth.publish(depth)
        self._peer.image.publish(self._jpeg(image))
        self._probe()

    def _probe(self) -> None:
        """A good command right afterwards; what it meets may be malformed, so any status will do."""
        self._questions.ask(PROBE, kind="probe")

    @staticmethod
    def _jpeg(image: Any) -> CompressedImage:
        pixels = np.frombuffer(image.data, np.uint8).reshape(image.height, image.width, 3)
        data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))[1].tobytes()
        return CompressedImage(header=image.header, format="rgb8; jpeg compressed bgr8", data=array.array("B", data))

    @staticmethod
    def _depth_png(depth: Any) -> CompressedImage:
        metres = np.frombuffer(depth.data, np.float32).reshape(depth.height, depth.width)
        data = cv2.imencode(".png", (metres * 1000).astype(np.uint16))[1].tobytes()
        return CompressedImage(header=depth.header, format="16UC1; png compressed", data=array.array("B", data))
