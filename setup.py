# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Builds the wheel: CMake generates the message bindings, setuptools adds the modules.

The bindings are built against a sourced ROS 2 install or against the ROS wheels of this environment.
Where neither has vision_msgs or tf2_msgs, wire-compatible bindings are generated from interfaces/ and shipped along.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from setuptools import Distribution, find_packages, setup
from setuptools.command.build import build
from setuptools.command.build_ext import build_ext
from setuptools.errors import CompileError, PlatformError

ROOT = Path(__file__).resolve().parent
FALLBACK_INTERFACES = ("vision_msgs", "tf2_msgs")
# What a Python environment needs of a CMake install; launch looks for executables in lib/tas_ros. Headers and CMake
# exports are for C++ users, who use colcon.
SHIPPED = ("lib/*.so", "lib/tas_ros/*", "share/**/*")


def package_version() -> str:
    """The one in tas_ros/__init__.py."""
    match = re.search(r'^__version__ = "([^"]+)"$', (ROOT / "tas_ros/__init__.py").read_text(), re.MULTILINE)
    if match is None:
        raise PlatformError('tas_ros/__init__.py has no line __version__ = "..."; restore it')
    return match.group(1)


def ros_prefixes() -> list[Path]:
    """Install prefixes to search: sourced ROS workspaces, pip's isolated build environment, this environment."""
    prefixes = [Path(p) for p in os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep) if p]
    prefixes += [Path(p).parents[2] for p in sys.path if p.endswith("site-packages")]
    prefixes.append(Path(sys.prefix))
    return [p for p in dict.fromkeys(prefixes) if (p / "share").is_dir()]


def has_cmake_package(name: str, prefixes: list[Path]) -> bool:
    """Whether a real install of the ROS package is there; the bindings this build ships carry no CMake files."""
    return any((p / "share" / name / "cmake" / f"{name}Config.cmake").is_file() for p in prefixes)


def check_toolchain(prefixes: list[Path]) -> None:
    """Raise with the command that cures it when something needed to compile is missing."""
    if not (os.environ.get("CXX") or any(map(shutil.which, ("c++", "g++", "clang++")))):
        raise PlatformError(
            "no C++ compiler found, and the ROS message bindings of tas_ros have to be compiled; install one:\n"
            "    apt-get install g++        (Debian, Ubuntu)"
        )
    if shutil.which("cmake") is None:
        raise PlatformError("cmake not found; install it: apt-get install cmake, or pip install cmake")
    if not has_cmake_package("rosidl_default_generators", prefixes):
        raise PlatformError(
            f"no ROS 2 message generators found in {', '.join(map(str, prefixes))}; either source a ROS 2 install "
            "(. /opt/ros/jazzy/setup.sh), or install the wheels (pip install -r requirements/build.txt), or let pip "
            "fetch them by leaving out --no-build-isolation"
        )


class CleanBuild(build):
    """Starts from an empty build/lib: setuptools would ship modules that were deleted since the last build."""

    def run(self) -> None:
        """Empty it, then build."""
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()


class BuildInterfaces(build_ext):
    """Runs CMake and hands what it installs to the wheel."""

    def run(self) -> None:
        """Build what is missing of the fallback packages, then tas_ros itself."""
        if self.editable_mode or self.inplace:
            raise PlatformError(
                "tas_ros cannot be installed editable: its compiled bindings have no place in the checkout. Install it "
                "(pip install .) and put the checkout first on PYTHONPATH; it finds the installed bindings by itself"
            )
        prefixes = ros_prefixes()
        check_toolchain(prefixes)
        missing = [name for name in FALLBACK_INTERFACES if not has_cmake_package(name, prefixes)]
        with self.work_directory(prefixes) as work:
            for name in missing:
                self.build_cmake(ROOT / "interfaces" / name, work / name, prefixes)
            self.build_cmake(ROOT, work / "tas_ros", prefixes)

    @contextmanager
    def work_directory(self, prefixes: list[Path]) -> Iterator[Path]:
        """build/cmake-<key>, kept so that a second build is quick; a temporary one when pip isolates the build."""
        if any(Path(sys.prefix) not in (p, *p.parents) and "pip-build-env" in str(p) for p in prefixes):
            with tempfile.TemporaryDirectory(prefix="tas_ros-build-") as directory:
                yield Path(directory)
        else:
            key = hashlib.sha256("\n".join([sys.executable, *map(str, prefixes)]).encode()).hexdigest()[:8]
            yield ROOT / "build" / f"cmake-{key}"

    def build_cmake(self, source: Path, work: Path, prefixes: list[Path]) -> None:
        """Configure, build and install one CMake project into a staging prefix, then collect what the wheel ships."""
        staging = work / "install"
        shutil.rmtree(staging, ignore_errors=True)
        environment = os.environ | {"AMENT_PREFIX_PATH": os.pathsep.join(map(str, prefixes))}
        generator = ["-G", "Ninja"] if shutil.which("ninja") else []
        configure = [
            "cmake", "-S", source, "-B", work / "build", *generator,
            "-DCMAKE_BUILD_TYPE=Release",
            "-DBUILD_TESTING=OFF",
            f"-DCMAKE_INSTALL_PREFIX={staging}",
            f"-DCMAKE_PREFIX_PATH={';'.join(map(str, prefixes))}",
            f"-DCMAKE_PROJECT_TOP_LEVEL_INCLUDES={ROOT / 'cmake' / 'ros_wheels.cmake'}",
            f"-DPython3_EXECUTABLE={sys.executable}",
            "-DPYTHON_INSTALL_DIR=python",
        ]  # fmt: skip
        parallel = str(os.cpu_count() or 1)
        for command in (
            configure,
            ["cmake", "--build", work / "build", "--parallel", parallel],
            ["cmake", "--install", work / "build"],
        ):
            result = subprocess.run(
                list(map(str, command)),
                env=environment,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            if result.returncode != 0:
                raise CompileError(f"{' '.join(map(str, command))} failed:\n{result.stdout}")
        self.collect(staging)

    def collect(self, staging: Path) -> None:
        """Copy generated Python packages beside ours; register libraries and share files as data files."""
        for package in (staging / "python").iterdir():
            if not package.is_dir() or package.suffix == ".egg-info":
                continue
            for file in filter(Path.is_file, package.rglob("*")):
                target = Path(self.build_lib) / file.relative_to(staging / "python")
                if not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(file, target)
        data_root = Path(self.build_lib).resolve().parent / "ros_data"
        for pattern in SHIPPED:
            for file in filter(Path.is_file, staging.glob(pattern)):
                relative = file.relative_to(staging)
                if relative.parts[0] == "share" and "cmake" in relative.parts[2:-1]:
                    continue
                target = data_root / relative
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, target)
                self.distribution.data_files.append((str(relative.parent), [os.path.relpath(target)]))


class InterfaceDistribution(Distribution):
    """Has compiled parts although setuptools lists no extension: the wheel's tag names the Python and the platform."""

    def has_ext_modules(self) -> bool:
        """Always."""
        return True


setup(
    version=package_version(),
    packages=find_packages(include=["tas_ros", "tas_ros.*"]),
    # All of tas_ros/, as CMakeLists.txt installs it: recordings, tables and weights lie beside their modules.
    package_data={"tas_ros": ["**/*"]},
    exclude_package_data={"": ["**/__pycache__/*", "*.pyc"]},
    data_files=[],
    distclass=InterfaceDistribution,
    cmdclass={"build": CleanBuild, "build_ext": BuildInterfaces},
)
