"""Rendered RGB-D scenes with their truth: the demo's recording, the tabletop benchmark, training tables. Not installed.

Needs requirements/simulation.txt to render; reading what was rendered needs nothing.
"""

from tas_ros.thread_pools import prepare_environment

prepare_environment()
