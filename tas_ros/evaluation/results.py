# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Results per sentence and variant in a CSV that survives being killed and can be taken up again."""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Any

from tas_ros.errors import TasError
from tas_ros.evaluation.metrics import Overlap

csv.field_size_limit(1 << 24)  # the mask of a ragged region can be longer than csv's default of 128 KiB


@dataclass(frozen=True)
class ResultRow:
    """One sentence answered by one variant: a line of the CSV, whose columns are these fields in this order.

    Pixels are counted at original resolution. An empty cell is None, items of a list are parted by |, line breaks of a
    text are written as spaces.
    """

    image_id: str
    sentence_id: str
    variant: str
    text: str
    tags: tuple[str, ...]
    expression: str
    """What was read as the referring expression."""
    asked: tuple[str, ...]
    """Which constraints were understood: position, superlative, ...; "name only" when none."""
    answer: str
    """Name of the referral's Status, or REJECTED when the text could not be read."""
    chosen: int | None
    """Proposal whose mask is the forced choice; None when nothing was ranked."""
    score: float
    """Of the best candidate, 0 without one."""
    rank_of_oracle: int | None
    """Place of the best-overlapping proposal in the ranking, 0 the first; None when it is not listed."""
    intersection: float
    """Of the best candidate's mask with the true one, whatever the answer was."""
    union: float
    answered_intersection: float
    """Of the mask that the node would publish: none unless FOUND."""
    answered_union: float
    oracle_proposal: int | None
    oracle_intersection: float
    """Of the best proposal there was."""
    oracle_union: float
    random_intersection: float
    """Mean over the proposals: what a choice at random is expected to score."""
    random_union: float
    random_iou: float
    random_above: tuple[float, ...]
    """Share of the proposals whose IoU is above .5, .6, .7, .8, .9."""
    proposals: int
    seconds: float
    """For this sentence and variant; reading the text and the image's own work fall on the first that needs them."""
    mask: str
    """Of the base variant's choice, as compressed COCO run lengths `height width counts`; empty for other variants."""

    @property
    def forced(self) -> Overlap:
        """Of the best candidate's mask."""
        return Overlap(self.intersection, self.union)

    @property
    def answered(self) -> Overlap:
        """Of the published mask."""
        return Overlap(self.answered_intersection, self.answered_union)

    @property
    def oracle(self) -> Overlap:
        """Of the best proposal there was."""
        return Overlap(self.oracle_intersection, self.oracle_union)

    @property
    def random(self) -> Overlap:
        """Expected of a proposal chosen at random."""
        return Overlap(self.random_intersection, self.random_union)


COLUMNS: tuple[str, ...] = tuple(each.name for each in fields(ResultRow))

_HEADER = (",".join(COLUMNS) + "\n").encode()
_UNWRITABLE = str.maketrans("\r\n\0", "   ")  # one row is one line, so that a damaged row cannot swallow the next
_LIST_SEPARATOR = "|"


def _read_optional_int(cell: str) -> int | None:
    return int(cell) if cell else None


def _read_list(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(_LIST_SEPARATOR)) if cell else ()


_READERS: Mapping[str, Callable[[str], Any]] = {
    "str": str,
    "int": int,
    "float": float,
    "int | None": _read_optional_int,
    "tuple[str, ...]": _read_list,
    "tuple[float, ...]": lambda cell: tuple(float(each) for each in _read_list(cell)),
}
_COLUMN_READERS = tuple(_READERS[str(each.type)] for each in fields(ResultRow))


class ResultFile:
    """The CSV of one run, held by one process at a time. Use it as a context manager.

    Rows are appended an image at a time and are on the disk when `append` returns.
    Raises TasError when another process holds the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: io.BufferedRandom | None = None

    def __enter__(self) -> ResultFile:
        self._open()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def append(self, rows: Sequence[ResultRow]) -> None:
        """Write all rows of one image and wait until they are on the disk."""
        stream = self._opened
        stream.write(_encode(rows))
        stream.flush()
        os.fsync(stream.fileno())

    def keep(self, complete: Callable[[str, Sequence[ResultRow]], bool], order: Sequence[str]) -> set[str]:
        """Tidy the file: only images whose rows are `complete`, once each, in the order given. Returns their ids.

        Costs one pass over the file; it is written anew, and replaced in one step, only when something changes.
        """
        blocks, tidy = self._blocks(complete)
        wanted = [image_id for image_id in order if image_id in blocks]
        if not tidy or wanted != list(blocks):
            self._rewrite([blocks[image_id] for image_id in wanted])
        return set(wanted)

    @property
    def _opened(self) -> io.BufferedRandom:
        if self._stream is None:
            raise ValueError(f"{self.path} is not open; use it as a context manager")
        return self._stream

    def _open(self) -> None:
        self._stream = self.path.open("a+b")
        try:
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._stream.close()
            self._stream = None
            raise TasError(f"{self.path} is in use by another run; wait for it or give another --out") from None
        self._stream.seek(0)
        if not self._stream.readline().endswith(b"\n"):  # new, or killed while the header was being written
            self._stream.truncate(0)
            self._stream.write(_HEADER)
            self._stream.flush()

    def _blocks(self, complete: Callable[[str, Sequence[ResultRow]], bool]) -> tuple[dict[str, tuple[int, int]], bool]:
        """Where in the file the rows of each complete image lie, in file order; and whether nothing else is there."""
        blocks: dict[str, tuple[int, int]] = {}
        tidy = True
        for image_id, rows, start, end in _by_image(self.path):
            if rows and image_id not in blocks and complete(image_id, rows):
                blocks[image_id] = (start, end)
            else:
                tidy = False
        return blocks, tidy

    def _rewrite(self, blocks: Sequence[tuple[int, int]]) -> None:
        part = self.path.with_suffix(".part")
        with self.path.open("rb") as source, part.open("wb") as target:
            target.write(_HEADER)
            for start, end in blocks:
                source.seek(start)
                target.write(source.read(end - start))
            target.flush()
            os.fsync(target.fileno())
        part.replace(self.path)
        self.__exit__()
        self._open()


def read_rows(path: Path) -> Iterator[ResultRow]:
    """Every whole row of the file, one at a time. Raises TasError when there is none or it is of another version."""
    for _, rows, _, _ in _by_image(path):
        yield from rows


def _by_image(path: Path) -> Iterator[tuple[str, list[ResultRow], int, int]]:
    """Runs of rows of one image with the bytes they take; a torn or damaged row ends its run and comes with no rows."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise TasError(f"{path} cannot be read ({error.strerror}); give the folder of a run") from error
    with stream:
        if stream.readline() != _HEADER:
            raise TasError(f"{path} was written by another version of tas_ros; --restart begins anew")
        rows: list[ResultRow] = []
        image_id, start = "", stream.tell()
        while record := stream.readline():
            row = _decode(record)
            end = stream.tell()
            if rows and (row is None or row.image_id != image_id):
                yield image_id, rows, start, end - len(record)
                rows, start = [], end - len(record)
            if row is None:
                yield "", [], start, end
                start = end
            else:
                image_id = row.image_id
                rows.append(row)
        if rows:
            yield image_id, rows, start, stream.tell()


def _encode(rows: Sequence[ResultRow]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_cell(getattr(row, name)) for name in COLUMNS] for row in rows)
    return text.getvalue().encode("utf-8", errors="surrogatepass")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return _LIST_SEPARATOR.join(str(each).replace(_LIST_SEPARATOR, "/").translate(_UNWRITABLE) for each in value)
    return repr(value) if isinstance(value, float) else str(value).translate(_UNWRITABLE)


def _decode(record: bytes) -> ResultRow | None:
    """None for what is no whole row."""
    if not record.endswith(b"\n"):
        return None
    try:
        (cells,) = csv.reader(io.StringIO(record.decode("utf-8", "surrogatepass"), newline=""), strict=True)
        return ResultRow(*(read(cell) for read, cell in zip(_COLUMN_READERS, cells, strict=True)))
    except (ValueError, csv.Error):
        return None
