# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""`tas_node`: the entry point. What libraries read from the environment is set here, before any of them is loaded."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tas_ros.ros.transport import prepare_transport
from tas_ros.thread_pools import prepare_environment


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until a signal ends it. Returns 0 then, 2 when a parameter given at start cannot be used."""
    prepare_environment()
    prepare_transport()
    from tas_ros.ros.process import run_node

    return run_node(args)


if __name__ == "__main__":
    sys.exit(main())
