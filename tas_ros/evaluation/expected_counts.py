# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""How large the published splits are, to notice a damaged or other version of a dataset."""

from __future__ import annotations

from dataclasses import dataclass

from tas_ros.evaluation.datasets import DatasetSelection


@dataclass(frozen=True)
class SplitCounts:
    """Size of a split. refs: described instances; None where the dataset has no such notion."""

    images: int
    refs: int | None
    sentences: int


EXPECTED_COUNTS: dict[tuple[str, str | None, str], SplitCounts] = {
    # Yu et al., "Modeling Context in Referring Expressions", ECCV 2016, as the unc refs files hold them.
    ("refcoco", "unc", "val"): SplitCounts(1500, 3811, 10_834),
    ("refcoco", "unc", "testA"): SplitCounts(750, 1975, 5657),
    ("refcoco", "unc", "testB"): SplitCounts(750, 1810, 5095),
    ("refcoco+", "unc", "val"): SplitCounts(1500, 3805, 10_758),
    ("refcoco+", "unc", "testA"): SplitCounts(750, 1975, 5726),
    ("refcoco+", "unc", "testB"): SplitCounts(750, 1798, 4889),
    # README of the PhraseCut API; its `val` row counts miniv's 100 images, which the val file itself leaves out.
    ("phrasecut", None, "test"): SplitCounts(2545, None, 14_354),
    ("phrasecut", None, "miniv"): SplitCounts(100, None, 821),
    ("phrasecut", None, "val_miniv"): SplitCounts(2971, None, 20_316),
}
"""By dataset, split_by and split."""


def compare_counts(selection: DatasetSelection, found: SplitCounts) -> tuple[str, ...]:
    """A warning when the split is published with other counts; nothing for splits without a published count."""
    expected = EXPECTED_COUNTS.get((selection.dataset or "", selection.split_by, selection.split or ""))
    if expected is None or expected == found:
        return ()
    parts = [
        f"{name} {getattr(found, name)} instead of {getattr(expected, name)}"
        for name in ("images", "refs", "sentences")
        if getattr(found, name) != getattr(expected, name)
    ]
    return (
        f"{selection.dataset} {selection.split} is not as published: {', '.join(parts)}; figures are not comparable",
    )
