# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Loads what tests share by its path: tests are no package, and Python has a package `test` already."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def refer_maker():
    return _load("refer_maker")


@pytest.fixture(scope="session")
def toy_run():
    return _load("toy_run")


def _load(name: str):
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    sys.modules[name] = module  # pickle asks for it by name
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def refer_root(tmp_path: Path, toy_set, refer_maker) -> Path:
    """Two pictures; annotations 0, 1, 2 and 3, 4, 5; sentences 0, 2 mean 0, 1 means 1 and 3 means 5."""
    return refer_maker.make_refer_set(tmp_path / "refer", toy_set.write(tmp_path / "toy"))


@pytest.fixture
def many_images(tmp_path: Path, toy_set) -> Path:
    """A toy set of 40 images with two sentences each."""
    index = toy_set.content()
    images = [index["images"][0] | {"id": number} for number in range(40)]
    annotations = [
        each | {"id": number * 10 + each["id"] % 10, "image_id": number}
        for number in range(40)
        for each in index["annotations"][:3]
    ]
    expressions = [
        {"id": number * 2 + i, "image_id": number, "ann_id": number * 10 + 1 + i, "text": text, "types": [text[:4]]}
        for number in range(40)
        for i, text in enumerate(("left box", "right box"))
    ]
    return toy_set.write(tmp_path / "many", {"images": images, "annotations": annotations, "expressions": expressions})
