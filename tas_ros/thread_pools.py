# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""How many threads each library computes with, and how they wait. The one place that says so.

A frame passes through numpy (OpenBLAS), torch (OpenMP), ONNX Runtime and OpenCV, each with a pool of its own. By
default idle workers of one pool spin and hold the cores that the next one needs, the worse the busier the machine is
(`python -m benchmarks.thread_pools` measures it).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

ENVIRONMENT: Mapping[str, str] = {
    # The products made with numpy are too small to share out, and OpenBLAS's workers spin between them.
    "OPENBLAS_NUM_THREADS": "1",
    # torch's workers sleep between parallel regions; understood by GNU's and by LLVM's OpenMP.
    "OMP_WAIT_POLICY": "PASSIVE",
    # Not of threads, but as early: a few kilobytes of PNG must not be able to ask OpenCV for gigabytes (MAX_PIXELS).
    "OPENCV_IO_MAX_IMAGE_PIXELS": str(64 << 20),
}
"""Variables that the libraries read once, when they are loaded."""

_SPIN_IN_ONNX_RUNTIME = "session.intra_op.allow_spinning"


def prepare_environment(environment: MutableMapping[str, str] = os.environ) -> None:
    """Set what the user's own environment leaves open. Call it before numpy, torch or OpenCV are imported.

    Every entry point does: the commands, the node, workers of an evaluation. Processes that they start inherit it.
    """
    for name, value in ENVIRONMENT.items():
        environment.setdefault(name, value)


def limit_threads(count: int) -> None:
    """Give torch and OpenCV `count` threads each from now on; 0 leaves them as they are (one a core).

    ONNX Runtime fixes its number with each session: see onnx_session_options.
    """
    if count:
        import cv2
        import torch

        torch.set_num_threads(count)
        cv2.setNumThreads(count)


def onnx_session_options() -> Any:
    """onnxruntime.SessionOptions with as many threads as torch has, if that is loaded, and none that spins."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    torch = sys.modules.get("torch")
    options.intra_op_num_threads = torch.get_num_threads() if torch is not None else available_cores()
    # Without this a text takes 8.4 ms in place of 3.1 as soon as torch runs in the same process.
    options.add_session_config_entry(_SPIN_IN_ONNX_RUNTIME, "0")
    return options


def available_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
