# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""`tas_node`: the entry point. What libraries read from the environment is set here, before any of them is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from tas_ros.process_memory import keep_one_heap
from tas_ros.ros.termination import Termination, leave
from tas_ros.ros.transport import prepare_transport
from tas_ros.thread_pools import prepare_environment


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the node until a signal ends it; the process ends with 0 then, with 2 when a parameter cannot be used."""
    termination = Termination()
    keep_one_heap()
    prepare_environment()
    prepare_transport()
    from tas_ros.ros.process import run_node

    leave(run_node(args, termination))


if __name__ == "__main__":
    main()
