# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A threshold is chosen without the source that it is judged on."""

from benchmarks.leave_one_source_out import choose, counts, report


def row(source, score, best, target=1, status="FOUND"):
    column = "right" if status == "FOUND" and best else "wrong" if status == "FOUND" else "not"
    return {"source": source, "target": target, "status": status, "candidates": [{"score": score}], "best": best,
            "column": column}  # fmt: skip


LAB = [row("lab", 0.62, True), row("lab", 0.71, True), row("lab", 0.52, False)]
SHOP = [row("shop", 0.27, True), row("shop", 0.33, True), row("shop", 0.22, False)]


def test_the_threshold_parts_right_from_wrong():
    assert choose(LAB, cost=1.0) == 0.55 and choose(SHOP, cost=1.0) == 0.25
    assert counts(LAB, 0.55) == {"right": 2, "": 1} and counts(LAB, 0.5) == {"right": 2, "wrong": 1}
    assert counts([row("lab", 0.3, False, target=None, status="NOT_FOUND")], 0.4) == {"right": 1}


def test_a_source_does_not_choose_for_itself():
    text = report({"own": [*LAB, *SHOP]}, cost=1.0)
    assert "chosen {0.25: 1, 0.55: 1}" in text
    assert text.splitlines()[-1].split() == ["own", "4", "2", "2", "1", "of", "6"]
