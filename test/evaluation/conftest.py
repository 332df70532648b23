"""Loads the maker of refer-layout sets by its path: tests are no package, and Python has a package `test` already."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def refer_maker():
    spec = spec_from_file_location("refer_maker", Path(__file__).with_name("refer_maker.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
