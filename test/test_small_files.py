# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Files that others wrote cannot exhaust the reader."""

from pathlib import Path

import pytest

from tas_ros.small_files import read_json, read_small_text


def test_no_more_is_read_than_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("12345")
    assert read_small_text(path, 5) == "12345"
    with pytest.raises(ValueError, match="longer than 4 bytes"):
        read_small_text(path, 4)
    with pytest.raises(ValueError, match="longer than 4096 bytes"):
        read_small_text(Path("/dev/zero"), 4096)  # without end


@pytest.mark.parametrize(
    ("text", "reason"), [("[" * 100_000, "nested too deep"), ("{", "Expecting"), ("[1, 2, 3, 4, 5]" * 3, "Extra data")]
)
def test_json_that_cannot_be_used_is_a_value_error(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "file.json").write_text(text)
    with pytest.raises(ValueError, match=reason):
        read_json(tmp_path / "file.json")


def test_json_has_its_limit_too(tmp_path: Path) -> None:
    (tmp_path / "file.json").write_text("[" + "1, " * 1000 + "1]")
    assert len(read_json(tmp_path / "file.json")) == 1001
    with pytest.raises(ValueError, match="longer than 1000 bytes"):
        read_json(tmp_path / "file.json", 1000)
