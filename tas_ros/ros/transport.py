# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""How large messages leave this process: the settings of Fast DDS, unless the user has given some."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

PROFILE_VARIABLES = ("FASTRTPS_DEFAULT_PROFILES_FILE", "FASTDDS_DEFAULT_PROFILES_FILE")
"""Jazzy's Fast DDS reads the first alone, Kilted's the second."""
PROFILE = Path("config") / "fastdds_shm.xml"


def prepare_transport(environment: MutableMapping[str, str] = os.environ) -> None:
    """Name the profile with a large shared-memory segment. Call it before the first ROS context is made.

    A mask with its image and depth is a burst of 1.8 MB, three times the default segment: what does not fit is sent
    again with the writer's next heartbeat, 3 s later. Another middleware reads none of this.
    """
    if any(environment.get(name) for name in PROFILE_VARIABLES):
        return
    profile = profile_path()
    if profile is not None:
        environment.update(dict.fromkeys(PROFILE_VARIABLES, str(profile)))


def profile_path() -> Path | None:
    """Where the profile is installed, or lies in the checkout; None where it does not."""
    prefixes = [Path(prefix) for prefix in os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep) if prefix]
    shares = [prefix / "share" / "tas_ros" for prefix in (*prefixes, Path(sys.prefix))]
    for folder in (Path(__file__).parents[2], *shares):
        if (folder / PROFILE).is_file():
            return folder / PROFILE
    return None
