#!/usr/bin/env bash
# Sets everything up in .venv, then runs the demo: the node in its own process, a recorded camera over DDS, spoken-style
# commands, a table and pictures of the answers. Arguments go to `tas demo` (see --help).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash scripts/bootstrap.sh
unset PYTHONPATH PYTHONHOME LD_LIBRARY_PATH AMENT_PREFIX_PATH _ROS_WHEELS_BOOTSTRAP_COMPLETE
PATH="$PWD/.venv/bin:$PATH" exec .venv/bin/tas demo "$@"
