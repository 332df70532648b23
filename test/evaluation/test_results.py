# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""The CSV: what is written comes back, and a file that was cut off anywhere is taken up again."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tas_ros.errors import TasError
from tas_ros.evaluation.results import ResultFile, ResultRow, read_rows

ROW = ResultRow(
    image_id="1",
    sentence_id="a",
    variant="base",
    text='the "red" mug, left',
    tags=("spatial", "toy"),
    expression="the red mug",
    asked=("colour", "position"),
    answer="FOUND",
    chosen=3,
    score=1 / 3,
    rank_of_oracle=None,
    intersection=10,
    union=20,
    answered_intersection=0,
    answered_union=12,
    oracle_proposal=0,
    oracle_intersection=11,
    oracle_union=13,
    random_intersection=2 / 7,
    random_union=31.25,
    random_iou=0.1,
    random_above=(0.5, 0.25, 0.25, 0.0, 0.0),
    proposals=4,
    seconds=1e-7,
    mask="2 3 06",
)


def image_rows(image_id: str) -> list[ResultRow]:
    return [
        replace(ROW, image_id=image_id, sentence_id=sentence, variant=variant)
        for sentence in ("a", "b")
        for variant in ("base", "other")
    ]


def complete(image_id: str, rows) -> bool:
    return len(rows) == 4


def write(path: Path, *image_ids: str) -> Path:
    with ResultFile(path) as results:
        for image_id in image_ids:
            results.append(image_rows(image_id))
    return path


TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)


@given(TEXTS, TEXTS, st.floats(allow_nan=False), st.one_of(st.none(), st.integers()))
def test_any_row_comes_back_as_it_was(tmp_path_factory, image_id: str, text: str, number: float, chosen) -> None:
    path = tmp_path_factory.mktemp("results") / "results.csv"
    image_id, written = (each.translate(str.maketrans("\r\n\0", "   ")) for each in (image_id, text))
    row = replace(ROW, image_id=image_id, text=text, expression=text, score=number, chosen=chosen)
    with ResultFile(path) as results:
        results.append([row])
    (found,) = read_rows(path)
    assert path.read_bytes().count(b"\n") == 2
    assert found == replace(row, text=written, expression=written)


def test_cut_off_at_every_byte_of_the_last_image(tmp_path: Path) -> None:
    path = write(tmp_path / "results.csv", "1", "2")
    first_alone = write(tmp_path / "first.csv", "1").read_bytes()
    whole = path.read_bytes()
    for length in (*range(len(first_alone), len(whole), 7), len(whole) - 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with ResultFile(path) as results:
            assert results.keep(complete, ["1", "2"]) == {"1"}
            assert path.read_bytes() == first_alone
            results.append(image_rows("2"))
        assert path.read_bytes() == whole


def test_cut_off_in_the_header(tmp_path: Path) -> None:
    path = write(tmp_path / "results.csv", "1")
    whole = path.read_bytes()
    for length in (0, 1, 40):
        path.write_bytes(whole[:length])
        with ResultFile(path) as results:
            assert results.keep(complete, ["1"]) == set()
            results.append(image_rows("1"))
        assert path.read_bytes() == whole


def test_damage_in_the_middle_costs_that_image_only(tmp_path: Path) -> None:
    path = write(tmp_path / "results.csv", "1", "2", "3")
    lines = path.read_bytes().splitlines(keepends=True)
    lines[6] = lines[6][:30] + b"\xff\n"
    path.write_bytes(b"".join(lines))
    with ResultFile(path) as results:
        assert results.keep(complete, ["1", "2", "3"]) == {"1", "3"}
    assert [row.image_id for row in read_rows(path)] == ["1"] * 4 + ["3"] * 4


def test_images_are_put_in_the_datasets_order_and_kept_once(tmp_path: Path) -> None:
    path = write(tmp_path / "results.csv", "3", "1", "3", "unknown", "2")
    with ResultFile(path) as results:
        assert results.keep(complete, ["1", "2", "3"]) == {"1", "2", "3"}
    assert path.read_bytes() == write(tmp_path / "ordered.csv", "1", "2", "3").read_bytes()


def test_a_second_run_is_kept_out(tmp_path: Path) -> None:
    with ResultFile(tmp_path / "results.csv"), pytest.raises(TasError, match="in use"):
        ResultFile(tmp_path / "results.csv").__enter__()
    write(tmp_path / "results.csv", "1")


def test_another_versions_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "results.csv").write_text("image,iou\n1,0.5\n")
    with pytest.raises(TasError, match="another version"):
        list(read_rows(tmp_path / "results.csv"))
    with pytest.raises(TasError, match="cannot be read"):
        list(read_rows(tmp_path / "none.csv"))
