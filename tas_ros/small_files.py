# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Small files that others wrote, read so that none can exhaust memory or the stack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

JSON_LIMIT = 16 << 20
"""Bytes of a json file beside weights: the list of shards of the largest model in use takes .1 MB."""


class UnusableContentError(ValueError):
    """What is wrong with the content of a file; whoever reads it names the file and the cure."""


def read_small_text(path: Path, limit: int) -> str:
    """The text of a UTF-8 file of at most `limit` bytes.

    Raises OSError, UnicodeDecodeError, and UnusableContentError for a longer one, of which no more is read.
    """
    with path.open("rb") as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise UnusableContentError(f"it is longer than {limit} bytes")
    return content.decode("utf-8")


def read_json(path: Path, limit: int = JSON_LIMIT) -> Any:
    """The content of a json file of at most `limit` bytes.

    Raises OSError, and ValueError for what is too long, nested too deep or no json.
    """
    try:
        return json.loads(read_small_text(path, limit))
    except RecursionError as error:
        raise UnusableContentError("it is nested too deep") from error
