# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Devices, precisions, and batches that shrink when memory runs out."""

import logging

import pytest

torch = pytest.importorskip("torch")

from tas_ros.errors import ModelError  # noqa: E402
from tas_ros.vision.half_precision import compute_in  # noqa: E402
from tas_ros.vision.runtime import choose_device, choose_dtype, in_batches, is_out_of_memory, run_fitting  # noqa: E402


class Memory:
    """Holds `capacity` items and raises torch's own error beyond."""

    def __init__(self, capacity: int, error: type[BaseException] = torch.OutOfMemoryError, words: str = "no memory"):
        self.capacity, self.error, self.words = capacity, error, words
        self.sizes: list[int] = []

    def square(self, items):
        self.sizes.append(len(items))
        if len(items) > self.capacity:
            raise self.error(self.words)
        return [item * item for item in items]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (torch.OutOfMemoryError, "CUDA out of memory"),
        (MemoryError, ""),
        (RuntimeError, "[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_a_batch_that_does_not_fit_is_halved_and_stays_so(error, words, caplog) -> None:
    memory = Memory(3, error, words)
    with caplog.at_level(logging.WARNING):
        assert in_batches(range(20), 16, memory.square) == [i * i for i in range(20)]
    assert memory.sizes == [16, 8, 4, *[2] * 10]
    assert sum("out of memory" in record.message for record in caplog.records) == 3


def test_no_items_run_nothing() -> None:
    memory = Memory(3)
    assert in_batches([], 4, memory.square) == [] and memory.sizes == []


def test_one_item_too_large_raises() -> None:
    with pytest.raises(torch.OutOfMemoryError):
        in_batches([1, 2], 2, Memory(0).square)


def test_other_errors_are_not_taken_for_memory() -> None:
    memory = Memory(1, RuntimeError, "shapes do not fit")
    with pytest.raises(RuntimeError, match="shapes"):
        in_batches([1, 2], 2, memory.square)
    assert memory.sizes == [2]
    assert not is_out_of_memory(ValueError("DefaultCPUAllocator"))


def test_the_size_that_fitted_is_told() -> None:
    memory = Memory(20)
    assert run_fitting(64, lambda size: len(memory.square(range(size)))) == (16, 16)


def test_devices_and_precisions() -> None:
    cpu = choose_device("cpu")
    assert choose_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
    assert choose_dtype("auto", cpu) == torch.float32
    assert choose_dtype("auto", torch.device("cuda")) == torch.float16
    assert choose_dtype("bf16", cpu) == torch.bfloat16
    for call in (
        lambda: choose_device("cuda:99"),
        lambda: choose_device("gpu"),
        lambda: choose_dtype("int4", cpu),
    ):
        with pytest.raises(ModelError, match="give auto"):
            call()


@pytest.mark.parametrize("convert", [True, False])
def test_a_module_computes_in_half_and_answers_in_full_precision(convert) -> None:
    torch.manual_seed(0)
    module = torch.nn.Linear(64, 64)
    rows = torch.randn(8, 64)
    exact = module(rows)
    compute_in(module, torch.device("cpu"), torch.bfloat16, convert)
    lowered = module(rows)
    assert lowered.dtype == torch.float32
    assert module.weight.dtype == (torch.bfloat16 if convert else torch.float32)
    assert not torch.equal(lowered, exact) and torch.allclose(lowered, exact, atol=0.05)
