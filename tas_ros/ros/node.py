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
