# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""YAML as people write it: small, plain and finite."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tas_ros.small_files import UnusableContentError, read_small_text

YAML_LIMIT = 64 << 10
"""Bytes: a long profile takes 2 kB, a camera_info 4 kB; this much is read in a second or two."""


class _PlainLoader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML carries no types
    """Knows no aliases: a few lines of them stand for more than memory holds as soon as anything walks the content."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.composer.ComposerError(None, None, "aliases (*name) are not read, write the value out", mark)
        return super().compose_node(parent, index)


def read_yaml(path: Path, first_of_several: bool = False) -> Any:
    """The content of a YAML file of at most YAML_LIMIT bytes; None of an empty one.

    first_of_several: whether further documents may follow, which are not read.
    Raises OSError, UnicodeDecodeError, and UnusableContentError with the line and the reason for what cannot be used.
    """
    text = read_small_text(path, YAML_LIMIT)
    loader = None
    try:
        loader = _PlainLoader(text)
        if first_of_several:
            return loader.get_data() if loader.check_data() else None
        return loader.get_single_data()
    except RecursionError as error:
        raise UnusableContentError("it is nested too deep") from error
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f"line {where.line + 1}: " if where else ""
        raise UnusableContentError(f"{line}{getattr(error, 'problem', None) or 'not readable'}") from error
    except Exception as error:  # a value that is none of its tag's, such as !!int "", fails in any way
        raise UnusableContentError(f"a value cannot be read ({error!r})") from error
    finally:
        if loader is not None:
            loader.dispose()
