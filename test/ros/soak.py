# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A camera at 30 Hz and a stream of commands into the node, by hand: `python test/ros/soak.py [SECONDS]`.

Prints the node's memory over time, what became of each command, and the latency. Figures depend on the machine.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from conftest import Peer, Tabletop, TasProcess

COMMANDS = ("the red box", "grab the blue box", "the green thing", "the purple teapot", "the leftmost box", "")
RATE = 30.0


def resident_mebibytes(pid: int) -> float:
    """RSS as the kernel counts it."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def stream(peer: Peer, stop: threading.Event, sent: list[float]) -> None:
    """Publish stamped RGB-D frames at RATE until told to stop."""
    table, start = Tabletop(), time.monotonic()
    for number in itertools.count():
        if stop.wait(max(0.0, start + number / RATE - time.monotonic())):
            return
        image, depth, info = table.frame()
        for publisher, msg in ((peer.camera_info, info), (peer.depth, depth), (peer.image, image)):
            publisher.publish(msg)
        sent.append(time.monotonic())


def main(seconds: float) -> None:
    """Warm up for ten answers, then measure."""
    with tempfile.TemporaryDirectory() as folder:
        node = TasProcess(Path(folder) / "node.log")
        node.wait_for_log("ready: waiting for images")
        peer, stop, sent = Peer(), threading.Event(), []
        peer.wait_for_node()
        camera = threading.Thread(target=stream, args=(peer, stop, sent))
        camera.start()
        for text in itertools.islice(itertools.cycle(COMMANDS), 10):
            peer.ask(text)
        begin, frames, memory, answers = time.monotonic(), len(sent), [], []
        for text in itertools.cycle(COMMANDS):
            if time.monotonic() - begin > seconds:
                break
            answers.append(peer.ask(text))
            memory.append((time.monotonic() - begin, resident_mebibytes(node.process.pid)))
        elapsed = time.monotonic() - begin
        stop.set()
        camera.join()
        peer.close()
        exit_code = node.stop()
    judged = [answer.latency for answer in answers if answer.header.frame_id]
    print(f"frames sent {len(sent) - frames} in {elapsed:.1f} s ({(len(sent) - frames) / elapsed:.1f} Hz)")
    print(f"commands {len(answers)}, judged on a frame {len(judged)}, latency median {statistics.median(judged):.3f} s")
    for at, rss in memory[:: max(1, len(memory) // 12)]:
        print(f"  {at:6.1f} s  {rss:8.1f} MiB")
    print(f"RSS first {memory[0][1]:.1f}, last {memory[-1][1]:.1f} MiB; exit code {exit_code}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
