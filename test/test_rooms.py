# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The house rules: no two files import each other, and rooms import only rooms that stand before them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OUTSIDE = ("simulation", "training", "benchmarks")
"""Folders of the repository that are not installed."""

ORDER: tuple[tuple[str, ...], ...] = (
    ("errors", "arrays", "thread_pools", "process_memory", "small_files"),
    ("cancellation",),
    ("language", "vision"),
    ("matching", "spatial", "files"),
    ("referral", "published"),
    ("choices",),
    ("models",),
    ("pipeline", "plain_arrays"),
    ("ros",),
    ("replay",),
    ("evaluation",),
    ("demo",),
    ("commands",),
    ("cli",),
)
"""The way of the data. Rooms of one line do not know each other."""
LANGUAGE_ORDER: tuple[tuple[str, ...], ...] = (
    ("query",),
    ("protocols", "data"),
    ("words",),
    ("frame", "expression"),
    ("parser",),
)
"""The same inside `language`."""
GENERATED = {"tas_ros.msg", "tas_ros.srv", "tas_ros.action"}


def name_of(path: Path) -> str:
    """Dotted name of a module of this repository."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES: Mapping[str, Path] = {
    name_of(path): path for folder in ("tas_ros", *OUTSIDE) for path in sorted((ROOT / folder).rglob("*.py"))
}


def imports_of(path: Path) -> Iterator[str]:
    """Modules of this repository that the file imports, at its top, in a function or for its annotations alone."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        named: list[str] = []
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            named = [each if each in MODULES else node.module for each in whole]
        yield from (each for each in named if each.split(".")[0] in ("tas_ros", *OUTSIDE) and each not in GENERATED)


IMPORTS: Mapping[str, frozenset[str]] = {name: frozenset(imports_of(path)) for name, path in MODULES.items()}


def rank(order: tuple[tuple[str, ...], ...], room: str) -> int:
    """Line of a room; fails the test for one that no line names."""
    for line, rooms in enumerate(order):
        if room in rooms:
            return line
    return pytest.fail(f"room {room} stands in no order; add it where it belongs")


def wrong_ways(prefix: str, order: tuple[tuple[str, ...], ...]) -> list[str]:
    """Imports below `prefix` that lead to a later room, or to another of the same line."""
    wrong = []
    for name, imported in IMPORTS.items():
        for other in imported:
            if name.startswith(prefix) and other.startswith(prefix):
                here, there = (each.removeprefix(prefix).split(".")[0] for each in (name, other))
                if here != there and rank(order, there) >= rank(order, here):
                    wrong.append(f"{name} imports {other}")
    return wrong


def test_no_file_imports_itself_through_others() -> None:
    try:
        tuple(TopologicalSorter(IMPORTS).static_order())
    except CycleError as error:
        pytest.fail(f"import circle: {' <- '.join(error.args[1])}")


def test_every_import_is_found() -> None:
    missing = {other for imported in IMPORTS.values() for other in imported} - set(MODULES)
    assert missing == set()


def test_no_room_imports_upwards() -> None:
    assert wrong_ways("tas_ros.", ORDER) == []


def test_no_room_of_language_imports_upwards() -> None:
    assert wrong_ways("tas_ros.language.", LANGUAGE_ORDER) == []


def test_what_is_installed_needs_nothing_that_is_not() -> None:
    outward = [(name, other) for name, imported in IMPORTS.items() for other in imported
               if name.startswith("tas_ros") and other.split(".")[0] in OUTSIDE]  # fmt: skip
    assert outward == []


def test_simulation_serves_training_and_benchmarks_not_the_other_way_round() -> None:
    backward = [(name, other) for name, imported in IMPORTS.items() for other in imported
                if name.startswith("simulation") and other.split(".")[0] in ("training", "benchmarks")]  # fmt: skip
    assert backward == []


def test_the_package_speaks_for_itself() -> None:
    """Nothing installed, and no document, refers to what lies beside the repository."""
    config = filter(Path.is_file, (ROOT / "config").rglob("*"))
    pages = [*MODULES.values(), *ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *config]
    assert [str(page.relative_to(ROOT)) for page in pages if "../shared" in page.read_text("utf-8")] == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_files_named_in_the_documents_exist(page: Path) -> None:
    quoted = [word for part in page.read_text("utf-8").split("`")[1::2] for word in part.split()]
    named = [word for word in quoted if "/" in word and word.endswith((".py", ".md", ".sh", ".yaml", ".txt"))]
    bases = (ROOT, ROOT / "tas_ros", ROOT / "tas_ros" / "language")
    assert named, "a document that names no file is no document of this package"
    assert [word for word in named if not any(any(base.glob(word)) for base in bases)] == []
