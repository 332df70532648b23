# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What the libraries' pools really do, seen in processes of their own: the environment is read once, at load."""

import os
import subprocess
import sys

import pytest

from tas_ros.thread_pools import ENVIRONMENT, available_cores

MULTIPLY = "import numpy; a = numpy.ones((900, 900), 'f4'); a @ a; print(len(os.listdir('/proc/self/task')))"
several_cores = pytest.mark.skipif(available_cores() < 2, reason="one core: no library starts a second thread")


def run(code: str, **environment: str) -> str:
    """What `code` prints in a Python whose environment says nothing of pools but what is given."""
    bare = {name: value for name, value in os.environ.items() if name not in ENVIRONMENT and "NUM_THREADS" not in name}
    return subprocess.run(
        [sys.executable, "-c", "import os, sys\n" + code], capture_output=True, text=True, check=True,
        env=bare | environment,
    ).stdout.strip()  # fmt: skip


@several_cores
def test_numpy_multiplies_in_the_calling_thread() -> None:
    prepare = "from tas_ros.thread_pools import prepare_environment; prepare_environment()\n"
    assert run(prepare + MULTIPLY) == "1"
    assert int(run(MULTIPLY)) > 1, "numpy no longer shares out by itself: then nothing need be set"


@several_cores
def test_the_users_own_environment_wins() -> None:
    prepare = "from tas_ros.thread_pools import prepare_environment; prepare_environment()\n"
    assert run(prepare + MULTIPLY, OPENBLAS_NUM_THREADS="2") == "2"
    assert run(prepare + "print(os.environ['OMP_WAIT_POLICY'])", OMP_WAIT_POLICY="ACTIVE") == "ACTIVE"


@pytest.mark.parametrize(("side", "outcome"), [(8192, "(8192, 8192, 3)"), (9600, "refused")])
def test_a_small_file_cannot_ask_for_a_huge_picture(side: int, outcome: str) -> None:
    """92 million pixels in 11 kB of PNG are refused by their header."""
    code = f"""
import struct, zlib
from tas_ros.thread_pools import prepare_environment
prepare_environment()
import cv2, numpy
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
packer, row = zlib.compressobj(9), bytes(1 + {side} // 8)
packed = b"".join(packer.compress(row) for _ in range({side})) + packer.flush()
header = struct.pack(">IIBBBBB", {side}, {side}, 1, 0, 0, 0, 0)
png = b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
assert len(png) < 12_000
try:
    print(cv2.imdecode(numpy.frombuffer(png, numpy.uint8), cv2.IMREAD_COLOR).shape)
except cv2.error:
    print("refused")
"""
    assert run(code) == outcome


REPORT = "[m for m in ('numpy', 'torch', 'cv2') if m in sys.modules], os.environ['OMP_WAIT_POLICY']"


@pytest.mark.parametrize(
    "entry",
    [
        f"from tas_ros.cli import main\ntry: main(['--help'])\nexcept SystemExit: print({REPORT})",
        f"import benchmarks\nprint({REPORT})",
        f"import training\nprint({REPORT})",
        "import types\n"
        "def run_node(args, termination): print(" + REPORT + "); return 0\n"
        "sys.modules['tas_ros.ros.process'] = types.SimpleNamespace(run_node=run_node)\n"
        "from tas_ros.ros.node import main\nmain([])",
    ],
    ids=["tas", "benchmarks", "training", "tas_node"],
)
def test_every_entry_point_sets_the_environment_before_a_library_is_loaded(entry: str) -> None:
    assert run(entry).splitlines()[-1] == "[] PASSIVE"


def test_threads_bound_torch_opencv_and_onnx_runtime() -> None:
    code = (
        "import torch, cv2\n"
        "from tas_ros.thread_pools import limit_threads, onnx_session_options\n"
        "limit_threads(1)\n"
        "print(torch.get_num_threads(), cv2.getNumThreads(), onnx_session_options().intra_op_num_threads)"
    )
    assert run(code) == "1 1 1"


def test_zero_threads_leave_the_pools_alone() -> None:
    code = (
        "import torch, cv2\n"
        "from tas_ros.thread_pools import limit_threads\n"
        "before = torch.get_num_threads(), cv2.getNumThreads()\n"
        "limit_threads(0)\n"
        "print(before == (torch.get_num_threads(), cv2.getNumThreads()))"
    )
    assert run(code) == "True"
