# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The node's process. Runs the managed node until SIGINT or SIGTERM, then ends it in order with exit code 0."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Sequence

import rclpy
from rclpy.exceptions import InvalidParameterTypeException, InvalidParameterValueException
from rclpy.executors import SingleThreadedExecutor
from rclpy.signals import SignalHandlerOptions

from tas_ros.ros.image_conversions import MAX_PIXELS
from tas_ros.ros.log_files import logging_arguments


def run_node(args: Sequence[str] | None = None) -> int:
    """Returns 0 after a signal, 2 when a parameter given at start cannot be used."""
    # OpenCV reads this with its first picture: a few kilobytes of PNG must not be able to ask for gigabytes.
    os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(MAX_PIXELS))
    from tas_ros.ros.lifecycle import TasNode

    stop = threading.Event()
    # rclpy's own handlers pull the context away under a running callback, and a second signal interrupts the clean-up.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    given = sys.argv if args is None else args
    rclpy.init(args=[*given, *logging_arguments()], signal_handler_options=SignalHandlerOptions.NO)
    try:
        node = TasNode()
    except (InvalidParameterTypeException, InvalidParameterValueException) as error:
        print(f"tas_node: {error}", file=sys.stderr)
        rclpy.shutdown()
        return 2
    node.stopping = stop.is_set
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    executor.create_task(node.autostart)

    def spin() -> None:
        while not stop.is_set() and node.context.ok():
            try:
                executor.spin_once()
            except (
                Exception
            ):  # ours are caught where they occur; rclpy's (a client gone before its answer) must not kill
                node.get_logger().error(f"executor:\n{traceback.format_exc()}")
                time.sleep(0.01)
        stop.set()

    # The main thread stays free for signals: a handler runs at once, not when the wait set happens to wake.
    thread = threading.Thread(target=spin, name="executor")
    thread.start()
    stop.wait()
    executor.create_task(lambda: None)  # spin_once returns when it has done something; a mere wake() does not end it
    thread.join()
    node.close()
    executor.shutdown()
    node.destroy_node()
    node.context.try_shutdown()
    return 0
