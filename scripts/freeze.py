# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Print the contents of requirements/constraints.txt from the environment this runs in.

Use it after changing a requirements file: install into a fresh environment, then
`.venv/bin/python scripts/freeze.py > requirements/constraints.txt`.
"""

import importlib.metadata
import re

OURS = {"tas-ros", "pip"}


def pinned_packages() -> dict[str, str]:
    """Version of each package that pip installed, without local parts such as +cpu, by normalised name.

    The ROS wheels carry a second, egg-info record under their ROS name, which no registry knows; those are left out.
    """
    packages = {}
    for distribution in importlib.metadata.distributions():
        name = re.sub(r"[-_.]+", "-", distribution.metadata["Name"]).lower()
        if (distribution.read_text("INSTALLER") or "").strip() == "pip" and name not in OURS:
            packages[name] = distribution.version.split("+")[0]
    return packages


if __name__ == "__main__":
    print("# Every package of the reference environment, as tested (Python 3.11, x86-64 Linux).")
    print("# Written by scripts/freeze.py; the files beside this one say what is asked for and why.")
    for name, version in sorted(pinned_packages().items()):
        print(f"{name}=={version}")
