# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Stand-in checkpoints: every catalogue model has one, and one seed always gives the same."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from benchmarks.stand_ins import STAND_INS, write_stand_in
from tas_ros.errors import UnknownBackendError


def test_every_writer_is_where_the_table_says() -> None:
    for target in STAND_INS.values():
        module, _, function = target.partition(":")
        assert find_spec(module) is not None and function == "write"


def test_an_unknown_model_is_told(tmp_path) -> None:
    with pytest.raises(UnknownBackendError, match="no stand-in for 'sam-3'"):
        write_stand_in(tmp_path, "sam-3")


@pytest.mark.parametrize("model", ["sam-vit-b", "clip-vit-b-32", "siglip-vit-b-16", "sam2.1-hiera-tiny"])
def test_a_seed_gives_the_same_weights_and_leaves_other_random_numbers_alone(tmp_path, model) -> None:
    torch = pytest.importorskip("torch")
    for package in ("torchvision", "segment_anything", "open_clip", "transformers"):
        pytest.importorskip(package)
    from tas_ros.vision.checkpoints import find_weights, read_state

    torch.manual_seed(7)
    wanted = torch.rand(1)
    torch.manual_seed(7)
    states = []
    for name, seed in (("first", 0), ("second", 0), ("other", 1)):
        write_stand_in(tmp_path / name, model, reduced=True, seed=seed)
        states.append(read_state(find_weights(tmp_path / name, (".safetensors", ".pth"))))
    first, second, other = states
    assert first.keys() == second.keys() == other.keys()
    # Threads add in another order from run to run, so rounding differs.
    assert all(torch.allclose(first[name], second[name], rtol=1e-2, atol=1e-2) for name in first)
    assert any(not torch.allclose(first[name], other[name], rtol=1e-2, atol=1e-2) for name in first)
    assert torch.equal(torch.rand(1), wanted)
