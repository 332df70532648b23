# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Rendered RGB-D scenes with their truth: the demo's recording, the tabletop benchmark, training tables. Not installed.

Needs requirements/simulation.txt to render; reading what was rendered needs nothing.
"""

from tas_ros.thread_pools import prepare_environment

prepare_environment()
