# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The node's process. Runs the managed node until it is told to end, then answers what is open and goes."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Sequence

import rclpy
from rclpy.exceptions import InvalidParameterTypeException, InvalidParameterValueException
from rclpy.executors import SingleThreadedExecutor
from rclpy.impl.implementation_singleton import rclpy_implementation
from rclpy.signals import SignalHandlerOptions
from rclpy.utilities import try_shutdown

from tas_ros.ros.log_files import logging_arguments
from tas_ros.ros.termination import Termination

RCLError = rclpy_implementation.RCLError
QUIET = 0.1
"""Seconds, twice, without anything to do after which nothing is taken to be on its way to the node."""
LAST_ANSWERS = 1.0
"""Seconds, at most, in which what came before the end was requested is answered."""
TIME_TO_END = 2.3
"""Seconds from the request, at most: `ros2 launch` kills after 10, a supervisor of a robot may after 3."""


def run_node(args: Sequence[str] | None, termination: Termination) -> int:
    """Returns 0 once it ended as requested, 2 when it cannot start: a parameter that cannot be used, no DDS."""
    from tas_ros.ros.lifecycle import TasNode

    given = sys.argv if args is None else args
    # rclpy's own handlers pull the context away under a running callback, and a second signal interrupts the clean-up.
    try:
        rclpy.init(args=[*given, *logging_arguments()], signal_handler_options=SignalHandlerOptions.NO)
        node = TasNode()
    except (InvalidParameterTypeException, InvalidParameterValueException, RCLError) as error:
        print(f"tas_node: {error}", file=sys.stderr)
        try_shutdown()
        return 2
    termination.answers_are_owed()
    termination.leave_within(TIME_TO_END)
    node.stopping = lambda: termination.requested
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    executor.create_task(node.autostart)

    def spin_once(timeout: float | None = None) -> None:
        try:
            executor.spin_once(timeout)
        except Exception:  # ours are caught where they occur; rclpy's (a client gone before its answer) must not kill
            node.get_logger().error(f"executor:\n{traceback.format_exc()}")
            time.sleep(0.01)

    def spin() -> None:
        while not termination.requested and node.context.ok():
            spin_once()
        termination.request()
        node.fall_silent()
        end, quiet = time.monotonic() + LAST_ANSWERS, 0
        while (quiet < 2 or node.open_requests) and (start := time.monotonic()) < end:
            spin_once(QUIET)
            quiet = quiet + 1 if time.monotonic() - start >= QUIET else 0

    # The main thread stays free for signals: a handler runs at once, not when the wait set happens to wake.
    thread = threading.Thread(target=spin, name="executor")
    thread.start()
    termination.wait()
    executor.create_task(lambda: None)  # spin_once returns when it has done something; a mere wake() does not end it
    thread.join()
    node.close()
    executor.shutdown()
    node.destroy_node()
    node.context.try_shutdown()
    return 0
