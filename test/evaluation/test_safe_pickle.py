# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Pickles of published datasets load as data, whoever wrote them, and run no code."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from tas_ros.errors import DatasetError
from tas_ros.evaluation.datasets import open_dataset
from tas_ros.evaluation.safe_pickle import read_plain_pickle

REFS = Path("refcoco", "refs(unc).p")


class Python2Pickler(pickle._Pickler):
    """Writes text as Python 2 wrote its byte strings: opcodes STRING (protocol 0) and BINSTRING."""

    dispatch = pickle._Pickler.dispatch.copy()

    def save_text(self, text: str) -> None:
        encoded = text.encode("latin1")
        if self.bin:
            self.write(b"T" + len(encoded).to_bytes(4, "little") + encoded)
        else:
            self.write(b"S" + repr(encoded)[1:].encode("ascii") + b"\n")
        self.memoize(text)

    dispatch[str] = save_text


@pytest.mark.parametrize("protocol", [0, 1, 2])
def test_python_2_pickles_load(refer_root: Path, protocol: int) -> None:
    refs = pickle.loads((refer_root / REFS).read_bytes())
    refs[0]["sentences"][0]["sent"] = "left caf\u00e9's box"
    with (refer_root / REFS).open("wb") as file:
        Python2Pickler(file, protocol).dump(refs)
    with pytest.raises(UnicodeDecodeError):
        pickle.loads((refer_root / REFS).read_bytes())  # these are byte strings indeed
    dataset = open_dataset(refer_root)
    assert dataset.sentence_count == 4
    assert next(dataset.images()).sentences[0].text == "left caf\u00e9's box"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_plain_data_of_every_protocol_loads(tmp_path: Path, protocol: int) -> None:
    content = [{"a": (1, 2.5, True, None, 10**30)}, "text", {1, 2}, frozenset({3}), [[]]]
    (tmp_path / "plain.p").write_bytes(pickle.dumps(content, protocol=protocol))
    assert read_plain_pickle(tmp_path / "plain.p") == content


class Malicious:
    """Unpickled the usual way, makes a file."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple:
        return Path.touch, (self.trace,)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_malicious_refs_file_is_refused_and_not_run(refer_root: Path, protocol: int) -> None:
    trace = refer_root / "trace"
    refs = pickle.loads((refer_root / REFS).read_bytes())
    refs[0]["sentences"][0]["sent"] = Malicious(trace)
    content = pickle.dumps(refs, protocol=protocol)
    pickle.loads(content)
    assert trace.is_file()  # so the file would do harm
    trace.unlink()
    (refer_root / REFS).write_bytes(content)
    with pytest.raises(DatasetError, match=r"pathlib|getattr"):
        open_dataset(refer_root)
    assert not trace.exists()


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"cos\nsystem\n(S'echo'\ntR.", "os.system"),  # GLOBAL
        (b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04echo\x85R.", "os.system"),  # STACK_GLOBAL
        (b"(S'echo'\nios\nsystem\n.", "os.system"),  # INST
        (b"(cos\nsystem\nS'echo'\no.", "os.system"),  # OBJ
        (b"c__builtin__\neval\n(S'1'\ntR.", "__builtin__.eval"),
        (b"\x80\x04\x8c\x08builtins\x8c\x0dset.__class__\x93.", "set.__class__"),  # a path through a plain class
        (b"cnumpy.core.multiarray\n_reconstruct\n.", "numpy.core.multiarray"),
        (b"Pkey\n.", "persistent"),  # PERSID
        (b"\x80\x02\x82\x01.", "extension"),  # EXT1, no code registered
    ],
)
def test_every_way_to_code_is_closed(tmp_path: Path, content: bytes, names: str) -> None:
    (tmp_path / "refs.p").write_bytes(content)
    with pytest.raises(DatasetError, match=names):
        read_plain_pickle(tmp_path / "refs.p")


def test_damaged_pickles_are_dataset_errors(refer_root: Path) -> None:
    whole = (refer_root / REFS).read_bytes()
    path = refer_root / "damaged.p"
    random = np.random.default_rng(0)
    for content in (b"", b"no pickle", whole[:-1], whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(DatasetError, match="damaged"):
            read_plain_pickle(path)
    for _ in range(300):  # one byte altered: either still plain data or a DatasetError, nothing else
        spoilt = bytearray(whole)
        spoilt[random.integers(2, len(whole))] = random.integers(256)
        path.write_bytes(bytes(spoilt))
        try:
            read_plain_pickle(path)
        except DatasetError:
            continue
