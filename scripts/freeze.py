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
