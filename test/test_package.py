# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The package as a whole: what importing it costs, what is pinned where, and that all its parts are there."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path
from xml.etree import ElementTree

import pytest

import tas_ros
from tas_ros.choices.profiles import PROFILES
from tas_ros.choices.registry import BACKENDS

tomllib = pytest.importorskip("tomllib")  # Python 3.11

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
MODULES = sorted((ROOT / "tas_ros").rglob("*.py"))
CORE = [each for each in MODULES if each.relative_to(ROOT / "tas_ros").parts[0] not in {"ros", "replay", "demo"}]
"""Modules that run without ROS."""
SOURCES = [
    *(path for kind in ("*.py", "CMakeLists.txt") for path in ROOT.glob(kind)),
    *(path for folder in ("tas_ros", "simulation", "training", "benchmarks", "test", "launch", "scripts", "cmake",
                          "interfaces") for kind in ("*.py", "*.sh", "*.cmake", "CMakeLists.txt")
      for path in (ROOT / folder).rglob(kind)),
]  # fmt: skip
COPYRIGHT = "# Copyright 2026 tas_ros contributors"
LICENCE = "limitations under the License."


def pins(name: str) -> dict[str, str]:
    """Package to exact version in requirements/<name>.txt."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    return split_pins(line for line in (line.split("#")[0].strip() for line in lines) if line)


def split_pins(requirements: Iterable[str]) -> dict[str, str]:
    """Normalised package name to exact version, for requirements such as "Some_Package[extra]==1.2"."""
    pairs = (re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?==([^\s,]+)(?:,!=\S+)?", each) for each in requirements)
    return {re.sub(r"[-_.]+", "-", pair[1]).lower(): pair[2] for pair in pairs}


def test_importing_the_package_loads_neither_torch_nor_ros() -> None:
    code = "import sys, tas_ros; print(sorted({'torch', 'rclpy', 'spacy', 'onnxruntime', 'cv2'} & set(sys.modules)))"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    fresh = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert fresh.stdout.strip() == "[]"


@pytest.mark.parametrize("module", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_core_imports_no_ros(module: Path) -> None:
    ros = re.compile(
        r"^\s*(?:import|from)\s+(rclpy|rosidl\w*|\w+_msgs|tas_ros\.(?:msg|srv|action|ros))\b", re.MULTILINE
    )
    assert ros.findall(module.read_text()) == []


def test_versions_agree() -> None:
    package = ElementTree.parse(ROOT / "package.xml").getroot()
    assert package.findtext("version") == tas_ros.__version__
    assert "version" in PYPROJECT["project"]["dynamic"]
    version = re.escape(tas_ros.__version__)
    assert re.search(rf"^{version} \(\d{{4}}-\d\d-\d\d\)$", (ROOT / "CHANGELOG.rst").read_text(), re.MULTILINE)


def test_every_source_file_carries_copyright_and_licence() -> None:
    """As ament_copyright asks: the first comment, behind a #! line, holds both; empty files need none."""
    assert len(SOURCES) > 400
    bare = []
    for path in SOURCES:
        lines = [line for line in path.read_text("utf-8").splitlines()[:9] if not line.startswith("#!")]
        comment = list(takewhile(lambda line: line.startswith("#"), lines))
        if lines and not (comment and comment[0] == COPYRIGHT and comment[-1].endswith(LICENCE)):
            bare.append(str(path.relative_to(ROOT)))
    assert bare == []


def test_package_xml_is_valid() -> None:
    catkin_pkg = pytest.importorskip("catkin_pkg.package")
    warnings: list[str] = []
    package = catkin_pkg.parse_package(str(ROOT / "package.xml"), warnings=warnings)
    package.validate(warnings)
    assert warnings == []
    assert package.package_format == 3
    assert package.licenses == ["Apache-2.0"]


def declared(*tags: str) -> set[str]:
    """What package.xml names under these tags."""
    package = ElementTree.parse(ROOT / "package.xml").getroot()
    return {str(element.text) for tag in tags for element in package.findall(tag)}


def test_package_xml_names_every_ros_package_that_is_imported() -> None:
    ros_modules = r"rclpy|cv_bridge|tf2_ros|launch|launch_ros|ament_index_python|\w+_msgs|\w+_srvs"
    imported = {
        name
        for module in [*MODULES, *ROOT.glob("launch/*.py")]
        for name in re.findall(rf"^\s*(?:import|from)\s+({ros_modules})\b", module.read_text(), re.M)
    }
    assert {"rclpy", "tf2_ros", "launch_ros"} <= imported, "the ROS side imports nothing?"
    packages = {{"tf2_ros": "tf2_ros_py"}.get(name, name) for name in imported}  # tf2_ros itself is the C++ library
    assert packages - declared("depend", "exec_depend") == set()


def test_package_xml_names_all_that_the_launch_files_start() -> None:
    launch_files = "".join(file.read_text() for file in ROOT.glob("launch/*.py"))
    started = set(re.findall(r'\bpackage="(\w+)"', launch_files)) - {"tas_ros"}
    started |= {f"ros2{command}" for command in re.findall(r'"ros2",\s*"(\w+)"', launch_files)}
    shown = set(re.findall(r"Class: (\w+)/", (ROOT / "config" / "tas.rviz").read_text())) - {"rviz_common"}
    bag = ROOT / "tas_ros" / "demo" / "data" / "tabletop" / "metadata.yaml"
    stored = {f"rosbag2_storage_{kind}" for kind in re.findall(r"storage_identifier: (\w+)", bag.read_text())}
    assert started == {"rviz2", "ros2bag"} and shown and stored
    assert (started | shown | stored | {"ros2launch"}) - declared("exec_depend") == set()


def test_package_xml_names_the_python_packages_that_pip_installs() -> None:
    keys = {
        "numpy": "python3-numpy", "PyYAML": "python3-yaml", "scipy": "python3-scipy",
        "opencv-python-headless": "python3-opencv",
    }  # fmt: skip
    asked = {re.split("[<>=]", requirement)[0] for requirement in PYPROJECT["project"]["dependencies"]}
    assert {keys[name] for name in asked} - declared("depend", "exec_depend") == set()
    tools = {f"python3-{name}" for name in pins("test") if name not in {"ruff", "mypy"}}
    assert tools - declared("test_depend") == set()


@pytest.mark.slow
def test_colcon_test_runs_the_tests(tmp_path: Path) -> None:
    """What ctest, which colcon calls, would run after a configuration with tests."""
    cmake = shutil.which("cmake", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if cmake is None or importlib.util.find_spec("rosidl_generator_py") is None:
        pytest.skip("needs cmake and ROS's message generators")
    prefixes = [*filter(None, os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep)), sys.prefix]
    options = {
        "BUILD_TESTING": "ON", "CMAKE_PREFIX_PATH": ";".join(prefixes), "Python3_EXECUTABLE": sys.executable,
        "CMAKE_PROJECT_TOP_LEVEL_INCLUDES": ROOT / "cmake" / "ros_wheels.cmake",
    }  # fmt: skip
    # The wheels' ninja: a machine with a compiler need not have make.
    generator = ["-G", "Ninja"] if Path(cmake).with_name("ninja").exists() else []
    configure = [cmake, *generator, "-S", ROOT, "-B", tmp_path, *(f"-D{k}={value}" for k, value in options.items())]
    path = f"{Path(cmake).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"AMENT_PREFIX_PATH": os.pathsep.join(prefixes), "PATH": path}
    result = subprocess.run(configure, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    ctest = [str(Path(cmake).with_name("ctest")), "--test-dir", str(tmp_path), "--show-only=json-v1"]
    (test,) = json.loads(subprocess.run(ctest, capture_output=True, text=True, check=True).stdout)["tests"]
    assert {"pytest", str(ROOT / "test"), "PYTEST_ADDOPTS=-m 'not slow'"} <= set(test["command"])
    limits = [each["value"] for each in test["properties"] if each["name"] == "TIMEOUT"]
    assert limits and limits[0] > 60, "ament's own limit of a minute would cut the tests off"
    assert "ament_cmake_pytest" in declared("test_depend")


def test_every_interface_file_is_generated() -> None:
    cmake = (ROOT / "CMakeLists.txt").read_text()
    files = [*ROOT.glob("msg/*.msg"), *ROOT.glob("srv/*.srv"), *ROOT.glob("action/*.action")]
    assert files
    assert [file.name for file in files if f'"{file.relative_to(ROOT)}"' not in cmake] == []


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in BACKENDS.items() for name in names])
def test_registry_entry_resolves_to_its_module(kind: str, name: str) -> None:
    module, _, attribute = BACKENDS[kind][name].partition(":")
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    assert path.is_file()
    assert re.search(rf"^class {attribute}\b", path.read_text(), re.MULTILINE)


@pytest.mark.parametrize("profile", PROFILES)
def test_profile_names_registered_backends(profile: str) -> None:
    for kind in BACKENDS:
        assert getattr(PROFILES[profile], kind).name in BACKENDS[kind]


@pytest.mark.parametrize("name", ["build", "ros", "embedded", "models", "evaluation", "no_deps", "test"])
def test_requirement_is_pinned_to_the_tested_version(name: str) -> None:
    tested = pins("constraints")
    assert {package: tested.get(package) for package in pins(name)} == pins(name)


def test_isolated_build_uses_the_same_pins() -> None:
    assert split_pins(PYPROJECT["build-system"]["requires"]) == pins("build")


def test_what_the_package_asks_for_can_be_read_by_pip() -> None:
    """`pip wheel`, and an install with dependencies, read every one, those of the extras too."""
    requirements = pytest.importorskip("packaging.requirements")
    asked = importlib.metadata.requires("tas_ros")
    if asked is None:
        pytest.skip("tas_ros is not installed here by pip")
    extras = {str(requirements.Requirement(each).marker) for each in asked}
    assert {'extra == "models"', 'extra == "embedded"'} <= extras
