# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Tables made by hand: upright boxes of known place, seen by a camera of any side and roll. Needs no renderer."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tables():
    """The module hand_made_tables, by its path: tests are no package."""
    spec = spec_from_file_location("hand_made_tables", Path(__file__).with_name("hand_made_tables.py"))
    module = module_from_spec(spec)
    sys.modules["hand_made_tables"] = module
    spec.loader.exec_module(module)
    return module
