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
